"""The film step: wild clips in, a film on an exact grid out, the same bytes every time, or a clear refusal."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, film_sound, frame_digests, luma, make_clip, packet_times
from tests.media.edits import SIZE, Cutting, fade, source
from tests.media.here import Here
from vidpipe.errors import BrokenFileError, StoppedError
from vidpipe.media.edit import CUT, SourceChangedError
from vidpipe.media.verify import FilmError, check_film, verify_film
from vidpipe.media.wav import wav
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vidpipe.media.edit import Edit
    from vidpipe.media.plain import Json

WILD = (
    Kind(size=SIZE, frames=24),
    Kind(size=SIZE, frames=20, sound=None, options={"crf": "40"}, seed=1),
    Kind(size=(98, 60), rate=30, frames=30, sound=SoundKind(rate=44_100, layout="mono"), seed=2),
    Kind(size=SIZE, frames=24, sound_first=True, timescale=24, seed=3),
    Kind(size=(72, 128), codec="mpeg4", frames=18, sound=SoundKind(seconds=2.0), seed=4),
    Kind(size=SIZE, frames=13, movflags="frag_keyframe+empty_moov", seed=5),
)
WILD_FRAMES = [24, 20, 24, 24, 18, 13]


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def plain(count: int, frames: int = 24) -> list[Kind]:
    return [Kind(size=SIZE, frames=frames, sound=None, seed=seed) for seed in range(count)]


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


def test_a_clip_is_decoded_once_for_its_body_and_its_fade(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*plain(3)), [fade(), fade()]))
    assert cutting.workers.count("pieces") == 3


def test_one_clip_is_a_film_and_is_not_encoded_again(cutting: Cutting) -> None:
    report = cutting(cutting.edit(cutting.clips(WILD[0]), [fade()], audio=True))
    assert (report.frames, report.normalised, report.encoded) == (24, (), 0)
    assert frame_digests(cutting.film) == frame_digests(cutting.folder / "scene-0.mp4")


def test_the_shared_frame_is_shown_once_and_the_sound_keeps_step(cutting: Cutting) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), continued(23, 24))
    report = cutting(dropping_first(cutting.edit(clips, audio=True)))
    assert (report.frames, report.dropped, report.normalised) == (47, ("scene-0.mp4",), ())
    assert report.unlike == ()
    assert frame_digests(cutting.film)[23:] == frame_digests(cutting.folder / "scene-1.mp4")
    shown, original = luma(cutting.film), luma(cutting.folder / "scene-0.mp4")
    assert np.abs(np.array(shown[:23], float) - np.array(original[:23], float)).mean() < 3
    with av.open(str(cutting.film)) as container:
        assert container.streams.audio[0].duration == 47 * 2000


def continued(first: int, frames: int) -> Kind:
    """Return a clip whose pictures are those of one made with seed 0, from `first` on."""
    return Kind(size=SIZE, frames=frames, first=first, options={"crf": "28"})


def dropping_first(edit: Edit) -> Edit:
    """Ask that the first clip loses the frame it shares with the next one."""
    return replace(edit, segments=(replace(edit.segments[0], drop_last=True), *edit.segments[1:]))


@pytest.mark.parametrize("after", [Kind(size=SIZE, frames=24, seed=1), continued(0, 24), Kind(size=(72, 128), seed=4)])
def test_a_last_frame_that_the_next_clip_does_not_show_again_is_kept(cutting: Cutting, after: Kind) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), after)
    report = cutting(dropping_first(cutting.edit(clips)))
    assert (report.dropped, report.unlike) == ((), ("scene-0.mp4",))
    assert frame_digests(cutting.film)[:24] == frame_digests(clips[0].path)


def test_whether_two_clips_share_a_frame_is_found_out_once(cutting: Cutting) -> None:
    first, same, other = cutting.clips(Kind(size=SIZE, frames=24), continued(23, 24), Kind(size=SIZE, seed=3))
    pairs = dropping_first(cutting.edit([first, same])), dropping_first(cutting.edit([first, other]))
    for edit, dropped in zip(pairs, (1, 0), strict=True):
        for tasks in (1, 0):
            cutting.workers.done.clear()
            assert len(cutting(edit).dropped) == dropped
            assert cutting.workers.count("meet") == tasks
    cutting.workers.done.clear()
    cutting(cutting.edit([first, same]))
    assert cutting.workers.count("meet") == 0, "nobody asked for it"


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


def spoken(cutting: Cutting, edit: Edit, seconds: float) -> Edit:
    """Let a tone of so many seconds be spoken over the first scene."""
    tone = [round(8000 * math.sin(place / 20)) for place in range(round(seconds * 48_000))]
    path = cutting.folder / "scene-000.wav"
    path.write_bytes(wav(np.array(tone, "<i2").tobytes(), 48_000))
    return replace(edit, segments=(replace(edit.segments[0], voice=source(path)), *edit.segments[1:]))


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


def test_the_same_film_comes_out_of_a_full_cache_an_empty_one_and_of_processes(
    cutting: Cutting, tmp_path: Path
) -> None:
    clips = cutting.clips(*WILD)
    edit = cutting.edit(clips, [fade(), CUT, fade(0.5, "wipeleft"), CUT], audio=True)
    edit = replace(edit, segments=(edit.segments[0], replace(edit.segments[1], drop_last=True), *edit.segments[2:]))
    edit = spoken(cutting, edit, 0.9)
    report = cutting(edit)
    assert report.encoded == 7
    made = cutting.film.read_bytes()
    assert cutting(edit).encoded == 0
    assert cutting.film.read_bytes() == made
    cutting.cache = tmp_path / "another"
    with Workers() as workers:
        assert cutting(edit, workers).encoded == report.encoded
    assert cutting.film.read_bytes() == made


def test_an_edit_costs_only_the_pieces_that_it_touches(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(5))
    edit = cutting.edit(clips, [fade()] * 4)
    assert cutting(edit).encoded == 9
    (other,) = cutting.clips(Kind(size=SIZE, frames=30, sound=None, seed=9))
    segments = list(edit.segments)
    segments[2] = replace(segments[2], clip=other)
    cutting.workers.done.clear()
    assert cutting(replace(edit, segments=tuple(segments))).encoded == 3
    assert cutting.workers.count("clip") == 1


def test_a_piece_that_was_damaged_in_the_cache_is_made_again(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*plain(2)), [fade()])
    cutting(edit)
    made = cutting.film.read_bytes()
    for path in sorted((cutting.cache / "pieces").iterdir()):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.write_bytes(data)
        assert cutting(edit).encoded == 1
        assert cutting.film.read_bytes() == made


def test_a_piece_that_is_gone_or_torn_is_made_again(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*plain(2)), [fade()])
    cutting(edit)
    made = cutting.film.read_bytes()
    for place in range(6):
        path = sorted((cutting.cache / "pieces").iterdir())[place]
        if place % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert cutting(edit).encoded == 1
        assert cutting.film.read_bytes() == made


def test_the_cache_holds_what_the_last_film_used_and_no_more(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(3))
    cutting(cutting.edit(clips, [fade(), fade()]))
    assert len(list((cutting.cache / "pieces").iterdir())) == 10
    cutting(cutting.edit(clips[:2], [fade()]))
    assert len(list((cutting.cache / "pieces").iterdir())) == 6
    cutting(cutting.edit(clips))
    assert list((cutting.cache / "pieces").iterdir()) == []


def test_what_was_encoded_before_an_error_is_kept(cutting: Cutting) -> None:
    good, other, bad = cutting.clips(WILD[2], *plain(2))
    cutting(cutting.edit([other, bad]))
    edit = cutting.edit([good, other, bad])
    bad.path.write_bytes(b"another file")
    with pytest.raises(SourceChangedError, match=r"scene-2\.mp4"):
        cutting(edit)
    assert cutting(cutting.edit([good, other])).encoded == 0


def test_an_equal_clip_that_stands_twice_is_encoded_once(cutting: Cutting) -> None:
    (clip,) = cutting.clips(WILD[2])
    report = cutting(cutting.edit([clip, replace(clip, name="scene-7.mp4"), clip]))
    assert (report.frames, report.encoded) == (72, 1)
    assert [name for name, _ in report.normalised] == ["scene-0.mp4", "scene-7.mp4", "scene-0.mp4"]


def test_a_film_without_audio_has_no_sound_track(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*WILD[:2]), [fade()]))
    assert check_film(cutting.film, "film.mp4").sound is None


def test_clips_without_any_sound_make_a_silent_track(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*plain(2)), audio=True))
    assert not film_sound(cutting.film).any()


def test_a_damaged_clip_is_named_before_anything_is_written(cutting: Cutting) -> None:
    good, bad = cutting.clips(*WILD[:2])
    bad.path.write_bytes(bad.path.read_bytes()[:-40])
    with pytest.raises(BrokenFileError, match=r"scene-1\.mp4: "):
        cutting(cutting.edit([good, source(bad.path)]))
    assert not cutting.film.exists()


def test_a_clip_that_changed_since_it_was_judged_makes_no_film(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(2))
    edit = cutting.edit(clips)
    cutting(edit)
    clips[1].path.write_bytes(clips[0].path.read_bytes())
    with pytest.raises(SourceChangedError, match=r"scene-1\.mp4"):
        cutting(edit)


@pytest.mark.parametrize(
    ("task", "answer"), [("clip", {}), ("clip", None), ("pieces", [{"digest": 7}]), ("pieces", [])]
)
def test_a_worker_that_answers_nonsense_is_no_bug_but_that_clips_fault(
    cutting: Cutting, monkeypatch: pytest.MonkeyPatch, task: str, answer: Json
) -> None:
    edit = cutting.edit(cutting.clips(WILD[2]))
    call = Here.call

    def wild(self: Here, wanted: str, arguments: Mapping[str, Json], **options: Any) -> Json:
        return answer if wanted == task else call(self, wanted, arguments, **options)

    monkeypatch.setattr(Here, "call", wild)
    with pytest.raises(BrokenFileError, match=r"scene-0\.mp4: "):
        cutting(edit)


def test_a_stop_is_heeded_before_every_task(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*WILD[:3]), [fade()])
    cutting(edit)
    tasks = len(cutting.workers.done)
    for most in range(1, tasks):
        asked = 0

        def stop(most: int = most) -> bool:
            nonlocal asked
            asked += 1
            return asked > most

        cutting.workers = Here()
        cutting.cache = cutting.folder / f"cache-{most}"
        with pytest.raises(StoppedError):
            cutting(edit, stop=stop)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"frames": 13}, "frames 12, not 13"),
        ({"size": (64, 64)}, "not \\(64, 64\\)"),
        ({"audio": False}, "sound track True, not False"),
        ({"joins": [5]}, "frame 5 of the film does not decode"),
    ],
)
def test_a_film_that_is_not_what_was_planned_is_refused(tmp_path: Path, wrong: dict[str, object], words: str) -> None:
    path = make_clip(tmp_path / "film.mp4", Kind(size=SIZE))
    planned = {"size": SIZE, "joins": [0], "frames": 12, "audio": True}
    verify_film(path, "film.mp4", **planned)  # type: ignore[arg-type]
    with pytest.raises(FilmError, match=words):
        verify_film(path, "film.mp4", **{**planned, **wrong})  # type: ignore[arg-type]


def test_a_clip_that_changes_its_parameter_sets_leaves_the_next_one_its_own_pictures(cutting: Cutting) -> None:
    first, coarse, last = cutting.clips(WILD[0], WILD[1], Kind(size=SIZE, seed=7))
    cutting(cutting.edit([first, coarse]))
    changing = source(cutting.film.rename(cutting.folder / "changing.mp4"))
    report = cutting(cutting.edit([changing, last]))
    assert report.normalised == ()
    assert frame_digests(cutting.film) == [*frame_digests(changing.path), *frame_digests(last.path)]


def test_a_film_that_plays_a_piece_with_the_parameter_sets_of_another_is_refused(
    cutting: Cutting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, coarse, last = cutting.clips(WILD[0], WILD[1], Kind(size=SIZE, seed=7))
    cutting(cutting.edit([first, coarse]))
    changing = source(cutting.film.rename(cutting.folder / "changing.mp4"))
    monkeypatch.setattr("vidpipe.media.join._sets_differ", lambda _infos: False)
    with pytest.raises(FilmError, match="frame 44 of the film"):
        cutting(cutting.edit([changing, last]))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind(size=SIZE, times=tuple(range(3, 15))), "first time"),
        (Kind(size=SIZE, rate=25), "frame step 1/25"),
        (Kind(size=SIZE, sound=SoundKind(seconds=0.4)), "of sound for 0.500 s of pictures"),
        (Kind(size=SIZE, sound=SoundKind(seconds=0.25, start=0.25)), "sound starts at"),
    ],
)
def test_a_film_off_the_grid_is_refused(tmp_path: Path, kind: Kind, words: str) -> None:
    path = make_clip(tmp_path / "film.mp4", kind)
    with pytest.raises(FilmError, match=words):
        verify_film(path, "film.mp4", size=SIZE, joins=[0], frames=12, audio=True)
