"""The wire sees what is said to a server and what is answered, and can stop each of them halfway."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.crash.child import in_child
from tests.crash.sockets import label
from tests.crash.wire import WHOLE, Wire, kill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ["connect vendor 1", "say POST model:make 1", "say on POST model:make 1", "hear POST model:make 1"]
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Ear:
    """A server that answers one request, and remembers what of it has come."""

    def __init__(self) -> None:
        self.heard = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._listening, self._listening.accept()[0] as sock:
            while not self.heard.endswith(b"body"):
                said = sock.recv(1000)
                if not said:
                    return
                self.heard += said
            sock.sendall(ANSWER)

    def end(self) -> bytes:
        """Wait until the client has gone, and return what has come."""
        self._thread.join(20)
        return self.heard


@pytest.fixture
def ear() -> Iterator[Ear]:
    """Return a server; one to whom nobody has come is told to go."""
    ear = Ear()
    yield ear
    with socket.socket() as last:
        last.connect_ex(("127.0.0.1", ear.port))


def asked(root: Path, ear: Ear, at: int | str, deed: Callable[[], object] = kill) -> tuple[object, list[str]]:
    """Send one request in a child that has a wire; return its answer, and the operations there were."""
    wire = Wire(root, at, deed)

    def act() -> object:
        wire.install()
        client = http.client.HTTPConnection("127.0.0.1", ear.port)
        try:
            client.request("POST", "/v1/projects/x/model:make?key=1", b"body")
            return client.getresponse().read()
        except OSError as error:
            return error.errno
        finally:
            client.close()

    return in_child(act), wire.names


def test_all_that_is_said_and_answered_is_an_operation(tmp_path: Path, ear: Ear) -> None:
    answer, names = asked(tmp_path, ear, WHOLE)
    assert answer == b"ok"
    assert list(dict.fromkeys(name.rpartition(" ")[0] for name in names)) == [name.rpartition(" ")[0] for name in NAMES]
    assert ear.end().endswith(b"\r\n\r\nbody")


def test_a_request_can_end_in_its_middle(tmp_path: Path, ear: Ear) -> None:
    answer, names = asked(tmp_path, ear, NAMES[2])
    assert (answer, names[-1]) == (None, NAMES[2])
    heard = ear.end()
    assert heard.startswith(b"POST ")
    assert b"body" not in heard


def test_an_answer_can_come_to_somebody_who_is_dead(tmp_path: Path, ear: Ear) -> None:
    assert asked(tmp_path, ear, NAMES[3])[0] is None
    assert ear.end().endswith(b"body")


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_can_break_at_each_of_them(tmp_path: Path, ear: Ear, name: str) -> None:
    def breaks() -> None:
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    assert asked(tmp_path, ear, name, breaks)[0] == errno.ECONNRESET


def test_sockets_by_which_threads_wake_each_other_are_passed_over(tmp_path: Path) -> None:
    wire = Wire(tmp_path)

    def act() -> bytes:
        wire.install()
        here, there = socket.socketpair()
        with here, there:
            here.sendall(b"wake")
            return there.recv(4)

    assert in_child(act) == b"wake"
    assert wire.names == []


def test_a_request_is_called_after_what_is_asked_and_not_after_who_asks() -> None:
    assert label("GET", "/v1beta/interactions/v1_interaction0001?key=2") == "GET v1_interactionN"
    assert label("POST", "/a/models/veo-3.1-generate-001:fetchPredictOperation") == (
        "POST veo-3.1-generate-001:fetchPredictOperation"
    )
