"""Clips on Vertex AI: `predictLongRunning` and `fetchPredictOperation`."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.loopback.deeds import Block, Expire, Fail, Spoil, Working
from tests.loopback.offers import OFFERS, RATIOS
from tests.loopback.replies import dripping, lost
from tests.loopback.vendor import Operation
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

PARAMETERS = {
    "sampleCount",
    "durationSeconds",
    "aspectRatio",
    "resolution",
    "generateAudio",
    "seed",
    "negativePrompt",
    "personGeneration",
    "storageUri",
    "resizeMode",
    "compressionQuality",
}
NEEDED = {"durationSeconds", "aspectRatio", "resolution", "generateAudio"}
FILTERED = (
    "Veo could not generate 1 videos because the input image violates Vertex AI's usage guidelines. If you think this "
    "was an error, send feedback. Support codes: 15236754, 29310472"
)


def submit(vendor: Vendor, place: str, model: str, body: Body) -> Answer:
    """Begin to film one clip; `place` is the resource name of the model."""
    fields(body, "body", {"labels"}, {"instances", "parameters"})
    instances = checked(body["instances"], list, "instances")
    if len(instances) != 1:
        raise BreachError(f"instances: {len(instances)}, one is wanted")
    instance = fields(instances[0], "instance", set(), {"prompt", "image", "lastFrame"})
    prompt = text(instance["prompt"], "prompt")
    for name in ("image", "lastFrame"):
        frame = fields(instance[name], name, set(), {"bytesBase64Encoded", "mimeType"})
        check_picture(frame["bytesBase64Encoded"], frame["mimeType"], name)
    wanted = _parameters(model, body["parameters"])
    vendor.bodies.append(("video", body))
    deed = vendor.play("video", prompt)
    answered = lost(deed, accepted=False)
    if answered:
        return answered
    blocked = isinstance(deed, Block)
    operation = _begin(vendor, place, model, prompt, wanted, blocked=blocked)
    return (lost(deed, accepted=True) if not blocked else None) or json_answer({"name": operation.name})


def _parameters(model: str, value: object) -> Body:
    wanted = fields(value, "parameters", PARAMETERS, NEEDED)
    one_of(wanted["aspectRatio"], RATIOS, "aspectRatio")
    checked(wanted["generateAudio"], bool, "generateAudio")
    seconds = checked(wanted["durationSeconds"], int, "durationSeconds")
    if not OFFERS[model].takes(seconds, str(wanted["resolution"])):
        raise BreachError(f"{model} makes no clips of {seconds} s at {wanted['resolution']}")
    if wanted.get("sampleCount", 1) != 1:
        raise BreachError(f"sampleCount: {wanted['sampleCount']} clips were asked for, and would be paid for")
    if not 0 <= checked(wanted.get("seed", 0), int, "seed") < 2**32:
        raise BreachError("seed: out of range")
    if not text(wanted.get("storageUri", "gs://any"), "storageUri").startswith("gs://"):
        raise BreachError("storageUri: no gs:// address")
    return wanted


def _begin(vendor: Vendor, place: str, model: str, prompt: str, wanted: Body, *, blocked: bool) -> Operation:
    seconds, resolution = int(wanted["durationSeconds"]), str(wanted["resolution"])
    with vendor.lock:
        if blocked:
            vendor.blocked.append(("video", prompt))
            serial = 0
        else:
            serial = vendor.accept("video", model, prompt, seconds * OFFERS[model].prices[resolution])
        number = len(vendor.operations) + 1
        storage = wanted.get("storageUri")
        operation = Operation(
            name=f"{place}/operations/0a1b2c3d-{number:04}",
            prompt=prompt,
            seconds=seconds,
            resolution=resolution,
            aspect_ratio=str(wanted["aspectRatio"]),
            audio=bool(wanted["generateAudio"]),
            serial=serial,
            place=f"{str(storage).rstrip('/')}/{number}/sample_0.mp4" if storage else None,
            blocked=FILTERED if blocked else None,
        )
        if operation.place:
            vendor.stored[operation.place] = operation
        vendor.begin(operation)
    return operation


def fetch(vendor: Vendor, place: str, body: Body) -> Answer:
    """Tell how an operation stands."""
    name = text(fields(body, "body", set(), {"operationName"})["operationName"], "operationName")
    if name.rpartition("/operations/")[0] != place:
        raise BreachError(f"operation {name} was asked of {place}")
    operation = vendor.operations.get(name)
    deed = vendor.play("poll", operation.prompt if operation else name)
    answered = lost(deed, accepted=True) or lost(deed, accepted=False)
    if answered:
        return answered
    if isinstance(deed, Expire):
        vendor.operations.pop(name, None)
    if operation is None or isinstance(deed, Expire):
        raise ErrorAnswer(404, "NOT_FOUND", f"The specified operation {name} does not exist.")
    if isinstance(deed, Working):
        return json_answer({"name": name})
    vendor.hold()
    operation.done = True
    if isinstance(deed, Fail):
        return json_answer({"name": name, "done": True, "error": {"code": deed.code, "message": deed.message}})
    response = _response(operation, spoilt=isinstance(deed, Spoil))
    return dripping(deed, json_answer({"name": name, "done": True, "response": response}))


def _response(operation: Operation, *, spoilt: bool) -> Body:
    kind = {"@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"}
    if operation.blocked:
        return kind | {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [operation.blocked]}
    if operation.place:
        return kind | {"videos": [{"gcsUri": operation.place, "mimeType": "video/mp4"}]}
    film = operation.film()
    data = base64.b64encode(film[: len(film) // 2] if spoilt else film).decode()
    return kind | {"videos": [{"bytesBase64Encoded": data, "mimeType": "video/mp4"}]}
