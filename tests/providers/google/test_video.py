"""A clip is begun by Veo on Vertex AI, or by Omni with an API key, as it was asked for, and with one request."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.loopback.deeds import Cut, Deed, Garble, Hang, Reject, busy, forbidden_words, unavailable
from tests.providers.google.filming import BUCKET, REQUEST, submitting
from tests.providers.google.requests import video_request
from vidpipe.providers.base import Done, NotAcceptedError, Picture, RefusedError, ReplyLostError
from vidpipe.providers.google.client import Timeouts

if TYPE_CHECKING:
    from tests.providers.google.conftest import Rig
    from vidpipe.providers.base import Poll
    from vidpipe.providers.google import Google

QUICK = Timeouts(buy=0.3, poll=0.3, download=0.3)


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


def test_a_prompt_that_is_not_even_taken_in_is_refused_too(either: Rig) -> None:
    either.vendor.on("video", forbidden_words())
    with pytest.raises(RefusedError) as caught:
        either.run(submitting(either))
    assert caught.value.refusal.codes == ("58061214",)


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


def test_several_clips_are_filmed_at_once_over_one_client(either: Rig) -> None:
    either.vendor.together = 3
    model = either.film

    async def film(google: Google) -> list[Poll]:
        port = google.video(model)
        names = await asyncio.gather(*(port.submit(REQUEST) for _ in range(3)))
        return list(await asyncio.gather(*(port.poll(name) for name in names)))

    assert all(isinstance(poll, Done) for poll in either.run(film))
    assert either.vendor.count("video") == 3
