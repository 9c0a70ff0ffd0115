"""Counts and durations as people read them."""

from __future__ import annotations


def elapsed(seconds: float) -> str:
    """Return a duration: `0.4 s`, `1 min 05 s`, `2 h 03 min`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 job`, `1,200 jobs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
