"""What is read from a prompt's words."""

from __future__ import annotations

import pytest

from vidpipe.providers.animatic.drawing import lexicon
from vidpipe.providers.animatic.drawing.words import Brief, read


def brief(description: str, prompt: str = "", style: str = "", before: Brief | None = None) -> Brief:
    return read(description, prompt, style, before)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The lighthouse by the sea.", "sea"),
        ("Ducks on the pond.", "lake"),
        ("Deep in the woods a wolf waits.", "forest"),
        ("They climbed the highest peaks.", "mountain"),
        ("The city never sleeps.", "city"),
        ("Down the street she ran.", "street"),
        ("Camels in the desert.", "desert"),
        ("He ploughs the field.", "field"),
        ("In the kitchen, a kettle on the table.", "room"),
        ("Our app saves your battery.", "tabletop"),
        ("A planet beyond the stars.", "space"),
        ("The village under the hills.", "hills"),
    ],
)
def test_the_words_choose_the_setting(text: str, setting: str) -> None:
    assert brief(text).setting == setting


def test_the_description_rules_over_the_frames_prompt() -> None:
    assert brief("The ship sailed on over the sea.", "A desert, dunes, sand, a mirage.").setting == "sea"


def test_the_frames_prompt_fills_what_the_description_leaves_open() -> None:
    found = brief("She waited.", "The harbour at night, a ship in the fog.")
    assert (found.setting, found.hour, found.weather, found.forms) == ("sea", "night", "fog", ("ship",))


def test_words_of_the_camera_are_not_taken_for_things() -> None:
    assert brief("", "Close shot, light from a low angle, background in focus.").forms == ()


def test_colours_and_surfaces_of_a_style_do_not_change_the_hour() -> None:
    assert brief("The sea.", style="dark shadows, sun-bleached paper").hour == brief("The sea.").hour


def test_what_is_not_said_stays_as_it_was() -> None:
    before = brief("A fox on the snowy hills at night, beside a mill.")
    found = brief("It waited.", before=before)
    assert found == before


def test_a_pronoun_stands_for_who_was_there() -> None:
    before = brief("A fox in the forest.")
    assert brief("She ran to the sea.", before=before).figures == ("fox",)
    assert brief("She ran to the sea.").figures == ("woman",)


def test_a_new_hour_clears_the_weather() -> None:
    before = brief("A storm over the sea at night.")
    assert brief("In the morning all was quiet.", before=before).weather == "clear"


def test_on_a_table_the_new_things_replace_the_old() -> None:
    before = brief("The app on your phone.")
    assert brief("The package arrives.", before=before).forms == ("package",)
    assert brief("It just works.", before=before).forms == before.forms


def test_text_without_a_known_word_falls_back_on_its_hash() -> None:
    settings = {brief(f"Xyzzy {number}").setting for number in range(40)}
    assert len(settings) > 3
    assert brief("Xyzzy 1") == brief("Xyzzy 1")


def test_plurals_are_found() -> None:
    assert brief("Foxes and ponies, churches and lighthouses.").figures == ("fox", "horse")
    assert brief("Foxes and ponies, churches and lighthouses.").forms == ("church", "lighthouse")


def test_every_brief_that_is_read_can_be_drawn() -> None:
    for table in (lexicon.SETTINGS, lexicon.FORMS, lexicon.FIGURES, lexicon.HOURS, lexicon.WEATHERS, lexicon.MOODS):
        for words in table.values():
            assert brief(words).known
