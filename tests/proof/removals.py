"""Mechanisms that docs/reliability.md names, each taken away in one place, and the test that then has to fail.

Those of crashes, power losses and failing disks are taken away in tests/crash/ itself, where that takes minutes.
"""

from __future__ import annotations

from tests.proof.dollars import DOLLARS
from tests.proof.films import FILMS
from tests.proof.removal import Removal
from tests.proof.surprises import SURPRISES

NOTHING = Removal(
    "",
    "nothing",
    "tests/test_budget.py::test_what_fits_exactly_is_set_aside",
    lambda _patch: None,
)
"""What no test may find: that a test fails has to come of what was taken away."""

ELSEWHERE = {
    "No torn file under a final name": "crashes: tests/crash/",
    "A power loss tears nothing": "power losses: tests/crash/test_power.py leaves out sync by sync",
    "A full or failing disk loses nothing that was paid for": "failing disks: tests/crash/test_failing_disk.py",
    "A terminal is given back as it was, also at once, and may go away": "real terminals",
    "Readers of stdout and stderr may go away": "real processes",
    "A killed holder of a lock blocks nobody": "real processes",
    "Short writes and interrupted calls change nothing": "there is nothing to take away: Python and the system do it",
    "Few file descriptors are enough": "there is nothing to take away",
    "A folder that is exchanged for a link gets nothing": "tests/hostile/test_swaps.py runs in processes of its own",
    "A stranger's files do no harm": "tests/hostile/test_watch.py",
}
"""The promises of the document whose mechanisms are taken away elsewhere, or cannot be: why not here."""

REMOVALS = (NOTHING, *DOLLARS, *FILMS, *SURPRISES)
