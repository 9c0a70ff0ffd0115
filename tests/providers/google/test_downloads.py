"""A thread that downloads cannot be stopped: who is given up must not meddle with the next attempt."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Drip
from tests.providers.google.conftest import VEO
from tests.providers.google.requests import video_request
from vidpipe.providers.base import Done, NotAcceptedError
from vidpipe.providers.google.bucket import Attempt
from vidpipe.providers.google.client import Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google

PATIENCE = 10.0


class Late:
    """Responses to two attempts: the first one's comes when the second one is in the middle of its clip."""

    status_code = 200

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.attempts = 0
        self.go = threading.Event()
        self.ended = threading.Event()

    def get(self, *_given: object, **_named: object) -> Late:
        """Begin an attempt."""
        self.attempts += 1
        if self.attempts == 1:
            assert self.go.wait(PATIENCE)
        return self

    def __enter__(self) -> Late:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def iter_content(self, _size: int) -> Iterator[bytes]:
        """Deliver the clip of an attempt."""
        if threading.current_thread() is self.first:
            yield b"stale"
            yield b"stale"
            return
        yield b"a new "
        self.go.set()
        assert self.ended.wait(PATIENCE)
        yield b"clip"

    first: threading.Thread | None = None


def test_an_attempt_that_was_given_up_writes_into_no_file_of_the_next_one_and_leaves_none(
    vertex: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    late, download = Late(), Attempt.download

    def watched(self: Attempt) -> int:
        if late.first is not None:
            return download(self)
        late.first = threading.current_thread()
        try:
            return download(self)
        finally:
            late.ended.set()

    monkeypatch.setattr(Attempt, "download", watched)
    monkeypatch.setattr("requests.Session.get", lambda _self, *_a, **_k: late.get())
    folder = tmp_path / "clips"
    folder.mkdir()

    async def film(google: Google) -> None:
        port = google.video(VEO)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        with pytest.raises(NotAcceptedError, match="timed out") as caught:
            await port.fetch(done, folder / "clip.mp4")
        assert caught.value.retry
        google._clients.timeouts = Timeouts()
        google._videos.clear()
        await google.video(VEO).fetch(done, folder / "clip.mp4")
        assert late.ended.is_set()

    vertex.run(film, timeouts=Timeouts(download=0.1), output_gcs_uri="gs://films/takes")
    assert [path.name for path in folder.iterdir()] == ["clip.mp4"]
    assert (folder / "clip.mp4").read_bytes() == b"a new clip"


def test_a_download_that_takes_too_long_stops_though_pieces_keep_coming(
    vertex: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Endless(Late):
        def iter_content(self, _size: int) -> Iterator[bytes]:
            while self.attempts < 500:
                self.attempts += 1
                yield b"piece"
                threading.Event().wait(0.01)

    endless = Endless()
    monkeypatch.setattr("requests.Session.get", lambda *_a, **_k: endless)
    folder = tmp_path / "clips"
    folder.mkdir()

    async def film(google: Google) -> None:
        port = google.video(VEO)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        with pytest.raises(NotAcceptedError, match="timed out"):
            await port.fetch(done, folder / "clip.mp4")

    vertex.run(film, timeouts=Timeouts(download=0.1), output_gcs_uri="gs://films/takes")
    assert 1 < endless.attempts < 500
    assert list(folder.iterdir()) == []


def test_a_server_that_drips_holds_no_thread_once_its_download_is_given_up(vertex: Rig, tmp_path: Path) -> None:
    vertex.vendor.on("download", Drip(pieces=100_000, seconds=0.02))
    before = set(threading.enumerate())

    async def film(google: Google) -> set[threading.Thread]:
        port = google.video(VEO)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        next(iter(vertex.vendor.operations.values())).film()  # not while somebody waits for it
        with pytest.raises(NotAcceptedError, match="timed out"):
            await port.fetch(done, tmp_path / "clip.mp4")
        return {each for each in set(threading.enumerate()) - before if each.name == "alongside"}

    threads = vertex.run(film, timeouts=Timeouts(download=1.5), output_gcs_uri="gs://films/takes")
    for each in threads:
        each.join(PATIENCE / 2)
    assert [each for each in threads if each.is_alive()] == []


def test_a_clip_that_comes_with_its_answer_may_take_as_long_as_a_download(vertex: Rig, tmp_path: Path) -> None:
    vertex.vendor.on("poll", Drip(pieces=20, seconds=0.1))

    async def film(google: Google) -> object:
        port = google.video(VEO)
        return await port.poll(await port.submit(video_request()))

    assert isinstance(vertex.run(film, timeouts=Timeouts(poll=0.5)), Done)


def test_a_clip_that_does_not_come_in_that_time_names_the_setting_that_helps(vertex: Rig) -> None:
    vertex.vendor.on("poll", Drip(pieces=100, seconds=0.1))

    async def film(google: Google) -> None:
        port = google.video(VEO)
        await port.poll(await port.submit(video_request()))

    with pytest.raises(NotAcceptedError, match=r"not all of it came within 1 s; .* output_gcs_uri") as caught:
        vertex.run(film, timeouts=Timeouts(poll=0.5, download=1.0))
    assert caught.value.retry
