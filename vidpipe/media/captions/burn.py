"""Draw captions into frames: white letters with a dark edge on a soft shade, readable over any picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageChops, ImageFilter

from vidpipe.media.captions.setting import mask_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vidpipe.media.captions.style import Style
    from vidpipe.media.timeline import Caption

_WHITE, _BLACK, _GREY = 235, 16, 128
_EDGE, _SHADE = 0.055, 0.30
_SHADE_STRENGTH = 0.62


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """What one plane gets: samples `new` (n, m) in `part` of it, as far as `cover` (0 to 255) says."""

    part: tuple[slice, slice]
    keep: NDArray[np.uint16]
    add: NDArray[np.uint16]

    def blend(self, rows: NDArray[np.uint8]) -> None:
        """Lay the caption over the rows of a plane."""
        rows[self.part] = ((rows[self.part] * self.keep + self.add) // 255).astype(np.uint8)


def burned(frame: av.VideoFrame, number: int, captions: Sequence[Caption], style: Style) -> av.VideoFrame:
    """Return a yuv420p frame (BT.709, limited range) with the caption on it that stands at frame `number`.

    The frame itself stays as it is, for a decoder may still need it; where no caption stands it is returned. Equal
    pictures, captions and styles give equal bytes.
    """
    caption = next((caption for caption in captions if caption.start <= number < caption.stop), None)
    if caption is None or not caption.text.strip():
        return frame
    if frame.format.name != "yuv420p" or frame.width % 2 or frame.height % 2:
        raise ValueError(f"a yuv420p frame with even sides is wanted, got {frame.format.name}")
    made = _copy(frame)
    for plane, layer in zip(made.planes, _layers(caption.text, (frame.width, frame.height), style), strict=True):
        layer.blend(_rows(plane))
    return made


def _copy(frame: av.VideoFrame) -> av.VideoFrame:
    made = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for old, new in zip(frame.planes, made.planes, strict=True):
        _rows(new)[:] = _rows(old)
    made.pts = frame.pts
    if frame.time_base is not None:
        made.time_base = frame.time_base
    made.colorspace, made.color_range = frame.colorspace, frame.color_range
    made.color_primaries, made.color_trc = frame.color_primaries, frame.color_trc
    return made


def _rows(plane: av.video.plane.VideoPlane) -> NDArray[np.uint8]:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


@lru_cache(maxsize=8)
def _layers(text: str, frame: tuple[int, int], style: Style) -> tuple[_Plane, _Plane, _Plane]:
    """Return what a caption adds to Y, U and V; made once for all frames on which it stands."""
    letters, size = mask_of(text, frame, style)
    reach = round(size * _SHADE * 3)
    box = letters.getbbox() or (0, 0, 2, 2)
    left, top = max(0, box[0] - reach) // 2 * 2, max(0, box[1] - reach) // 2 * 2
    right, bottom = min(frame[0], (box[2] + reach + 1) // 2 * 2), min(frame[1], (box[3] + reach + 1) // 2 * 2)
    letters = letters.crop((left, top, right, bottom))
    light = _share(letters)
    dark = np.maximum(_share(_spread(letters, size * _EDGE, 5.0)), _shade(letters, size))
    cover = light + (1 - light) * dark
    luma = (light * _WHITE + (1 - light) * dark * _BLACK).astype(np.float32)
    part = (slice(top, bottom), slice(left, right))
    half = (slice(top // 2, bottom // 2), slice(left // 2, right // 2))
    colourless = _halved(cover)
    chroma = _plane(half, colourless, colourless * _GREY)
    return _plane(part, cover, luma), chroma, chroma


def _plane(part: tuple[slice, slice], cover: NDArray[np.float32], value: NDArray[np.float32]) -> _Plane:
    keep = 255 - np.rint(cover * 255).astype(np.uint16)
    return _Plane(part, keep, np.rint(value * 255).astype(np.uint16) + np.uint16(127))


def _share(mask: Image.Image) -> NDArray[np.float32]:
    return np.asarray(mask, np.float32) / np.float32(255)


def _spread(mask: Image.Image, radius: float, gain: float) -> Image.Image:
    """Return the mask grown by about `radius` pixels with a smooth edge."""
    blurred = mask.filter(ImageFilter.GaussianBlur(radius))
    return ImageChops.lighter(mask, blurred.point([min(255, round(level * gain)) for level in range(256)]))


def _shade(mask: Image.Image, size: int) -> NDArray[np.float32]:
    """Return a soft shade about the letters, which keeps them apart from a busy picture."""
    return _share(_spread(mask, size * _SHADE, 2.6).filter(ImageFilter.GaussianBlur(size * 0.1))) * _SHADE_STRENGTH


def _halved(cover: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cover of the chroma samples: the mean over the four pixels that share one."""
    return np.asarray((cover[0::2, 0::2] + cover[0::2, 1::2] + cover[1::2, 0::2] + cover[1::2, 1::2]) / 4, np.float32)
