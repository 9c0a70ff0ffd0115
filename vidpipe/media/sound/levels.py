"""What is measured of a film's sound, cell by cell: kept for each part of the film, so that an edit costs that part."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import CELL, from_decibels, peaks, products
from vidpipe.media.sound.store import key_of
from vidpipe.media.sound.weighting import LEAD, k_weighted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vidpipe.media.plain import Json
    from vidpipe.media.sound.music import Music
    from vidpipe.media.sound.plan import SoundPlan
    from vidpipe.media.sound.scene import Scenes
    from vidpipe.media.sound.store import Store


@dataclass(frozen=True, slots=True)
class Levels:
    """K-weighted energies of a film's own sound and of its music, and of the product of both, for every cell.

    `loud_peaks` are the greatest samples of own sound and music together, `low_peaks` those where the music has stepped
    back as far as it ever does.
    """

    own: NDArray[np.float64]
    both: NDArray[np.float64]
    music: NDArray[np.float64]
    loud_peaks: NDArray[np.float64]
    low_peaks: NDArray[np.float64]
    duck_db: float

    def mixed(self, nodes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return energies and peaks of the mix whose music is multiplied by `nodes`, values at the borders of cells.

        The peaks are exact where the music is fully there or fully back, and never too low in between.
        """
        gain = (nodes[:-1] + nodes[1:]) / 2
        energies = self.own + 2 * gain * self.both + gain**2 * self.music
        least = float(from_decibels(-self.duck_db))
        share = (gain - least) / (1 - least) if least < 1 else np.ones_like(gain)
        return np.maximum(energies, 0), self.low_peaks + share * (self.loud_peaks - self.low_peaks)


def measured(plan: SoundPlan, scenes: Scenes, music: Music | None, store: Store) -> Levels:
    """Measure a film's sound part by part, from the store where nothing of the part has changed.

    The filters that weigh sound remember what came before, so what precedes a part is part of what it is made from.
    """
    starts = list(accumulate((span.samples for span in plan.spans), initial=0))
    table, filled = np.empty((5, plan.samples // CELL)), 0
    for place, (start, span) in enumerate(zip(starts, plan.spans, strict=False)):
        first = _first_before(plan, place)
        facts: Json = {
            "own": [scenes.facts(each) for each in range(first, place + 1)],
            "music": None if music is None else music.facts(start, span.samples),
        }

        def make(place: int = place, first: int = first, start: int = start) -> list[NDArray[np.float32]]:
            own = _with_lead([scenes.span(each) for each in range(first, place + 1)], plan.spans[place].samples)
            bed = None if music is None else _bed_with_lead(music, start, plan.spans[place].samples)
            return [_row(own, bed, 0.0 if music is None else music.duck_db)]

        rows = store.get(key_of("levels", facts), make, columns=5, rows=plan.spans[place].samples // CELL).read()
        table[:, filled : filled + rows.shape[1]] = rows
        filled += rows.shape[1]
    own, both, bed, loud, low = table
    return Levels(own, both, bed, loud, low, 0.0 if music is None else music.duck_db)


def _first_before(plan: SoundPlan, place: int) -> int:
    """Return the first of the spans that are heard in the lead of another one."""
    missing = LEAD
    while place and missing > 0:
        place -= 1
        missing -= plan.spans[place].samples
    return place


def _with_lead(spans: list[NDArray[np.float32]], samples: int) -> NDArray[np.float32]:
    found = np.zeros((2, LEAD + samples), np.float32)
    sound = np.concatenate(spans, axis=1)[:, -(LEAD + samples) :]
    found[:, found.shape[1] - sound.shape[1] :] = sound
    return found


def _bed_with_lead(music: Music, start: int, samples: int) -> NDArray[np.float32]:
    lead = min(LEAD, start)
    return _with_lead([music.at(start - lead, lead + samples)], samples)


def _row(own: NDArray[np.float32], bed: NDArray[np.float32] | None, duck_db: float) -> NDArray[np.float32]:
    """Return the five values of `Levels` for every cell of a span: float32 (5, cells)."""
    weighted = k_weighted(own)[:, LEAD:]
    own = own[:, LEAD:]
    energy, peak = products(weighted, weighted), peaks(own)
    if bed is None:
        none = np.zeros_like(energy)
        return np.stack([energy, none, none, peak, peak]).astype(np.float32)
    weighted_bed = k_weighted(bed)[:, LEAD:]
    bed = bed[:, LEAD:]
    both, music = products(weighted, weighted_bed), products(weighted_bed, weighted_bed)
    low = peaks(own + bed * np.float32(from_decibels(-duck_db)))
    return np.stack([energy, both, music, peaks(own + bed), low]).astype(np.float32)
