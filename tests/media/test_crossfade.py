"""Crossfades: exactly as many frames as planned, every clip's own pictures outside the fades, sound faded alike."""

from __future__ import annotations

import weakref
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.clips import Kind, luma, make_clip
from vidpipe.media.crossfade import Body, Clip, Fade, faded, make_part, part_sounds, plan_parts
from vidpipe.media.probe import probe
from vidpipe.media.transitions import TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

SIZE = (32, 32)
LENGTHS = st.lists(st.integers(1, 200), min_size=1, max_size=12)


@given(LENGTHS, st.integers(0, 48))
def test_the_parts_last_as_long_as_the_clips_less_their_fades(lengths: list[int], fade: int) -> None:
    parts = plan_parts(lengths, fade)
    fades = [min(fade, before // 2, after // 2) for before, after in pairwise(lengths)]
    assert sum(part.frames for part in parts) == sum(lengths) - sum(fades)
    assert [part.frames for part in parts if isinstance(part, Fade)] == [frames for frames in fades if frames]


@given(LENGTHS, st.integers(0, 48))
def test_every_frame_of_every_clip_is_in_exactly_one_part(lengths: list[int], fade: int) -> None:
    used: list[list[int]] = [[] for _ in lengths]
    for part in plan_parts(lengths, fade):
        assert part.frames > 0
        used[part.clip] += range(part.start, part.start + part.frames)
        if isinstance(part, Fade):
            used[part.clip + 1] += range(part.frames)
    assert used == [list(range(length)) for length in lengths]


def test_a_plain_plan_reads_like_the_film() -> None:
    assert plan_parts([96, 96, 48], 12) == [
        Body(0, 0, 84),
        Fade(0, 84, 12),
        Body(1, 12, 84),
        Fade(1, 84, 12),
        Body(2, 12, 48),
    ]


def test_a_body_that_two_fades_use_up_is_left_out() -> None:
    assert plan_parts([24, 24, 24], 12) == [Body(0, 0, 12), Fade(0, 12, 12), Fade(1, 12, 12), Body(2, 12, 24)]


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


def test_a_part_depends_on_nothing_but_its_clips(tmp_path: Path) -> None:
    paths = [make_clip(tmp_path / f"{seed}.mp4", Kind(seed=seed, size=(128, 72), frames=16)) for seed in range(3)]
    clips = [Clip(probe(path, path.name), path.read_bytes) for path in paths]
    part = plan_parts([16, 16, 16], 4)[3]
    assert part == Fade(1, 12, 4)
    make_part(part, clips, tmp_path / "a.mp4", size=(128, 72), transition="fade")
    make_part(Fade(0, 12, 4), clips[1:], tmp_path / "b.mp4", size=(128, 72), transition="fade")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_fade_shows_the_end_of_one_clip_and_the_beginning_of_the_next(tmp_path: Path) -> None:
    paths = [make_clip(tmp_path / f"{seed}.mp4", Kind(seed=seed, size=(128, 72), frames=16)) for seed in range(2)]
    clips = [Clip(probe(path, path.name), path.read_bytes) for path in paths]
    make_part(Fade(0, 12, 4), clips, tmp_path / "fade.mp4", size=(128, 72), transition="fade")
    before, after = (np.array(luma(path), float) for path in paths)
    weights = np.array([0, 0.25, 0.5, 0.75]).reshape(4, 1, 1)
    wanted = before[12:] * (1 - weights) + after[:4] * weights
    assert np.abs(np.array(luma(tmp_path / "fade.mp4")) - wanted).mean() < 3


def test_sound_keeps_its_power_through_a_fade() -> None:
    random = np.random.default_rng(1)
    sounds = [random.normal(0, 0.1, (2, 24 * 2000)).astype(np.float32) for _ in range(3)]
    parts = plan_parts([24, 24, 24], 8)
    made = list(part_sounds(parts, iter(sounds)))
    assert [sound.shape for sound in made] == [(2, part.frames * 2000) for part in parts]
    power = [float(np.sqrt(np.mean(sound**2))) for sound in made]
    assert power == pytest.approx([0.1] * len(parts), rel=0.05)
    assert np.array_equal(made[0], sounds[0][:, : 16 * 2000])
    assert np.array_equal(made[2], sounds[1][:, 8 * 2000 : 16 * 2000])


def test_two_loud_sounds_do_not_exceed_full_scale() -> None:
    sounds = [np.full((2, 24 * 2000), 0.9, np.float32)] * 2
    assert max(float(sound.max()) for sound in part_sounds(plan_parts([24, 24], 12), sounds)) == 1.0


def test_no_more_than_two_clips_of_sound_are_held() -> None:
    """A clip's sound is asked for only when the part that needs it is written."""
    asked: list[weakref.ref[NDArray[np.float32]]] = []

    def sounds() -> Iterator[NDArray[np.float32]]:
        for _ in range(5):
            sound = np.zeros((2, 24 * 2000), np.float32)
            asked.append(weakref.ref(sound))
            yield sound
            del sound

    parts = plan_parts([24] * 5, 6)
    seen = []
    for part, _ in zip(parts, part_sounds(parts, sounds()), strict=True):
        seen.append((part.clip, len(asked)))
        assert sum(each() is not None for each in asked) <= 2
    assert seen == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (3, 5), (4, 5)]
