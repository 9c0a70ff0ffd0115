"""Keyframes by Gemini's picture models, over the wire."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback.deeds import Block, Cut, Garble
from tests.loopback.media import picture
from tests.providers.google.conftest import PAINTER
from tests.providers.google.requests import image_request, still
from vidpipe.providers.base import RefusedError, ReplyLostError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.base import ImageRequest, Picture
    from vidpipe.providers.google import Google


def drawing(request: ImageRequest) -> Callable[[Google], Awaitable[Picture]]:
    async def draw(google: Google) -> Picture:
        return await google.image(PAINTER).draw(request)

    return draw


def test_the_first_picture_that_is_no_draft_is_delivered_whole_and_named_by_its_content(either: Rig) -> None:
    drawn = either.run(drawing(image_request()))
    encodings = {"image/png": "PNG", "image/jpeg": "JPEG"}
    assert drawn.data == picture(1, "16:9", encodings[drawn.media_type])  # type: ignore[arg-type]
    assert either.vendor.calls == (0, 1, 0)


def test_pictures_come_before_words_and_shape_and_size_are_always_told(either: Rig) -> None:
    request = image_request(first=still(3), references=1)
    either.run(drawing(request))
    body: Any = either.vendor.bodies[0][1]
    parts = body["contents"][0]["parts"]
    sent = [base64.urlsafe_b64decode(part["inlineData"]["data"]) for part in parts[:2]]
    assert sent == [still(3).data, request.references[0].picture.data]
    assert parts[2] == {"text": request.prompt}
    assert body["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "2K"}
    assert body["generationConfig"]["responseModalities"] == ["IMAGE"]


@pytest.mark.parametrize(
    "reason", ["SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_OTHER", "IMAGE_RECITATION", "NO_IMAGE"]
)
def test_a_blocked_picture_is_refused_with_its_reason(either: Rig, reason: str) -> None:
    either.vendor.on("image", Block("reply", reason))
    with pytest.raises(RefusedError) as caught:
        either.run(drawing(image_request()))
    assert caught.value.refusal.codes == ("IMAGE_SAFETY" if reason == "SAFETY" else reason,)


def test_a_blocked_prompt_is_refused(either: Rig) -> None:
    either.vendor.on("image", Block("prompt", "PROHIBITED_CONTENT"))
    with pytest.raises(RefusedError, match="the prompt was blocked"):
        either.run(drawing(image_request()))


def test_an_answer_in_words_is_refused_in_those_words(either: Rig) -> None:
    parts = [{"text": "I cannot draw\x1b[31m that."}]
    said = json.dumps({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}).encode()
    either.vendor.on("image", Garble(said))
    with pytest.raises(RefusedError, match="I cannot draw") as caught:
        either.run(drawing(image_request()))
    assert "\x1b" not in str(caught.value)


def test_a_picture_that_perhaps_was_drawn_is_not_asked_for_again_by_the_sdk(either: Rig) -> None:
    either.vendor.on("image", Cut())
    with pytest.raises(ReplyLostError):
        either.run(drawing(image_request()))
    assert either.vendor.sent("image") == 1


def test_a_picture_that_arrives_damaged_was_paid_for_and_counts_as_lost(either: Rig) -> None:
    whole = picture(1, "16:9", "PNG")
    inline = {"mimeType": "image/png", "data": base64.b64encode(whole[: len(whole) // 2]).decode()}
    said = {"candidates": [{"content": {"parts": [{"inlineData": inline}]}, "finishReason": "STOP"}]}
    either.vendor.on("image", Garble(json.dumps(said).encode()))
    with pytest.raises(ReplyLostError, match="the answer is of no use: the picture that came: "):
        either.run(drawing(image_request()))
