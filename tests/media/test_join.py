"""Cutting clips together: pictures bit for bit on one grid of frames, sound exactly under them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, film_sound, frame_digests, frame_times, make_clip, packet_times
from tests.media.edits import source
from vidpipe.media import h264
from vidpipe.media.cache import Piece
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.encode import Encoder
from vidpipe.media.join import join
from vidpipe.media.probe import probe_samples
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

COARSE = Kind(options={"crf": "45", "refs": "1"}, seed=2)
UNREORDERED = Kind(options={"bf": "0", "x264-params": "scenecut=0"}, seed=3)


def clips(folder: Path, *kinds: Kind) -> list[Path]:
    return [make_clip(folder / f"clip-{place}.mp4", kind) for place, kind in enumerate(kinds)]


def piece(path: Path) -> Piece:
    return Piece(source(path), probe_samples(path.read_bytes(), path.name))


def cut(paths: Sequence[Path], film: Path, *, audio: bool = True) -> Path:
    pieces = [piece(path) for path in paths]
    sounds = (decode_track(path, Track.of(each.probed.info)) for path, each in zip(paths, pieces, strict=True))
    join(pieces, film, sounds=sounds if audio else None)
    return film


def digests(paths: Sequence[Path]) -> list[str]:
    return [digest for path in paths for digest in frame_digests(path)]


@pytest.mark.parametrize(
    "kinds",
    [
        (Kind(), Kind(seed=1), Kind(seed=2)),
        (Kind(), COARSE, Kind(seed=1)),
        (COARSE, Kind(), UNREORDERED, Kind(seed=1)),
        (UNREORDERED, Kind()),
        (Kind(timescale=24), Kind(seed=1), Kind(timescale=600, seed=2)),
        (Kind(movflags="frag_keyframe+empty_moov"), Kind(movflags="faststart", seed=1)),
        (Kind(sound_first=True), Kind(cover=True, seed=1), Kind(sound_first=True, seed=2)),
        (Kind(options={"g": "4"}), COARSE, Kind(frames=1, seed=4), Kind(frames=30, options={"bf": "8"})),
        (Kind(),),
    ],
    ids=["equal", "one differs", "all differ", "reordering grows", "time bases", "files", "streams", "groups", "one"],
)
def test_every_frame_decodes_as_in_its_clip_at_even_steps(tmp_path: Path, kinds: tuple[Kind, ...]) -> None:
    paths = clips(tmp_path, *kinds)
    film = cut(paths, tmp_path / "film.mp4")
    wanted = digests(paths)
    assert frame_digests(film) == wanted
    assert frame_times(film) == [512 * number for number in range(len(wanted))]
    times = packet_times(film)
    assert sorted(pts for pts, _ in times) == [512 * number for number in range(len(wanted))]
    decoding = [dts for _, dts in times]
    assert all(after - before == 512 for before, after in pairwise(decoding))
    assert all(dts <= pts for pts, dts in times)


def test_seeking_back_to_any_clip_shows_its_own_pictures(tmp_path: Path) -> None:
    paths = clips(tmp_path, Kind(), COARSE, Kind(seed=5, options={"crf": "10"}))
    film = cut(paths, tmp_path / "film.mp4")
    wanted = digests(paths)
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        for clip in (2, 0, 1, 0):
            container.seek(clip * 12 * 512, stream=stream)
            frames = [
                frame.to_ndarray().tobytes() for _, frame in zip(range(12), container.decode(stream), strict=False)
            ]
            assert [hashlib.sha256(frame).hexdigest() for frame in frames] == wanted[clip * 12 : clip * 12 + 12]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_packets_are_copied_bit_for_bit_where_parameter_sets_are_equal(tmp_path: Path) -> None:
    paths = clips(tmp_path, Kind(), Kind(seed=1))
    assert packets(cut(paths, tmp_path / "film.mp4")) == [packet for path in paths for packet in packets(path)]


def test_only_key_frames_grow_and_only_by_parameter_sets_where_they_differ(tmp_path: Path) -> None:
    paths = clips(tmp_path, Kind(options={"g": "5"}), COARSE)
    before = [packet for path in paths for packet in packets(path)]
    after = packets(cut(paths, tmp_path / "film.mp4"))
    grown = [new for new, old in zip(after, before, strict=True) if new != old]
    keys = [packet for packet in before if h264.IDR in [kind for kind, _ in h264.units(packet)]]
    assert len(grown) == len(keys) > 2
    assert all(h264.SPS in [kind for kind, _ in h264.units(packet)] for packet in grown)
    assert all(new.endswith(old) for new, old in zip(after, before, strict=True))


def test_a_clip_that_changes_its_parameter_sets_on_its_way_spoils_no_other(tmp_path: Path) -> None:
    first, coarse, last = clips(tmp_path, Kind(), COARSE, Kind(seed=1))
    changing = cut([first, coarse], tmp_path / "changing.mp4", audio=False)
    assert probe_samples(changing.read_bytes(), "c").info.parameter_sets == piece(last).probed.info.parameter_sets
    for order in ([changing, last], [last, changing, last], [changing, changing], [changing]):
        film = cut(order, tmp_path / "film.mp4", audio=False)
        assert frame_digests(film) == digests(order)


def test_key_frames_that_rely_on_sets_from_the_middle_of_their_clip_keep_them(tmp_path: Path) -> None:
    first, coarse, last = clips(tmp_path, Kind(), replace(COARSE, options={**COARSE.options, "g": "4"}), Kind(seed=1))
    changing = _said_once(cut([first, coarse], tmp_path / "whole.mp4", audio=False), tmp_path / "changing.mp4")
    wanted = digests([first, coarse])
    assert frame_digests(changing) == wanted
    film = cut([last, changing, last], tmp_path / "film.mp4", audio=False)
    assert frame_digests(film) == [*digests([last]), *wanted, *digests([last])]
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        container.seek((12 + 16) * 512, stream=stream)
        frame = next(container.decode(stream))
    assert frame.pts == (12 + 16) * 512
    assert hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() == wanted[16]


def _said_once(path: Path, made: Path) -> Path:
    """Copy a film, leaving out the parameter sets of a key frame that only repeat those before it."""
    with av.open(str(path)) as source, av.open(str(made), "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        before: list[bytes] = []
        for packet in (packet for packet in source.demux(video=0) if packet.size):
            content, own = bytes(packet), h264.brought_sets(bytes(packet))
            if own == before:
                for unit in own:
                    content = content.replace(len(unit).to_bytes(4, "big") + unit, b"", 1)
            before = own or before
            copied = av.Packet(content)
            copied.pts, copied.dts, copied.time_base = packet.pts, packet.dts, packet.time_base
            copied.stream, copied.is_keyframe = stream, packet.is_keyframe
            container.mux_one(copied)
    return made


def test_the_film_starts_at_zero_and_can_play_before_it_is_loaded(tmp_path: Path) -> None:
    film = cut(clips(tmp_path, Kind(), Kind(frames=13, seed=1)), tmp_path / "film.mp4")
    with av.open(str(film)) as container:
        for stream in container.streams:
            assert stream.start_time == 0
            assert stream.duration is not None
            assert stream.time_base is not None
            assert stream.duration * stream.time_base == Fraction(25, 24)
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_equal_clips_give_an_equal_film(tmp_path: Path) -> None:
    paths = clips(tmp_path, Kind(), COARSE)
    assert cut(paths, tmp_path / "a.mp4").read_bytes() == cut(paths, tmp_path / "b.mp4").read_bytes()


def test_without_audio_there_is_no_sound_track(tmp_path: Path) -> None:
    film = cut(clips(tmp_path, Kind(), Kind(seed=1)), tmp_path / "film.mp4", audio=False)
    with av.open(str(film)) as container:
        assert [stream.type for stream in container.streams] == ["video"]


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_a_clip_without_sound_shifts_nothing(tmp_path: Path, silent: int) -> None:
    kinds = [Kind(frames=24, seed=seed, sound=None if seed == silent else SoundKind()) for seed in range(3)]
    sound = film_sound(cut(clips(tmp_path, *kinds), tmp_path / "film.mp4"))
    for clip in range(3):
        middle = sound[0, clip * 48_000 + 2_400 : (clip + 1) * 48_000 - 2_400]
        loudness = float(np.sqrt(np.mean(middle**2)))
        assert loudness < 0.001 if clip == silent else loudness > 0.3


def test_a_name_with_a_colon_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = clips(tmp_path, Kind())
    monkeypatch.chdir(tmp_path)
    cut(paths, Path("http:film.mp4"))
    assert (tmp_path / "http:film.mp4").stat().st_size > 0


def test_sound_stays_under_its_picture_over_forty_joins(tmp_path: Path) -> None:
    """A white frame and a beep in every clip: 42 ms of drift, one frame, would show after two joins of copied AAC."""
    lengths = [22, 26, 31, 17]
    paths = [_flash_and_beep(tmp_path / f"{length}.mp4", length) for length in lengths]
    order = [paths[place % 4] for place in range(41)]
    film = cut(order, tmp_path / "film.mp4")
    flashes, beeps = _flashes(film), _beeps(film)
    assert len(flashes) == len(beeps) == 41
    worst = max(abs(flash / 24 - beep / 48_000) for flash, beep in zip(flashes, beeps, strict=True))
    assert worst < 1024 / 48_000


def _flash_and_beep(path: Path, frames: int) -> Path:
    at = 10
    with Encoder(path, (32, 32), audio=True) as encoder:
        for number in range(frames):
            luma = np.full((32, 32), 235 if number == at else 16, np.uint8)
            chroma = np.full((16, 16), 128, np.uint8)
            encoder.write_planes(luma, chroma, chroma)
        sound = np.zeros((2, frames * 2000), np.float32)
        sound[:, at * 2000 : at * 2000 + 2000] = 0.8 * np.sin(2 * np.pi * 1000 * np.arange(2000) / 48_000)
        encoder.write_audio(sound)
    return path


def _flashes(film: Path) -> list[int]:
    with av.open(str(film)) as container:
        frames = enumerate(container.decode(video=0))
        return [number for number, frame in frames if frame.to_ndarray()[:32].mean() > 128]


def _beeps(film: Path) -> list[int]:
    """Find where each beep begins, in samples counted from the start of the decoded track."""
    loud = np.flatnonzero(np.abs(film_sound(film)[0]) > 0.2)
    return [int(loud[0]), *(int(after) for before, after in pairwise(loud) if after - before > 4000)]


def test_a_clip_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path, other = clips(tmp_path, Kind(frames=6), Kind(frames=12))
    before = piece(path)
    path.write_bytes(other.read_bytes())
    with pytest.raises(SourceChangedError, match="changed while it was read"):
        join([before], tmp_path / "film.mp4", sounds=None)
    path.unlink()
    with pytest.raises(SourceChangedError, match="changed while it was read"):
        join([before], tmp_path / "film.mp4", sounds=None)


def test_a_film_that_was_not_finished_cannot_be_taken_for_one(tmp_path: Path) -> None:
    paths = clips(tmp_path, Kind(frames=60), Kind(seed=1))

    def sounds() -> Iterator[NDArray[np.float32]]:
        yield np.zeros((2, 60 * 2000), np.float32)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        join([piece(path) for path in paths], tmp_path / "film.mp4", sounds=sounds())
    assert (tmp_path / "film.mp4").stat().st_size == 0


def test_a_place_that_cannot_be_written_is_not_blamed_on_a_clip(tmp_path: Path) -> None:
    path = clips(tmp_path, Kind())[0]
    with pytest.raises(OSError, match="No such file"):
        join([piece(path)], tmp_path / "absent" / "film.mp4", sounds=None)
