"""One call as it came over the wire, one answer as it goes back, and strictness about what stands in a body."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.loopback.deeds import Deed
    from tests.loopback.vendor import Vendor

MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
URL_SAFE = str.maketrans("-_", "+/")
"""The SDK writes some bytes in the alphabet for addresses, and the services take both."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request: method, path and query apart, headers with names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    data: bytes
    base: str

    def body(self) -> Body:
        """Return the body as a JSON object."""
        if not self.headers.get("content-type", "").startswith("application/json"):
            raise BreachError(f"content type {self.headers.get('content-type')!r} where JSON is wanted")
        try:
            value = json.loads(self.data)
        except ValueError as error:
            raise BreachError(f"the body is no JSON: {error}") from error
        body: Body = checked(value, dict, "body")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `deed` is what happens to it on its way."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    deed: Deed | None = None


class Endpoint(Protocol):
    """Answers the calls of one path; `found` are the named parts of the path."""

    def __call__(self, vendor: Vendor, call: Call, found: Mapping[str, str]) -> Answer:
        """Answer a call. Raises ErrorAnswer, or BreachError where the call breaks the protocol."""


class ErrorAnswer(Exception):  # noqa: N818 - it is an answer, not a failure of the server
    """An answer with a 4xx or 5xx status, as the services word it."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        details: list[Body] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        error: Body = {"code": code, "message": message, "status": status}
        if details:
            error["details"] = details
        self.answer = json_answer({"error": error}, code, headers or {})


class BreachError(Exception):
    """A call that the real service would not understand: answered with 400 and remembered as a fault of the client."""


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer in JSON."""
    told = {"content-type": "application/json; charset=UTF-8"}
    return Answer(status, json.dumps(value).encode(), told | dict(headers or {}))


def checked(value: object, kind: type | tuple[type, ...], where: str) -> Any:
    """Return a value that has to be of a type; true and false are no numbers."""
    is_kind = isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)
    if not is_kind:
        raise BreachError(f"{where}: {type(value).__name__} is not what belongs here")
    return value


def fields(value: object, where: str, known: set[str], needed: set[str] | None = None) -> Body:
    """Return an object that holds all needed fields and no unknown one."""
    body: Body = checked(value, dict, where)
    unknown = body.keys() - known - (needed or set())
    missing = (needed or set()) - body.keys()
    if unknown or missing:
        raise BreachError(f"{where}: unknown fields {sorted(unknown)}, missing fields {sorted(missing)}")
    return body


def one_of(value: object, allowed: frozenset[str] | set[str], where: str) -> str:
    """Return a text that has to be one of some."""
    if not isinstance(value, str) or value not in allowed:
        raise BreachError(f"{where}: {value!r} is none of {sorted(allowed)}")
    return value


def text(value: object, where: str) -> str:
    """Return a text that says something."""
    said = checked(value, str, where)
    if not said.strip():
        raise BreachError(f"{where}: empty")
    return str(said)


def check_picture(data: object, media_type: object, where: str) -> bytes:
    """Return the bytes of a picture whose declared type is that of its content."""
    kind = one_of(media_type, set(MAGIC), f"{where}: mime type")
    standard = text(data, where).translate(URL_SAFE)
    try:
        content = base64.b64decode(standard, validate=True)
    except binascii.Error as error:
        raise BreachError(f"{where}: no base64: {error}") from error
    if not content.startswith(MAGIC[kind]):
        raise BreachError(f"{where}: declared as {kind}, but its content is not")
    return content
