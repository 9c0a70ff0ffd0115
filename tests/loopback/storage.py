"""Downloads: files of the API-key service, which redirect, and objects of Cloud Storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback.deeds import Spoil, Truncate
from tests.loopback.replies import dripping, lost
from tests.loopback.wire import Answer, BreachError, ErrorAnswer, json_answer

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Call

MP4 = {"content-type": "video/mp4"}


def moved(vendor: Vendor, call: Call, name: str) -> Answer:
    """Send a client on to where a file's content is, as the service does."""
    _check_media(call)
    if name not in vendor.stored:
        raise ErrorAnswer(404, "NOT_FOUND", f"files/{name} was not found or has expired.")
    return Answer(302, b"", {"location": f"{call.base}/download/v1beta/files/{name}:download?alt=media"})


def content(vendor: Vendor, call: Call, place: str) -> Answer:
    """Deliver a stored clip."""
    _check_media(call)
    operation = vendor.stored.get(place)
    deed = vendor.play("download", operation.prompt if operation else place)
    if operation is None:
        raise ErrorAnswer(404, "NOT_FOUND", f"No such object: {place}")
    film = operation.film()
    if isinstance(deed, Spoil):
        return Answer(200, film[: len(film) // 2], MP4)
    if isinstance(deed, Truncate):
        return Answer(200, film, MP4, deed)
    return lost(deed, accepted=True) or lost(deed, accepted=False) or dripping(deed, Answer(200, film, MP4))


def described(vendor: Vendor, place: str) -> Answer:
    """Describe an object of Cloud Storage."""
    operation = vendor.stored.get(place)
    if operation is None:
        raise ErrorAnswer(404, "notFound", f"No such object: {place}")
    bucket, _, name = place.removeprefix("gs://").partition("/")
    size = str(len(operation.film()))
    return json_answer({"kind": "storage#object", "bucket": bucket, "name": name, "size": size} | MP4)


def _check_media(call: Call) -> None:
    if call.query.get("alt") != "media":
        raise BreachError(f"{call.path}: without alt=media there is no content")
