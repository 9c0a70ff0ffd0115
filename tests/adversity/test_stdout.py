"""A stdout that takes nothing: the work is done and kept, and only the report of it is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.signals.begun import begin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line


def full(number: int) -> None:
    """Put a full disk behind a standard stream."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), number)


@pytest.mark.parametrize("form", [(), ("--json",), ("--verbose",)], ids=["lines", "json", "verbose"])
@pytest.mark.parametrize(("spoil", "code"), [(full, 1)])
def test_work_is_kept_though_nobody_can_be_told_of_it(
    studio: Studio, papers: Path, spoil: Callable[[int], None], code: int, form: tuple[str, ...]
) -> None:
    studio.spec(scenes=1)

    def both(_line: Line) -> None:
        for number in (1, 2):
            spoil(number)

    run = begin(papers, "run", *form, inside=both)
    assert run.ended() == code
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()
