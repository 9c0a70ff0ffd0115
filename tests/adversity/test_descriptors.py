"""Sixty-four file descriptors are enough for several jobs at once, one of them of ten scenes."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

from tests.signals.begun import begin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

MOST = 64


def poor(_line: Line) -> None:
    """Let go of what this process has inherited, and take as many descriptors as the limit says, no more."""
    spared = {0, 1, 2, _line.end.fileno()}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        if int(name) not in spared:
            try:
                os.close(int(name))
            except OSError:
                continue
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, MOST))


def test_sixty_four_file_descriptors_are_enough(studio: Studio, papers: Path) -> None:
    studio.vendor.together = 8
    studio.spec("long", scenes=10, script="A long walk.")
    for name in ("short", "other"):
        studio.spec(name, scenes=1, script=f"{name}.")
    run = begin(papers, "run", "--json", "--jobs", "3", inside=poor)
    assert run.ended() == 0, run.out + run.err
    assert studio.vendor.calls == (3, 11 + 2 + 2, 12)
    assert studio.vendor.most_alike == 1
