"""The loopback server misbehaves as a test scripts it, and bills only what it took in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from google.genai import errors, types

from tests.loopback.deeds import (
    Block,
    Cut,
    Do,
    Expire,
    Fail,
    Garble,
    Hang,
    Say,
    Spoil,
    Truncate,
    busy,
    unavailable,
)
from tests.loopback.media import clip

if TYPE_CHECKING:
    from tests.loopback.server import Loopback
    from tests.loopback.vendor import Vendor
from tests.loopback.bare import Bare


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (busy(retry_info=37), errors.ClientError),
        (unavailable(), errors.ServerError),
        (Cut(accepted=False), httpx2.RemoteProtocolError),
        (Cut(accepted=False, reset=True), httpx2.ReadError),
    ],
)
def test_a_request_that_is_not_taken_in_is_not_billed(
    bare: Bare, vendor: Vendor, deed: Any, error: type[Exception]
) -> None:
    vendor.on("image", deed)
    with pytest.raises(error):
        bare.draw()
    assert vendor.calls == (0, 0, 0)
    assert vendor.sent("image") == 1


@pytest.mark.parametrize(
    "deed", [Cut(), Cut(reset=True), Garble(), Truncate(), unavailable(504, accepted=True)], ids=repr
)
def test_a_request_that_is_taken_in_is_billed_though_its_reply_is_lost(vertex: Bare, vendor: Vendor, deed: Any) -> None:
    vendor.on("video", deed)
    with pytest.raises((errors.ServerError, httpx2.TransportError, ValueError)):
        vertex.film()
    assert vendor.calls == (0, 0, 1)
    assert len(vendor.operations) == 1


def test_an_interaction_whose_reply_is_lost_is_billed_and_sent_only_once(keyed: Bare, vendor: Vendor) -> None:
    vendor.on("video", Cut())
    with pytest.raises(Exception, match=r"(?i)connection|disconnect"):
        keyed.interact()
    assert vendor.calls == (0, 0, 1)
    assert vendor.sent("video") == 1


def test_a_limit_says_when_to_come_again_in_three_ways(bare: Bare, vendor: Vendor) -> None:
    vendor.on("text", busy(retry_info=37))
    vendor.on("text", busy(retry_after=12))
    vendor.on("text", busy())
    told = []
    for _ in range(3):
        with pytest.raises(errors.ClientError) as found:
            bare.write()
        assert found.value.code == 429
        told.append((found.value.details["error"].get("details"), found.value.response.headers.get("retry-after")))
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37s"}
    assert told == [([info], None), (None, "12"), (None, None)]


def test_a_call_that_hangs_is_let_go_when_the_client_or_the_test_has_had_enough(
    loopback: Loopback, vendor: Vendor
) -> None:
    vendor.on("text", Hang(accepted=False))
    vendor.on("text", Hang())
    impatient = Hang()
    vendor.on("image", impatient)
    vendor.on("look", Do(impatient.released.set))
    bare = Bare(loopback, "api-key", timeout=200)
    for _ in range(2):
        with pytest.raises(httpx2.ReadTimeout):
            bare.write()
    assert vendor.calls == (1, 0, 0)

    async def release_and_draw(aio: Any) -> None:
        drawn = asyncio.create_task(asyncio.to_thread(Bare(loopback, "api-key").draw))
        await asyncio.to_thread(vendor.wait, lambda: vendor.count("image") == 1)
        await aio.models.get(model="gemini-3.8-flash")
        await drawn

    with pytest.raises(httpx2.RemoteProtocolError):
        Bare(loopback, "api-key").call(release_and_draw)


def test_refusals_cost_nothing(vertex: Bare, keyed: Bare, vendor: Vendor) -> None:
    for kind in ("text", "image"):
        vendor.on(kind, Block("prompt", "PROHIBITED_CONTENT"))
        vendor.on(kind, Block("reply"))
    replies = [keyed.write(), keyed.write(), keyed.draw(), keyed.draw()]
    assert [reply.prompt_feedback.block_reason if reply.prompt_feedback else None for reply in replies] == [
        types.BlockedReason.PROHIBITED_CONTENT,
        None,
        types.BlockedReason.PROHIBITED_CONTENT,
        None,
    ]
    finished = [reply.candidates[0].finish_reason for reply in replies if reply.candidates]
    assert finished == [types.FinishReason.SAFETY, types.FinishReason.IMAGE_SAFETY]
    vendor.on("video", Block(), times=2)
    clip = vertex.poll(vertex.film().name)
    assert clip.response is not None
    assert clip.response.generated_videos is None
    assert "Support codes: 15236754" in (clip.response.rai_media_filtered_reasons or [""])[0]
    assert keyed.look(keyed.interact().id).status == "failed"
    assert vendor.calls == (0, 0, 0)
    assert len(vendor.blocked) == 6


def test_operations_fail_and_expire(vertex: Bare, keyed: Bare, vendor: Vendor) -> None:
    vendor.on("poll", Fail(8, "Quota."))
    failed = vertex.film()
    assert vertex.poll(failed.name).error == {"code": 8, "message": "Quota."}
    vendor.on("poll", Expire())
    for _ in range(2):
        with pytest.raises(errors.ClientError) as found:
            vertex.poll(failed.name)
        assert found.value.code == 404
    vendor.on("poll", Expire())
    begun = keyed.interact()
    with pytest.raises(Exception, match="not found"):
        keyed.look(begun.id)


def test_a_storyboard_is_answered_with_any_text_that_a_test_wants(bare: Bare, vendor: Vendor) -> None:
    vendor.on("text", Say('{"scenes": [', "MAX_TOKENS"))
    reply = bare.write()
    assert reply.text == '{"scenes": ['
    assert reply.candidates is not None
    assert reply.candidates[0].finish_reason is types.FinishReason.MAX_TOKENS


def test_a_download_breaks_off_or_delivers_half_a_clip(keyed: Bare, vendor: Vendor) -> None:
    uri = keyed.look(keyed.interact().id).output_video.uri
    vendor.on("download", Truncate())
    vendor.on("download", Spoil())
    with pytest.raises(httpx2.RemoteProtocolError):
        keyed.call(lambda aio: aio.files.download(file=uri))
    whole = clip(1, 4, "720p", "16:9", audio=True)
    assert keyed.call(lambda aio: aio.files.download(file=uri)) == whole[: len(whole) // 2]


def test_every_third_call_of_a_kind_is_met_by_a_rule_that_says_so(bare: Bare, vendor: Vendor) -> None:
    vendor.on("image", unavailable(), times=None, every=3)
    told = []
    for _ in range(6):
        try:
            bare.draw()
            told.append(True)
        except errors.ServerError:
            told.append(False)
    assert told == [True, True, False] * 2
