"""What the animatic's narrator says: the script's own words, in their order, no longer than the scene lasts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.animatic.test_writer import request, stories
from vidpipe.providers.animatic.narrator import PER_SECOND, STOPS, STRETCH, length
from vidpipe.providers.animatic.writer import storyboard
from vidpipe.spec.board import reply_board

SEA = (
    "Waves beat on the old pier. A keeper climbs the stairs with a lantern, slowly, because the wind has taken two of "
    "the steps. She lights the lamp. Far out a ship answers."
)


def said(script: str, scenes: int, seconds: int = 4) -> list[str]:
    """Return what is said over each scene."""
    reply = storyboard(replace(request(script, scenes, seconds=seconds), narration=True))
    return [scene.narration or "" for scene in reply_board(reply, scenes, narration=True).scenes]


def test_whole_sentences_of_the_scene_are_said_if_they_can_be() -> None:
    assert said("The sea is calm. A gull cries. The lamp goes out. She sleeps.", 2) == [
        "The sea is calm. A gull cries.",
        "The lamp goes out. She sleeps.",
    ]


def test_a_sentence_that_is_a_little_too_long_is_said_to_its_end() -> None:
    sentence = "The keeper carries her lantern up the winding stairs."
    assert PER_SECOND * 4 < len(sentence) <= PER_SECOND * 4 * STRETCH
    assert said(sentence, 1) == [sentence]


def test_one_that_is_much_too_long_ends_at_a_clause_and_one_without_clauses_at_a_word() -> None:
    assert said("A keeper climbs the stairs with a lantern, because the wind has taken two of the steps.", 1) == [
        "A keeper climbs the stairs with a lantern"
    ]
    assert said("A tall thin grey keeper slowly climbs all of the steep winding creaking old wooden stairs", 1) == [
        "A tall thin grey keeper slowly climbs all of the"
    ]


def test_scenes_that_show_the_same_words_share_them() -> None:
    assert said("The sea is calm. A gull cries.", 4) == ["The sea is calm.", "", "A gull cries.", ""]


def test_a_language_without_spaces_is_counted_by_its_signs() -> None:
    (words,) = said("灯台守は夜明け前に長い階段をゆっくりと登り、そして古いランプに火を灯した。", 1)
    assert words == "灯台守は夜明け前に長い階"


def test_without_being_asked_for_nothing_is_written_for_a_voice() -> None:
    with_voice = json.loads(storyboard(replace(request(SEA, 2), narration=True)))
    without = json.loads(storyboard(request(SEA, 2)))
    for scene in with_voice["scenes"]:
        del scene["narration"]
    assert with_voice == without


@given(stories, st.integers(1, 12), st.sampled_from([1, 4, 8, 20]))
def test_whatever_the_script_the_words_are_its_own_in_order_and_fit_their_scene(
    script: str, scenes: int, seconds: int
) -> None:
    rest = "".join(script.split())
    for words in said(script, scenes, seconds):
        assert length(words) <= PER_SECOND * seconds * STRETCH
        plain = "".join(words.split())
        assert plain in rest
        rest = rest[rest.index(plain) + len(plain) :]


@pytest.mark.parametrize("sign", STOPS)
def test_no_words_end_on_a_mark_that_promises_more(sign: str) -> None:
    (words,) = said(f"A tall thin grey keeper slowly climbs all of the steep{sign} winding creaking old stairs", 1, 4)
    assert not words.endswith(sign)
