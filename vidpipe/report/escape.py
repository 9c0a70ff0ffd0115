"""Text from files and models, made safe to show: nothing in it can steer a terminal or turn the reading direction."""

from __future__ import annotations

from vidpipe.words import visible

__all__ = ["visible", "visible_lines"]


def visible_lines(text: str) -> list[str]:
    """Return the lines of a message of vidpipe's own, each made safe by itself."""
    return [visible(line) for line in text.split("\n")]
