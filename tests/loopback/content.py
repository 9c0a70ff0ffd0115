"""`generateContent` on both services: storyboards in JSON and pictures."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Literal

from tests.loopback.deeds import Block, Cut, Garble, Hang, Reject, Say, Truncate
from tests.loopback.media import picture
from tests.loopback.offers import OFFERS
from tests.loopback.wire import Answer, BreachError, check_picture, checked, fields, json_answer, one_of, text
from tests.toy import board

if TYPE_CHECKING:
    from tests.loopback.deeds import Deed
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body

TOKENS = (1200, 900, 400)
"""Tokens of the prompt, of the reply and of thoughts, which are billed like the reply."""
MILLION = 1_000_000
GENERATION = {"temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "seed", "thinkingConfig"}
AFTER = (Cut, Garble, Hang, Reject, Truncate)


def generate(vendor: Vendor, model: str, body: Body, *, vertex: bool) -> Answer:
    """Answer a request for text or for a picture, whichever the model makes."""
    fields(body, "body", {"systemInstruction", "generationConfig", "safetySettings", "labels"}, {"contents"})
    prompt, pictures = _contents(body["contents"])
    if OFFERS[model].kind == "text":
        return _write(vendor, model, body, prompt)
    return _draw(vendor, model, body, prompt, pictures, vertex=vertex)


def _contents(contents: object) -> tuple[str, int]:
    """Return the words of a request and how many pictures come with them."""
    words, pictures = [], 0
    for content in checked(contents, list, "contents"):
        one_of(fields(content, "content", {"role"}, {"parts"}).get("role", "user"), {"user"}, "role")
        for part in checked(content["parts"], list, "parts"):
            fields(part, "part", {"text", "inlineData"})
            if "text" in part:
                words.append(text(part["text"], "part.text"))
            else:
                inline = fields(part["inlineData"], "inlineData", {"mimeType", "mime_type"}, {"data"})
                check_picture(inline["data"], inline.get("mimeType", inline.get("mime_type")), "inlineData")
                pictures += 1
    return text("\n".join(words), "contents"), pictures


def _write(vendor: Vendor, model: str, body: Body, prompt: str) -> Answer:
    config = fields(
        body.get("generationConfig"),
        "generationConfig",
        GENERATION,
        {"responseMimeType", "responseJsonSchema"},
    )
    one_of(config["responseMimeType"], {"application/json"}, "responseMimeType")
    scenes = _scenes(config["responseJsonSchema"])
    text(body.get("systemInstruction", {}).get("parts", [{}])[0].get("text"), "systemInstruction")
    vendor.bodies.append(("text", body))
    deed = vendor.play("text", prompt)
    answered = _blocked(vendor, "text", prompt, deed) or lost(deed, accepted=False)
    if answered:
        return answered
    prices = OFFERS[model].prices
    cost = (TOKENS[0] * prices["tokens_in"] + (TOKENS[1] + TOKENS[2]) * prices["tokens_out"]) / MILLION
    vendor.accept("text", model, prompt, cost)
    answered = lost(deed, accepted=True)
    if answered:
        return answered
    said = Say(json.dumps(board(_said(prompt, r"<script>\n(.*)"), _said(prompt, r"Style: (.*)"), scenes)))
    said = deed if isinstance(deed, Say) else said
    return json_answer(_reply(model, [{"text": said.text}], said.finish))


def _scenes(schema: object) -> int:
    """Return how many scenes a schema asks for: it has to say so itself, whatever the prompt says."""
    scenes = checked(schema, dict, "responseJsonSchema").get("properties", {}).get("scenes", {})
    if scenes.get("minItems") is None or scenes.get("minItems") != scenes.get("maxItems"):
        raise BreachError("responseJsonSchema: does not say how many scenes are wanted")
    return int(scenes["minItems"])


def _said(prompt: str, pattern: str) -> str:
    found = re.search(pattern, prompt)
    return found[1] if found else "plain"


def _draw(vendor: Vendor, model: str, body: Body, prompt: str, pictures: int, *, vertex: bool) -> Answer:
    config = fields(body.get("generationConfig"), "generationConfig", GENERATION, {"responseModalities", "imageConfig"})
    if "IMAGE" not in checked(config["responseModalities"], list, "responseModalities"):
        raise BreachError("responseModalities: no IMAGE")
    on_vertex = {"personGeneration", "imageOutputOptions"} if vertex else set()
    wanted = fields(config["imageConfig"], "imageConfig", on_vertex, {"aspectRatio", "imageSize"})
    offer = OFFERS[model]
    ratio = one_of(wanted["aspectRatio"], {"16:9", "9:16"}, "aspectRatio")
    size = one_of(wanted["imageSize"], set(offer.prices) - {"input"}, "imageSize")
    if pictures > 14:
        raise BreachError(f"contents: {pictures} pictures, at most 14 are taken")
    vendor.bodies.append(("image", body))
    deed = vendor.play("image", prompt)
    answered = _blocked(vendor, "image", prompt, deed) or lost(deed, accepted=False)
    if answered:
        return answered
    serial = vendor.accept("image", model, prompt, offer.prices[size] + pictures * offer.prices["input"])
    return lost(deed, accepted=True) or json_answer(_reply(model, _parts(serial, ratio, vertex=vertex), "STOP"))


def _parts(serial: int, ratio: str, *, vertex: bool) -> list[Body]:
    """Return what a picture model sends: a thought, a draft of it, some words, and then the picture."""
    encoding: Literal["PNG", "JPEG"] = "PNG" if vertex else "JPEG"

    def inline(number: int) -> Body:
        data = base64.b64encode(picture(number, ratio, encoding)).decode()
        return {"inlineData": {"mimeType": f"image/{encoding.lower()}", "data": data}}

    draft = inline(-serial) | {"thought": True}
    return [{"text": "Thinking of light.", "thought": True}, draft, {"text": "Here it is:"}, inline(serial)]


def _blocked(vendor: Vendor, kind: Literal["text", "image"], prompt: str, deed: Deed | None) -> Answer | None:
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


def _reply(model: str, parts: list[Body], finish: str) -> Body:
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": TOKENS[0],
            "candidatesTokenCount": TOKENS[1],
            "thoughtsTokenCount": TOKENS[2],
            "totalTokenCount": sum(TOKENS),
        },
        "modelVersion": model,
        "responseId": "reply",
    }
