"""Storyboards by Gemini, over the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback.deeds import Block, Cut, Deed, Garble, Say, busy, unavailable
from tests.loopback.replies import TOKENS
from tests.providers.google.conftest import GEMINI
from tests.providers.google.requests import TEXT
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.providers.catalogue import built_in_models
from vidpipe.spec.board import reply_board

if TYPE_CHECKING:
    from tests.providers.google.conftest import Rig
    from vidpipe.providers.base import TextReply
    from vidpipe.providers.google import Google


async def write(google: Google) -> TextReply:
    return await google.text(GEMINI).write(TEXT)


def test_a_storyboard_is_asked_for_once_under_the_schema_and_every_token_is_counted(either: Rig) -> None:
    reply = either.run(write)
    assert len(reply_board(reply.text, 2).scenes) == 2
    assert (reply.tokens_in, reply.tokens_out) == (TOKENS[0], TOKENS[1] + TOKENS[2])
    assert either.vendor.calls == (1, 0, 0)
    body: Any = either.vendor.bodies[0][1]
    assert body["generationConfig"]["responseJsonSchema"] == TEXT.schema
    assert body["generationConfig"]["temperature"] == 0.55
    assert body["systemInstruction"]["parts"][0]["text"] == TEXT.system
    assert body["contents"][0]["parts"] == [{"text": TEXT.prompt}]


def test_a_model_that_takes_no_temperature_is_not_told_one(keyed: Rig) -> None:
    cool = tuple(replace(model, temperature=False) for model in built_in_models() if model.id == GEMINI)
    keyed.run(write, models=cool)
    body: Any = keyed.vendor.bodies[0][1]
    assert "temperature" not in body["generationConfig"]


def test_a_reply_that_was_cut_off_comes_back_as_it_is_with_its_price(either: Rig) -> None:
    either.vendor.on("text", Say('{"style_guide": {"visual_st', "MAX_TOKENS"))
    reply = either.run(write)
    assert reply.text == '{"style_guide": {"visual_st'
    assert reply.tokens_out > 0


def test_a_reply_that_is_empty_is_no_refusal(either: Rig) -> None:
    either.vendor.on("text", Garble(b'{"usageMetadata": {"promptTokenCount": 7}}'))
    reply = either.run(write)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ("", 7, 0)


@pytest.mark.parametrize("reason", ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "OTHER"])
def test_a_blocked_prompt_is_refused(either: Rig, reason: str) -> None:
    either.vendor.on("text", Block("prompt", reason))
    with pytest.raises(RefusedError, match="the prompt was blocked") as caught:
        either.run(write)
    assert caught.value.refusal.codes == (reason,)


@pytest.mark.parametrize("reason", ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION"])
def test_a_blocked_reply_is_refused(either: Rig, reason: str) -> None:
    either.vendor.on("text", Block("reply", reason))
    with pytest.raises(RefusedError) as caught:
        either.run(write)
    assert caught.value.refusal.codes == (reason,)


@pytest.mark.parametrize("deed", [Cut(), unavailable(503), Garble()], ids=["cut", "503", "garbled"])
def test_what_perhaps_was_accepted_is_not_sent_again_by_the_sdk(either: Rig, deed: Deed) -> None:
    either.vendor.on("text", deed)
    with pytest.raises(ReplyLostError):
        either.run(write)
    assert either.vendor.sent("text") == 1


def test_a_quota_is_waited_for_by_nobody_but_the_caller(either: Rig) -> None:
    either.vendor.on("text", busy(retry_info=37.0))
    with pytest.raises(NotAcceptedError) as caught:
        either.run(write)
    assert (caught.value.retry, caught.value.retry_after) == (True, 37.0)
    assert either.vendor.sent("text") == 1
