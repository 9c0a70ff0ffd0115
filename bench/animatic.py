"""How fast the animatic films: 4-second clips at 720p with sound, as a ratio to real time. Goal: 1.5 with two cores.

Run as `python -m bench.animatic [CLIPS] [ROUNDS]`. The best round counts, because other programs only make it slower.

Why the encoder has one thread: on two cores, other programs running, the best of five rounds of two clips at a time
was 3.8 times real time with one thread each and 3.7 with two each; one clip alone reached 2.0 either way, because
drawing a frame and encoding it take turns. All took 2.0 to 2.2 CPU seconds a clip. So clips side by side use the
cores, and one thread uses the least memory.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from vidpipe.media.frame import frame_size
from vidpipe.providers.animatic.camera import film
from vidpipe.providers.base import Picture, VideoRequest

SECONDS = 4
SIZE = frame_size("16:9", "720p")


def still(seed: int) -> Picture:
    """Draw a dusk with hills, a moon and some grain, about as hard to encode as a drawn keyframe."""
    width, height = SIZE
    random = np.random.default_rng(seed)
    down = np.linspace(0, 1, height)[:, None, None]
    sky = (1 - down) * np.array([40, 70, 120]) + down * np.array([230, 170, 110])
    grain = random.normal(0, 3, (height, width, 1))
    image = Image.fromarray((sky + grain).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for hill in range(30):
        left, top = int(random.integers(0, width)), height - int(random.integers(60, 300))
        draw.polygon([(left, height), (left + 40, top), (left + 80, height)], fill=(20 + hill, 30, 50))
    draw.ellipse([200 + 400 * seed, 120, 320 + 400 * seed, 240], fill=(250, 240, 200))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return Picture(buffer.getvalue(), "image/png")


def request() -> VideoRequest:
    """Ask for one clip with everything in it: a move, a dissolve, and the layers of a sound."""
    return VideoRequest(
        prompt="wind over the sea",
        motion_prompt="slow push in",
        first=still(0),
        last=still(1),
        seconds=SECONDS,
        aspect_ratio="16:9",
        resolution="720p",
        size=SIZE,
        audio=True,
        seed=None,
        negative_prompt=None,
    )


def measure(clips: int, side_by_side: int) -> tuple[float, float]:
    """Return how many times faster than real time the clips were filmed, and the CPU seconds of one."""
    wanted = request()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(side_by_side) as pool:
        wall, processor = time.perf_counter(), time.process_time()
        list(pool.map(lambda number: film(wanted, Path(folder) / f"{number}.mp4"), range(clips)))
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return clips * SECONDS / wall, processor / clips


def main() -> None:
    """Print the best of some rounds, for one clip after another and for two side by side."""
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for side_by_side in (1, 2):
        ratio, processor = max(measure(clips, side_by_side) for _ in range(rounds))
        print(f"720p, {side_by_side} at a time: {ratio:.2f} x real time, {processor:.2f} CPU s per {SECONDS} s clip")


if __name__ == "__main__":
    main()
