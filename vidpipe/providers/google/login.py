"""Google Cloud's credentials: found once, and refreshed in good time, before a request and never within one.

A login that hangs must not look like a paid request whose reply is lost.
"""

from __future__ import annotations

import asyncio
import os
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from vidpipe.providers.google.access import CREDENTIALS_FILE, PROJECT
from vidpipe.providers.google.usable import is_sendable
from vidpipe.redact import learn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.auth.credentials import Credentials

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
MARGIN = timedelta(minutes=5)
"""A token that ends sooner is replaced; more than google.auth's own margin, so that it never refreshes by itself."""

SECRETS = ("token", "refresh_token", "client_secret", "_client_secret")
"""Where kinds of credentials keep what must not be told."""
INNER = ("_source_credentials", "_impersonated_credentials")
"""Where they keep the credentials by which their own tokens are had, or those whose tokens they hand on."""


PROOFS = frozenset({"assertion", "refresh_token", "client_secret", "subject_token", "actor_token", "password"})
"""Fields of a request for a token that say who asks (RFC 6749, 7521, 8693)."""
PROJECTS = (PROJECT, "GCLOUD_PROJECT")
LOGIN_FILE = "application_default_credentials.json"


class LoginTimeoutError(Exception):
    """Looking for credentials, or refreshing them, took too long."""


class UnusableTokenError(Exception):
    """What was handed out as a token cannot stand in a header."""


@dataclass(frozen=True, slots=True)
class Login:
    """Google Cloud's credentials as they were found, and the project that came with them."""

    credentials: Credentials
    project: str | None


def found(request: Any) -> Login:
    """Find credentials where google.auth does, and their project where the environment or they themselves name it.

    What google.auth does besides is left out: to start gcloud, with every key in its environment, or to ask another
    service for the project. Raises DefaultCredentialsError.
    """
    import google.auth
    from google.auth.credentials import with_scopes_if_required

    path = login_file()
    if path is None:  # that leaves the metadata server
        return Login(*google.auth.default(scopes=SCOPES, request=request))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of files from strangers: this one is the user's own
        credentials, project = google.auth.load_credentials_from_file(path)  # type: ignore[no-untyped-call]
    named = next((value for name in PROJECTS if (value := os.environ.get(name))), None)
    return Login(with_scopes_if_required(credentials, SCOPES), named or project)  # type: ignore[no-untyped-call]


def login_file() -> str | None:
    """Return the file that holds the credentials, None where no file does; one that a variable names may be missing."""
    named = os.environ.get(CREDENTIALS_FILE)
    if named:
        return named
    folder = os.environ.get("CLOUDSDK_CONFIG")
    path = Path(Path.home() / ".config" / "gcloud" if folder is None else folder, LOGIN_FILE)
    return str(path) if path.is_file() else None


class Account:
    """The credentials of one run; `seconds` is how long one login may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._login: Login | None = None
        self._lock = asyncio.Lock()

    async def login(self) -> Login:
        """Return the credentials with a token that lasts some minutes yet.

        Raises an error of google.auth where there are none or they are not accepted, LoginTimeoutError,
        UnusableTokenError. Whatever opens something in them is told nowhere from then on.
        """
        if self._login is not None and _lasts(self._login.credentials):
            return self._login
        try:
            async with asyncio.timeout(self._seconds), self._lock:
                if self._login is None or not _lasts(self._login.credentials):
                    await asyncio.to_thread(self._renew)
        except TimeoutError:
            raise LoginTimeoutError(f"{self._endpoint()} did not answer within {self._seconds:g} s") from None
        assert self._login is not None
        return self._login

    def _renew(self) -> None:
        if self._login is None:
            self._login = found(self._request())
        credentials = self._login.credentials
        learn(_secrets(credentials))
        if _lasts(credentials):
            return
        try:
            credentials.refresh(self._request())  # type: ignore[no-untyped-call]
        finally:
            learn(_secrets(credentials))
        if not is_sendable(credentials.token or ""):
            credentials.token = None
            raise UnusableTokenError(f"{self._endpoint()} gave a token that no request can carry")

    def _request(self) -> Any:
        """Return a transport for google.auth, whose own would wait for two minutes.

        What it sends to prove who asks is told nowhere else: the server may repeat it.
        """
        from google.auth.transport.requests import Request

        send: Any = Request()

        def patiently(*given: Any, timeout: float | None = None, **named: Any) -> Any:
            learn(_proofs(named.get("body"), named.get("headers")))
            if named.get("body") is not None:  # 307 and 308 would take it along to whatever server they name
                named["allow_redirects"] = False
            return send(*given, timeout=min(timeout or self._seconds, self._seconds), **named)

        return patiently

    def _endpoint(self) -> str:
        """Name where tokens come from."""
        found = self._login.credentials if self._login else None
        names = ("token_uri", "_token_uri", "_token_url")
        address = next((value for name in names if (value := getattr(found, name, None))), None)
        return f"the token endpoint {address} of the credentials" if address else "the login of Google Cloud"


def _secrets(credentials: object) -> set[str]:
    """Return what opens something in credentials, and in those that they are had for, as where one acts for another."""
    found: set[str] = set()
    while credentials is not None:
        held = (getattr(credentials, name, None) for name in SECRETS)
        found |= {secret for secret in held if isinstance(secret, str) and secret}
        credentials = next((inner for name in INNER if (inner := getattr(credentials, name, None))), None)
    return found


def _proofs(body: object, headers: object) -> Iterator[str]:
    """Yield what a request for a token proves itself with."""
    if isinstance(body, bytes | str):
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        yield from (value for name, value in parse_qsl(text) if name in PROOFS)
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if name.lower() == "authorization":
            yield str(value).rpartition(" ")[2]


def _lasts(credentials: Credentials) -> bool:
    """Whether there is a token that will do for the next request, with some minutes to spare."""
    if not credentials.token:
        return False
    ends = credentials.expiry  # in UTC, though it does not say so
    return ends is None or ends - datetime.now(UTC).replace(tzinfo=None) > MARGIN
