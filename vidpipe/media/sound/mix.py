"""Mix a film's sound, part by part: measured first, then once more with the gain that follows from the measure."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import CELL, from_decibels, ramps
from vidpipe.media.sound.ducking import ducked
from vidpipe.media.sound.levels import measured
from vidpipe.media.sound.limiter import RECOVERY, limited
from vidpipe.media.sound.mastering import CEILING_DB, Master, mastered
from vidpipe.media.sound.music import Music
from vidpipe.media.sound.scene import Scenes
from vidpipe.media.sound.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from vidpipe.media.sound.plan import SoundPlan


def mix(
    plan: SoundPlan, cache: Path, told: Callable[[Master], None] = lambda _master: None
) -> Iterator[NDArray[np.float32]]:
    """Yield the film's sound, float32 (2, samples) at 48 kHz, for each part of its timeline in order.

    A few scenes are in memory at a time. `cache/sound/` keeps what was decoded and measured; what this film did not use
    of it is removed at the end. Equal plans give equal samples, whatever the cache holds. `told` gets how loud the film
    is made, before the first part of it, if that is steered at all. Raises BrokenFileError for a file that cannot be
    read, SourceChangedError for one that is another by now, OSError where the cache cannot be written.
    """
    store = Store(cache / "sound")
    scenes = Scenes(plan, store)
    music = None if plan.music is None else Music(plan.music, plan.samples, store)
    nodes, gain, recovery = None, 1.0, RECOVERY
    if music is not None or plan.loudness is not None:
        levels = measured(plan, scenes, music, store)
        nodes = ducked(levels.own, levels.duck_db)
        if plan.loudness is not None:
            energies, peaks = levels.mixed(nodes)
            del levels  # a long film's are some megabytes, and so is what follows
            master = mastered(energies, peaks, plan.loudness)
            del energies, peaks
            gain = float(from_decibels(master.gain_db))
            recovery = master.recovery
            told(master)
    parts = _parts(plan, scenes, music, nodes, gain)
    if plan.loudness is None:
        yield from limited(parts, 1.0, between=False)
    else:
        yield from limited(parts, float(from_decibels(CEILING_DB)), between=True, recovery=recovery)
    store.remove_unused()


def _parts(
    plan: SoundPlan, scenes: Scenes, music: Music | None, nodes: NDArray[np.float64] | None, gain: float
) -> Iterator[NDArray[np.float32]]:
    starts = accumulate((span.samples for span in plan.spans), initial=0)
    for place, (start, span) in enumerate(zip(starts, plan.spans, strict=False)):
        sound = scenes.span(place)
        if music is not None and nodes is not None:
            first, last = start // CELL, (start + span.samples) // CELL
            sound = sound + music.at(start, span.samples) * ramps(nodes[first : last + 1])
        yield sound if gain == 1 else sound * np.float32(gain)
