"""Stills: by content, whole, upright, and fitted."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from vidpipe.errors import BrokenFileError
from vidpipe.media.picture import as_png, check_picture, cover, media_type, open_picture

KINDS = [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]


def _noise(width: int = 48, height: int = 32) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _png_of_size(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "expected"), KINDS)
def test_the_type_is_that_of_the_content(kind: str, expected: str) -> None:
    assert media_type(_encoded(_noise(), kind)) == expected


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"RIFF\0\0\0\0WAVE", b"{}", b"\x89PN"])
def test_anything_but_png_jpeg_and_webp_is_no_picture(data: bytes) -> None:
    with pytest.raises(BrokenFileError, match="not a PNG, JPEG or WebP"):
        media_type(data)


def test_a_gif_is_refused_although_pillow_could_open_it() -> None:
    with pytest.raises(BrokenFileError, match=r"^dog\.png: not a PNG"):
        open_picture(_encoded(_noise(), "GIF"), "dog.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_short_anywhere_is_broken_and_named(kind: str) -> None:
    data = _encoded(_noise(), kind)
    for length in [*range(1, len(data) - 16, len(data) // 40), len(data) - 16]:
        with pytest.raises(BrokenFileError, match=r"^keyframes/scene-000-end\.png: "):
            check_picture(data[:length], "keyframes/scene-000-end.png")


def test_a_png_with_one_flipped_bit_is_broken() -> None:
    data = bytearray(_encoded(_noise(), "PNG", compress_level=0))
    data[len(data) // 2] ^= 1
    with pytest.raises(BrokenFileError, match="damaged"):
        open_picture(bytes(data), "x")


def test_a_picture_over_50_megapixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(BrokenFileError, match=r"^bomb\.png: 20000x20000 pixels, more than the 50 megapixels"):
        open_picture(_png_of_size(20_000, 20_000), "bomb.png")


PEAK = """
import re, sys
from threading import Thread
from vidpipe.media import picture

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) << 10

data = sys.stdin.buffer.read()
picture._ROOM = picture._Room(7_000_000)
before = peak()
picture.check_picture(data, "x")
print(peak() - before)
threads = [Thread(target=picture.check_picture, args=(data, "x")) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of one process")
def test_a_picture_is_checked_in_the_memory_of_its_pixels_and_several_do_not_add_up() -> None:
    data = _encoded(Image.new("RGBA", (2500, 2500), (9, 9, 9, 99)), "PNG", compress_level=1)
    environ = {"PYTHONPATH": ":".join(sys.path), "MALLOC_MMAP_THRESHOLD_": "65536"}  # glibc gives back what is freed
    done = subprocess.run([sys.executable, "-c", PEAK], input=data, env=environ, capture_output=True, check=True)
    alone, together = (int(line) / (4 * 2500 * 2500) for line in done.stdout.split())
    assert alone < 1.5
    assert together < 2.5


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_large_picture_is_converted_as_a_small_one_is(mode: str) -> None:
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (1500, 1000, 4), np.uint8)).convert(mode)
    layer = picture.convert("RGBA")
    black = Image.new("RGBA", picture.size, "black")
    opened = open_picture(_encoded(picture, "PNG", compress_level=1), "x")
    assert np.array_equal(np.asarray(opened), np.asarray(Image.alpha_composite(black, layer).convert("RGB")))


def test_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    picture = Image.new("RGB", (40, 20), "red")
    picture.paste("blue", (0, 0, 20, 20))
    upright = open_picture(_encoded(picture, "JPEG", exif=exif, quality=95), "x")
    assert upright.size == (20, 40)
    red, _, blue = upright.getpixel((10, 5))  # type: ignore[misc]
    assert blue > 200 > red


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    grey = _noise().convert("L").convert("RGB")
    opened = open_picture(_encoded(grey.convert(mode), "PNG"), "x")
    assert opened.mode == "RGB"
    if mode in {"L", "LA", "RGBA"}:
        assert np.array_equal(np.asarray(opened), np.asarray(grey))


def test_a_16_bit_grey_picture_keeps_its_tones() -> None:
    tones = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    opened = np.asarray(open_picture(_encoded(Image.fromarray(tones), "PNG"), "x"))
    assert np.abs(opened[..., 0] - tones / 257).max() <= 1


def test_what_is_transparent_is_black_whatever_colour_hides_there() -> None:
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert open_picture(_encoded(picture, "PNG"), "x").getpixel((0, 0)) == (0, 0, 0)


def test_a_png_passes_through_unchanged() -> None:
    data = _encoded(_noise(), "PNG", compress_level=1)
    assert as_png(data) is data


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_other_pictures_are_converted_once_at_their_own_size(kind: str) -> None:
    data = _encoded(_noise(50, 30), kind)
    converted = as_png(data)
    assert media_type(converted) == "image/png"
    assert np.array_equal(np.asarray(open_picture(converted, "x")), np.asarray(open_picture(data, "x")))
    assert as_png(data) == converted


def test_cover_of_the_same_size_changes_no_pixel() -> None:
    assert np.array_equal(np.asarray(cover(_noise(48, 32), (48, 32))), np.asarray(_noise(48, 32)))


@pytest.mark.parametrize("size", [(160, 90), (90, 160), (100, 100), (1, 1), (3, 1000), (33, 77)])
def test_cover_always_gives_the_size_asked_for(size: tuple[int, int]) -> None:
    assert cover(_noise(*size), (64, 36)).size == (64, 36)


def test_cover_cuts_equally_from_both_sides() -> None:
    picture = Image.new("RGB", (300, 100), "red")
    picture.paste("white", (100, 0, 200, 100))
    fitted = np.asarray(cover(picture, (50, 50)))
    assert fitted.min() > 235  # a cut one pixel off would let half a pixel of red in
