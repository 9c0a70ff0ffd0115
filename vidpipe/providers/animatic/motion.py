"""Choose how the camera of a clip moves, from the words of its motion prompt, and where it stands at every moment.

A clip must open on exactly its first picture and end on exactly its last one, so every move leaves the full frame and
comes back to it. What gives a move its direction is where it takes its time: a push-in approaches slowly and lets go
under the dissolve; a pull-back has approached before one notices and then takes its time to retreat; a pan goes to one
side, travels across in the middle and comes home. Both pictures are seen through the same window, so
the camera never makes the dissolve show a thing twice.

A caption low on the left is never cut off: no move hides more than 5.5 % of the width on the left, 9 % on the right or
4.7 % of the height at the bottom.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Move:
    """A camera move over the time 0 to 1.

    The window is narrowest at `peak`; `zoom` is how much narrower, in units of what suits the length of the clip. `aim`
    is where it looks then, `travel` how far it sweeps about that point, in units of the free way to each side (right
    and down are positive; the two together at most 1, or the window would leave the picture). The last picture
    replaces the first during `dissolve`.
    """

    name: str
    zoom: float
    peak: float
    dissolve: tuple[float, float]
    aim: tuple[float, float] = (-0.1, 0.5)
    travel: tuple[float, float] = (0.0, 0.0)


_MIDDLE = (0.3, 0.7)
HOLD = Move("hold", 0.0, 0.5, _MIDDLE)
DRIFT = Move("drift", 0.8, 0.5, _MIDDLE, travel=(0.9, -0.45))
PUSH_IN = Move("push in", 1.0, 0.66, (0.46, 0.86))
PULL_BACK = Move("pull back", 1.0, 0.34, (0.14, 0.54))
PAN_LEFT = Move("pan left", 1.1, 0.5, _MIDDLE, aim=(-0.3, 0.5), travel=(-0.7, 0.0))
PAN_RIGHT = Move("pan right", 1.1, 0.5, _MIDDLE, aim=(-0.3, 0.5), travel=(0.7, 0.0))
TILT_UP = Move("tilt up", 1.05, 0.5, _MIDDLE, aim=(-0.1, 0.35), travel=(0.0, -0.65))
TILT_DOWN = Move("tilt down", 1.05, 0.5, _MIDDLE, aim=(-0.1, 0.35), travel=(0.0, 0.65))


def _towards(verbs: str, way: str, other: str) -> str:
    """Match a verb and, soon after it, the way it goes, with the other way not in between."""
    start = rf"(?:from (?:the )?{other} to (?:the )?)?"
    return rf"(?:{verbs})\b(?:(?!\b{other}\b)[^.;]){{0,30}}?\b{start}{way}(?:wards?)?\b(?! to (?:the )?{other})"


_SIDEWAYS = (
    r"pan(?:s|ned|ning)?|track(?:s|ed|ing)?|truck(?:s|ing)?|slid(?:e|es|ing)|sweep(?:s|ing)?|travel(?:s|ling|ing)?"
)
_VERTICAL = r"tilt(?:s|ed|ing)?|crane(?:s|d)?|craning|boom(?:s|ing)?|pedestal|jib(?:s|bing)?"
_CLOSING = r"(?:push|dolly|zoom|mov|creep|track|glid|clos)(?:e|es|ies|s|ing|ed)?"
_OPENING = r"(?:pull|dolly|zoom|mov|draw|back|wid)(?:e|en|es|ens|ies|s|ing|ening|ed)?"
_WORDS: tuple[tuple[Move, str], ...] = (
    (PAN_LEFT, _towards(_SIDEWAYS, "left", "right")),
    (PAN_RIGHT, _towards(_SIDEWAYS, "right", "left") + r"|pan(?:s|ning)?\b"),
    (TILT_UP, _towards(_VERTICAL, "up", "down") + r"|camera (?:\w+ly )?(?:ris|lift|climb)(?:es|s|ing)\b"),
    (TILT_DOWN, _towards(_VERTICAL, "down", "up") + r"|camera (?:\w+ly )?(?:descend|sink|lower)s?(?:ing)?\b"),
    (PUSH_IN, rf"push[- ]?in\b|{_CLOSING}\s(?:\w+\s)?(?:in|inwards?|into|closer|towards?|forwards?)\b"),
    (PULL_BACK, rf"pull[- ]?(?:back|out)\b|{_OPENING}\s(?:\w+\s)?(?:back|out|away|backwards?|wider)\b|reveal"),
    (HOLD, r"hold on\b|hold\s*[.,;]|(?:camera|shot|frame) (?:holds|(?:is|stays|rests) still)\b|still (?:camera|shot)"),
    (HOLD, r"hold\s*\Z|static|locked[- ]off|motionless"),
    (DRIFT, r"drift|float|hover|handheld|sway"),
)
_PATTERNS = tuple((move, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for move, words in _WORDS)

_ZOOM_A_SECOND, _MOST_ZOOM = 0.03, 0.12  # natural logarithms: 1.13 times from 4 s on; more would cut captions off


def choose_move(motion_prompt: str) -> Move:
    """Return the move that the words name first, a drift where they name none."""
    found = [
        (match.start(), place) for place, (_, words) in enumerate(_PATTERNS) if (match := words.search(motion_prompt))
    ]
    return _PATTERNS[min(found)[1]][0] if found else DRIFT


def window(move: Move, time: float, seconds: float, size: tuple[int, int]) -> Box:
    """Return the part (left, top, right, bottom) of a picture of `size` pixels that fills the frame at `time` 0 to 1.

    It is exactly the full picture at 0 and 1, and moves without a step in its speed.
    """
    closeness = _ease(min(time / move.peak, (1 - time) / (1 - move.peak)))
    scale = math.exp(-move.zoom * min(_ZOOM_A_SECOND * seconds, _MOST_ZOOM) * closeness)
    sweep = -math.cos(math.pi * time)
    spans = []
    for length, aim, travel in zip(size, move.aim, move.travel, strict=True):
        free = length * (1 - scale) / 2
        start = min(max(free * (1 + aim + travel * sweep), 0.0), 2 * free)
        spans.append((start, min(start + length * scale, float(length))))
    (left, right), (top, bottom) = spans
    return left, top, right, bottom


def presence(move: Move, time: float) -> float:
    """Return how much of the last picture is seen at `time`: 0 before its dissolve, 1 after, a smoothstep between."""
    begin, end = move.dissolve
    share = min(max((time - begin) / (end - begin), 0.0), 1.0)
    return share * share * (3 - 2 * share)


def _ease(share: float) -> float:
    """Return 0 to 1 for 0 to 1, at rest at both ends."""
    return (1 - math.cos(math.pi * share)) / 2
