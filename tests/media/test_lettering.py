"""Type beyond what the embedded font has."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from vidpipe.media.lettering import draw_line, has_glyph, settable, width_of


def inked(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    mask = Image.new("L", (400, 80))
    draw_line(mask, 20, 50, text, 32)
    return np.asarray(mask)


def test_every_letter_of_plain_english_can_be_set() -> None:
    text = "The quick brown fox, “jumps” (over) 12 lazy dogs: why? It\u2019s fun!"
    assert settable(text) == text


@pytest.mark.parametrize(
    "text", ["Où est l'été ?", "Füße", "Žluťoučký kůň", "mañana", "Ågård", "łódź", "Erdős — Curaçao"]
)
def test_latin_text_with_accents_can_be_set(text: str) -> None:
    line = settable(text)
    assert line is not None
    assert inked(line).max() == 255


@pytest.mark.parametrize(
    ("plain", "accented"), [("e", "é"), ("e", "è"), ("u", "ü"), ("n", "ñ"), ("c", "ç"), ("a", "å"), ("s", "š")]
)
def test_an_accent_is_ink_beside_the_letter(plain: str, accented: str) -> None:
    line = settable(accented)
    assert line is not None
    extra = inked(line).astype(int).sum() - inked(plain).astype(int).sum()
    assert extra > 255 * 5
    assert width_of(line, 32) == width_of(plain, 32)


def test_a_dash_is_a_line_as_wide_as_it_measures() -> None:
    columns = inked("\u2013").max(axis=0).nonzero()[0]
    assert 10 < columns.max() - columns.min() < width_of("\u2013", 32)


@pytest.mark.parametrize("text", ["中", "Ж", "ש", "ع", "ไ"])
def test_letters_of_other_scripts_have_no_glyph(text: str) -> None:
    assert not has_glyph(text)
    assert settable(f"fox {text}") is None


def test_control_characters_become_spaces() -> None:
    assert settable("The\x00fox\x1b\n ran\u200b.") == "The fox ran."
