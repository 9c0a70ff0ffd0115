"""A clip is fetched whole, as often as wanted, or not at all; a download that breaks off leaves no file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

import pytest

from tests.loopback.deeds import Cut, Deed, Truncate, unavailable
from tests.providers.google.filming import BUCKET, REQUEST, filming
from vidpipe.media.verify import check_clip
from vidpipe.providers.base import Done, NotAcceptedError, NotThereError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google


def test_a_clip_is_bought_once_and_fetched_whole_as_often_as_wanted(either: Rig, tmp_path: Path) -> None:
    paths = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    either.run(filming(either, *paths))
    assert either.vendor.calls == (0, 0, 1)
    assert check_clip(paths[0], "one.mp4").frames == 96
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_clip_in_a_bucket_is_fetched_with_the_same_credentials(vertex: Rig, tmp_path: Path) -> None:
    paths = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    vertex.run(filming(vertex, *paths), output_gcs_uri=BUCKET)
    assert vertex.vendor.sent("download") == 2
    assert next(iter(vertex.vendor.stored)).startswith(f"{BUCKET}/")
    assert check_clip(paths[0], "one.mp4").frames == 96
    assert paths[0].read_bytes() == paths[1].read_bytes()


def enter(rig: Rig, where: str, folder: Path) -> None:
    """Let the vendor keep its clips in a bucket, or as files of its own."""
    if where == "bucket":
        rig.with_login(folder)
    else:
        rig.with_key()


@pytest.mark.parametrize("deed", [Truncate(), Cut(), unavailable(503)], ids=["truncated", "cut", "503"])
@pytest.mark.parametrize("where", ["bucket", "file"])
def test_a_download_that_breaks_off_leaves_no_file_and_may_be_repeated(
    rig: Rig, tmp_path: Path, deed: Deed, where: str
) -> None:
    enter(rig, where, tmp_path)
    rig.vendor.on("download", deed)
    folder = tmp_path / "clips"
    folder.mkdir()
    path = folder / "clip.mp4"
    model = rig.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(REQUEST))
        assert isinstance(done, Done)
        with pytest.raises(NotAcceptedError) as caught:
            await port.fetch(done, path)
        assert caught.value.retry
        assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []
        await port.fetch(done, path)

    rig.run(film, output_gcs_uri=BUCKET)
    assert check_clip(path, "clip.mp4").frames == 96
    assert rig.vendor.count("video") == 1


@pytest.mark.parametrize("where", ["bucket", "file"])
def test_a_clip_that_was_taken_away_says_so_and_is_not_asked_for_again(rig: Rig, tmp_path: Path, where: str) -> None:
    enter(rig, where, tmp_path)
    model = rig.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(REQUEST))
        assert isinstance(done, Done)
        rig.vendor.stored.clear()
        await port.fetch(done, tmp_path / "clip.mp4")

    with pytest.raises(NotThereError, match="is not there any more") as caught:
        rig.run(film, output_gcs_uri=BUCKET)
    assert not caught.value.retry


class Short:
    """A response whose transport does not mind that half of it is missing."""

    status_code = 200
    headers: ClassVar = {"Content-Length": "8"}

    def __enter__(self) -> Short:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def iter_content(self, _size: int) -> list[bytes]:
        """Return all that there is."""
        return [b"half"]


def test_a_download_is_as_long_as_was_announced(vertex: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("requests.Session.get", lambda *_args, **_more: Short())
    with pytest.raises(NotAcceptedError, match="4 of 8 bytes") as caught:
        vertex.run(filming(vertex, tmp_path / "clip.mp4"), output_gcs_uri=BUCKET)
    assert caught.value.retry
    assert not (tmp_path / "clip.mp4").exists()
