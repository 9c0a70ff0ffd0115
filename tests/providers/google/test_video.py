"""Clips by Veo on Vertex AI and by Omni with an API key, over the wire."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from PIL import Image

from tests.loopback.deeds import (
    Block,
    Cut,
    Deed,
    Expire,
    Fail,
    Garble,
    Hang,
    Reject,
    Truncate,
    Working,
    busy,
    forbidden_words,
    unavailable,
)
from tests.providers.google.conftest import VEO
from tests.providers.google.requests import video_request
from vidpipe.media.verify import check_clip
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Picture,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
)
from vidpipe.providers.google.client import Clients, Timeouts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from google.genai import Client

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.base import Poll, VideoRequest
    from vidpipe.providers.google import Google
    from vidpipe.providers.google.access import Route

REQUEST = video_request()
QUICK = Timeouts(buy=0.3, poll=0.3, download=0.3)
BUCKET = "gs://films/takes"


def submitting(rig: Rig, request: VideoRequest = REQUEST) -> Callable[[Google], Awaitable[str]]:
    """Return the call that begins a clip."""
    model = rig.film

    async def submit(google: Google) -> str:
        return await google.video(model).submit(request)

    return submit


def polling(rig: Rig) -> Callable[[Google], Awaitable[Poll]]:
    """Return the call that begins a clip and asks about it once."""
    model = rig.film

    async def poll(google: Google) -> Poll:
        port = google.video(model)
        return await port.poll(await port.submit(REQUEST))

    return poll


def filming(rig: Rig, *paths: Path) -> Callable[[Google], Awaitable[None]]:
    """Return the call that begins a clip and fetches it to each of the paths."""
    model = rig.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(REQUEST))
        assert isinstance(done, Done)
        for path in paths:
            await port.fetch(done, path)

    return film


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


def test_an_operation_is_taken_up_by_its_name_alone_in_another_process_and_region(vertex: Rig, tmp_path: Path) -> None:
    name = vertex.run(submitting(vertex), location="europe-west4")
    assert "/locations/europe-west4/" in name

    async def resume(google: Google) -> None:
        port = google.video(VEO)
        await port.fetch(Done(name), tmp_path / "clip.mp4")

    vertex.run(resume, location="us-central1")
    assert check_clip(tmp_path / "clip.mp4", "clip.mp4").frames == 96
    assert vertex.vendor.count("video") == 1


def test_veo_is_told_every_parameter_and_both_frames_in_the_size_of_the_clip(vertex: Rig) -> None:
    jpeg = BytesIO()
    Image.new("RGB", (1400, 768), "navy").save(jpeg, "JPEG")
    request = replace(
        video_request(seed=0, negative_prompt="people", audio=False), last=Picture(jpeg.getvalue(), "image/jpeg")
    )
    vertex.run(submitting(vertex, request), output_gcs_uri=BUCKET)
    (_, body), *more = vertex.vendor.bodies
    assert not more
    assert isinstance(body, dict)
    assert body["parameters"] == {
        "sampleCount": 1,
        "durationSeconds": 4,
        "aspectRatio": "16:9",
        "resolution": "720p",
        "generateAudio": False,
        "seed": 0,
        "negativePrompt": "people",
        "storageUri": BUCKET,
    }
    instance = body["instances"][0]
    assert instance["prompt"] == request.prompt
    frames = [base64.b64decode(instance[name]["bytesBase64Encoded"]) for name in ("image", "lastFrame")]
    pictures = [Image.open(BytesIO(frame)) for frame in frames]
    assert [(picture.format, picture.size) for picture in pictures] == [("PNG", (1280, 720))] * 2
    assert pictures[1].getpixel((640, 360)) == pytest.approx((0, 0, 128), abs=3)


def test_a_still_of_the_right_size_is_sent_byte_for_byte(vertex: Rig) -> None:
    png = BytesIO()
    Image.new("RGB", (1280, 720), "teal").save(png, "PNG", compress_level=1)
    vertex.run(submitting(vertex, replace(REQUEST, first=Picture(png.getvalue(), "image/png"))))
    body: Any = vertex.vendor.bodies[0][1]
    assert base64.b64decode(body["instances"][0]["image"]["bytesBase64Encoded"]) == png.getvalue()


def test_omni_is_told_words_then_first_then_last_frame(keyed: Rig) -> None:
    keyed.run(submitting(keyed))
    body: Any = keyed.vendor.bodies[0][1]
    turn = body["input"][0]["content"] if body["input"][0]["type"] == "user_input" else body["input"]
    assert [part["type"] for part in turn] == ["text", "image", "image"]
    assert [base64.b64decode(part["data"]) for part in turn[1:]] == [REQUEST.first.data, REQUEST.last.data]
    assert body["response_format"]["duration"] == "4s"


def test_a_still_that_cannot_be_opened_buys_nothing(either: Rig) -> None:
    with pytest.raises(NotAcceptedError, match="damaged"):
        either.run(submitting(either, replace(REQUEST, first=Picture(REQUEST.first.data[:60], "image/png"))))
    assert either.vendor.sent("video") == 0


def test_an_operation_at_work_is_running(either: Rig) -> None:
    either.vendor.on("poll", Working())
    assert isinstance(either.run(polling(either)), Running)


def test_a_forgotten_operation_is_gone(either: Rig) -> None:
    either.vendor.on("poll", Expire())
    assert isinstance(either.run(polling(either)), Gone)


def test_a_filtered_clip_is_refused_with_its_support_codes(either: Rig) -> None:
    either.vendor.on("video", Block())
    told = either.run(polling(either))
    assert isinstance(told, Refused)
    assert set(told.codes) == ({"15236754", "29310472"} if either.film == VEO else {"17301594"})
    assert told.reason.startswith("Veo could not generate" if either.film == VEO else "The video was blocked")
    assert "upport codes" not in told.reason


def test_a_prompt_that_is_not_even_taken_in_is_refused_too(either: Rig) -> None:
    either.vendor.on("video", forbidden_words())
    with pytest.raises(RefusedError) as caught:
        either.run(submitting(either))
    assert caught.value.refusal.codes == ("58061214",)


@pytest.mark.parametrize(("code", "transient"), [(4, True), (8, True), (13, True), (14, True), (3, False), (9, False)])
def test_an_operation_fails_for_a_while_or_for_good_by_its_code(vertex: Rig, code: int, transient: bool) -> None:
    vertex.vendor.on("poll", Fail(code, "It could not be done."))
    assert vertex.run(polling(vertex)) == Failed(f"It could not be done. (code {code})", transient)


def test_a_filter_that_speaks_through_an_operations_error_is_a_refusal(vertex: Rig) -> None:
    vertex.vendor.on("poll", Fail(3, "The prompt violates the usage guidelines. Support codes: 58061214, 90789179"))
    told = vertex.run(polling(vertex))
    assert isinstance(told, Refused)
    assert told.codes == ("58061214", "90789179")


def test_an_interaction_that_fails_says_what_was_received(keyed: Rig) -> None:
    keyed.vendor.on("poll", Fail(13, "Something broke."))
    told = keyed.run(polling(keyed))
    assert isinstance(told, Failed)
    assert "Something broke." in told.message


@pytest.mark.parametrize("deed", [busy(), busy(retry_after=7.0), busy(retry_info=37.0)])
def test_a_used_up_quota_buys_nothing_and_says_how_long_to_wait(either: Rig, deed: Reject) -> None:
    either.vendor.on("video", deed)
    with pytest.raises(NotAcceptedError) as caught:
        either.run(submitting(either))
    assert caught.value.retry
    assert caught.value.retry_after == (deed.retry_info or deed.retry_after)
    assert either.vendor.sent("video") == 1


LOST: dict[str, Deed] = {
    "cut": Cut(),
    "reset": Cut(reset=True),
    "hang": Hang(),
    "503": unavailable(503, accepted=True),
    "504": unavailable(504),
    "500": unavailable(500),
    "garbled": Garble(),
    "no name": Garble(b"{}"),
    "cancelled": Reject(499, "CANCELLED"),
}


@pytest.mark.parametrize("deed", LOST.values(), ids=LOST)
def test_what_perhaps_was_accepted_is_sent_once_and_counts_as_lost(either: Rig, deed: Deed) -> None:
    either.vendor.on("video", deed)
    with pytest.raises(ReplyLostError):
        either.run(submitting(either), timeouts=QUICK if isinstance(deed, Hang) else None)
    assert either.vendor.sent("video") == 1


BAD_POLLS: dict[str, Deed] = {
    "cut": Cut(),
    "reset": Cut(reset=True),
    "hang": Hang(),
    "503": unavailable(503),
    "429": busy(),
    "garbled": Garble(),
}


@pytest.mark.parametrize("deed", BAD_POLLS.values(), ids=BAD_POLLS)
def test_a_poll_without_an_answer_may_be_repeated(either: Rig, deed: Deed) -> None:
    either.vendor.on("poll", deed)
    timeouts = Timeouts(poll=0.3) if isinstance(deed, Hang) else None
    with pytest.raises(NotAcceptedError) as caught:
        either.run(polling(either), timeouts=timeouts)
    assert caught.value.retry
    assert either.vendor.sent("poll") == 1


def test_a_poll_that_is_not_allowed_is_not_repeated(either: Rig) -> None:
    either.vendor.on("poll", Reject(403, "PERMISSION_DENIED"))
    with pytest.raises(NotAcceptedError) as caught:
        either.run(polling(either))
    assert not caught.value.retry


@pytest.mark.parametrize("deed", [Truncate(), Cut(), unavailable(503)], ids=["truncated", "cut", "503"])
@pytest.mark.parametrize("where", ["bucket", "file"])
def test_a_download_that_breaks_off_leaves_no_file_and_may_be_repeated(
    rig: Rig, tmp_path: Path, deed: Deed, where: str
) -> None:
    if where == "bucket":
        rig.with_login(tmp_path)
    else:
        rig.with_key()
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
    if where == "bucket":
        rig.with_login(tmp_path)
    else:
        rig.with_key()
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


def test_several_clips_are_filmed_at_once_over_one_client(either: Rig) -> None:
    either.vendor.together = 3
    model = either.film

    async def film(google: Google) -> list[Poll]:
        port = google.video(model)
        names = await asyncio.gather(*(port.submit(REQUEST) for _ in range(3)))
        return list(await asyncio.gather(*(port.poll(name) for name in names)))

    assert all(isinstance(poll, Done) for poll in either.run(film))
    assert either.vendor.count("video") == 3


def test_an_operation_is_asked_about_where_it_runs(vertex: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Clients.of

    async def spy(self: Clients, route: Route) -> Client:
        asked.append(route.location)
        return await find(self, route)

    name = vertex.run(submitting(vertex), location="europe-west4")
    monkeypatch.setattr(Clients, "of", spy)
    assert isinstance(vertex.run(lambda google: google.video(VEO).poll(name), location="us-central1"), Done)
    assert asked == ["europe-west4"]


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
