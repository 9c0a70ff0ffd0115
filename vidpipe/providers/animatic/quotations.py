"""Where the quotations and brackets of a paragraph begin and end."""

# ruff: noqa: RUF001 - the marks that look like others are looked for here
from __future__ import annotations

CLOSED_BY = {"“": "”", "‘": "’", "«": "»", "‹": "›", "「": "」", "『": "』", "(": ")", "[": "]", "（": "）", "【": "】"}
LOW = {"„": "“”", "‚": "‘’"}
BEFORE_OPENING = frozenset(" \n\t([{—–-\"'“‘«‹„‚/")
BEFORE_CLOSING = frozenset('.,!?…—–-;:)]"”»*_。！？、')
ELISIONS = ("tis", "twas", "twere", "em", "til", "till", "cause", "round", "bout", "cross", "n")


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return the outermost matched quotations as (start, end) offsets, marks included, in order.

    A mark without its partner (an apostrophe, inches, a quotation that runs on into the next paragraph) opens nothing.
    """
    open_marks: list[tuple[int, str]] = []
    depth: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    for at, mark in enumerate(text):
        closers = _closers(text, at, mark, depth)
        if closers:
            open_marks.append((at, closers))
            for closer in closers:
                depth[closer] = depth.get(closer, 0) + 1
        elif depth.get(mark) and _may_close(text, at, mark):
            start = _close(mark, open_marks, depth)
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, at + 1))
    return tuple(spans)


def _closers(text: str, at: int, mark: str, depth: dict[str, int]) -> str:
    """Return the marks that may close what opens here; nothing opens here if there are none."""
    if mark in "\"'":
        return mark if not (mark == '"' and depth.get(mark)) and _opens(text, at, mark) else ""
    if mark == "“" and depth.get("“"):
        return ""
    return LOW.get(mark) or CLOSED_BY.get(mark, "")


def _opens(text: str, at: int, mark: str) -> bool:
    """Tell whether a straight mark stands where a quotation begins: after a gap and before a word."""
    if at and text[at - 1] not in BEFORE_OPENING:
        return False
    following = text[at + 1 : at + 8].lower()
    if not following or following[0].isspace():
        return False
    if mark == '"':
        return True
    if following[0].isdigit():
        return False
    letters = "".join(character if character.isalpha() else " " for character in following).split(" ")[0]
    return letters not in ELISIONS


def _may_close(text: str, at: int, mark: str) -> bool:
    """Tell an apostrophe from a closing single mark: only the latter follows punctuation."""
    return mark not in "'’" or (at > 0 and text[at - 1] in BEFORE_CLOSING)


def _close(mark: str, open_marks: list[tuple[int, str]], depth: dict[str, int]) -> int:
    """Drop the opened marks back to the partner of `mark` and return where that one stands."""
    while True:
        start, closers = open_marks.pop()
        for closer in closers:
            depth[closer] -= 1
        if mark in closers:
            return start
