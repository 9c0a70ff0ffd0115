"""Turn RGB stills into the planes that H.264 stores: BT.709, limited range, 4:2:0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

_RED, _BLUE = 0.2126, 0.0722  # ITU-R BT.709-6, item 3.2
_GREEN = 1 - _RED - _BLUE
_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """One frame: `y` is (height, width) uint8 from 16 to 235, `u` and `v` half of that each way, 16 to 240."""

    y: NDArray[np.uint8]
    u: NDArray[np.uint8]
    v: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """Return (width, height) in pixels."""
        return self.y.shape[1], self.y.shape[0]


def to_planes(image: Image.Image) -> Planes:
    """Convert an RGB image with even sides; chroma is sited as H.264 does by default (left, between two rows).

    Formulas: ITU-R BT.709-6, items 3.2 to 3.4, with the 8-bit quantisation of item 4.6; rounded to nearest.
    """
    width, height = image.size
    if width % 2 or height % 2:
        raise ValueError(f"a 4:2:0 frame must have even sides, got {width}x{height}")
    rgb = np.asarray(image)
    y = np.empty((height, width), np.uint8)
    u = np.empty((height // 2, width // 2), np.uint8)
    v = np.empty_like(u)
    for top in range(0, height, _ROWS):  # in strips, because a whole 4k frame in floats would take 400 MB
        rows = slice(top, top + _ROWS)
        half = slice(top // 2, (top + _ROWS) // 2)
        red, green, blue = (rgb[rows, :, channel].astype(np.float32) for channel in range(3))
        luma = _RED * red + _GREEN * green + _BLUE * blue
        y[rows] = _byte(16 + luma * (219 / 255))
        u[half] = _byte(128 + _subsample(blue - luma) * (224 / 255 / (2 * (1 - _BLUE))))
        v[half] = _byte(128 + _subsample(red - luma) * (224 / 255 / (2 * (1 - _RED))))
    return Planes(y, u, v)


def _subsample(difference: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = difference[0::2] + difference[1::2]
    before = np.concatenate([rows[:, :1], rows[:, 1:-1:2]], axis=1)
    return np.asarray(before + 2 * rows[:, 0::2] + rows[:, 1::2], np.float32) * np.float32(1 / 8)


def _byte(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(values).astype(np.uint8)
