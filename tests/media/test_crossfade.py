"""Crossfades: exactly as many frames as planned, evenly from one picture to the other."""

from __future__ import annotations

import av
import pytest

from vidpipe.media.crossfade import faded
from vidpipe.media.transitions import TRANSITIONS

SIZE = (32, 32)


def grey(level: int, count: int) -> list[av.VideoFrame]:
    frames = []
    for _ in range(count):
        frame = av.VideoFrame(*SIZE, "yuv420p")
        for plane, value in zip(frame.planes, (level, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frames.append(frame)
    return frames


def test_a_fade_leads_evenly_from_one_picture_to_the_other() -> None:
    for count in (1, 7, 12):
        frames = list(faded(grey(200, count), grey(40, count), count, SIZE, "fade"))
        levels = [float(frame.to_ndarray()[:32].mean()) for frame in frames]
        assert levels == pytest.approx([200 - 160 * place / count for place in range(count)], abs=1.5)


@pytest.mark.parametrize("transition", TRANSITIONS)
def test_every_transition_that_is_offered_works(transition: str) -> None:
    frames = list(faded(grey(200, 6), grey(40, 6), 6, SIZE, transition))
    assert len(frames) == 6
    assert frames[0].format.name == "yuv420p"


def test_sides_of_a_fade_that_are_not_as_long_as_each_other_are_a_bug() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(faded(grey(200, 6), grey(40, 5), 6, SIZE, "fade"))
