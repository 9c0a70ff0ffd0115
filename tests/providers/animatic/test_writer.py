"""Storyboards made of a script's own words."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpipe.providers.animatic.framing import MOVES
from vidpipe.providers.animatic.partition import beats
from vidpipe.providers.animatic.places import HOURS, PLACES, WEATHERS
from vidpipe.providers.animatic.presences import LIVES, THINGS
from vidpipe.providers.animatic.sentences import pieces, sentences
from vidpipe.providers.animatic.writer import Writer, storyboard
from vidpipe.providers.base import NotAcceptedError, TextRequest

TEXT = {"type": "string", "pattern": r"\S", "maxLength": 4000}
SCENE_TEXTS = (
    "scene_description",
    "start_frame_prompt",
    "end_frame_prompt",
    "video_motion_prompt",
    "transition_notes",
)
STYLE_TEXTS = ("visual_style", "color_palette", "camera_style")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["style_guide", "scenes"],
    "properties": {
        "style_guide": {
            "type": "object",
            "additionalProperties": False,
            "required": list(STYLE_TEXTS),
            "properties": dict.fromkeys(STYLE_TEXTS, TEXT),
        },
        "scenes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["scene_index", *SCENE_TEXTS, "continuity"],
                "properties": {
                    "scene_index": {"type": "integer"},
                    **dict.fromkeys(SCENE_TEXTS, TEXT),
                    "continuity": {"enum": ["continue", "cut"]},
                },
            },
        },
    },
}
LOG = """\
The relief boat left Mara at the lighthouse at dusk, with oil for a month and a key. The keeper was gone.

There are ninety steps in the tower. She counted them going up, with the lamp in her hand.
"Eighty-eight," said a voice below her. "Eighty-nine."

Meanwhile the ship had turned. Nobody on deck looked back; the sea was flat and empty.

By morning the stairs were wet from the door to the lamp room, with the prints of bare feet.
They go up. They do not come down.
"""
WORDS = [
    "the sea",
    "Mara",
    "a fox",
    "said",
    "ran",
    "snow",
    "night",
    "Meanwhile",
    "the room",
    "and",
    "quietly",
    "海",
    "🌙",
]
STOPS = [". ", "! ", "? ", ", ", "; ", " ", "\n", "\n\n", " — ", '." ', ' "']
stories = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(STOPS)), min_size=1, max_size=60).map(
    lambda pairs: "".join(word + stop for word, stop in pairs)
)


def request(
    script: str = LOG, scenes: int = 5, style: str = "cinematic", seconds: int = 4, references: tuple[str, ...] = ()
) -> TextRequest:
    return TextRequest("", "", {}, 0.7, script, style, scenes, seconds, references)


def board(script: str = LOG, scenes: int = 5, style: str = "cinematic", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(storyboard(request(script, scenes, style, **more)))
    return found


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@given(stories, st.integers(1, 20), st.sampled_from([4, 6, 8]))
@settings(deadline=None, max_examples=120)
def test_any_script_makes_exactly_the_wanted_scenes_of_the_right_form(script: str, scenes: int, seconds: int) -> None:
    made = board(script, scenes, seconds=seconds)
    jsonschema.validate(made, SCHEMA)
    assert [scene["scene_index"] for scene in made["scenes"]] == list(range(scenes))
    shares = beats(pieces(script), scenes)
    said = "".join(
        scene["scene_description"] for scene, beat in zip(made["scenes"], shares, strict=True) if not beat.view
    )
    assert letters(said) == letters(script)


@given(stories, st.integers(1, 20))
@settings(deadline=None, max_examples=120)
def test_every_motion_prompt_names_one_camera_move_and_never_the_one_before(script: str, scenes: int) -> None:
    made = board(script, scenes)["scenes"]
    moves = [[move.name for move in MOVES if move.name in scene["video_motion_prompt"].lower()] for scene in made]
    assert [len(names) for names in moves] == [1] * scenes
    assert all(one != other for one, other in pairwise(moves))


@given(st.lists(st.integers(2, 30), min_size=1, max_size=80), st.integers(1, 12))
@settings(deadline=None, max_examples=120)
def test_scenes_are_shared_out_evenly_and_part_at_sentences_where_they_can(lengths: list[int], scenes: int) -> None:
    script = " ".join(f"S{'o' * length}." for length in lengths)
    shares = beats(pieces(script), scenes)
    assert len(shares) == scenes
    assert len({beat.text for beat in shares}) == min(scenes, len({beat.text for beat in shares}))
    if scenes <= len(lengths):
        assert all(beat.text in script and beat.views == 1 for beat in shares)
        longest = max(len(beat.text) for beat in shares)
        assert longest <= len(script) / scenes + 2 * (max(lengths) + 3)


def test_scenes_part_at_sentences_when_there_are_enough_and_at_clauses_when_not() -> None:
    script = "The boat came in, and the men stood up. Nobody spoke. The gulls had gone, though the sea was flat."
    whole = sentences(script)
    assert tuple(beat.text for beat in beats(pieces(script), 3)) == whole
    finer = [beat.text for beat in beats(pieces(script), 5)]
    assert " ".join(finer) == script
    assert finer[0] == "The boat came in,"


def test_one_long_sentence_among_short_ones_is_parted_too() -> None:
    script = f"No. {'The wind turned to the west, ' * 12}and stopped. Yes. Go. Well."
    longest = max(len(beat.text) for beat in beats(pieces(script), 5))
    assert longest < len(script) / 2


def test_the_longer_of_two_texts_is_shown_in_more_views() -> None:
    shares = beats(pieces("Snow fell on the old tree. The fox slept under the old tree by the river."), 5)
    assert [beat.view for beat in shares] == [0, 1, 0, 1, 2]


def test_the_words_choose_the_camera_move() -> None:
    script = "He came home. {} Nobody knew him. He left."
    wanted = {
        "He climbed up the tower to the stars.": "tilt up",
        "Snow and mist and slow clouds.": "drift",
        "They rode along the road, past the mill.": "pan right",
        "He waited, and stood still.": "hold",
    }
    for words, move in wanted.items():
        assert f" {move}" in board(script.format(words), 4)["scenes"][1]["video_motion_prompt"]


def test_too_few_words_for_the_scenes_are_shown_in_views_that_differ() -> None:
    made = board("A fox sleeps in the snow.", 8)["scenes"]
    assert {scene["scene_description"] for scene in made} == {"A fox sleeps in the snow."}
    for field in ("start_frame_prompt", "end_frame_prompt"):
        assert max(Counter(scene[field] for scene in made).values()) == 1
    assert made[0]["start_frame_prompt"].startswith("Establishing wide shot")


def test_a_clear_change_of_time_or_place_is_a_cut_and_nothing_else_is() -> None:
    made = board(LOG, 5)["scenes"]
    cuts = {scene["scene_description"].split()[0] for scene in made if scene["continuity"] == "cut"}
    assert {"Meanwhile", "By"} <= cuts
    calm = board("The sea rose. The sea fell. A gull cried over the sea. The sea lay flat.", 4)["scenes"]
    assert [scene["continuity"] for scene in calm] == ["continue"] * 4
    away = board("The sea rose. A gull cried. Meanwhile the sea fell.", 3)["scenes"]
    assert [scene["continuity"] for scene in away] == ["continue", "continue", "cut"]


def test_going_indoors_is_a_cut() -> None:
    made = board("The ship lay in the harbour. In the kitchen the kettle sang.", 2)["scenes"]
    assert [scene["continuity"] for scene in made] == ["continue", "cut"]


def test_prompts_say_what_the_words_show_and_carry_the_place_on() -> None:
    made = board("Snow fell on the forest at night. He walked on.", 2)["scenes"]
    for scene in made:
        for field in ("start_frame_prompt", "end_frame_prompt"):
            assert "the forest at night, in falling snow" in scene[field].lower()


def test_a_scene_without_a_place_of_its_own_is_where_the_last_one_was() -> None:
    made = board("The ship was far out at sea. The forest closed behind him. He slept.", 3)["scenes"]
    assert "sea" in made[0]["start_frame_prompt"].split(". ")[0]
    assert "the forest" in made[2]["start_frame_prompt"]


def test_what_the_words_deny_or_compare_with_is_not_shown() -> None:
    made = board("There was no moon over the field, and the grass moved like a sea.", 1)["scenes"]
    shown = made[0]["start_frame_prompt"].split(". ")[0]
    assert "field" in shown
    assert "moon" not in shown
    assert "sea" not in shown


def test_people_are_shown_by_name_and_references_as_references() -> None:
    made = board("At the door stood Mara. The lamp saw her.", 2, references=("lamp",))["scenes"]
    assert "the figure of Mara" in made[0]["start_frame_prompt"]
    assert "lamp, as in the reference picture" in made[1]["start_frame_prompt"]


def test_the_wording_does_not_repeat_itself_within_a_film_of_ordinary_length() -> None:
    made = board(LOG, 6)["scenes"]
    for field in ("end_frame_prompt", "transition_notes"):
        firsts = Counter(scene[field].split(".")[0] for scene in made)
        assert max(firsts.values()) == 1
    assert len({scene["video_motion_prompt"].split()[1] for scene in made}) >= 3


def test_the_end_frame_says_how_much_later_it_is() -> None:
    for seconds, word in ((4, "four"), (6, "six"), (8, "eight")):
        assert all(f"{word} seconds" in scene["end_frame_prompt"].lower() for scene in board(seconds=seconds)["scenes"])
    assert all(re.search(r"\bone second\b", scene["end_frame_prompt"].lower()) for scene in board(seconds=1)["scenes"])


def test_rewording_one_sentence_leaves_the_pictures_of_the_scenes_before_it_alone() -> None:
    before, after = board(LOG, 5)["scenes"], board(LOG.replace("bare feet", "cold feet"), 5)["scenes"]
    fields = ("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt")
    same = [all(one[field] == other[field] for field in fields) for one, other in zip(before, after, strict=True)]
    assert same == [True, True, True, True, False]


def test_words_that_a_storyboard_has_no_room_for_are_left_out_of_the_middle() -> None:
    script = " ".join(f"Sentence {number} ends here." for number in range(4000))
    made = board(script, 2)
    jsonschema.validate(made, SCHEMA)
    assert made["scenes"][0]["scene_description"].startswith("Sentence 0 ends here.")
    assert made["scenes"][1]["scene_description"].endswith("Sentence 3999 ends here.")


def test_the_writer_answers_with_the_same_bytes_every_time() -> None:
    first, second = (asyncio.run(Writer().write(request())) for _ in range(2))
    assert first == second
    assert (first.tokens_in, first.tokens_out) == (0, 0)


@pytest.mark.parametrize("script", ["", " \n\t \u2003"])
def test_a_script_without_words_is_not_accepted(script: str) -> None:
    with pytest.raises(NotAcceptedError, match="the script holds 0 pieces"):
        asyncio.run(Writer().write(request(script)))


@pytest.mark.parametrize("known", [*PLACES, *HOURS, *WEATHERS, *THINGS, *LIVES], ids=lambda known: known.name)
def test_every_element_is_told_in_whole_clauses_without_camera_moves(known: Any) -> None:
    assert known.words
    for text in (known.phrase, *known.later, *known.moving):
        assert text == text.strip()
        assert text
        assert not text.endswith(".")
        assert not any(move.name in text for move in MOVES)
