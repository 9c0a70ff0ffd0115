"""The SDK's clients, one for each way to reach a model: made when first needed, kept, closed at the end.

Every retry of the SDK is off, and every request ends in time; `vidpipe.providers.retry` alone sends again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.genai import Client

    from vidpipe.providers.google.access import Route

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class NoProjectError(Exception):
    """Vertex AI is to be called, and no project is named anywhere."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which a request counts as hung: one that buys something, a poll, a download."""

    buy: float = 300.0
    poll: float = 90.0
    download: float = 600.0


@dataclass(frozen=True, slots=True)
class Login:
    """Google Cloud's credentials as they were found, and the project that came with them."""

    credentials: Credentials
    project: str | None


class Clients:
    """All clients of one run."""

    def __init__(self, timeouts: Timeouts, keys: tuple[str, ...] = ()) -> None:
        self.timeouts = timeouts
        self._keys = keys
        self._clients: dict[Route, Client] = {}
        self._login: Login | None = None
        self._lock = asyncio.Lock()

    async def of(self, route: Route) -> Client:
        """Return the client of a route, which opens no socket to a model yet.

        Raises an error of google.auth where there are no credentials, NoProjectError where there is no project.
        """
        async with self._lock:
            if route not in self._clients:
                self._clients[route] = await asyncio.to_thread(self._open, route)
            return self._clients[route]

    async def login(self) -> Login:
        """Return the credentials of Google Cloud. Raises an error of google.auth where there are none."""
        async with self._lock:
            return await asyncio.to_thread(self._find_login)

    async def close(self) -> None:
        """Close all clients; a request after that opens new ones."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aio.aclose()
            client.close()

    def secrets(self) -> tuple[str, ...]:
        """Return what must not be told to anybody: API keys, the access token."""
        token = getattr(self._login.credentials, "token", None) if self._login else None
        return (*self._keys, token) if token else self._keys

    def _open(self, route: Route) -> Client:
        from google import genai
        from google.genai.types import HttpOptions, HttpRetryOptions

        options = HttpOptions(
            retry_options=HttpRetryOptions(attempts=1), timeout=max(1, round(self.timeouts.buy * 1000))
        )
        if route.key is not None:
            return genai.Client(vertexai=False, api_key=route.key, http_options=options)
        login = self._find_login()
        project = route.project or login.project
        if not project:
            raise NoProjectError
        # All three as arguments: from the environment alone the SDK drops some of them once a base URL is set.
        return genai.Client(
            vertexai=True,
            project=project,
            location=route.location,
            credentials=login.credentials,
            http_options=options,
        )

    def _find_login(self) -> Login:
        import google.auth

        if self._login is None:
            credentials, project = google.auth.default(scopes=SCOPES)
            self._login = Login(credentials, project)
        return self._login
