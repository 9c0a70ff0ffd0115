"""Ask for models without buying anything: is the login accepted, does the service know the model, what time is it.

A text model's tokens are counted, which is free and shows that project and location will do; other models are looked
up in the vendor's list, which needs no project, so that what a project may use shows with its first request.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.google.client import Clients, Timeouts
from vidpipe.providers.google.errors import NotFoundError
from vidpipe.providers.google.line import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.genai.client import AsyncClient

    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.google.access import Route

COUNTED = "film"


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of asking for one model: no `trouble` where it is there; `unknown` says that it is not.

    `place` says where it was asked for: `for the API key`, `on Vertex AI in us-central1`. `skew` is how many seconds
    this machine's clock is ahead of the service's, exact to about one; None where no answer told its date.
    """

    model: Model
    place: str
    trouble: str = ""
    unknown: bool = False
    skew: float | None = None


@dataclass(slots=True)
class _Clock:
    """Notes what time the service says it is, from whichever answer comes, errors included."""

    skew: float | None = None

    def read(self, headers: object) -> None:
        told = headers.get("date") or headers.get("Date") if hasattr(headers, "get") else None
        try:
            there = parsedate_to_datetime(str(told)) if told else None
            self.skew = (datetime.now(UTC) - there).total_seconds() if there else self.skew
        except (ValueError, TypeError, OverflowError):
            return


@dataclass(frozen=True, slots=True)
class _Call:
    """The call that asks for a model."""

    model: Model
    clock: _Clock = field(default_factory=_Clock)

    async def send(self, client: AsyncClient) -> None:
        try:
            if self.model.kind == "text":
                counted = await client.models.count_tokens(model=self.model.id, contents=COUNTED)
                self.clock.read(getattr(counted.sdk_http_response, "headers", None))
            else:
                await client.models.get(model=self.model.id)
        except Exception as error:
            self.clock.read(getattr(getattr(error, "response", None), "headers", None))
            raise


async def reach(routes: Mapping[Model, Route], secrets: tuple[str, ...], seconds: float) -> list[Reached]:
    """Ask once for each of some models, all at once; nothing is sent twice, nothing is generated, nothing costs.

    `secrets` are keys that no message may tell. A service that says nothing for some `seconds` is out of reach.
    """
    clients = Clients(Timeouts(seconds, seconds, seconds, seconds), secrets)
    try:
        return list(await asyncio.gather(*(_reach(clients, *pair, seconds) for pair in routes.items())))
    finally:
        await clients.close()


async def _reach(clients: Clients, model: Model, route: Route, seconds: float) -> Reached:
    place = "for the API key" if route.key is not None else f"on Vertex AI in {route.location}"
    call = _Call(model)
    try:
        await Line(clients, model, route).ask(call.send, seconds)
    except NotAcceptedError as error:
        return Reached(model, place, str(error), isinstance(error, NotFoundError), call.clock.skew)
    return Reached(model, place, skew=call.clock.skew)
