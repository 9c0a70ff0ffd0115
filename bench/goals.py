"""Goals, each told as met or missed beside what was found.

A missed goal makes a benchmark return 1 where README claims it; a goal that it does not claim is told and no more.
"""

from __future__ import annotations

GOAL = "goal"
"""What begins the line of a goal: `python -m bench` gathers them at its end."""


def held(what: str, found: float, most: float, unit: str, *, claimed: bool = True, digits: int = 2) -> bool:
    """Print whether a figure is at most what it may be; return False for a claimed goal that is missed."""
    met = found <= most
    verdict = "met" if met else "MISSED" if claimed else "missed, and not claimed"
    print(f"{GOAL} {verdict}: {what}: {found:.{digits}f} {unit}, at most {most:g}")
    return met or not claimed
