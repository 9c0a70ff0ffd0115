"""Clips with an API key: the Interactions API and the files that it delivers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.loopback.deeds import Block, Expire, Fail, Spoil, Working
from tests.loopback.offers import OFFERS, RATIOS
from tests.loopback.replies import lost
from tests.loopback.vendor import Operation, now
from tests.loopback.wire import (
    Answer,
    BreachError,
    ErrorAnswer,
    check_picture,
    checked,
    fields,
    json_answer,
    one_of,
    text,
)

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body

HOST = "https://generativelanguage.googleapis.com"
LARGEST_INLINE = 4 << 20
FILTERED = "The video was blocked by safety filters. Support codes: 17301594"


def create(vendor: Vendor, body: Body) -> Answer:
    """Begin an interaction that films one clip."""
    known = {"store", "system_instruction", "labels", "safety_settings"}
    fields(body, "body", known, {"model", "input", "background", "response_format", "generation_config"})
    model = _model(vendor, body["model"])
    if body["background"] is not True:
        raise BreachError("background: a clip takes minutes, so this would block")
    if body.get("store") is False:
        raise BreachError("store: what is not stored cannot be asked for")
    config = fields(body["generation_config"], "generation_config", {"seed"}, {"video_config"})
    task = fields(config["video_config"], "video_config", set(), {"task"})["task"]
    one_of(task, {"image_to_video"}, "task")
    prompt = _input(body["input"])
    wanted = _format(model, body["response_format"])
    vendor.bodies.append(("video", body))
    deed = vendor.play("video", prompt)
    answered = lost(deed, accepted=False)
    if answered:
        return answered
    blocked = isinstance(deed, Block)
    if blocked and isinstance(deed, Block) and deed.where == "prompt":
        vendor.blocked.append(("video", prompt))
        raise ErrorAnswer(400, "INVALID_ARGUMENT", f"The prompt was blocked. {FILTERED}")
    operation = _begin(vendor, model, prompt, wanted, blocked=blocked)
    return (lost(deed, accepted=True) if not blocked else None) or json_answer(_interaction(operation, "in_progress"))


def _model(vendor: Vendor, value: object) -> str:
    model = text(value, "model")
    offer = OFFERS.get(model)
    if offer is None or "a key" not in offer.places:
        vendor.play("look", model)
        raise ErrorAnswer(404, "NOT_FOUND", f"models/{model} is not found for API version v1.")
    if offer.kind != "video":
        raise BreachError(f"{model} makes no clips")
    return model


def _input(value: object) -> str:
    """Return the words of an input that consists of one turn: words, the first frame, the last frame."""
    turns = checked(value, list, "input")
    if len(turns) == 1 and turns[0].get("type") == "user_input":
        turns = checked(fields(turns[0], "turn", set(), {"type", "content"})["content"], list, "content")
    words, frames = [], 0
    for part in turns:
        if checked(part, dict, "part").get("type") == "text":
            words.append(text(fields(part, "part", set(), {"type", "text"})["text"], "text"))
        else:
            frame = fields(part, "part", set(), {"type", "data", "mime_type"})
            one_of(frame["type"], {"image"}, "type")
            check_picture(frame["data"], frame["mime_type"], "image")
            frames += 1
    if frames != 2:
        raise BreachError(f"input: {frames} pictures; a first and a last frame are wanted")
    return text("\n".join(words), "input")


def _format(model: str, value: object) -> Body:
    needed = {"type", "aspect_ratio", "duration", "resolution"}
    wanted = fields(value, "response_format", {"delivery"}, needed)
    one_of(wanted["type"], {"video"}, "type")
    one_of(wanted["aspect_ratio"], RATIOS, "aspect_ratio")
    one_of(wanted.get("delivery", "inline"), {"inline", "uri"}, "delivery")
    seconds = str(wanted["duration"]).removesuffix("s")
    if seconds == wanted["duration"] or not seconds.isdigit():
        raise BreachError(f"duration: {wanted['duration']!r} is not written like 8s")
    if not OFFERS[model].takes(int(seconds), str(wanted["resolution"])):
        raise BreachError(f"{model} makes no clips of {seconds} s at {wanted['resolution']}")
    return wanted | {"seconds": int(seconds)}


def _begin(vendor: Vendor, model: str, prompt: str, wanted: Body, *, blocked: bool) -> Operation:
    seconds, resolution = int(wanted["seconds"]), str(wanted["resolution"])
    with vendor.lock:
        number = len(vendor.operations) + 1
        if blocked:
            vendor.blocked.append(("video", prompt))
            serial = 0
        else:
            serial = vendor.accept("video", model, prompt, seconds * OFFERS[model].prices[resolution])
        place = f"clip{number:04}" if wanted.get("delivery") == "uri" else None
        operation = Operation(
            name=f"v1_interaction{number:04}",
            prompt=prompt,
            seconds=seconds,
            resolution=resolution,
            aspect_ratio=str(wanted["aspect_ratio"]),
            audio=True,
            serial=serial,
            place=place,
            blocked=FILTERED if blocked else None,
        )
        if place:
            vendor.stored[place] = operation
        vendor.begin(operation)
    return operation


def get(vendor: Vendor, name: str) -> Answer:
    """Tell how an interaction stands."""
    operation = vendor.operations.get(name)
    deed = vendor.play("poll", operation.prompt if operation else name)
    answered = lost(deed, accepted=True) or lost(deed, accepted=False)
    if answered:
        return answered
    if isinstance(deed, Expire):
        vendor.operations.pop(name, None)
    if operation is None or isinstance(deed, Expire):
        raise ErrorAnswer(404, "NOT_FOUND", f"Interaction {name} was not found.")
    if isinstance(deed, Working):
        return json_answer(_interaction(operation, "in_progress"))
    vendor.hold()
    operation.done = True
    if isinstance(deed, Fail) or operation.blocked:
        message = deed.message if isinstance(deed, Fail) else operation.blocked
        code = deed.code if isinstance(deed, Fail) else 3
        step = {"type": "model_output", "error": {"code": code, "message": message}}
        return json_answer(_interaction(operation, "failed") | {"steps": [step], "errors": [{"message": message}]})
    output: Body = {"type": "model_output", "content": [_video(operation, spoilt=isinstance(deed, Spoil))]}
    return json_answer(_interaction(operation, "completed") | {"steps": [output]})


def _video(operation: Operation, *, spoilt: bool) -> Body:
    video = {"type": "video", "mime_type": "video/mp4"}
    if operation.place:
        return video | {"uri": f"{HOST}/v1beta/files/{operation.place}:download?alt=media"}
    film = operation.film()
    if len(film) > LARGEST_INLINE:
        raise BreachError("delivery: a clip of that size cannot be delivered inline")
    return video | {"data": base64.b64encode(film[: len(film) // 2] if spoilt else film).decode()}


def _interaction(operation: Operation, status: str) -> Body:
    return {
        "id": operation.name,
        "object": "interaction",
        "model": "gemini-omni-1.1-flash",
        "status": status,
        "created": now(),
        "updated": now(),
    }
