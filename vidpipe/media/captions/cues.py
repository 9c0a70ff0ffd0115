"""Divide a narration into cues of at most two lines, and the time of its scene among them.

The limits follow what broadcasters ask for (BBC subtitle guidelines; Netflix timed text style guide): two lines of 42
columns (28 in a tall picture), breaks where the sentence has its own, cues of a second or more where there is room.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from vidpipe.media.captions.letters import cleaned, clusters, columns
from vidpipe.media.captions.units import Break, Unit, units
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.timeline import Caption

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS, TALL_COLUMNS = 42, 28
SHORTEST = FRAME_RATE
"""A cue stands for a second at least, where its scene has the time."""
SLOWEST = 5
"""Columns a second of the slowest reader: nothing stands longer than a second more than they need."""

_CUE = 1.0
_ENDS = {Break.SENTENCE: 0.0, Break.CLAUSE: 1.0, Break.WORD: 4.0, Break.LETTER: 6.0}
_TWO_SENTENCES = 1.5
_HURRY = 8.0


def columns_of(size: tuple[int, int]) -> int:
    """Return how many columns a line of a caption has in a film of (width, height)."""
    return COLUMNS if size[0] >= size[1] else TALL_COLUMNS


def cues(text: str, start_frame: int, stop_frame: int, width: int = COLUMNS) -> tuple[Caption, ...]:
    """Divide a text into captions that lie within the frames, one after the other; a line feed is between their lines.

    Every letter of the text is in one of them, in order. `width` is in columns; a wide letter takes two. Where there
    are fewer frames than cues, the last ones share a frame, in more than two lines. No frames or no text: no captions.
    """
    frames, found = stop_frame - start_frame, units(cleaned(text), width)
    if frames <= 0 or not found:
        return ()
    texts = _texts(found, _divided(found, width, frames), width)
    if len(texts) > frames:
        texts = [*texts[: frames - 1], "\n".join(texts[frames - 1 :])]
    marks = _shared([_effort(text) for text in texts], frames)
    return tuple(
        Caption(start_frame + start, start_frame + stop, text)
        for text, (start, stop) in zip(texts, pairwise(marks), strict=True)
    )


def _effort(text: str) -> int:
    """Return how much there is to read: every column, and a little for taking in the cue at all."""
    return 4 + sum(columns(cluster) for cluster in clusters(text))


def _divided(found: Sequence[Unit], width: int, frames: int) -> list[int]:
    """Return where cues begin, and the end: the cheapest of all divisions into cues that fit.

    Costs less: fewer cues, ends where a sentence or a clause ends, and cues that stand long enough to be read.
    """
    count = len(found)
    fits = _line_ends(found, width)
    before = [0, *accumulate(unit.columns for unit in found)]
    sentences = [0, *accumulate(int(unit.ends is Break.SENTENCE) for unit in found)]
    pace = frames / (before[-1] + 4)
    best = [0.0] * (count + 1)
    follows = [count] * (count + 1)
    for start in range(count - 1, -1, -1):
        costs = []
        for stop in range(start + 1, fits[min(fits[start], count - 1)] + 1):
            stands = (before[stop] - before[start] + 4) * pace
            inner = sentences[stop - 1] - sentences[start]
            end = 0.0 if stop == count else _ENDS[found[stop - 1].ends]
            hurry = max(0.0, 1 - stands / SHORTEST) * _HURRY
            costs.append((_CUE + end + inner * _TWO_SENTENCES + hurry + best[stop], -stop))
        best[start], chosen = min(costs)
        follows[start] = -chosen
    starts = [0]
    while starts[-1] < count:
        starts.append(follows[starts[-1]])
    return starts


def _line_ends(found: Sequence[Unit], width: int) -> list[int]:
    """Return for every unit how far a line reaches that begins with it."""
    ends, stop, taken = [], 0, 0
    for start, unit in enumerate(found):
        if stop <= start:
            stop, taken = start + 1, unit.columns
        while stop < len(found) and taken + found[stop].spaced + found[stop].columns <= width:
            taken += found[stop].spaced + found[stop].columns
            stop += 1
        ends.append(stop)
        taken -= unit.columns + (found[start + 1].spaced if start + 1 < stop else 0)
    return ends


def _texts(found: Sequence[Unit], starts: Sequence[int], width: int) -> list[str]:
    return [_in_lines(found[start:stop], width) for start, stop in pairwise(starts)]


def _in_lines(found: Sequence[Unit], width: int) -> str:
    """Return a cue's text in one line if it fits, else in the two that read best: near a break, of like length."""
    whole = _joined(found)
    if _columns(found) <= width:
        return whole
    costs = []
    for split in range(1, len(found)):
        first, second = _columns(found[:split]), _columns(found[split:])
        if max(first, second) <= width:
            uneven = abs(first - second) / width * 6 + (0.5 if first > second else 0)
            costs.append((_ENDS[found[split - 1].ends] + uneven, split))
    split = min(costs)[1]
    return f"{_joined(found[:split])}\n{_joined(found[split:])}"


def _columns(found: Sequence[Unit]) -> int:
    return sum(unit.columns for unit in found) + sum(unit.spaced for unit in found[1:])


def _joined(found: Sequence[Unit]) -> str:
    head = found[0].text
    return head + "".join(f"{' ' if unit.spaced else ''}{unit.text}" for unit in found[1:])


def _shared(efforts: Sequence[int], frames: int) -> list[int]:
    """Return the marks between cues, from 0 on: time by effort, but at least `SHORTEST` where there is room."""
    longest = sum(SHORTEST + effort * FRAME_RATE // SLOWEST for effort in efforts)
    frames = min(frames, longest)
    least = min(SHORTEST, frames // len(efforts))
    short: set[int] = set()
    while True:
        rest = frames - least * len(short)
        total = sum(effort for place, effort in enumerate(efforts) if place not in short)
        shares = [least if place in short else rest * effort / total for place, effort in enumerate(efforts)]
        more = {place for place, share in enumerate(shares) if share < least and place not in short}
        if not more or len(short | more) == len(efforts):
            break
        short |= more
    marks = [0]
    for left, share in zip(range(len(efforts) - 1, -1, -1), accumulate(shares), strict=True):
        marks.append(min(max(round(share), marks[-1] + max(1, min(least, 1))), frames - left))
    return marks
