"""Rows of text as aligned columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

WIDEST = 40
"""A cell wider than this pushes its row, and no other, to the right."""


def columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = (), gap: str = "  ") -> list[str]:
    """Return each row as one line; columns named in `right` end together, the others begin together."""
    if not rows:
        return []
    widths = [min(max(map(len, column)), WIDEST) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            if width
        ]
        lines.append(gap.join(cells).rstrip())
    return lines
