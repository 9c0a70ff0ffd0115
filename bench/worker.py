"""What it costs to decode in a process of its own: `python -m bench.worker`."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.encode import Encoder
from vidpipe.media.verify import check_clip
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15
REGISTRY = "bench.worker_tasks"
SIZE = (1280, 720)
FRAMES = 192


def main() -> int:
    """Print medians of the time that a start, an empty task and the check of a clip take."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        _make(clip)
        check_clip(clip, "clip")  # all that this process will import is imported
        _show("check of a clip of 8 s in 720p, in this process", _median(lambda: check_clip(clip, "clip")))
        arguments = {"path": str(clip), "name": "clip"}
        with Workers(1) as pool:
            pool.call("check_clip", arguments, name="clip")
            _show("the same in a worker", _median(lambda: pool.call("check_clip", arguments, name="clip")))
        with Workers(1, registry=REGISTRY) as pool:
            pool.call("nothing", {}, name="x")
            _show("a task that does nothing", _median(lambda: pool.call("nothing", {}, name="x"), 1000))
        _show("a worker's start, such a task, and its end", _median(_start))
        _show("the same with PyAV imported", _median(lambda: _start("decoder")))
    return 0


def _start(task: str = "nothing") -> None:
    with Workers(1, registry=REGISTRY) as pool:
        pool.call(task, {}, name="x")


def _make(path: Path) -> None:
    width, height = SIZE
    ramp = np.add.outer(np.arange(height), np.arange(width)).astype(np.uint8) // 2 + 32
    with Encoder(path, SIZE, audio=False) as encoder:
        for number in range(FRAMES):
            rows = np.roll(ramp, number, 1)
            encoder.write_planes(rows, rows[::2, ::2], rows[1::2, 1::2])


def _median(do: Callable[[], object], rounds: int = ROUNDS) -> float:
    def once() -> float:
        started = time.perf_counter()
        do()
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(rounds))


def _show(what: str, seconds: float) -> None:
    print(f"{what:<50} {1000 * seconds:8.2f} ms")


if __name__ == "__main__":
    raise SystemExit(main())
