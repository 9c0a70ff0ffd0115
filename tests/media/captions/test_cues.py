"""Narrations become cues that can be read: whole, in order, in time, and broken where a reader would."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vidpipe.media.captions.cues import COLUMNS, TALL_COLUMNS, columns_of, cues
from vidpipe.media.captions.letters import cleaned, clusters, columns

if TYPE_CHECKING:
    from vidpipe.media.timeline import Caption

KEEPER = (
    "The keeper climbed the stairs, one hand on the cold rail, and counted them as he had every night for thirty "
    "years. At the top the lamp was dark. “Not tonight,” he said; nobody answered."
)
SIGNS = "aäßñ.,!?;:—-“”()1 \n\t猫は、。「」ー한글مرحبا\u0301\u200dक्षि👩🚒🏽🇩🇪\u202e\x00"
WORDS = st.text(st.sampled_from(SIGNS), max_size=300)


def letters(text: str) -> str:
    return "".join(cleaned(text).split())


def shown(captions: tuple[Caption, ...]) -> str:
    return "".join("".join(caption.text.split()) for caption in captions)


@given(st.one_of(WORDS, st.text(max_size=200)), st.integers(0, 500), st.integers(1, 1500), st.integers(2, 60))
@example("x" * 400, 0, 3, 10)
@example("\ud800 a", 0, 48, 42)
@settings(max_examples=150, deadline=None)
def test_every_letter_is_shown_once_in_order_inside_the_scene_and_no_two_cues_overlap(
    text: str, start: int, frames: int, width: int
) -> None:
    captions = cues(text, start, start + frames, width)
    assert shown(captions) == letters(text)
    assert all(start <= caption.start < caption.stop <= start + frames for caption in captions)
    assert all(before.stop <= after.start for before, after in pairwise(captions))
    shown(captions).encode()


@given(WORDS, st.integers(4, 60))
@settings(max_examples=100, deadline=None)
def test_no_cue_has_more_than_two_lines_and_no_line_is_too_wide_where_there_is_time(text: str, width: int) -> None:
    for caption in cues(text, 0, 100_000, width):
        lines = caption.text.split("\n")
        assert 1 <= len(lines) <= 2
        for line in lines:
            assert line == line.strip() != ""
            assert sum(map(columns, clusters(line))) <= width


@given(WORDS)
@settings(max_examples=100, deadline=None)
def test_no_line_break_parts_a_letter_from_its_marks(text: str) -> None:
    for caption in cues(text, 0, 100_000):
        for line in caption.text.split("\n")[1:]:
            assert unicodedata.category(line[0])[0] != "M" or not letters(text).split(line[0])[0]


def test_a_narration_is_broken_at_its_sentences_and_clauses() -> None:
    assert [caption.text for caption in cues(KEEPER, 6, 294)] == [
        "The keeper climbed the stairs,\none hand on the cold rail,",
        "and counted them as he had\nevery night for thirty years.",
        "At the top the lamp was dark.",
        "“Not tonight,” he said; nobody answered.",
    ]


def test_japanese_is_broken_between_letters_but_never_before_a_closing_sign() -> None:
    text = "昔々、ある所に「おじいさん」とおばあさんが住んでいました。おじいさんは山へ芝刈りに行きました。"
    for width in range(8, 43):
        for caption in cues(text, 0, 1000, width):
            for line in caption.text.split("\n"):
                assert line[0] not in "、。」ーっゃ"
                assert line[-1] != "「"


def test_wide_letters_count_twice() -> None:
    (one,) = cues("猫" * 21, 0, 240)
    assert "\n" not in one.text
    (two,) = cues("猫" * 22, 0, 240)
    assert two.text.count("\n") == 1


def test_korean_is_broken_between_words() -> None:
    text = "등대지기는 차가운 난간에 손을 얹고 삼십 년 동안 매일 밤 그랬듯이 계단을 세며 올라갔다"
    words = [word for caption in cues(text, 0, 480, TALL_COLUMNS) for word in caption.text.split()]
    assert words == text.split()


def test_a_full_stop_inside_of_a_number_or_a_name_ends_nothing() -> None:
    assert [caption.text for caption in cues("Pi is 3.14159 and so on.", 0, 480)] == ["Pi is 3.14159 and so on."]


def test_a_word_longer_than_a_line_is_broken_and_nothing_of_it_is_lost() -> None:
    captions = cues("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 0, 240, 20)
    assert all(len(line) <= 20 for caption in captions for line in caption.text.split("\n"))


def test_time_is_shared_by_what_there_is_to_read() -> None:
    short, long = cues("One short line here. A second one that is about twice as long as that.", 0, 120)
    assert 1.5 < (long.stop - long.start) / (short.stop - short.start) < 2.8


def test_a_cue_stands_for_a_second_where_the_scene_has_the_time() -> None:
    text = "No. The rest of what he has to say takes very much longer to read than that, as everybody can see."
    for frames in (96, 150, 240, 480):
        assert all(caption.stop - caption.start >= 24 for caption in cues(text, 0, frames))


def test_short_sentences_share_a_cue_where_each_would_flash_by() -> None:
    assert [caption.text for caption in cues("Yes. No. Maybe.", 0, 30)] == ["Yes. No. Maybe."]


def test_a_few_words_do_not_stand_for_a_whole_minute() -> None:
    (caption,) = cues("The lamp.", 24, 24 + 60 * 24)
    assert 24 + 48 < caption.stop < 24 + 5 * 24


def test_nothing_to_say_or_no_time_to_say_it_makes_no_captions() -> None:
    assert cues(" \n\u202e ", 0, 240) == ()
    assert cues("Words.", 10, 10) == ()


def test_control_signs_and_unclosed_embeddings_are_left_out_and_direction_marks_stay() -> None:
    (caption,) = cues("a\x00\u202eb\u2066c\u200ed\r\n\u2028e", 0, 240)
    assert caption.text == "abc\u200ed e"


def test_the_longest_narration_of_letters_without_spaces_is_divided_quickly() -> None:
    assert shown(cues("猫" * 2000, 0, 1440)) == "猫" * 2000


@pytest.mark.parametrize(("size", "wanted"), [((1280, 720), COLUMNS), ((720, 1280), TALL_COLUMNS)])
def test_lines_are_shorter_in_a_tall_film(size: tuple[int, int], wanted: int) -> None:
    assert columns_of(size) == wanted
