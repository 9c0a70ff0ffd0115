"""Google Cloud's credentials: found once, and refreshed in good time, before a request and never within one.

A login that hangs must not look like a paid request whose reply is lost.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
MARGIN = timedelta(minutes=5)
"""A token that ends sooner is replaced; more than google.auth's own margin, so that it never refreshes by itself."""

SECRETS = ("token", "refresh_token", "client_secret", "_client_secret")
"""Where kinds of credentials keep what must not be told."""
INNER = ("_source_credentials", "_impersonated_credentials")
"""Where they keep the credentials by which their own tokens are had, or those whose tokens they hand on."""


class LoginTimeoutError(Exception):
    """Looking for credentials, or refreshing them, took too long."""


@dataclass(frozen=True, slots=True)
class Login:
    """Google Cloud's credentials as they were found, and the project that came with them."""

    credentials: Credentials
    project: str | None


class Account:
    """The credentials of one run; `seconds` is how long one login may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._login: Login | None = None
        self._tokens: set[str] = set()
        self._lock = asyncio.Lock()

    async def login(self) -> Login:
        """Return the credentials with a token that lasts some minutes yet.

        Raises an error of google.auth where there are none or they are not accepted, LoginTimeoutError.
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

    def secrets(self) -> tuple[str, ...]:
        """Return what must not be told to anybody: access tokens, and what they are had for."""
        return tuple(self._tokens | (_secrets(self._login.credentials) if self._login else set()))

    def _renew(self) -> None:
        import google.auth

        if self._login is None:
            self._login = Login(*google.auth.default(scopes=SCOPES))
        credentials = self._login.credentials
        if _lasts(credentials):
            return
        try:
            credentials.refresh(self._request())  # type: ignore[no-untyped-call]
        finally:
            self._tokens |= _secrets(credentials)

    def _request(self) -> Any:
        """Return a transport for google.auth, whose own would wait for two minutes."""
        from google.auth.transport.requests import Request

        send: Any = Request()

        def patiently(*given: Any, timeout: float | None = None, **named: Any) -> Any:
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


def _lasts(credentials: Credentials) -> bool:
    """Whether there is a token that will do for the next request, with some minutes to spare."""
    if not credentials.token:
        return False
    ends = credentials.expiry  # in UTC, though it does not say so
    return ends is None or ends - datetime.now(UTC).replace(tzinfo=None) > MARGIN
