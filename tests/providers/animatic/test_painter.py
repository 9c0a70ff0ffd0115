"""The animatic's picture model: the same bytes, the right size, no surprise."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.providers.animatic.drawing.samples import SAMPLES, TALL, by_hand, encoded, opened, request
from vidpipe.errors import BrokenFileError
from vidpipe.providers.animatic import painter
from vidpipe.providers.animatic.painter import Painter
from vidpipe.providers.base import Picture, Reference

if TYPE_CHECKING:
    from vidpipe.providers.base import ImageRequest


def drawn(asked: ImageRequest) -> Picture:
    return asyncio.run(Painter().draw(asked))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_request_gives_the_same_bytes(name: str) -> None:
    asked = request(*SAMPLES[name])
    assert drawn(asked) == drawn(replace(asked))


def test_the_same_chain_gives_the_same_bytes() -> None:
    first = encoded(by_hand("red"))
    face = Reference("mara", "a girl", encoded(by_hand("brown")))
    asked = request("A fox sleeps in the garden.", first=first, references=(face,))
    assert drawn(asked) == drawn(asked)


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (426, 240), (97, 55), (16, 16)])
def test_the_picture_is_a_png_of_the_size_asked_for(size: tuple[int, int]) -> None:
    picture = drawn(request(*SAMPLES["fox"], size=size))
    image = Image.open(BytesIO(picture.data))
    assert (picture.media_type, image.format, image.mode, image.size) == ("image/png", "PNG", "RGB", size)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_setting_can_be_continued_in_an_upright_frame(name: str) -> None:
    start = drawn(request(*SAMPLES[name], size=TALL))
    later = drawn(request(*SAMPLES[name], prompt="Closer now.", first=start, size=TALL))
    assert opened(later.data).size == TALL
    assert later.data != start.data


def test_drawing_happens_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def note(_: ImageRequest) -> Picture:
        threads.append(threading.get_ident())
        return Picture(b"", "image/png")

    monkeypatch.setattr(painter, "draw", note)
    drawn(request(*SAMPLES["fox"]))
    assert threads
    assert threads != [threading.get_ident()]


@pytest.mark.parametrize("data", [b"", b"not a picture", encoded(by_hand("red")).data[:200]])
def test_a_damaged_first_picture_is_reported_as_broken(data: bytes) -> None:
    with pytest.raises(BrokenFileError, match="the picture to continue"):
        drawn(request(*SAMPLES["fox"], first=Picture(data, "image/png")))


def test_a_damaged_reference_is_reported_by_its_name() -> None:
    bad = Reference("mara", "", Picture(b"GIF89a", "image/png"))
    with pytest.raises(BrokenFileError, match="reference mara"):
        drawn(request(*SAMPLES["fox"], references=(bad,)))


UNUSUAL = {
    "nothing": "",
    "only spaces": " \n\t ",
    "one emoji": "🦊",
    "a family of emoji": "👨\u200d👩\u200d👧\u200d👦 🏴‍☠️",
    "Chinese": "狐狸穿过森林。",
    "Arabic": "عاد الثعلب إلى البيت",
    "accents": "Où est passé l'été ? Die Füchse schlafen \u2013 Žluťoučký kůň.",
    "ten thousand words": "the fox and the sea and the mountain road " * 1250,
    "one endless word": "a" * 5000,
    "control characters": "The \x00fox\x07 \x1b[31mran\x7f \u202e home \ufffe",
    "a lone surrogate": "fox \ud800 fox",
    "lines": "\r\n".join(["fox"] * 50),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_text_is_drawn_all_the_same(name: str) -> None:
    text = UNUSUAL[name]
    start = drawn(request(text, text, prompt=text, look=text))
    end = drawn(request(text, text, prompt=text, look=text, first=start))
    assert opened(start.data).size == opened(end.data).size
    assert start.data != end.data
