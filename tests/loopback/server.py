"""A loopback server that speaks the wire protocol of Vertex AI and of the Gemini API, strictly, with scripted faults.

The real SDK talks to it. Whatever it would not understand it answers with 4xx and remembers in `vendor.problems`.
"""

from __future__ import annotations

import io
import os
import select
import socket
import struct
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.loopback.deeds import Cut, Drip, Garble, Hang, Redirect, Reject, Truncate
from tests.loopback.routes import answer
from tests.loopback.wire import Answer, BreachError, Call, ErrorAnswer

if TYPE_CHECKING:
    from types import TracebackType

    from tests.loopback.vendor import Vendor

RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


class Loopback(ThreadingHTTPServer):
    """The server, as a context manager; `base` is its address."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, vendor: Vendor) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.vendor = vendor
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Remember a bug of the server; that a client hung up, or was killed, is none."""
        trace = traceback.format_exc()
        if not trace.rstrip().rpartition("\n")[2].startswith(("BrokenPipeError", "ConnectionResetError")):
            self.vendor.complain(trace)


class Heard(io.BufferedReader):
    """What a client says; `is_over` once he has hung up where a line was wanted."""

    is_over = False

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read one line."""
        line = super().readline(size)
        self.is_over = not line
        return line


class Door(BaseHTTPRequestHandler):
    """One connection."""

    server: Loopback
    rfile: Heard
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Begin to listen."""
        super().setup()
        self.rfile = Heard(self.rfile.detach())

    def parse_request(self) -> bool:
        """Read a request's head; one that was cut off, as its client was killed, is none."""
        whole = super().parse_request() and not self.rfile.is_over
        self.close_connection = self.close_connection or not whole
        return whole

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class calls by
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        data = self.rfile.read(length)
        if len(data) < length:  # whoever sent this was killed in the middle of it
            self.close_connection = True
            return
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query))
        call = Call(self.command, unquote(url.path), query, headers, data, self.server.base)
        vendor = self.server.vendor
        try:
            given = answer(vendor, call)
        except ErrorAnswer as error:
            given = error.answer
        except BreachError as error:
            vendor.complain(f"{call.method} {call.path}: {error}")
            given = ErrorAnswer(400, "INVALID_ARGUMENT", str(error)).answer
        if isinstance(given.deed, Cut):
            self._hang_up(reset=given.deed.reset)
        elif isinstance(given.deed, Hang):
            self._wait(given.deed)
        else:
            self._send(_played(given))

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(given.body)))
        self.end_headers()
        if isinstance(given.deed, Truncate):
            self.wfile.write(given.body[: int(len(given.body) * given.deed.share)])
            self._hang_up(reset=False)
        elif isinstance(given.deed, Drip):
            self._drip(given.body, given.deed)
        else:
            self.wfile.write(given.body)

    def _drip(self, body: bytes, deed: Drip) -> None:
        size = -(-len(body) // deed.pieces)
        for begin in range(0, len(body), size):
            self.wfile.write(body[begin : begin + size])
            self.wfile.flush()
            if self.server.closing.wait(deed.seconds):
                break

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # closing the object would only count one of its users less
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def _wait(self, deed: Hang) -> None:
        """Hold the connection until somebody has had enough."""
        while not deed.released.is_set() and not self.server.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                break
        self._hang_up(reset=False)


def _played(given: Answer) -> Answer:
    """Return what a deed makes of an answer that is sent."""
    deed = given.deed
    if isinstance(deed, Garble):
        return Answer(200, deed.body, {"content-type": "text/html"})
    if isinstance(deed, Redirect):
        return Answer(deed.code, b"", {"location": deed.to})
    if isinstance(deed, Reject):
        info = deed.retry_info
        details = None if info is None else [{"@type": RETRY_INFO, "retryDelay": f"{info:g}s"}]
        headers = None if deed.retry_after is None else {"retry-after": f"{deed.retry_after:g}"}
        return ErrorAnswer(deed.code, deed.status, deed.message, details, headers).answer
    return given
