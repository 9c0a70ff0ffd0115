"""Real, small pictures and clips, no two alike."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from PIL import Image

from vidpipe.media.encode import Encoder

SIZES = {
    ("16:9", "720p"): (1280, 720),
    ("9:16", "720p"): (720, 1280),
    ("16:9", "1080p"): (1920, 1080),
    ("9:16", "1080p"): (1080, 1920),
}
PICTURE = {"16:9": (344, 192), "9:16": (192, 344)}
"""A quarter of what the models deliver at 1K (1376x768), in each direction."""
shades = 1
"""How many clips differ in their pictures, not only in their bytes; each is encoded anew."""


def picture(serial: int, aspect_ratio: str, encoding: Literal["PNG", "JPEG"]) -> bytes:
    """Return a picture that is told apart by its serial number."""
    levels = hashlib.sha256(b"picture %d" % serial).digest()
    image = Image.new("RGB", PICTURE[aspect_ratio], (levels[0], levels[1], levels[2]))
    image.paste((levels[3], levels[4], levels[5]), (20, 20, 20 + levels[6] // 2, 90))
    buffer = BytesIO()
    image.save(buffer, encoding)
    return buffer.getvalue()


def clip(serial: int, seconds: int, resolution: str, aspect_ratio: str, *, audio: bool) -> bytes:
    """Return a valid MP4 that is told apart by its serial number, in a box that players pass over."""
    mark = hashlib.sha256(b"clip %d" % serial).digest()
    box = (8 + len(mark)).to_bytes(4, "big") + b"free" + mark
    return _clip(SIZES[aspect_ratio, resolution], seconds, mark[0] % shades, audio=audio) + box


@cache
def _clip(size: tuple[int, int], seconds: int, shade: int, *, audio: bool) -> bytes:
    width, height = size
    y = np.full((height, width), 96 + shade, np.uint8)
    chroma = np.full((height // 2, width // 2), 120, np.uint8)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with Encoder(path, size, audio=audio, preset="superfast") as encoder:
            for number in range(24 * seconds):
                y[:64] = 40 + number  # something moves, so that no two frames are alike
                encoder.write_planes(y, chroma, chroma)
            if audio:
                encoder.write_audio(np.zeros((2, 48_000 * seconds), np.float32))
        return path.read_bytes()
