"""A vendor who answers equal requests alike, and a server whose clients may be killed."""

from __future__ import annotations

import json
import socket
import threading
import zlib
from typing import TYPE_CHECKING, Any

from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.loopback.deeds import Kind


class Bodies(list[tuple["Kind", object]]):
    """What the vendor was sent; each of his threads finds its own request again."""

    def __init__(self) -> None:
        super().__init__()
        self.mine = threading.local()

    def append(self, sent: tuple[Kind, object]) -> None:
        """Take a request in."""
        self.mine.body = json.dumps(sent[1], sort_keys=True)
        super().append(sent)


class SteadyVendor(Vendor):
    """A vendor who answers equal requests alike, pictures that come with them included."""

    def forget(self) -> None:
        """Be as if nobody had ever asked for anything."""
        self.bodies = Bodies()
        for books in (self.accepted, self.arrived, self.blocked, self.operations, self.stored):
            books.clear()

    def accept(self, kind: Kind, model: str, prompt: str, price: Decimal) -> int:
        """Take a request in, and return a number that is that of its content."""
        super().accept(kind, model, prompt, price)
        assert isinstance(self.bodies, Bodies)
        return zlib.crc32(self.bodies.mine.body.encode())


class QuietLoopback(Loopback):
    """A server who knows when nobody is connected to him any more."""

    def __init__(self, vendor: Vendor) -> None:
        super().__init__(vendor)
        self._served = threading.Condition()
        self._connected = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection."""
        with self._served:
            self._connected += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        super().process_request_thread(request, client_address)
        with self._served:
            self._connected -= 1
            self._served.notify_all()

    def settle(self) -> None:
        """Wait until all that a killed client sent has been taken in: connections are accepted one after the other."""
        with socket.create_connection(("127.0.0.1", self.server_address[1])) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        with self._served:
            assert self._served.wait_for(lambda: self._connected == 0, 10)
