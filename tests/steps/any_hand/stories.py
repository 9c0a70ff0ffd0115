"""Short stories that a few random examples may well miss: each is a list of moves of the machine."""

from __future__ import annotations

from typing import Any

Move = tuple[str, dict[str, Any]]


def by_hand(deed: str, a: int = 0, b: int = 0, c: int = 0) -> Move:
    """Do one thing and run."""
    return "do_and_run", {"deed": deed, "a": a, "b": b, "c": c}


def amid(port: str, what: str, times: int = 1) -> Move:
    """Let something go wrong in the next run."""
    return "worsen", {"fault": (port, what), "times": times}


def so(kill: int | None = None, **options: Any) -> Move:
    """Run with options, or be killed."""
    return "run_so", {"options": options, "kill": kill}


RUN: Move = ("run", {})
REWORD: Move = ("do", {"deed": "reword", "a": 0, "b": 0, "c": 3})
STORIES: dict[str, tuple[Move, ...]] = {
    "a clip is deleted": (by_hand("remove", 4),),
    "a frame and the one before": (by_hand("paint", 1, c=1), by_hand("reword", 0, 2, 1), by_hand("decide", 0, 1)),
    "a clip of one's own and its words": (by_hand("film", 1, 0, 2), by_hand("reword", 1, 0, 3), by_hand("decide")),
    "a lost clip is sent again": (REWORD, amid("video", "begin and lose"), RUN, RUN, so(on_lost="resubmit"), RUN),
    "an operation that still runs": (REWORD, amid("poll", "run"), RUN, RUN, by_hand("reword", 0, 0, 4)),
    "another style and back": (by_hand("respec", 1, 0, 1), by_hand("respec", 1, 0, 0)),
    "scenes change places": (by_hand("swap", 0, 1), by_hand("swap", 0, 1), by_hand("insert", 1, 0, 1)),
    "somebody films meanwhile": (REWORD, amid("poll", "hand"), RUN, RUN, by_hand("decide")),
    "killed early, later, last": (REWORD, so(60), by_hand("restyle", 0, 0, 2), REWORD, so(25), RUN, so(40), RUN),
}  # fmt: skip
