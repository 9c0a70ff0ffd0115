"""A wire before all by which a process changes files or talks: it counts, and something happens at a chosen operation.

What happens is a `Deed`: the process dies, or, if the deed raises OSError, the operation fails. An operation is chosen
by its number, or by its name, which says what is done to which file for which time (`replace .vidpipe/job.json 1`): in
runs whose threads take turns differently, the same name is the same operation.

Writes are split, so that a file can be left half written; so are those of file objects and of `sendfile`. What FFmpeg
writes by itself is seen where the file has grown.
"""

from __future__ import annotations

import builtins
import io
import os
import re
import signal
import tempfile
import threading
import weakref
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.crash.sockets import Talk
from tests.crash.torn import Muxer, TornFile

if TYPE_CHECKING:
    from collections.abc import Callable

    Deed = Callable[[], object]

ONE = ("unlink", "remove", "mkdir", "rmdir", "truncate", "utime", "chmod", "ftruncate")
"""Functions of `os` that change the file, or the name, which they are given first."""
SYNCS = ("fsync", "fdatasync")
TWO = ("replace", "rename", "link", "symlink")
"""Functions of `os` that change the name which they are given second."""
WRITES = os.O_WRONLY | os.O_RDWR
TOKEN = re.compile(r"[0-9a-f]{12}[.-]")
"""What makes the name of a temporary file its own."""
OUTSIDE = Path("/outside")
WHOLE = 0
"""The number of no operation: the run is left to come to its end."""

_write, _sendfile = os.write, os.sendfile
_os_open, _io_open = os.open, io.open


def kill() -> None:
    """End this process as kill -9 does, or the kernel that runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Wire:
    """Counts what a process, and nobody else, changes below a folder or says to a vendor; the parent knows `names` too.

    Make it before the process is forked, `install` it in the child. A subclass that wants to see every operation just
    before it happens, as who builds the image that a power loss leaves, overrides `step`.
    """

    def __init__(self, root: Path, at: int | str = WHOLE, deed: Deed = kill, *, synced: bool = False) -> None:
        self.at = at
        self.deed = deed
        self.synced = synced
        """Whether syncing is really done; else it is counted and left out, for a disk takes its time."""
        self._root = root.absolute()
        self._trace = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it lives as long as the wire
        weakref.finalize(self, self._trace.close)
        self._lock = threading.RLock()
        self._before = threading.local()
        self._times: Counter[str] = Counter()
        self._full: dict[str, OSError] = {}
        self._places: dict[int, Path | None] = {}

    def _told(self) -> list[list[str]]:
        size = os.fstat(self._trace.fileno()).st_size
        return [line.split("\t") for line in os.pread(self._trace.fileno(), size, 0).decode().splitlines()]

    @property
    def names(self) -> list[str]:
        """The operations so far, the one at which something happened included."""
        return [name for name, _ in self._told()]

    @property
    def apart(self) -> list[str]:
        """The operations so far, without those before which all was as it had been before another one of these.

        The same thread has done that other one just before, to the same file, which did not change: it was synced, or
        it was opened and nothing has been written yet.
        """
        return [name for name, same in self._told() if not same]

    @property
    def count(self) -> int:
        """How many operations there were so far."""
        return len(self.names)

    def step(self, what: str, place: str, tear: Callable[[], object] = lambda: None, *, idle: bool = False) -> None:
        """Count an operation that is about to happen; if it is the chosen one, `tear` the file and do the deed.

        `idle` says that the operation changes nothing that a killed process leaves.
        """
        same = what != "open" and getattr(self._before, "idle", None) == place
        self._before.idle = place if idle else None
        with self._lock:
            known = f"{what} {TOKEN.sub('', place)}"
            self._times[known] += 1
            name = f"{known} {self._times[known]}"
            _write(self._trace.fileno(), f"{name}\t{'same' if same else ''}\n".encode())
            if self.at in {name, self._times.total()}:
                tear()
                self.deed()

    def install(self) -> None:
        """Put the wire in its place, for as long as this process lives."""
        import av

        for name in ONE:
            setattr(os, name, self._wrapped(name, getattr(os, name), 0))
        for name in TWO:
            setattr(os, name, self._wrapped(name, getattr(os, name), 1))
        for name in SYNCS:
            setattr(os, name, self._wrapped(name, getattr(os, name) if self.synced else lambda _descriptor: None, 0))
        os.write, os.sendfile = self._torn_write, self._torn_sendfile  # type: ignore[assignment]
        os.open = self._os_open
        builtins.open = io.open = self._open  # type: ignore[assignment]
        av.open = self._opened_by_ffmpeg(av.open)
        Talk(self).install()

    def place(self, path: object, folder: int | None = None) -> str | None:
        """Return where a path or a descriptor lies below the folder, None for one that lies elsewhere."""
        if isinstance(path, int):
            full = self._places.get(path)
        else:
            near = Path() if folder is None else self._places.get(folder) or OUTSIDE
            full = (near / os.fsdecode(path)).absolute()  # type: ignore[arg-type]
        return full.relative_to(self._root).as_posix() if full and full.is_relative_to(self._root) else None

    def _wrapped(self, name: str, operation: Callable[..., Any], position: int) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            place = self.place(given[position], named.get("dir_fd", named.get("dst_dir_fd")))
            if place is not None:
                self.step(name, place, idle=name in SYNCS)
            return operation(*given, **named)

        return counted

    def _os_open(self, path: Any, flags: int, *given: Any, **named: Any) -> int:
        place = self.place(path, named.get("dir_fd"))
        changes = place is not None and bool(flags & WRITES)
        fresh = changes and (bool(flags & os.O_TRUNC) or not Path(path).exists())
        if changes and place is not None:
            self.step("open", place, idle=not fresh)
        descriptor = _os_open(path, flags, *given, **named)
        self._places[descriptor] = None if place is None else self._root / place
        if fresh and place is not None:
            self.step("opened", place, idle=True)  # the file is there, with nothing in it
        return descriptor

    def _torn_write(self, descriptor: int, data: Any) -> int:
        place = self.place(descriptor)
        if place is None:
            return _write(descriptor, data)
        return self.halves(place, data, lambda part: _write(descriptor, part))

    def halves(self, place: str, data: Any, write: Callable[[Any], int]) -> int:
        """Write one half, and then the other; a disk that fails in between takes one half, and from then on nothing."""
        if place in self._full:
            raise self._full[place]
        self.step("write", place)
        half = write(data[: len(data) // 2])
        try:
            self.step("write on", place)
        except OSError as error:
            self._full[place] = error
            if not half:
                raise
            return half
        return half + write(data[half:])

    def _torn_sendfile(self, out: int, source: int, offset: int, count: int) -> int:
        place = self.place(out)
        if place is not None:
            self.step("send", place)
            count = min(count, max(1, os.fstat(source).st_size // 2))  # whoever copies asks again for what is left
        return _sendfile(out, source, offset, count)

    def _open(self, path: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        place = self.place(path) if set("wax+") & set(mode) else None
        if place is None or (isinstance(path, int) and not self._is_at(path, place)):
            return _io_open(path, mode, buffering, *given, **named)
        fresh = not isinstance(path, int) and (not Path(path).exists() or "w" in mode)
        if not isinstance(path, int):
            self.step("open", place, idle=not fresh)
        raw = TornFile(self, place, path, mode.replace("b", "").replace("t", ""))
        self._places[raw.fileno()] = self._root / place
        if fresh:
            self.step("opened", place, idle=True)
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, *given, **named)

    def _is_at(self, descriptor: int, place: str) -> bool:
        """Whether a descriptor still stands for the file that was opened there, and not for another one since."""
        try:
            return os.path.samestat(os.fstat(descriptor), (self._root / place).stat())
        except OSError:
            return False

    def _opened_by_ffmpeg(self, opener: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            path = Path(file.removeprefix("file:")) if isinstance(file, str) and mode == "w" else None
            place = None if path is None else self.place(path)
            if path is None or place is None:
                return opener(file, mode, *given, **named)
            self.step("open", place)
            return Muxer(self, place, path, opener(file, mode, *given, **named))

        return opened
