"""The timeline of a film: frames add up, no frame is in two fades, voices and captions lie inside their scenes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.edits import SIZE, fade, info
from vidpipe.media.edit import CUT, Edit, Join, Segment, Source
from vidpipe.media.placing import FASTEST, VOICE_MARGIN, NarrationTooLongError, timeline
from vidpipe.media.timeline import Body, Fade, Timeline

JOINS = st.one_of(st.just(CUT), st.builds(fade, st.floats(0.1, 30), st.sampled_from(["fade", "wipeleft"])))
SEGMENTS = st.builds(
    Segment,
    clip=st.just(Source("clips/scene-000.mp4", Path("scene-000.mp4"), "00")),
    join=JOINS,
    caption=st.sampled_from(["", "A word.", "The keeper climbs the stairs, and the lamp goes out at once."]),
    drop_last=st.booleans(),
)
SCENES = st.lists(st.tuples(SEGMENTS, st.integers(1, 300)), min_size=1, max_size=12)
SPOKEN_SCENES = st.lists(
    st.tuples(SEGMENTS, st.integers(1, 300), st.none() | st.floats(0.01, 8)), min_size=1, max_size=8
)


def film(
    scenes: list[tuple[Segment, int]], voices: list[float | None] | None = None, *, audio: bool = True
) -> Timeline:
    segments = tuple(segment for segment, _ in scenes)
    infos = [info(frames) for _, frames in scenes]
    return timeline(Edit(segments, SIZE, audio), infos, voices or [None] * len(scenes))


def scene(frames: int, join: Join = CUT, *, drop_last: bool = False) -> tuple[Segment, int]:
    return Segment(Source("clips/scene-001.mp4", Path("clip.mp4"), "00"), join, drop_last=drop_last), frames


@given(SCENES)
def test_the_film_lasts_as_long_as_its_segments_less_their_fades(scenes: list[tuple[Segment, int]]) -> None:
    line = film(scenes)
    fades = sum(placed.fade_out for placed in line.segments)
    assert line.frames == sum(placed.frames for placed in line.segments) - fades
    starts = [placed.start for placed in line.segments]
    assert starts[0] == 0
    for before, after in pairwise(line.segments):
        assert after.start == before.start + before.frames - before.fade_out
        assert after.fade_in == before.fade_out
    last = line.segments[-1]
    assert last.start + last.frames == line.frames
    assert (line.segments[0].fade_in, last.fade_out) == (0, 0)


@given(SCENES)
def test_every_frame_of_every_segment_is_in_exactly_one_part(scenes: list[tuple[Segment, int]]) -> None:
    line = film(scenes)
    used: list[list[int]] = [[] for _ in scenes]
    for part in line.parts:
        assert part.frames > 0
        used[part.segment] += range(part.start, part.start + part.frames)
        if isinstance(part, Fade):
            used[part.segment + 1] += range(part.frames)
    assert used == [list(range(placed.frames)) for placed in line.segments]


@given(SCENES)
def test_a_fade_is_as_long_as_it_should_be_but_never_over_half_of_either_clip(
    scenes: list[tuple[Segment, int]],
) -> None:
    line = film(scenes)
    for (segment, _), (before, after) in zip(scenes, pairwise(line.segments), strict=False):
        if segment.join.mode == "cut":
            assert before.fade_out == 0
        else:
            half = min(before.clip_frames // 2, after.clip_frames // 2)
            assert before.fade_out == min(round(segment.join.seconds * 24), half)


@given(SCENES)
def test_one_frame_is_dropped_only_where_a_cut_follows_and_another_is_left(scenes: list[tuple[Segment, int]]) -> None:
    line = film(scenes)
    for place, ((segment, frames), placed) in enumerate(zip(scenes, line.segments, strict=True)):
        drops = segment.drop_last and segment.join.mode == "cut" and place < len(scenes) - 1
        assert placed.clip_frames == (max(1, frames - 1) if drops else frames)


@given(SPOKEN_SCENES)
def test_a_voice_fits_between_the_fades_or_there_is_no_film(
    scenes: list[tuple[Segment, int, float | None]],
) -> None:
    voices = [voice for *_, voice in scenes]
    try:
        line = film([(segment, frames) for segment, frames, _ in scenes], voices)
    except NarrationTooLongError:
        return
    for placed, seconds in zip(line.segments, voices, strict=True):
        assert 0 <= placed.frames - placed.clip_frames <= placed.clip_frames // 2
        if seconds is None:
            assert (placed.voice_samples, placed.frames) == (0, placed.clip_frames)
            continue
        end = (placed.frames - placed.fade_out - VOICE_MARGIN) * 2000
        assert placed.voice_start == (placed.fade_in + VOICE_MARGIN) * 2000
        assert 0 < placed.voice_samples <= end - placed.voice_start
        assert 1 <= placed.voice_tempo <= FASTEST
        assert placed.voice_samples * placed.voice_tempo == pytest.approx(seconds * 48_000, abs=1)
        if placed.voice_tempo > 1:
            assert placed.frames - placed.clip_frames == placed.clip_frames // 2
    assert all(after.start == one.start + one.frames - one.fade_out for one, after in pairwise(line.segments))


@given(SPOKEN_SCENES)
def test_captions_lie_in_their_scene_one_after_the_other(scenes: list[tuple[Segment, int, float | None]]) -> None:
    voices = [voice for *_, voice in scenes]
    try:
        line = film([(segment, frames) for segment, frames, _ in scenes], voices)
    except NarrationTooLongError:
        return
    for (segment, *_), placed in zip(scenes, line.segments, strict=True):
        assert bool(placed.captions) == bool(segment.caption)
        marks = [mark for caption in placed.captions for mark in (caption.start, caption.stop)]
        assert marks == sorted(marks)
        assert all(placed.start <= mark <= placed.start + placed.frames for mark in marks)


def test_a_plain_crossfade_reads_like_the_film() -> None:
    line = film([scene(96, fade(0.5)), scene(96, fade(0.5, "radial")), scene(48)])
    assert line.parts == (
        Body(0, 0, 84),
        Fade(0, 84, 12, "fade"),
        Body(1, 12, 84),
        Fade(1, 84, 12, "radial"),
        Body(2, 12, 48),
    )


def test_cuts_and_fades_mix() -> None:
    line = film([scene(96), scene(96, fade(0.5)), scene(48), scene(24)])
    assert line.parts == (Body(0, 0, 96), Body(1, 0, 84), Fade(1, 84, 12, "fade"), Body(2, 12, 48), Body(3, 0, 24))


def test_a_body_that_two_fades_use_up_is_left_out() -> None:
    line = film([scene(24, fade(9)), scene(24, fade(9)), scene(24)])
    assert line.parts == (Body(0, 0, 12), Fade(0, 12, 12, "fade"), Fade(1, 12, 12, "fade"), Body(2, 12, 24))


def test_a_clip_of_one_frame_is_cut_and_never_dropped() -> None:
    line = film([scene(1, fade(1)), scene(1, drop_last=True), scene(1)])
    assert line.parts == (Body(0, 0, 1), Body(1, 0, 1), Body(2, 0, 1))


def test_a_long_voice_first_holds_the_last_picture_then_is_hurried_then_refused() -> None:
    fits, held, hurried = (film([scene(96)], [seconds]).segments[0] for seconds in (3.5, 5.5, 6.5))
    assert (fits.frames, fits.voice_tempo, fits.voice_samples) == (96, 1.0, 168_000)
    assert (held.frames, held.clip_frames, held.voice_tempo) == (144, 96, 1.0)
    assert (hurried.frames, hurried.voice_samples) == (144, 264_000)
    assert hurried.voice_tempo == pytest.approx(6.5 / 5.5)
    with pytest.raises(NarrationTooLongError, match=r"clips/scene-001\.mp4: its narration lasts 7\.0 s, and .* 6\.9 s"):
        film([scene(96)], [7.0])


def test_only_as_much_is_held_as_the_voice_needs() -> None:
    placed = film([scene(96, fade(0.5)), scene(96)], [3.3, None]).segments[0]
    assert (placed.clip_frames, placed.fade_out) == (96, 12)
    assert placed.frames == 6 + 80 + 6 + 12


def test_without_sound_nothing_is_spoken_and_captions_stand_over_the_whole_scene() -> None:
    segment = replace(scene(48)[0], caption="The lamp goes out.")
    (placed,) = film([(segment, 48)], [7.0], audio=False).segments
    assert (placed.frames, placed.voice_samples) == (48, 0)
    assert [caption.text for caption in placed.captions] == ["The lamp goes out."]


def test_no_clips_make_no_film() -> None:
    with pytest.raises(ValueError, match="at least one clip"):
        film([])


@given(SCENES)
def test_no_two_captions_of_a_film_stand_at_once(scenes: list[tuple[Segment, int]]) -> None:
    captions = [caption for placed in film(scenes).segments for caption in placed.captions]
    assert all(before.stop <= after.start for before, after in pairwise(captions))
