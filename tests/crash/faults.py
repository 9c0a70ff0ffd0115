"""A disk that fails: it is full from a chosen operation on, or it cannot read or write once.

What a full disk still does is to rename, to remove and to read; what it does not is to make or to lengthen a file.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tests.crash.stages import in_child
from tests.crash.wire import SYNCS, WRITES, Wire
from vidpipe.errors import Exit, VidpipeError
from vidpipe.place import refusal_of_disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.stages import Stage
    from tests.project import Project

NEEDS_SPACE = {"mkdir", "write", "write on", "send", "symlink", "link", "grown", "close"}
"""What a full disk refuses, besides opening a file that is not there yet."""
ENDS = (Exit.DONE, Exit.FAILED, Exit.DECISION)
"""Exit codes of such a run: the error was in nobody's way, a target failed, or a request has to be decided on."""
NAMED = re.compile(r"(^|[ /])(runs/pier|films|specs|[\w-]+\.(mp4|png|json|jsonl))\b")
BY_NAME = {"open", "mkdir", "rmdir", "unlink", "remove", "replace", "rename", "symlink", "link", "utime", "chmod"}
"""Operations whose errors name the file."""


def may_fail(code: int, operation: str) -> bool:
    """Whether an operation is one that a disk refuses with this error."""
    what = operation.partition(" ")[0] if not operation.startswith(("write on", "close on")) else operation[:8]
    if what in {"opened", "close on"}:  # moments, at which nothing is done
        return False
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

    def _open(self, path: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        if not isinstance(path, int) and not set("wax+") & set(mode):
            self._read(path)
        return super()._open(path, mode, buffering, *given, **named)

    def _os_open(self, path: Any, flags: int, *given: Any, **named: Any) -> int:
        if not flags & (WRITES | os.O_DIRECTORY):
            self._read(path, named.get("dir_fd"))
        return super()._os_open(path, flags, *given, **named)

    def _read(self, path: Any, folder: int | None = None) -> None:
        place = self.place(path, folder)
        if self._code == errno.EIO and place is not None and (self._root / place).exists():
            self.step("read", place, idle=True)


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that met an error: how it ended, what it said, and the project that it left."""

    exit: int
    said: str
    project: Project
    operations: list[str]


def run_into(stage: Stage, place: Path, error: Error, at: int | str) -> Failed:
    """Do the run of a stage in a process of its own, on a disk that fails."""
    return go_on(stage.open(place, stage.prepared, stage.books), error, at)


def go_on(project: Project, error: Error, at: int | str) -> Failed:
    """Run a project, as it is, in a process of its own, on a disk that fails."""
    wire = Failing(project.root, at, error.code, lasting=error.lasting)

    def act() -> tuple[int, str]:
        wire.install()
        try:
            ran = project.run()
        except (VidpipeError, OSError) as trouble:  # what the command line would say
            return Exit.FAILED, refusal_of_disk(trouble, Path()) if isinstance(trouble, OSError) else str(trouble)
        return ran.exit, ran.said

    code, said = cast("tuple[int, str]", in_child(act))
    project.server.load()  # type: ignore[attr-defined]
    return Failed(code, said, project, wire.names)


def untold(error: Error, failed: Failed) -> list[str]:
    """Say what is wrong with how a run ended, and with what it said of the error."""
    if failed.exit not in ENDS:
        return [f"exit {failed.exit}: {failed.said}"]
    if "a bug in vidpipe" in failed.said or "Traceback" in failed.said:
        return [failed.said]
    told = [line for line in failed.said.splitlines() if os.strerror(error.code) in line]
    if failed.exit == Exit.DONE or any(NAMED.search(line) for line in told):
        return []
    return [f"exit {failed.exit}, and {os.strerror(error.code)!r} with the name of a file is not in: {failed.said}"]
