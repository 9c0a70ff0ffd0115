"""Which path leads where, and who is let in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.loopback import content, oauth, omni, storage, veo
from tests.loopback.deeds import Cut, Garble, Hang, Redirect, Reject
from tests.loopback.offers import OFFERS
from tests.loopback.wire import Answer, BreachError, ErrorAnswer, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body, Call

DOMAIN = "googleapis.com"
MODEL = r"(?P<model>[\w.-]+)"
PLACE = rf"(?P<place>projects/(?P<project>[\w.:-]+)/locations/(?P<location>[\w-]+)/publishers/google/models/{MODEL})"
OBJECT = r"/storage/v1/b/(?P<bucket>[^/]+)/o/(?P<object>.+)"


def answer(vendor: Vendor, call: Call) -> Answer:
    """Answer a call. Raises ErrorAnswer or BreachError."""
    for method, path, door in DOORS:
        found = re.fullmatch(path, call.path) if method == call.method else None
        if found:
            return door(vendor, call, found)
    raise BreachError("no service has this path")


def _vertex(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_token(vendor, call)
    model, verb = found["model"], found["verb"]
    if found["project"] != vendor.project:
        message = (
            f"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.{DOMAIN}/{found['place']}'"
        )
        raise ErrorAnswer(
            403, "PERMISSION_DENIED", f"{message} (or it may not exist).", [_why("IAM_PERMISSION_DENIED")]
        )
    if verb == "fetchPredictOperation":
        return veo.fetch(vendor, found["place"], call.body())
    offer = OFFERS.get(model)
    if offer is None or found["location"] not in offer.places:
        vendor.play("look", model)
        message = f"Publisher Model `{found['place']}` was not found or your project does not have access to it."
        raise ErrorAnswer(404, "NOT_FOUND", message)
    return _asked(vendor, call, verb, model, found["place"])


def _asked(vendor: Vendor, call: Call, verb: str, model: str, place: str | None) -> Answer:
    """Answer one of the verbs that a model has; `place` is None where it is reached with an API key."""
    kind = OFFERS[model].kind
    if verb == "countTokens":
        return _looked(vendor, model) or json_answer({"totalTokens": 1})
    if verb == "generateContent" and kind != "video":
        return content.generate(vendor, model, call.body(), vertex=place is not None)
    if verb == "predictLongRunning" and kind == "video" and place is not None:
        return veo.submit(vendor, place, model, call.body())
    raise BreachError(f"{model} has no {verb}")


def _keyed(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_key(vendor, call)
    return _asked(vendor, call, found["verb"], _known(vendor, found["model"]), None)


def _known(vendor: Vendor, model: str) -> str:
    if model not in OFFERS or "a key" not in OFFERS[model].places:
        vendor.play("look", model)
        message = f"models/{model} is not found for API version v1, or is not supported for generateContent."
        raise ErrorAnswer(404, "NOT_FOUND", message)
    return model


def _keyed_model(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_key(vendor, call)
    model = _known(vendor, found["model"])
    return _looked(vendor, model) or json_answer({"name": f"models/{model}", "version": "001", "displayName": model})


def _vertex_model(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_token(vendor, call)
    model = found["model"]
    if model not in OFFERS or OFFERS[model].places == {"a key"}:
        vendor.play("look", model)
        raise ErrorAnswer(404, "NOT_FOUND", f"Publisher Model `publishers/google/models/{model}` is not found.")
    return _looked(vendor, model) or json_answer({"name": f"publishers/google/models/{model}", "versionId": "001"})


def _looked(vendor: Vendor, model: str) -> Answer | None:
    deed = vendor.play("look", model)
    return Answer(deed=deed) if isinstance(deed, Cut | Garble | Hang | Redirect | Reject) else None


def _create(vendor: Vendor, call: Call, _found: re.Match[str]) -> Answer:
    _check_key(vendor, call)
    return omni.create(vendor, call.body())


def _interaction(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_key(vendor, call)
    if call.query.get("stream", "false") != "false":
        raise BreachError("stream: this server streams nothing")
    return omni.get(vendor, found["id"])


def _file(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_key(vendor, call)
    return storage.moved(vendor, call, found["file"])


def _file_content(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    return storage.content(vendor, call, found["file"])


def _object(vendor: Vendor, call: Call, found: re.Match[str]) -> Answer:
    _check_token(vendor, call)
    place = f"gs://{found['bucket']}/{found['object']}"
    return storage.content(vendor, call, place) if "alt" in call.query else storage.described(vendor, place)


def _check_token(vendor: Vendor, call: Call) -> None:
    given = call.headers.get("authorization")
    if given is None or "x-goog-api-key" in call.headers:
        raise BreachError("Vertex AI and Cloud Storage want a bearer token, and no API key")
    if given != f"Bearer {vendor.token}":
        message = "Request had invalid authentication credentials. Expected OAuth 2 access token."
        raise ErrorAnswer(401, "UNAUTHENTICATED", message, [_why("ACCESS_TOKEN_TYPE_UNSUPPORTED")])


def _check_key(vendor: Vendor, call: Call) -> None:
    given = call.headers.get("x-goog-api-key")
    if given is None or "key" in call.query or "authorization" in call.headers:
        raise BreachError("an API key belongs in the header x-goog-api-key, alone")
    if given != vendor.key:
        message = "API key not valid. Please pass a valid API key."
        raise ErrorAnswer(400, "INVALID_ARGUMENT", message, [_why("API_KEY_INVALID")])


def _why(reason: str) -> Body:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": DOMAIN}


DOORS: tuple[tuple[str, str, Callable[[Vendor, Call, re.Match[str]], Answer]], ...] = (
    ("POST", rf"/v1beta1/{PLACE}:(?P<verb>\w+)", _vertex),
    ("GET", rf"/v1beta1/publishers/google/models/{MODEL}", _vertex_model),
    ("POST", rf"/v1(beta)?/models/{MODEL}:(?P<verb>\w+)", _keyed),
    ("GET", rf"/v1(beta)?/models/{MODEL}", _keyed_model),
    ("POST", r"/v1(beta)?/interactions", _create),
    ("GET", r"/v1(beta)?/interactions/(?P<id>\w+)", _interaction),
    ("GET", r"/v1(beta)?/files/(?P<file>\w+):download", _file),
    ("GET", r"/download/v1beta/files/(?P<file>\w+):download", _file_content),
    ("GET", rf"(/download)?{OBJECT}", _object),
    ("POST", r"/token", lambda vendor, call, _found: oauth.issue(vendor, call)),
)
