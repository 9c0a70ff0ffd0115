"""A vendor who answers equal requests alike, whose books can be set back, and a server whose clients may be killed."""

from __future__ import annotations

import json
import mmap
import socket
import struct
import threading
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.loopback.server import Loopback
from tests.loopback.vendor import Accepted, Operation, Vendor

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.loopback.deeds import Kind

Books = tuple[list[Accepted], list[Operation]]
"""What the vendor has taken in, and the operations that he has begun, in their order."""
Taken = tuple[int, int]
"""How many requests he has taken in, and how many operations he has begun."""
PAIR = struct.Struct("II")


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
    """A vendor who answers equal requests alike, pictures that come with them included.

    How much he has taken in can be read in every process that is forked from his.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts = mmap.mmap(-1, PAIR.size)
        self.open(([], []))

    def open(self, books: Books) -> None:
        """Be as one who has taken in what stands in these books, and has told nobody yet that a clip is done."""
        self.bodies = Bodies()
        for notes in (self.accepted, self.arrived, self.blocked, self.operations, self.stored):
            notes.clear()
        accepted, operations = books
        self.accepted += accepted
        self.operations |= {one.name: replace(one, done=False) for one in operations}
        self.stored |= {one.place: one for one in self.operations.values() if one.place}
        self._count()

    @property
    def books(self) -> Books:
        """What stands in the books now."""
        return list(self.accepted), list(self.operations.values())

    @property
    def taken(self) -> Taken:
        """How much he has taken in."""
        accepted, operations = PAIR.unpack_from(self._counts)
        return accepted, operations

    def accept(self, kind: Kind, model: str, prompt: str, price: Decimal) -> int:
        """Take a request in, and return a number that is that of its content."""
        super().accept(kind, model, prompt, price)
        self._count()
        assert isinstance(self.bodies, Bodies)
        return zlib.crc32(self.bodies.mine.body.encode())

    def begin(self, operation: Operation) -> None:
        """Begin an operation."""
        super().begin(operation)
        self._count()

    def _count(self) -> None:
        with self.lock:
            PAIR.pack_into(self._counts, 0, len(self.accepted), len(self.operations))


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
