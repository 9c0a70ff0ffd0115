"""A wire before everything by which a process talks to the vendor: what it sends can be cut off in its middle.

An operation is named by the request that it belongs to: `say POST veo-3.1-generate-001:predictLongRunning 2` is the
moment before the second request of that kind, `say on` the one at which a half of it is under way, and `hear` the
one at which its answer has come and nobody has read it. Only loopback connections are seen, not pairs of sockets by
which the threads of a process wake each other.
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.wire import Wire

REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.1\r\n")
NUMBERS = re.compile(r"[0-9]{4,}")
READS = ("recv", "recv_into", "recvmsg")


class Talk:
    """What the sockets of a process are saying."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._asking: WeakKeyDictionary[socket.socket, str] = WeakKeyDictionary()
        self._waiting: WeakKeyDictionary[socket.socket, bool] = WeakKeyDictionary()

    def install(self) -> None:
        """Put the wire in its place, for as long as this process lives."""
        changed: Any = socket.socket
        for name in ("connect", "connect_ex"):
            setattr(changed, name, self._connecting(getattr(changed, name)))
        changed.send = self._sending(changed.send)
        changed.sendall = self._sending(changed.sendall)
        for name in READS:
            setattr(changed, name, self._receiving(getattr(changed, name)))

    def _step(self, sock: socket.socket, what: str, place: str) -> None:
        """Come to an operation; if it fails, the connection is gone, and nobody waits for more to come of it."""
        try:
            self._wire.step(what, place)
        except OSError:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            raise

    def _connecting(self, connect: Callable[..., Any]) -> Callable[..., Any]:
        def connected(sock: socket.socket, *given: Any) -> Any:
            if sock.family == socket.AF_INET:
                self._step(sock, "connect", "vendor")
            return connect(sock, *given)

        return connected

    def _sending(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(sock: socket.socket, data: Any, *flags: int) -> Any:
            if sock.family != socket.AF_INET:
                return send(sock, data, *flags)
            head = REQUEST.match(bytes(data[:400]))
            if head:
                self._asking[sock] = label(head[1].decode(), head[2].decode())
            what, middle = self._asking.get(sock, "on"), len(data) // 2
            self._step(sock, "say", what)
            first = send(sock, data[:middle], *flags)
            if first not in {None, middle}:  # the system took less than that
                return first
            self._step(sock, "say on", what)
            second = send(sock, data[middle:], *flags)
            self._waiting[sock] = True
            return None if second is None else middle + second

        return sent

    def _receiving(self, receive: Callable[..., Any]) -> Callable[..., Any]:
        def received(sock: socket.socket, *given: Any) -> Any:
            if self._waiting.pop(sock, False):
                self._step(sock, "hear", self._asking[sock])
            return receive(sock, *given)

        return received


def label(method: str, address: str) -> str:
    """Return what a request is called: its method, and the last part of its address without what makes it its own."""
    last = address.partition("?")[0].rpartition("/")[2]
    return f"{method} {NUMBERS.sub('N', last)}"
