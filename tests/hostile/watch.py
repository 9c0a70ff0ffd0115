"""Run a command line in a process of its own, under watch: what it opens, writes, connects to and starts is noted.

The process is forked, so nothing is imported a second time. An audit hook, which cannot be taken off again, notes every
access outside the project; a process that does not end in time is killed and counts as hung.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import sysconfig
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATIENCE = 60.0
"""Seconds for a run that takes a tenth of one, on a machine that is busy with other things: what takes longer hangs."""

READABLE = (
    *("/dev/null", "/dev/urandom"),
    *("/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"),
    *("/etc/ssl", "/etc/pki", "/usr/lib/ssl", "/usr/share/ca-certificates"),
    *("/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig"),
    *("/etc/mime.types", "/etc/ld.so.cache", "/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"),
)
"""What a program may look at outside of Python: zones, certificates, fonts, where names are looked up. No more of /etc
and /usr: somebody's password stands there too."""
OF_ITSELF = ("fd", "mounts")
"""What a process may look at in its own folder in /proc; not at its environment."""

CHANGES = {
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.utime": (0,),
    "shutil.rmtree": (0,),
}
"""Events that change files, with the places of their paths. (os.replace is audited as os.rename.)"""
LOOKS = {"os.listdir": (0,), "os.scandir": (0,)}
STARTS = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.forkpty"})


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command line came to: its exit code (None: it hung), what it said, and what it should not have done."""

    code: int | None
    out: str
    err: str
    trespasses: tuple[str, ...]

    @property
    def told(self) -> str:
        """Everything that was said."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Fence:
    """The project, and what else may be read; everything is noted that happens elsewhere."""

    project: Path
    notes: Path
    readable: tuple[str, ...]

    def judge(self, event: str, arguments: tuple[object, ...]) -> str | None:
        """Return what is wrong with an event, if anything is."""
        if event in STARTS:
            return f"{event} {arguments[0]!r}"
        if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] != "127.0.0.1":
            return f"{event} {arguments[1]}"
        if event == "socket.getaddrinfo" and arguments[0] not in {"127.0.0.1", "localhost"}:
            return f"{event} {arguments[0]!r}"
        if event == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
            follows = not flags & (os.O_NOFOLLOW | os.O_EXCL)  # a new file is not made through a link
            return self._told(event, arguments[0], writes=writes, follows=follows)
        for index in (*CHANGES.get(event, ()), *LOOKS.get(event, ())):
            told = self._told(event, arguments[index], writes=event in CHANGES, follows=event in LOOKS)
            if told:
                return told
        return None

    def _told(self, event: str, path: object, *, writes: bool, follows: bool) -> str | None:
        if not isinstance(path, str | bytes | os.PathLike):
            return None  # a descriptor, which was opened under watch
        text = os.fsdecode(path)
        folder, name = os.path.split(os.path.abspath(text))  # noqa: PTH100 - what the system makes of it
        real = os.path.realpath(text) if follows else f"{os.path.realpath(folder)}/{name}"
        ours = any(Path(real).is_relative_to(place) for place in (self.project, self.notes))
        if ours or (writes and real == os.devnull):
            return None
        if (not writes or event == "os.remove") and not os.path.lexists(real):
            return None  # nothing is there: nothing comes of it
        itself = (f"/proc/{os.getpid()}/{name}" for name in OF_ITSELF)
        if not writes and any(Path(real).is_relative_to(place) for place in (*self.readable, *itself)):
            return None
        return f"{event} {text} -> {real}{' (to write)' if writes else ''}"


def readable(more: Iterable[Path | str] = ()) -> tuple[str, ...]:
    """Return what a program may read outside of a project: its own code, Python's, and a few files of the system's."""
    paths = sysconfig.get_paths()
    code = [str(Path(__file__).parents[2]), paths["stdlib"], paths["platstdlib"], *(path for path in sys.path if path)]
    return tuple({os.path.realpath(path) for path in (*READABLE, *code, *map(str, more))})


def watched(
    arguments: list[str],
    project: Path,
    notes: Path,
    *,
    allowed: Iterable[Path | str] = (),
    prepare: Callable[[], None] = lambda: None,
    patience: float = PATIENCE,
) -> Watched:
    """Run one command line in a forked process; `notes` is a folder outside the project for what is noted there."""
    notes.mkdir(exist_ok=True)
    said = [notes / name for name in ("out", "err", "trespasses", "code")]
    for path in said:
        path.write_text("")
    fence = Fence(project.resolve(), notes.resolve(), readable(allowed))
    gc.freeze()  # or the child's collector would touch, and so copy, every page there is
    child = os.fork()
    if child == 0:
        try:
            _run(arguments, fence, said, prepare)
        finally:
            os._exit(99)
    code = _wait(child, patience)
    out, err, trespasses = (path.read_text(encoding="utf-8", errors="surrogateescape") for path in said[:3])
    return Watched(code, out, err, tuple(json.loads(line) for line in trespasses.splitlines()))


def _run(arguments: list[str], fence: Fence, said: list[Path], prepare: Callable[[], None]) -> None:
    """Be the child: never returns."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out, err, noted = (os.open(path, os.O_WRONLY | os.O_APPEND) for path in said[:3])
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    try:
        prepare()
        busy = [False]

        def hook(event: str, given: tuple[object, ...]) -> None:
            if busy[0]:
                return
            busy[0] = True
            try:
                told = fence.judge(event, given)
                if told:
                    os.write(noted, (json.dumps(told) + "\n").encode())
            finally:
                busy[0] = False

        sys.addaudithook(hook)
        code = main(arguments)
    except BaseException:
        traceback.print_exc()
        code = 98
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait(child: int, patience: float) -> int | None:
    """Return a child's exit code; None if it had to be killed."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)  # the child has no way to wake its parent but by ending
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
