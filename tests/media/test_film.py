"""The film step: wild clips in, a film on an exact grid out, the same bytes every time, or a clear refusal."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import av
import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, film_sound, frame_digests, luma, make_clip, packet_times
from vidpipe.errors import BrokenFileError
from vidpipe.media.film import FilmReport, Source, StoppedError, build_film
from vidpipe.media.verify import FilmError, check_film, verify_film

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SIZE = (128, 72)
WILD = (
    Kind(size=SIZE, frames=24),
    Kind(size=SIZE, frames=20, sound=None, options={"crf": "40"}, seed=1),
    Kind(size=(98, 60), rate=30, frames=30, sound=SoundKind(rate=44_100, layout="mono"), seed=2),
    Kind(size=SIZE, frames=24, sound_first=True, timescale=24, seed=3),
    Kind(size=(72, 128), codec="mpeg4", frames=18, sound=SoundKind(seconds=2.0), seed=4),
    Kind(size=SIZE, frames=13, movflags="frag_keyframe+empty_moov", seed=5),
)
WILD_FRAMES = [24, 20, 24, 24, 18, 13]


class Build:
    """Builds films of tiny clips in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.film = folder / "film.mp4"

    def clips(self, kinds: Sequence[Kind]) -> list[Source]:
        """Make the clips, as scene-0.mp4 and so on."""
        paths = [make_clip(self.folder / f"scene-{place}.mp4", kind) for place, kind in enumerate(kinds)]
        return [Source(path.name, path.read_bytes) for path in paths]

    def __call__(
        self,
        sources: Sequence[Source],
        mode: Literal["cut", "crossfade"] = "cut",
        *,
        audio: bool = True,
        fade_seconds: float = 0.25,
        stop: Callable[[], bool] | None = None,
    ) -> FilmReport:
        """Build film.mp4 of them."""
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        return build_film(
            sources,
            self.film,
            size=SIZE,
            audio=audio,
            mode=mode,
            fade_seconds=fade_seconds,
            transition="fade",
            scratch=scratch,
            stop=stop,
        )


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path)


def test_a_cut_of_wild_clips_has_every_frame_and_names_what_was_normalised(build: Build) -> None:
    report = build(build.clips(WILD))
    assert report.frames == sum(WILD_FRAMES)
    assert report.seconds == pytest.approx(sum(WILD_FRAMES) / 24)
    assert [name for name, _ in report.normalised] == ["scene-2.mp4", "scene-4.mp4"]
    assert report.normalised[0][1] == "98x60, not 128x72, 30 frames a second, not 24"
    info = check_film(build.film, "film.mp4")
    assert (info.frames, info.step, info.start) == (sum(WILD_FRAMES), Fraction(1, 24), 0)
    assert film_sound(build.film).shape[1] >= sum(WILD_FRAMES) * 2000


def test_clips_that_fit_are_not_encoded_again(build: Build) -> None:
    build(build.clips(WILD))
    digests = frame_digests(build.film)
    starts = [sum(WILD_FRAMES[:place]) for place in range(len(WILD))]
    for place in (0, 1, 3, 5):
        wanted = frame_digests(build.folder / f"scene-{place}.mp4")
        assert digests[starts[place] : starts[place] + WILD_FRAMES[place]] == wanted


def test_a_crossfade_of_wild_clips_has_exactly_the_planned_frames(build: Build) -> None:
    report = build(build.clips(WILD), "crossfade")
    assert report.frames == sum(WILD_FRAMES) - 5 * 6
    assert [name for name, _ in report.normalised] == ["scene-2.mp4", "scene-4.mp4"]
    times = sorted(pts for pts, _ in packet_times(build.film))
    assert times == [512 * number for number in range(report.frames)]
    with av.open(str(build.film)) as container:
        sound = container.streams.audio[0]
        assert sound.duration == report.frames * 2000


def test_a_crossfade_shows_each_clip_outside_its_fades(build: Build) -> None:
    kinds = [Kind(size=SIZE, frames=24, seed=seed) for seed in range(3)]
    build(build.clips(kinds), "crossfade")
    film = luma(build.film)
    for clip in range(3):
        original = luma(build.folder / f"scene-{clip}.mp4")
        for frame in (8, 12, 16):
            error = np.abs(film[clip * 18 + frame].astype(float) - original[frame].astype(float)).mean()
            assert error < 3


def test_a_fade_longer_than_half_a_clip_is_shortened(build: Build) -> None:
    kinds = [Kind(size=SIZE, frames=frames, sound=None) for frames in (24, 5, 24)]
    assert build(build.clips(kinds), "crossfade", fade_seconds=2.0).frames == 53 - 2 - 2


@pytest.mark.parametrize("mode", ["cut", "crossfade"])
def test_one_clip_is_a_film_and_is_not_encoded_again(build: Build, mode: Literal["cut", "crossfade"]) -> None:
    report = build(build.clips(WILD[:1]), mode)
    assert report == FilmReport(24, 1.0, ())
    assert frame_digests(build.film) == frame_digests(build.folder / "scene-0.mp4")


def test_a_fade_of_no_frames_is_a_cut(build: Build) -> None:
    kinds = [Kind(size=SIZE, frames=6, seed=seed) for seed in range(2)]
    build(build.clips(kinds), "crossfade", fade_seconds=0.01)
    wanted = [digest for clip in range(2) for digest in frame_digests(build.folder / f"scene-{clip}.mp4")]
    assert frame_digests(build.film) == wanted


@pytest.mark.parametrize("mode", ["cut", "crossfade"])
def test_the_same_clips_give_the_same_bytes(build: Build, mode: Literal["cut", "crossfade"]) -> None:
    sources = build.clips(WILD)
    build(sources, mode)
    first = build.film.read_bytes()
    build(sources, mode)
    assert build.film.read_bytes() == first


@pytest.mark.parametrize("mode", ["cut", "crossfade"])
def test_a_film_without_audio_has_no_sound_track(build: Build, mode: Literal["cut", "crossfade"]) -> None:
    build(build.clips(WILD[:2]), mode, audio=False)
    assert check_film(build.film, "film.mp4").sound is None


def test_clips_without_any_sound_make_a_silent_track(build: Build) -> None:
    build(build.clips([Kind(size=SIZE, sound=None), Kind(size=SIZE, sound=None, seed=1)]))
    assert not film_sound(build.film).any()


def test_a_damaged_clip_is_named_before_anything_is_written(build: Build) -> None:
    good, bad = build.clips(WILD[:2])
    broken = Source(bad.name, lambda: bad.read()[:-40])
    with pytest.raises(BrokenFileError, match=r"scene-1\.mp4: "):
        build([good, broken])
    assert not build.film.exists()


def test_a_stop_is_heeded_within_a_clip(build: Build) -> None:
    for mode, kinds in (("cut", WILD[2:3]), ("crossfade", WILD[:2])):
        asked = 0

        def stop() -> bool:
            nonlocal asked
            asked += 1
            return asked > 8

        with pytest.raises(StoppedError):
            build(build.clips(kinds), mode, stop=stop)  # type: ignore[arg-type]
        assert asked == 9


def test_after_a_stop_no_clip_is_read(build: Build) -> None:
    with pytest.raises(StoppedError):
        build([Source("scene-0.mp4", lambda: pytest.fail("it was read"))], stop=lambda: True)


def test_no_clips_make_no_film(build: Build) -> None:
    with pytest.raises(ValueError, match="at least one clip"):
        build([])


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
