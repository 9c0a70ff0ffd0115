"""The one transport of a client: what it does with keys, redirects and time, and what it knows of each request."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.providers.google.redirects import refuse_redirect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from httpx2 import AsyncClient, Request, Response

KEY_HEADER = "x-goog-api-key"
CONNECTING = ("connection.", "proxy.", "socks.")
"""What the transport calls its steps up to the moment in which a request can be sent."""
ENDS = (".complete", ".failed", ".response_closed.started")
"""How the names of steps end that only bring another one to its end."""


@dataclass(slots=True)
class Passage:
    """One call on its way: the seconds that connecting may take, and that may pass between two pieces of an answer."""

    connect: float
    pause: float
    connecting: bool = False
    begun: bool = False
    arriving: bool = False

    @property
    def stayed(self) -> bool:
        """Whether it is certain that nothing has left: a connection was tried for, and nothing else was begun.

        Where the transport tells nothing, or what is not known here, it is not.
        """
        return self.connecting and not self.begun

    def prepare(self, request: Request) -> None:
        """Set the times of a request, which the SDK makes all the same, and have its steps told."""
        limit = min(self.connect, self.pause)
        request.extensions["timeout"] = {"connect": limit, "read": self.pause, "write": self.pause, "pool": self.pause}
        request.extensions["trace"] = self.watch

    async def watch(self, step: str, about: Mapping[str, Any]) -> None:
        """Note a step of the transport; asking a proxy for a way through is a part of connecting."""
        if step.endswith(ENDS):
            return
        if step.startswith(CONNECTING) or getattr(about.get("request"), "method", b"") == b"CONNECT":
            self.connecting = True
            return
        self.begun = True
        self.arriving |= "receive_response_body" in step  # what closes it comes after


_passage: ContextVar[Passage | None] = ContextVar("passage", default=None)


@contextmanager
def passing(passage: Passage) -> Iterator[None]:
    """Let what is sent in this context be sent as a passage says."""
    token = _passage.set(passage)
    try:
        yield
    finally:
        _passage.reset(token)


def transport() -> AsyncClient:
    """Return a transport that keeps an API key from every server but the one that it was sent to first.

    Where a server redirects to another one, httpx strips the header that holds a token, but not Google's for a key.
    """
    from httpx2 import AsyncClient

    home: set[tuple[str, str, int | None]] = set()

    async def before(request: Request) -> None:
        origin = (request.url.scheme, request.url.host, request.url.port)
        if home and origin not in home:
            request.headers.pop(KEY_HEADER, None)
        else:
            home.add(origin)
        passage = _passage.get()
        if passage is not None:
            passage.prepare(request)

    async def after(response: Response) -> None:
        await refuse_redirect(response)

    return AsyncClient(follow_redirects=True, timeout=None, event_hooks={"request": [before], "response": [after]})
