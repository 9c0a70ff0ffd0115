"""What the answers of `generateContent` have in common: refusals, accidents on the way, the form of a reply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tests.loopback.deeds import Block, Cut, Drip, Garble, Hang, Redirect, Reject, Truncate
from tests.loopback.wire import Answer, json_answer

if TYPE_CHECKING:
    from tests.loopback.deeds import Deed
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body

TOKENS = (1200, 900, 400)
"""Tokens of the prompt, of the reply and of thoughts, which are billed like the reply."""
MILLION = 1_000_000
AFTER = (Cut, Garble, Hang, Redirect, Reject, Truncate)


def blocked(vendor: Vendor, kind: Literal["text", "image", "speech"], prompt: str, deed: Deed | None) -> Answer | None:
    """Answer as both services refuse: 200 without a candidate, or with one that holds nothing."""
    if not isinstance(deed, Block):
        return None
    vendor.blocked.append((kind, prompt))
    usage = {"promptTokenCount": TOKENS[0], "totalTokenCount": TOKENS[0]}
    if deed.where == "prompt":
        told: Body = {"promptFeedback": {"blockReason": deed.reason}}
    else:
        reason = {"SAFETY": "IMAGE_SAFETY"}.get(deed.reason, deed.reason) if kind == "image" else deed.reason
        told = {"candidates": [{"index": 0, "finishReason": reason}]}
    return json_answer(told | {"usageMetadata": usage})


def lost(deed: Deed | None, *, accepted: bool) -> Answer | None:
    """Return the answer that a deed makes of a call, before or after it was taken in."""
    if isinstance(deed, Truncate):
        return None if not accepted else Answer(200, b" " * 4096, {"content-type": "application/json"}, deed)
    if isinstance(deed, AFTER) and deed.accepted == accepted:
        return Answer(deed=deed)
    return None


def dripping(deed: Deed | None, answer: Answer) -> Answer:
    """Return an answer that comes in pieces if a deed says so."""
    return replace(answer, deed=deed) if isinstance(deed, Drip) else answer


def reply(model: str, parts: list[Body], finish: str, tokens: tuple[int, int, int] = TOKENS) -> Body:
    """Return an answer of `generateContent` with one candidate; without parts it is an empty one."""
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": tokens[0],
            "candidatesTokenCount": tokens[1],
            "thoughtsTokenCount": tokens[2],
            "totalTokenCount": sum(tokens),
        },
        "modelVersion": model,
        "responseId": "reply",
    }
