"""Open stills that may come from a stranger: PNG, JPEG or WebP by content, under a pixel cap, whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from threading import Condition
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PIXELS = 50_000_000
"""More than any camera of a phone makes and any model takes: 8K video has 33 million, and a pixel takes 4 bytes."""
_BAND = 1 << 20

# The classes are called directly, not by Image.open: it would try every format that is installed, and warn about
# large pictures through global state that threads share.
_OPENERS: dict[str, Callable[[BytesIO], Image.Image]] = {
    "image/png": PngImageFile,
    "image/jpeg": JpegImageFile,
    "image/webp": WebPImageFile,
}


def media_type(data: bytes) -> str:
    """Return image/png, image/jpeg or image/webp by the first bytes; raises BrokenFileError for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise BrokenFileError("not a PNG, JPEG or WebP picture")


def open_picture(data: bytes, name: str) -> Image.Image:
    """Decode a still wholly and return it upright in RGB; what is transparent becomes black.

    Raises BrokenFileError, which starts with `name`, for other formats, damaged or cut data and over 50 megapixels.
    """
    with _decoded(data, name) as image:
        ImageOps.exif_transpose(image, in_place=True)
        return _rgb(image)


def check_picture(data: bytes, name: str) -> None:
    """Prove that a still can be decoded wholly; raises BrokenFileError, which starts with `name`."""
    with _decoded(data, name):
        pass


@contextmanager
def _decoded(data: bytes, name: str) -> Iterator[Image.Image]:
    """Lend a still as its file has it, and blame the file for whatever Pillow raises."""
    try:
        kind = media_type(data)
        pixels = _pixels(_OPENERS[kind](BytesIO(data)).size)
        with _ROOM.taken(pixels):
            if kind == "image/png":
                PngImageFile(BytesIO(data)).verify()  # decoding alone ignores the checksums of the pixels
            image = _OPENERS[kind](BytesIO(data))
            try:
                image.load()
                yield image
            finally:
                image.close()  # gives its memory back before anybody else takes the room
    except BrokenFileError as error:
        raise BrokenFileError(f"{name}: {error}") from None
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow's formats raise a dozen types, struct.error among them
        raise BrokenFileError(f"{name}: a damaged picture ({error}); restore or remove the file") from error


class _Room:
    """How many pixels all threads together may be decoding; who needs more waits for the others."""

    def __init__(self, pixels: int) -> None:
        self._left = pixels
        self._changed = Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._left >= pixels)
            self._left -= pixels
        try:
            yield
        finally:
            with self._changed:
                self._left += pixels
                self._changed.notify_all()


_ROOM = _Room(MAX_PIXELS)


def as_png(data: bytes) -> bytes:
    """Convert a delivered still to PNG at its own size, upright; a PNG passes through unchanged."""
    if media_type(data) == "image/png":
        return data
    buffer = BytesIO()
    open_picture(data, "the delivered picture").save(buffer, "PNG")
    return buffer.getvalue()


def cover(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the largest centred part of `image` that has the shape of `size`, scaled to `size`."""
    width, height = image.size
    scale = min(width / size[0], height / size[1])
    left, top = (width - scale * size[0]) / 2, (height - scale * size[1]) / 2
    box = (max(left, 0.0), max(top, 0.0), min(width - left, width), min(height - top, height))
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def _pixels(size: tuple[int, int]) -> int:
    """Count the pixels of a picture. Raises BrokenFileError where they are too many."""
    if size[0] * size[1] > MAX_PIXELS:
        most = MAX_PIXELS // 1_000_000
        raise BrokenFileError(f"{size[0]}x{size[1]} pixels, more than the {most} megapixels allowed; scale it down")
    return size[0] * size[1]


def _rgb(image: Image.Image) -> Image.Image:
    """Convert band by band: what lies between the two forms would take as much memory as both of them."""
    if image.mode == "RGB" and not image.has_transparency_data:
        return image.copy()
    whole = Image.new("RGB", image.size)
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(image.height, top + rows)))
        whole.paste(_band_rgb(band), (0, top))
    return whole


def _band_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which convert() would clip instead of scale
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "black"), layer).convert("RGB")
    return image.convert("RGB")
