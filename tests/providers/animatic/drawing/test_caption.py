"""What a caption says, where it stands, and that it can be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.providers.animatic.drawing.samples import SAMPLES, levels, request
from vidpipe.media.lettering import draw_line, width_of
from vidpipe.providers.animatic.drawing.caption import caption_for
from vidpipe.providers.animatic.drawing.colour import contrast
from vidpipe.providers.animatic.drawing.frame import draw_frame
from vidpipe.providers.animatic.drawing.palette import palette_of

WIDE, TALL = (640, 360), (360, 640)
GREY = palette_of("#101010 #808080 #f0f0f0", "")


def lines(text: str, size: tuple[int, int] = WIDE) -> tuple[str, ...]:
    caption = caption_for(text, size, GREY)
    return () if caption is None else caption.lines


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_caption_stands_out_from_what_is_behind_it(name: str, size: tuple[int, int]) -> None:
    text, colours = SAMPLES[name]
    pixels = levels(draw_frame(request(text, colours, size=size)))
    caption = caption_for(text, size, palette_of(colours, "layered paper"))
    assert caption is not None
    mask = Image.new("L", size)
    for line, baseline in zip(caption.lines, caption.baselines, strict=True):
        draw_line(mask, caption.left, baseline, line, caption.size)
    left, top, right, bottom = caption.box(*size)
    inked, part = np.asarray(mask)[top:bottom, left:right], pixels[top:bottom, left:right]
    letters, paper = part[inked > 220], part[inked == 0]
    behind = np.quantile(paper, 0.95, axis=0)
    ink = np.median(letters, axis=0)
    assert contrast((ink[0], ink[1], ink[2]), (behind[0], behind[1], behind[2])) >= 4.5


@pytest.mark.parametrize("size", [WIDE, TALL, (1280, 720), (2160, 3840)])
def test_the_caption_stays_inside_the_safe_area_and_the_lower_third(size: tuple[int, int]) -> None:
    for text in ("Word " * 60, "Short.", "W" * 300):
        caption = caption_for(text, size, GREY)
        assert caption is not None
        left, top, right, bottom = caption.box(*size)
        assert left >= size[0] * 0.05
        assert right <= size[0] * 0.95
        assert top >= size[1] * 0.66
        assert bottom <= size[1] * 0.95


def test_a_short_sentence_is_one_line() -> None:
    assert lines("The fox sleeps.") == ("The fox sleeps.",)


def test_a_longer_sentence_is_broken_into_two_lines_of_nearly_equal_length() -> None:
    first, second = lines("The old keeper climbs the lighthouse stairs as the storm rolls in over the bay.")
    assert abs(width_of(first, 20) - width_of(second, 20)) < 0.35 * width_of(first, 20)


def test_whole_sentences_are_kept_before_words_are_cut() -> None:
    first, rest = "The fox came home in the evening.", "And then it told a long story of all it had seen. "
    assert " ".join(lines(f"{first} {rest * 6}")) == f"{first} {rest}{rest}".strip()


def test_what_does_not_fit_ends_in_an_ellipsis_after_a_whole_word() -> None:
    shown = " ".join(lines("word " * 200))
    assert shown.endswith("word…")
    assert len(lines("word " * 200)) == 2


def test_an_endless_word_is_cut() -> None:
    assert lines("a" * 3000)[0].endswith("a…")


@pytest.mark.parametrize("text", ["", "   ", "🦊", "狐狸", "Лиса", "αλεπού", "עכשיו", "ثعلب", "...", "fox 狐"])
def test_there_is_no_caption_where_none_can_be_set(text: str) -> None:
    assert lines(text) == ()


def test_emoji_are_left_out_of_a_caption() -> None:
    assert lines("The fox 🦊 sleeps.") == ("The fox sleeps.",)
