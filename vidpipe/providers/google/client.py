"""The SDK's clients, one for each way to reach a model: made when first needed, kept, closed at the end.

Every retry of the SDK is off, and every request ends in time; `vidpipe.providers.retry` alone sends again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.providers.addresses import AddressError, location_fault, project_fault
from vidpipe.providers.google.login import Account
from vidpipe.providers.google.transport import transport
from vidpipe.redact import learn

if TYPE_CHECKING:
    from google.genai import Client
    from httpx2 import AsyncClient

    from vidpipe.providers.google.access import Route
    from vidpipe.providers.google.login import Login


class NoProjectError(Exception):
    """Vertex AI is to be called, and no project is named anywhere."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which a request counts as hung: one that buys something, a poll, a download, a login.

    The answer to a poll may hold the clip: `poll` is for its beginning and between two pieces of it, `download` for the
    whole. `connect` is for being connected, TLS and a proxy included, whatever the request is.
    """

    buy: float = 300.0
    poll: float = 90.0
    download: float = 600.0
    login: float = 30.0
    connect: float = 30.0

    @property
    def answer(self) -> float:
        """Seconds for the whole answer to a poll."""
        return max(self.poll, self.download)


class Clients:
    """All clients of one run; its `keys` are told nowhere from now on."""

    def __init__(self, timeouts: Timeouts, keys: tuple[str, ...] = ()) -> None:
        learn(keys)
        self.timeouts = timeouts
        self._clients: dict[Route, Client] = {}
        self._transports: list[AsyncClient] = []
        self._account = Account(timeouts.login)
        self._lock = asyncio.Lock()

    async def of(self, route: Route) -> Client:
        """Return the client of a route, logged in, which opens no socket to a model yet.

        Raises an error of google.auth or LoginTimeoutError where a login fails, NoProjectError without a project,
        AddressError where project or location would lead to another host.
        """
        login = await self.login() if route.key is None else None
        async with self._lock:
            if route not in self._clients:
                self._clients[route] = await asyncio.to_thread(self._open, route, login)
            return self._clients[route]

    async def login(self) -> Login:
        """Return the credentials of Google Cloud, fresh. Raises an error of google.auth, or LoginTimeoutError."""
        return await self._account.login()

    async def close(self) -> None:
        """Close all clients; a request after that opens new ones."""
        clients, self._clients = list(self._clients.values()), {}
        transports, self._transports = self._transports, []
        for client in clients:
            await client.aio.aclose()
            client.close()
        for each in transports:
            await each.aclose()

    def _open(self, route: Route, login: Login | None) -> Client:
        from google import genai
        from google.genai.types import HttpOptions, HttpRetryOptions

        options = HttpOptions(
            retry_options=HttpRetryOptions(attempts=1), timeout=max(1, round(self.timeouts.buy * 1000))
        )
        # One transport for both services: the SDK would take aiohttp wherever that happens to be installed.
        options.httpx_async_client = transport()
        self._transports.append(options.httpx_async_client)
        if login is None:
            return genai.Client(vertexai=False, api_key=route.key, http_options=options)
        project = route.project or login.project
        if not project:
            raise NoProjectError
        _check_address(project, route.location)
        # All three as arguments: from the environment alone the SDK drops some of them once a base URL is set.
        return genai.Client(
            vertexai=True,
            project=project,
            location=route.location,
            credentials=login.credentials,
            http_options=options,
        )


def _check_address(project: str, location: str) -> None:
    """Raise AddressError for what must not become part of an address, wherever it comes from."""
    if message := project_fault(project):
        raise AddressError(f"the project of Google Cloud, which comes with the credentials or is set, {message}")
    if message := location_fault(location):
        raise AddressError(f"the location of Google Cloud {message}")
