"""Mechanisms that docs/reliability.md names, each taken away in one place, and the test that then has to fail.

Those of crashes, power losses and failing disks are taken away in tests/crash/ itself, where that takes minutes.
"""

from __future__ import annotations

from tests.proof.dollars import DOLLARS
from tests.proof.films import FILMS
from tests.proof.removal import Removal
from tests.proof.strangers import STRANGERS
from tests.proof.surprises import SURPRISES

NOTHING = Removal(
    "",
    "nothing",
    "tests/test_budget.py::test_what_fits_exactly_is_set_aside",
    lambda _patch: None,
)
"""What no test may find: that a test fails has to come of what was taken away."""

KILLED = "tests/crash/test_kill.py::test_what_would_be_paid_twice_or_lost_without_one_of_the_precautions_is_found"
POWER = "tests/crash/test_power.py::test_a_sync_that_is_left_out_is_found"
DISK = "tests/crash/test_failing_disk.py::test_a_request_that_is_sent_again_after_its_reply_was_lost_would_be_found"
ELSEWHERE = {
    "No torn file under a final name": ("taken away where runs are killed", KILLED),
    "A power loss tears nothing": ("left out sync by sync where power is lost", POWER),
    "A full or failing disk loses nothing that was paid for": ("taken away where disks fail", DISK),
    "A terminal is given back as it was, also at once, and may go away": (
        "a program of its own at a real terminal",
        "tests/signals/test_terminal_twice.py::test_a_second_ctrl_c_leaves_the_terminal_as_it_was_and_says_what_it_leaves_behind",
    ),
    "Readers of stdout and stderr may go away": (
        "programs of their own at real pipes",
        "tests/adversity/test_stdout.py::test_a_run_whose_readers_go_away_in_its_middle_goes_on_to_its_end",
    ),
    "A killed holder of a lock blocks nobody": (
        "the system keeps it, not vidpipe",
        "tests/together/test_killed.py::test_a_run_that_is_killed_while_it_holds_a_job_leaves_nothing_to_clean_up",
    ),
    "Short writes and interrupted calls change nothing": (
        "Python and the system keep it, not vidpipe",
        "tests/adversity/test_short_writes.py::test_a_job_whose_every_write_is_short_comes_out_the_same",
    ),
    "Few file descriptors are enough": (
        "there is nothing to take away",
        "tests/adversity/test_descriptors.py::test_sixty_four_file_descriptors_are_enough",
    ),
}
"""The promises of the document whose mechanisms are taken away elsewhere, or cannot be: why not here, and a test that
takes them away there, or fails where the promise is broken."""

REMOVALS = (NOTHING, *DOLLARS, *FILMS, *SURPRISES, *STRANGERS)
