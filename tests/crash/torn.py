"""Files whose every write is two, and FFmpeg's files, seen from outside."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.wire import Wire


class TornFile(io.FileIO):
    """A file whose every write is two."""

    def __init__(self, wire: Wire, place: str, path: Any, mode: str) -> None:
        super().__init__(path, mode)
        self._wire, self._place = wire, place

    def write(self, data: Any) -> int:
        """Write one half, and then the other."""
        return self._wire.halves(self._place, data, lambda part: io.FileIO.write(self, part))


class Muxer:
    """FFmpeg's file: what has reached the disk by now counts, and closing it may be cut off in its middle."""

    def __init__(self, wire: Wire, place: str, path: Path, container: Any) -> None:
        self._wire, self._place, self._path, self._container = wire, place, path, container
        self._size = -1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._container, name)

    def mux(self, packets: Any) -> None:
        """Write some packets."""
        self._container.mux(packets)
        self._seen()

    def mux_one(self, packet: Any) -> None:
        """Write one packet."""
        self._container.mux_one(packet)
        self._seen()

    def close(self) -> None:
        """Write what stands at the head of a file that is whole."""
        self._wire.step("close", self._place)
        self._container.close()
        size = self._length()
        self._wire.step("close on", self._place, lambda: os.truncate(self._path, size // 2))
        self._seen()

    def _seen(self) -> None:
        size = self._length()
        if size > self._size:
            self._size = size
            self._wire.step("grown", self._place)

    def _length(self) -> int:
        return self._path.stat().st_size if self._path.exists() else -1
