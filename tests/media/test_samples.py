"""Where the packets of a clip lie: byte for byte what FFmpeg reads, or not known at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import pytest

from tests.media.clips import Kind, make_clip
from tests.media.edits import info
from vidpipe.media.mp4 import open_mp4
from vidpipe.media.packets import read_packets
from vidpipe.media.probe import probe, probe_samples
from vidpipe.media.samples import Probed, Samples

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "kind",
    [
        Kind(),
        Kind(movflags="faststart", sound_first=True),
        Kind(movflags="frag_keyframe+empty_moov", options={"g": "5"}),
        Kind(options={"bf": "8"}, frames=30, timescale=600),
        Kind(frames=1),
        Kind(cover=True),
    ],
)
def test_the_samples_are_the_packets_in_the_order_of_decoding(tmp_path: Path, kind: Kind) -> None:
    path = make_clip(tmp_path / "a.mp4", kind)
    data = path.read_bytes()
    found = probe_samples(data, "a.mp4")
    assert found.info == probe(path, "a.mp4")
    with av.open(str(path)) as container:
        stream = container.streams[found.info.stream]
        packets = [packet for packet in container.demux(stream) if packet.size]
    assert [data[offset : offset + size] for offset, size, _, _ in found.samples] == [bytes(each) for each in packets]
    assert [bool(is_key) for *_, is_key in found.samples] == [packet.is_keyframe for packet in packets]
    shown = sorted(range(len(packets)), key=lambda place: packets[place].pts or 0)
    assert [found.samples.places[place] for place in shown] == list(range(kind.frames))


@pytest.mark.parametrize("kind", [Kind(rate=30), Kind(times=(0, 2, 3, 7, 8, 9, 12, 14, 15, 18, 20, 22))])
def test_a_clip_off_the_grid_of_the_film_has_no_samples(tmp_path: Path, kind: Kind) -> None:
    assert not probe_samples(make_clip(tmp_path / "a.mp4", kind).read_bytes(), "a.mp4").samples


def test_packets_that_do_not_stand_in_the_file_as_they_are_read_are_noticed(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind())
    data = bytearray(path.read_bytes())
    offset, size, *_ = next(iter(probe_samples(bytes(data), "a.mp4").samples))
    for changed in (False, True):
        data[offset + size - 1] ^= changed
        with open_mp4(path, "a.mp4") as (container, _):
            video = container.streams.video[0]
            assert read_packets(container, video, None, "a.mp4", 100, bytes(data)).is_plain is not changed


def test_what_is_probed_goes_through_json_and_comes_back_the_same(tmp_path: Path) -> None:
    found = probe_samples(make_clip(tmp_path / "a.mp4", Kind()).read_bytes(), "a.mp4")
    assert Probed.from_json(found.to_json()) == found
    assert found.called("b.mp4").info == replace(found.info, name="b.mp4")


@pytest.mark.parametrize(
    "columns", [[[1], [2], [3]], [[1], [2], [3], []], [[1], [2.0], [3], [1]], [[1], [2], [True], [1]], 7]
)
def test_lists_that_are_no_samples_are_refused(columns: object) -> None:
    value = {**Probed(info(1), Samples((1,), (2,), (0,), (1,))).to_json(), "samples": columns}
    with pytest.raises(ValueError, match=r"."):
        Probed.from_json(value)  # type: ignore[arg-type]
