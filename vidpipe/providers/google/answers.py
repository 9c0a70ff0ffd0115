"""What the SDK's errors say, whichever of its error classes they are: one reading of status, message and waits.

`models.*` raise google.genai.errors.APIError, `interactions.*` classes of their own, transports httpx2's (aiohttp's
where that is installed), and logins google.auth's; all are read by their attributes and names, so that nothing needs
to be imported to judge them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from vidpipe.providers.google.redirects import RedirectedError
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DURATION = re.compile(r"(\d+(?:\.\d+)?)s")

UNSENT = frozenset(
    {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ProxyError",
        "UnsupportedProtocol",
        "InvalidURL",
        "LocalProtocolError",
        "ClientConnectorError",
        "ConnectionTimeoutError",
        "NoProjectError",
        "NotConnectedError",
        "ConnectionRefusedError",
        "gaierror",
    }
)
"""Errors that come before a request has left: no connection, no name, no TLS, no place in the pool, no credentials."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is an error: HTTP status, Google's own word for it, its message, and the seconds it asks for."""

    code: int
    status: str
    message: str
    reasons: tuple[str, ...] = ()
    retry_after: float | None = None


def read_answer(error: BaseException) -> Answer | None:
    """Return what the server answered; None where no answer came."""
    code = getattr(error, "code", None)
    code = code if isinstance(code, int) else getattr(error, "status_code", None)
    response = getattr(error, "response", None)
    if not isinstance(code, int) or response is None:
        return None
    body = getattr(error, "details", None) or getattr(error, "body", None)
    told = _error_of(body)
    message = told.get("message") or getattr(error, "message", None) or str(error)
    details = told.get("details")
    parts = [part for part in details if isinstance(part, dict)] if isinstance(details, list) else []
    return Answer(
        code=code,
        status=str(told.get("status") or ""),
        message=" ".join(str(message).split()),
        reasons=tuple(str(part["reason"]) for part in parts if "reason" in part),
        retry_after=_retry_info(parts) or _retry_header(getattr(response, "headers", None)),
    )


def is_unsent(error: BaseException) -> bool:
    """Whether a request has certainly not left: nothing of it can have been accepted.

    Of several errors at once, as from the addresses of one host that were tried side by side, every one must say so.
    """
    return any(_came_before(each) for each in _chain(error))


def _came_before(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(is_unsent(each) for each in error.exceptions)
    return is_login(error) or bool(UNSENT & _names(error))


def is_login(error: BaseException) -> bool:
    """Whether a login failed, which comes before every request."""
    return any(kind.__module__.startswith("google.auth") for kind in type(error).__mro__)


def names_of(error: BaseException) -> frozenset[str]:
    """Return the names of an error's classes, and of those of its causes."""
    return frozenset(name for each in _chain(error) for name in _names(each))


def redirect_in(error: BaseException) -> RedirectedError | None:
    """Return the redirect that an error comes of, if it does."""
    return next((each for each in _chain(error) if isinstance(each, RedirectedError)), None)


def story(error: BaseException, hide: Callable[[str], str]) -> str:
    """Put an error without an answer into a few words; `hide` takes secrets out before the text is cut."""
    text = hide(" ".join(str(error).split()))
    return f"{type(error).__name__}: {shown_text(text)}" if text else type(error).__name__


def _error_of(body: object) -> dict[str, object]:
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else body


def _retry_info(parts: list[dict[str, object]]) -> float | None:
    for part in parts:
        match = DURATION.fullmatch(str(part.get("retryDelay", "")))
        if match:
            return float(match[1])
    return None


def _retry_header(headers: object) -> float | None:
    """Read a Retry-After header: seconds, or a date."""
    value = str(headers.get("retry-after") or "").strip() if hasattr(headers, "get") else ""
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()) if value else None
    except (ValueError, TypeError, OverflowError):
        return None


def _names(error: BaseException) -> frozenset[str]:
    return frozenset(kind.__name__ for kind in type(error).__mro__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes: the SDK's interactions wrap what their transport raised."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__
