"""`generateContent` on both services: storyboards in JSON and pictures."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Literal

from tests.loopback.deeds import Say
from tests.loopback.media import picture
from tests.loopback.offers import OFFERS
from tests.loopback.replies import MILLION, TOKENS, blocked, lost, reply
from tests.loopback.speech import speak
from tests.loopback.wire import Answer, BreachError, check_picture, checked, fields, json_answer, one_of, text
from tests.toy import board

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body

GENERATION = {"temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "seed", "thinkingConfig"}


def generate(vendor: Vendor, model: str, body: Body, *, vertex: bool) -> Answer:
    """Answer a request for text or for a picture, whichever the model makes."""
    fields(body, "body", {"systemInstruction", "generationConfig", "safetySettings", "labels"}, {"contents"})
    prompt, pictures = _contents(body["contents"])
    if OFFERS[model].kind == "text":
        return _write(vendor, model, body, prompt)
    if OFFERS[model].kind == "speech":
        return speak(vendor, model, body, prompt, pictures)
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
    scenes, spoken = _scenes(config["responseJsonSchema"])
    text(body.get("systemInstruction", {}).get("parts", [{}])[0].get("text"), "systemInstruction")
    vendor.bodies.append(("text", body))
    deed = vendor.play("text", prompt)
    answered = blocked(vendor, "text", prompt, deed) or lost(deed, accepted=False)
    if answered:
        return answered
    prices = OFFERS[model].prices
    cost = (TOKENS[0] * prices["tokens_in"] + (TOKENS[1] + TOKENS[2]) * prices["tokens_out"]) / MILLION
    vendor.accept("text", model, prompt, cost)
    answered = lost(deed, accepted=True)
    if answered:
        return answered
    script, style = _said(prompt, r"<script>\n(.*)"), _said(prompt, r"Style: (.*)")
    said = Say(json.dumps(board(script, style, scenes, spoken=spoken)))
    said = deed if isinstance(deed, Say) else said
    return json_answer(reply(model, [{"text": said.text}], said.finish))


def _scenes(schema: object) -> tuple[int, bool]:
    """Return how many scenes a schema asks for, and whether they speak: it says so itself, whatever the prompt says."""
    scenes = checked(schema, dict, "responseJsonSchema").get("properties", {}).get("scenes", {})
    if scenes.get("minItems") is None or scenes.get("minItems") != scenes.get("maxItems"):
        raise BreachError("responseJsonSchema: does not say how many scenes are wanted")
    return int(scenes["minItems"]), "narration" in scenes["items"]["required"]


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
    answered = blocked(vendor, "image", prompt, deed) or lost(deed, accepted=False)
    if answered:
        return answered
    serial = vendor.accept("image", model, prompt, offer.prices[size] + pictures * offer.prices["input"])
    return lost(deed, accepted=True) or json_answer(reply(model, _parts(serial, ratio, vertex=vertex), "STOP"))


def _parts(serial: int, ratio: str, *, vertex: bool) -> list[Body]:
    """Return what a picture model sends: a thought, a draft of it, some words, and then the picture."""
    encoding: Literal["PNG", "JPEG"] = "PNG" if vertex else "JPEG"

    def inline(number: int) -> Body:
        data = base64.b64encode(picture(number, ratio, encoding)).decode()
        return {"inlineData": {"mimeType": f"image/{encoding.lower()}", "data": data}}

    draft = inline(-serial) | {"thought": True}
    return [{"text": "Thinking of light.", "thought": True}, draft, {"text": "Here it is:"}, inline(serial)]
