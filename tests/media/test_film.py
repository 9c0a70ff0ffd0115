"""A film of wild clips lies on an exact grid: what fits is copied, and cuts, fades and captions are as planned."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.media.clips import film_sound, frame_digests, luma, packet_times
from tests.media.edits import WILD, WILD_FRAMES, Cutting, fade, plain
from vidpipe.media.edit import CUT
from vidpipe.media.verify import check_film


def test_a_cut_of_wild_clips_has_every_frame_and_names_what_was_normalised(cutting: Cutting) -> None:
    report = cutting(cutting.edit(cutting.clips(*WILD), audio=True))
    assert report.frames == sum(WILD_FRAMES)
    assert report.seconds == pytest.approx(sum(WILD_FRAMES) / 24)
    assert report.normalised[0] == ("scene-2.mp4", "98x60, not 128x72, 30 frames a second, not 24")
    assert [name for name, _ in report.normalised] == ["scene-2.mp4", "scene-4.mp4"]
    info = check_film(cutting.film, "film.mp4")
    assert (info.frames, info.step, info.start) == (sum(WILD_FRAMES), Fraction(1, 24), 0)
    assert film_sound(cutting.film).shape[1] >= sum(WILD_FRAMES) * 2000


def test_clips_that_fit_are_not_encoded_again(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*WILD)))
    digests = frame_digests(cutting.film)
    starts = [sum(WILD_FRAMES[:place]) for place in range(len(WILD))]
    for place in (0, 1, 3, 5):
        wanted = frame_digests(cutting.folder / f"scene-{place}.mp4")
        assert digests[starts[place] : starts[place] + WILD_FRAMES[place]] == wanted


def test_a_crossfade_of_wild_clips_has_exactly_the_planned_frames(cutting: Cutting) -> None:
    report = cutting(cutting.edit(cutting.clips(*WILD), [fade()] * 5, audio=True))
    assert report.frames == sum(WILD_FRAMES) - 5 * 6
    assert [name for name, _ in report.normalised] == ["scene-2.mp4", "scene-4.mp4"]
    times = sorted(pts for pts, _ in packet_times(cutting.film))
    assert times == [512 * number for number in range(report.frames)]
    with av.open(str(cutting.film)) as container:
        assert container.streams.audio[0].duration == report.frames * 2000


def test_a_crossfade_shows_each_clip_outside_its_fades(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*plain(3)), [fade(), fade()]))
    film = luma(cutting.film)
    for clip in range(3):
        original = luma(cutting.folder / f"scene-{clip}.mp4")
        for frame in (8, 12, 16):
            error = np.abs(film[clip * 18 + frame].astype(float) - original[frame].astype(float)).mean()
            assert error < 3


def test_a_clip_between_two_cuts_is_copied_even_if_others_fade(cutting: Cutting) -> None:
    report = cutting(cutting.edit(cutting.clips(*plain(4)), [fade(), CUT, CUT]))
    assert report.encoded == 3
    digests = frame_digests(cutting.film)
    assert digests[42:] == [d for clip in (2, 3) for d in frame_digests(cutting.folder / f"scene-{clip}.mp4")]


def test_one_clip_is_a_film_and_is_not_encoded_again(cutting: Cutting) -> None:
    report = cutting(cutting.edit(cutting.clips(WILD[0]), [fade()], audio=True))
    assert (report.frames, report.normalised, report.encoded) == (24, (), 0)
    assert frame_digests(cutting.film) == frame_digests(cutting.folder / "scene-0.mp4")


def test_captions_are_drawn_where_they_stand_and_nowhere_else(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(2))
    edit = cutting.edit(clips)
    captioned = replace(edit, segments=(edit.segments[0], replace(edit.segments[1], caption="THE LAMP")), burn=True)
    report = cutting(captioned)
    assert (report.encoded, report.normalised) == (1, ())
    film, original = luma(cutting.film), luma(cutting.folder / "scene-1.mp4")
    assert frame_digests(cutting.film)[:24] == frame_digests(cutting.folder / "scene-0.mp4")
    caption = report.timeline.segments[1].captions[0]
    frame = caption.start - 24
    change = np.abs(film[24 + frame].astype(float) - original[frame].astype(float))
    assert change[40:].max() > 60
    assert change[:30].mean() < 3


def test_a_film_without_audio_has_no_sound_track(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*WILD[:2]), [fade()]))
    assert check_film(cutting.film, "film.mp4").sound is None


def test_clips_without_any_sound_make_a_silent_track(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*plain(2)), audio=True))
    assert not film_sound(cutting.film).any()
