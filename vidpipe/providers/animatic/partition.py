"""A script's pieces shared out over a film's scenes: in order, whole, and as evenly as its sentences allow."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.sentences import Break, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

# What it costs to part a script there, on the scale of the squared relative deviation from the mean length.
COST = {
    Break.WORD: 3.0,
    Break.JOINT: 1.6,
    Break.CLAUSE: 1.0,
    Break.STOP: 0.5,
    Break.SENTENCE: 0.0,
    Break.PARAGRAPH: -0.25,
    Break.SCENE: -0.8,
}
REACH = 24


@dataclass(frozen=True, slots=True)
class Beat:
    """The words of one scene.

    `before` is the break that leads into it. Where a script has fewer pieces than the film has scenes, one text is
    shown in several views: `view` counts them from 0, `views` says how many there are.
    """

    text: str
    before: Break
    view: int = 0
    views: int = 1


def beats(parts: Sequence[Piece], scenes: int) -> tuple[Beat, ...]:
    """Share out at least one piece over `scenes` scenes.

    The texts of all first views together are the whole script. Raises ValueError if there is nothing to share out.
    """
    if not parts or scenes < 1:
        message = f"{scenes} scenes cannot be made of {len(parts)} pieces of script"
        raise ValueError(message)
    if len(parts) < scenes:
        views = _views([len(piece.text) for piece in parts], scenes)
        ends = range(len(parts) + 1)
    else:
        views = [1] * scenes
        ends = range(0)
    cuts = list(ends) or [0, *_cuts(parts, scenes), len(parts)]
    found: list[Beat] = []
    for (start, end), count in zip(pairwise(cuts), views, strict=True):
        text = "".join(piece.text + piece.gap for piece in parts[start:end]).strip()
        before = parts[start - 1].after if start else Break.SCENE
        found += (Beat(text, Break.CLAUSE if view else before, view, count) for view in range(count))
    return tuple(found)


def _views(lengths: Sequence[int], scenes: int) -> list[int]:
    """Give every piece one view, then each further view to the piece with most words for each of its views."""
    views = [1] * len(lengths)
    waiting = [(-float(length), index) for index, length in enumerate(lengths)]
    heapq.heapify(waiting)
    for _ in range(scenes - len(lengths)):
        _, index = waiting[0]
        views[index] += 1
        heapq.heapreplace(waiting, (-lengths[index] / views[index], index))
    return views


def _cuts(parts: Sequence[Piece], scenes: int) -> list[int]:
    """Return where scenes 2 to last begin: the cheapest partition, looked for near the even one.

    Dynamic programming over REACH candidates to either side of each even cut: linear in the script's length.
    """
    ends = list(accumulate(len(piece.text) + len(piece.gap) for piece in parts))
    mean = ends[-1] / scenes
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number, centre in enumerate(_centres(ends, scenes), 1):
        low, high = max(number, centre - REACH), min(len(parts) - scenes + number, centre + REACH)
        best = {
            at: min(
                (cost + _deviation(ends, start, at, mean) + COST[parts[at - 1].after], (*cuts, at))
                for start, (cost, cuts) in best.items()
                if start < at
            )
            for at in range(low, high + 1)
            if any(start < at for start in best)
        }
    return list(
        min((cost + _deviation(ends, start, len(parts), mean), cuts) for start, (cost, cuts) in best.items())[1]
    )


def _centres(ends: Sequence[int], scenes: int) -> list[int]:
    """Return the pieces nearest to the even cuts, pushed apart so that no scene is left empty."""
    centres: list[int] = []
    for number in range(1, scenes):
        nearest = bisect_left(ends, ends[-1] * number / scenes) + 1
        centres.append(max(nearest, centres[-1] + 1 if centres else 1))
    return [min(centre, len(ends) - scenes + number) for number, centre in enumerate(centres, 1)]


def _deviation(ends: Sequence[int], start: int, end: int, mean: float) -> float:
    length = ends[end - 1] - (ends[start - 1] if start else 0)
    return (length / mean - 1) ** 2
