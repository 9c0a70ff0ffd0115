"""The line to one model: a request is sent over it once, in time, and whatever comes of it is classified."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from vidpipe.errors import VidpipeError
from vidpipe.providers.addresses import model_id_fault
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.providers.google.errors import Place, SlowError, bought, failed_before, free
from vidpipe.providers.google.transport import Passage, passing
from vidpipe.redact import holds_learnt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from google.genai.client import AsyncClient

    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.google.access import Route
    from vidpipe.providers.google.client import Clients
    from vidpipe.providers.google.login import Login

T = TypeVar("T")

TOLD = (NotAcceptedError, RefusedError, ReplyLostError, VidpipeError)
"""Errors that say all there is to say, and go on as they are."""


class NotConnectedError(Exception):
    """A request did not come so far as to be sent."""


class Line:
    """One model, and the client that reaches it."""

    def __init__(self, clients: Clients, model: Model, route: Route, others: Sequence[Model] = ()) -> None:
        self.model = model
        self.timeouts = clients.timeouts
        self._clients = clients
        self._route = route
        self._others = tuple(others)

    @property
    def key(self) -> bool:
        """Whether an API key opens this line."""
        return self._route.key is not None

    def at(self, location: str) -> Line:
        """Return the line to the same model at another location of Vertex AI."""
        return Line(self._clients, self.model, replace(self._route, location=location), self._others)

    async def buy(self, send: Callable[[AsyncClient], Awaitable[T]]) -> T:
        """Send a request that costs money, once. Raises RefusedError, NotAcceptedError, ReplyLostError or VidpipeError.

        The last one is of something here, and says nothing of whether the request was accepted.
        """
        client = await self._client()
        passage = Passage(self.timeouts.connect, self.timeouts.buy)
        try:
            with passing(passage):
                async with asyncio.timeout(self.timeouts.buy):
                    return await send(client)
        except TOLD:
            raise
        except Exception as error:
            # What the SDK raises may quote headers or bodies: no trace of it goes on from here.
            raise bought(_known(error, passage), self._place()) from None

    async def ask(self, send: Callable[[AsyncClient], Awaitable[T]], seconds: float, pause: float | None = None) -> T:
        """Send a request that is free and may be repeated.

        Raises NotAcceptedError (NotFoundError where it is 404), or VidpipeError for something here. All of it may take
        some `seconds`; `pause` of them may pass before its answer and between two pieces of that.
        """
        client = await self._client()
        passage = Passage(self.timeouts.connect, pause or seconds)
        try:
            with passing(passage):
                async with asyncio.timeout(seconds) as limit:
                    return await send(client)
        except TOLD:
            raise
        except Exception as error:
            if limit.expired() and passage.arriving:
                raise SlowError(seconds) from None
            raise free(_known(error, passage), self._place()) from None

    async def login(self) -> Login:
        """Return the credentials of Google Cloud. Raises NotAcceptedError where there are none."""
        try:
            return await self._clients.login()
        except Exception as error:
            raise failed_before(error, self._place()) from None

    def free(self, error: Exception) -> NotAcceptedError:
        """Classify what a free request of one's own raised."""
        return free(error, self._place())

    def hide(self, text: str) -> str:
        """Return a text of the vendor's without secrets: what a server says may repeat what it was sent."""
        return self._place().hide(text)

    def named(self, operation: object, what: str) -> str:
        """Return the name of what was begun. Raises ReplyLostError where there is none, or none that may be kept."""
        if not operation:
            raise ReplyLostError(f"the answer names no {what}")
        if holds_learnt(str(operation)):
            raise ReplyLostError(f"the answer names an {what} that holds a secret: {self.hide(str(operation))[:200]}")
        return str(operation)

    async def _client(self) -> AsyncClient:
        """Return the client, logged in: whatever a login does, it does before the request and in its own time.

        Raises NotAcceptedError where there is none, and where the model's id would lead to another address.
        """
        if message := model_id_fault(self.model.id):
            raise NotAcceptedError(f"the id of the model {message}")
        try:
            client = await self._clients.of(self._route)
        except Exception as error:
            raise failed_before(error, self._place()) from None
        return client.aio

    def _place(self) -> Place:
        mode = "api-key" if self.key else "vertex"
        others = tuple(other.name for other in self._others if not other.modes or mode in other.modes)
        return Place(self.model, self._route, others)


def _known(error: Exception, passage: Passage) -> Exception:
    """Return an error that says so where it is certain that nothing was sent, whatever ended the wait for that."""
    if not passage.stayed:
        return error
    unsent = NotConnectedError(str(error))
    unsent.__cause__ = error
    return unsent
