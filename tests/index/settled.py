"""What an index rests on: sources that are old, and code of vidpipe's own that nobody edits while its tests run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LONG_AGO = 10**18


def let_sources_settle(*paths: Path) -> None:
    """Make sources old enough for an index to rest on them."""
    for path in paths:
        os.utime(path, ns=(LONG_AGO, LONG_AGO))


def let_code_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let vidpipe's own code be the same all the time, and old."""
    monkeypatch.setattr("vidpipe.index.write.code_is_settled", lambda: True)
    for user in ("answer", "write"):
        monkeypatch.setattr(f"vidpipe.index.{user}.code_identity", lambda: "the code")
