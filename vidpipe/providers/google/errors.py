"""Classify what goes wrong: certainly not accepted, perhaps accepted, refused; each in a sentence that says what to do.

Not accepted for certain: no connection, no login, and the answers 400 to 405, 410, 413, 415, 422 and 429. Perhaps
accepted: a timeout or a reset after sending, every other answer, and one that cannot be read. A request that is free
may be repeated in either case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.providers.google.access import GEMINI_SERVER, VERTEX_SERVER
from vidpipe.providers.google.answers import (
    Answer,
    is_login,
    is_unsent,
    names_of,
    read_answer,
    redirect_in,
    story,
)
from vidpipe.providers.google.refusals import is_filtered, refused
from vidpipe.redact import redacted
from vidpipe.words import listing

if TYPE_CHECKING:
    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.google.access import Route
    from vidpipe.providers.google.redirects import RedirectedError

LONGEST_WAIT = 600.0
"""Seconds: who asks to wait longer is asked again by the next run, not by this one."""
LONGEST_MESSAGE = 300
LOGIN_HINT = "check the network, and the credentials that GOOGLE_APPLICATION_CREDENTIALS or gcloud's login names"
TRANSIENT = frozenset({408, 429})
CANCELLED = 499
CERTAIN = frozenset({400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 429})
"""Answers that are given before anything is bought; any other one may come from a server in front of one that has."""


class NotFoundError(NotAcceptedError):
    """The server knows nothing by that name."""


class SlowError(NotAcceptedError):
    """An answer was on its way, and not all of it came in the time that there is for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"its answer is on its way, and not all of it came within {seconds:g} s", retry=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request went: the model, the route to it, and models that could stand in for it."""

    model: Model
    route: Route
    others: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """Return a text without secrets."""
        return redacted(text)


def bought(error: BaseException, place: Place) -> NotAcceptedError | ReplyLostError | RefusedError:
    """Classify what came of a request that costs money."""
    if (redirect := redirect_in(error)) is not None:
        return ReplyLostError(_redirected(redirect, place))
    answer = _answer_in(error, place)
    if answer is None:
        if is_unsent(error):
            return failed_before(error, place)
        return ReplyLostError(place.hide(f"no answer that could be read ({_why(error, place)})"))
    if answer.code == 400 and is_filtered(answer.message):
        told = refused(place.hide(answer.message))
        return RefusedError(told.reason, told.codes)
    if answer.code in CERTAIN:
        return _rejected(answer, place)
    wait = answer.retry_after
    asks = "" if wait is None else f"; it asks to wait {wait:,.0f} s"
    return ReplyLostError(place.hide(f"answered {_said(answer)}{asks}"), retry_after=wait)


def free(error: BaseException, place: Place) -> NotAcceptedError:
    """Classify what came of a request that is free: a poll, a download."""
    if (redirect := redirect_in(error)) is not None:
        return NotAcceptedError(_redirected(redirect, place), retry=True)
    answer = _answer_in(error, place)
    if answer is None:
        if is_unsent(error):
            return failed_before(error, place)
        return NotAcceptedError(place.hide(f"no answer ({_why(error, place)})"), retry=True)
    if answer.code == 404:
        return NotFoundError(place.hide(f"answered {_said(answer)}"))
    if 400 <= answer.code < 500 and answer.code != CANCELLED:
        return _rejected(answer, place)
    wait = answer.retry_after
    patient = wait is None or wait <= LONGEST_WAIT
    return NotAcceptedError(place.hide(f"answered {_said(answer)}"), retry=patient, retry_after=wait)


def _redirected(redirect: RedirectedError, place: Place) -> str:
    server = GEMINI_SERVER if place.route.key is not None else VERTEX_SERVER
    return place.hide(
        f"{redirect}, and not sent there: something in between does that, or {server} is not the service's own "
        f"address, so look at {server} and at the proxy (https_proxy, ALL_PROXY)"
    )


def _answer_in(error: BaseException, place: Place) -> Answer | None:
    """Return what the server answered, without secrets: later they may be cut in two, and would not be found."""
    answer = read_answer(error)
    return replace(answer, message=place.hide(answer.message)) if answer else None


def failed_before(error: BaseException, place: Place) -> NotAcceptedError:
    """Classify what came before anything was sent: no project, no login, no connection."""
    names = names_of(error)
    if "NoProjectError" in names:
        return NotAcceptedError("no Google Cloud project is named: set project in [google], or GOOGLE_CLOUD_PROJECT")
    if "AddressError" in names:
        return NotAcceptedError(place.hide(str(error)))
    if names & {"LoginTimeoutError", "RedirectedError", "UnusableTokenError"}:
        return NotAcceptedError(place.hide(f"{error}: {LOGIN_HINT}"), retry="LoginTimeoutError" in names)
    if is_login(error):
        return _no_login(error, names, place)
    if is_unsent(error):
        hint = f", and location {place.route.location} in [google]" if place.route.location else ""
        return NotAcceptedError(
            place.hide(f"cannot be reached ({_why(error, place)}): check the network{hint}"), retry=True
        )
    return NotAcceptedError(place.hide(f"cannot be called: {story(error, place.hide)}"))


def _no_login(error: BaseException, names: frozenset[str], place: Place) -> NotAcceptedError:
    if "TransportError" in names:
        return NotAcceptedError(
            place.hide(f"Google's login cannot be reached: {story(error, place.hide)}: {LOGIN_HINT}"), retry=True
        )
    if "DefaultCredentialsError" in names:
        return NotAcceptedError(
            "there are no credentials for Google Cloud that can be read: set GOOGLE_APPLICATION_CREDENTIALS to a "
            "service account's file, or log in with `gcloud auth application-default login`"
        )
    return NotAcceptedError(
        place.hide(
            f"Google does not accept the credentials ({story(error, place.hide)}): log in anew with "
            "`gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a valid file"
        ),
        retry=bool(getattr(error, "retryable", False)),
    )


def _rejected(answer: Answer, place: Place) -> NotAcceptedError:
    wait = answer.retry_after
    if answer.code in TRANSIENT:
        patient = wait is None or wait <= LONGEST_WAIT
        asks = "" if wait is None else f"; it asks to wait {wait:,.0f} s{'' if patient else ', so run again then'}"
        return NotAcceptedError(place.hide(f"answered {_said(answer)}{asks}"), retry=patient, retry_after=wait)
    return NotAcceptedError(place.hide(_sentence(answer, place)))


def _sentence(answer: Answer, place: Place) -> str:
    """Say what to set."""
    model, route, said = place.model, place.route, _said(answer)
    if answer.code == 404:
        return _unavailable(place)
    if answer.code == 401 or "API_KEY_INVALID" in answer.reasons or "api key not valid" in answer.message.lower():
        if route.key is not None:
            return f"Google does not accept the API key: set GEMINI_API_KEY (or GOOGLE_API_KEY) to a valid one ({said})"
        return f"Google does not accept the credentials: log in with `gcloud auth application-default login` ({said})"
    if answer.code == 403:
        return _forbidden(place, said)
    if route.location and "location" in answer.message.lower():
        return f"Vertex AI has no {model.id} in {route.location}: set location in [google] ({said})"
    return f"answered {said}"


def _unavailable(place: Place) -> str:
    model, location = place.model, place.route.location
    instead = f" to {listing(place.others[:3])}" if place.others else ""
    if not location:
        return f"model {model.id} is not available any more: set models.{model.kind}{instead}"
    where = "in [google.locations] a location that serves it, or location in [google]"
    return f"{location} does not serve model {model.id}, or not any more: set {where}, or models.{model.kind}{instead}"


def _forbidden(place: Place, said: str) -> str:
    model, route = place.model, place.route
    if route.key is not None:
        return f"the API key may not use {model.id}: set GEMINI_API_KEY to one of a project that may ({said})"
    project = f"project {route.project}" if route.project else "the credentials' project"
    return (
        f"the credentials may not use {model.id} in {project}: enable Vertex AI there, grant them the role Vertex AI "
        f"User, or set another project in [google] ({said})"
    )


def _said(answer: Answer) -> str:
    return f"{answer.code} {answer.status}: {answer.message[:LONGEST_MESSAGE]}".replace(" :", ":")


def _why(error: BaseException, place: Place) -> str:
    if isinstance(error, TimeoutError) or any("Timeout" in name for name in names_of(error)):
        return "timed out"
    return story(error, place.hide)
