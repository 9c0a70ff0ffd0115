"""A disk that fails, or a connection: it is full from a chosen operation on, or an operation is refused once.

What a full disk still does is to rename, to remove and to read; what it does not is to make or to lengthen a file.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.crash.aftermath import look
from tests.crash.wire import SYNCS, WRITES, Wire
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.stage import Stage
    from tests.google.said import Said

NEEDS_SPACE = {"mkdir", "write", "write on", "send", "symlink", "link", "grown", "close"}
"""What a full disk refuses, besides opening a file that is not there yet."""
ENDS = (Exit.DONE, Exit.FAILED, Exit.USAGE, Exit.DECISION)
"""Exit codes of such a run: the error was in nobody's way, a target failed, the spec cannot be read, or a request has
to be decided on."""
NAMED = re.compile(r"(^|[ /])(runs/pier|films|specs|\.git|[\w-]+\.(mp4|png|json|jsonl|toml|yaml))\b")
NETWORK = {"connect", "say", "say on", "hear"}
BY_NAME = {
    "open",
    "stat",
    "lstat",
    "list",
    "mkdir",
    "rmdir",
    "unlink",
    "remove",
    "replace",
    "rename",
    "symlink",
    "link",
    "utime",
}
"""Operations whose errors name the file."""


def may_fail(code: int, operation: str) -> bool:
    """Whether an operation is one that a disk, or a connection, refuses with this error."""
    what = operation.partition(" ")[0]
    what = f"{what} on" if operation.startswith(f"{what} on ") else what
    if what in {"opened", "close on"}:  # moments, at which nothing is done
        return False
    if code == errno.ECONNRESET or what in NETWORK:
        return code == errno.ECONNRESET and what in NETWORK
    return code != errno.ENOSPC or what in NEEDS_SPACE | {"open", *SYNCS}


@dataclass(frozen=True, slots=True)
class Error:
    """What a disk does: it fails once, or is full from then on."""

    code: int
    lasting: bool = False


class Failing(Wire):
    """A wire that sees reading as well, and at which operations fail: `lasting` ones for want of space from then on."""

    def __init__(self, root: Path, at: int | str, code: int, *, lasting: bool = False) -> None:
        super().__init__(root, at, self._fail)
        self._code, self._lasting = code, lasting
        self._is_full = False
        self._operation = ("", "")

    def step(self, what: str, place: str, tear: Callable[[], object] = lambda: None, *, idle: bool = False) -> None:
        """Count an operation, and let it fail if it is the chosen one, or if the disk is full."""
        with self._lock:
            self._operation = (what, place)
            if self._is_full and (what in NEEDS_SPACE or (what == "open" and not (self._root / place).exists())):
                self._raise(what, place)
            super().step(what, place, tear, idle=idle)

    def _fail(self) -> None:
        self._is_full = self._lasting
        self._raise(*self._operation)

    def _raise(self, what: str, place: str) -> None:
        told = os.strerror(self._code)
        raise OSError(self._code, told, str(self._root / place)) if what in BY_NAME else OSError(self._code, told)

    def _list(self, listing: Callable[..., Any]) -> Callable[..., Any]:
        def listed(path: Any = ".", *given: Any) -> Any:
            if not isinstance(path, int):
                self._read(path, what="list")
            return listing(path, *given)

        return listed

    def _look(self, name: str, looking: Callable[..., Any]) -> Callable[..., Any]:
        def looked(path: Any, *given: Any, **named: Any) -> Any:
            if self._code == errno.EIO and not isinstance(path, int):
                place = self.place(path, named.get("dir_fd"))
                if place is not None:
                    self.step(name, place, idle=True)
            return looking(path, *given, **named)

        return looked

    def install(self) -> None:
        """Put the wire in its place, for as long as this process lives."""
        super().install()
        os.listdir, os.scandir = self._list(os.listdir), self._list(os.scandir)
        os.stat, os.lstat = self._look("stat", os.stat), self._look("lstat", os.lstat)

    def _open(self, path: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        if not isinstance(path, int) and not set("wax+") & set(mode):
            self._read(path)
        return super()._open(path, mode, buffering, *given, **named)

    def _os_open(self, path: Any, flags: int, *given: Any, **named: Any) -> int:
        if not flags & (WRITES | os.O_DIRECTORY):
            self._read(path, named.get("dir_fd"))
        return super()._os_open(path, flags, *given, **named)

    def _read(self, path: Any, folder: int | None = None, what: str = "read") -> None:
        place = self.place(path, folder)
        if self._code == errno.EIO and place is not None and (self._root / place).exists():
            self.step(what, place, idle=True)


def run_into(stage: Stage, error: Error, at: int | str) -> tuple[Said, list[str]]:
    """Do a run, from where things stand, on a disk that fails; return what was said, and the operations there were."""
    wire = Failing(stage.root, at, error.code, lasting=error.lasting)
    said = stage.run(wire)
    assert said is not None
    return said, wire.names


def untold(error: Error, said: Said) -> list[str]:
    """Say what is wrong with how a run ended, and with what it said of the error."""
    if said.code not in ENDS:
        return [f"exit {said.code}: {said.out}"]
    if "a bug in vidpipe" in said.out + said.err or "Traceback" in said.out + said.err:
        return [said.out + said.err]
    if said.code == Exit.DONE or error.code == errno.ECONNRESET:
        return []
    told = [line for line in lines(said) if os.strerror(error.code) in line]
    if any(NAMED.search(line) for line in told):
        return []
    return [f"exit {said.code}, and {os.strerror(error.code)!r} with the name of a file is not in: {lines(said)}"]


def unsent(stage: Stage, error: Error) -> list[str]:
    """Say which clips are called lost though they were never sent: a disk that works again may take that back."""
    if error.lasting or error.code == errno.ECONNRESET:
        return []
    left = look(stage)
    return [f"{name} is called lost, and nobody was sent for it" for name in left.lost_clips if not left.bought[name]]


def lines(said: Said) -> list[str]:
    """Return what was said, with the file that it was said of where that stands apart."""
    return [f"{one['file']}: {one['message']}" for one in said.json.get("errors", [])] or said.told.splitlines()
