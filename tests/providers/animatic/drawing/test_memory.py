"""What a picture of ours remembers, and when it does not."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.providers.animatic.drawing.samples import by_hand, encoded, opened
from vidpipe.providers.animatic.drawing.memory import Place, encode, name_of, recall
from vidpipe.providers.animatic.drawing.view import Shot
from vidpipe.providers.animatic.drawing.words import Brief
from vidpipe.providers.base import Picture

PLACE = Place(Brief("sea", ("ship",), ("fox", "crow"), "night", "storm", "grim"), "seed", 3, "text", Shot(1.2, -0.1))


def recalled(data: bytes, kind: str = "image/png") -> Place | None:
    return recall(Picture(data, kind), opened(data))


def test_a_picture_remembers_where_it_was_drawn() -> None:
    assert recalled(encode(by_hand("red"), PLACE)) == PLACE


def test_a_picture_that_was_saved_again_remembers_nothing() -> None:
    picture = encoded(opened(encode(by_hand("red"), PLACE)))
    assert recalled(picture.data) is None


def test_a_picture_painted_over_remembers_nothing_even_if_its_texts_were_kept() -> None:
    image = Image.open(BytesIO(encode(by_hand("red"), PLACE)))
    info = PngInfo()
    for key, value in image.info.items():
        info.add_text(str(key), str(value))
    image.putpixel((5, 5), (1, 2, 3))
    buffer = BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    assert recalled(buffer.getvalue()) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"brief": 3}', "[" * 5000, '{"brief": {"setting": "sea"}}', "x" * 100_000]
)
def test_a_strange_text_in_a_picture_is_not_believed(text: str) -> None:
    info = PngInfo()
    info.add_text("vidpipe:place", text)
    buffer = BytesIO()
    by_hand("red").save(buffer, "PNG", pnginfo=info)
    assert recalled(buffer.getvalue()) is None


def test_a_place_that_cannot_be_drawn_is_not_believed() -> None:
    nowhere = Place(Brief("moonbase", (), (), "night", "clear", "calm"), "seed", 1, "text")
    assert recalled(encode(by_hand("red"), nowhere)) is None


def test_jpeg_and_webp_remember_nothing() -> None:
    picture = encoded(by_hand("red"), "JPEG")
    assert recalled(picture.data, "image/jpeg") is None


def test_names_tell_texts_apart() -> None:
    assert name_of("one") != name_of("two")
    assert len(name_of("word " * 100_000)) == 16
