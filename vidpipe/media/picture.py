"""Open stills that may come from a stranger: PNG, JPEG or WebP by content, under a pixel cap, whole or not at all."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PIXELS = 100_000_000

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

    Raises BrokenFileError, which starts with `name`, for other formats, damaged or cut data and over 100 megapixels.
    """
    try:
        kind = media_type(data)
        _check_size(_OPENERS[kind](BytesIO(data)).size)
        if kind == "image/png":
            PngImageFile(BytesIO(data)).verify()  # decoding alone ignores the checksums of the pixels
        return _rgb(ImageOps.exif_transpose(_OPENERS[kind](BytesIO(data))))
    except BrokenFileError as error:
        raise BrokenFileError(f"{name}: {error}") from None
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow's formats raise a dozen types, struct.error among them
        raise BrokenFileError(f"{name}: a damaged picture ({error}); restore or remove the file") from error


def check_picture(data: bytes, name: str) -> None:
    """Prove that a still can be opened; raises BrokenFileError, which starts with `name`."""
    open_picture(data, name)


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


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        most = MAX_PIXELS // 1_000_000
        raise BrokenFileError(f"{size[0]}x{size[1]} pixels, more than the {most} megapixels allowed; scale it down")


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which convert() would clip instead of scale
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "black"), layer).convert("RGB")
    return image.convert("RGB")
