"""A clip that is shorter than its voice is held on its last picture until the voice has spoken."""

from __future__ import annotations

import numpy as np

from tests.media.clips import Kind, frame_digests, luma
from tests.media.edits import SIZE, Cutting, fade, spoken


def test_a_clip_is_held_on_its_last_picture_while_its_voice_speaks(cutting: Cutting) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), Kind(size=SIZE, frames=24, seed=1))
    edit = spoken(cutting, cutting.edit(clips, audio=True), 0.8)
    report = cutting(edit)
    ((name, seconds),) = report.held
    held = report.timeline.segments[0].frames - 24
    assert (name, seconds) == ("scene-0.mp4", held / 24)
    assert held == 6 + 20 + 6 - 24
    assert report.frames == 48 + held
    film, original = luma(cutting.film), luma(cutting.folder / "scene-0.mp4")
    for frame in film[24 : 24 + held]:
        assert np.abs(frame.astype(float) - original[23].astype(float)).mean() < 4
    assert frame_digests(cutting.film)[24 + held :] == frame_digests(cutting.folder / "scene-1.mp4")


def test_a_picture_that_is_held_fades_into_the_next_clip(cutting: Cutting) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), Kind(size=SIZE, frames=24, seed=1))
    report = cutting(spoken(cutting, cutting.edit(clips, [fade()], audio=True), 0.8))
    assert report.frames == 24 + 12 + 24 - 6
    ((name, tempo),) = report.hurried
    assert (name, round(tempo, 4)) == ("scene-0.mp4", round(19.2 / 18, 4))
    film, (held, *_) = luma(cutting.film), luma(cutting.folder / "scene-0.mp4")[23:]
    after = luma(cutting.folder / "scene-1.mp4")
    for place in (0, 3):
        wanted = held * (1 - place / 6) + after[place] * (place / 6)
        assert np.abs(film[30 + place].astype(float) - wanted).mean() < 4
