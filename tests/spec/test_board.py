"""The storyboard: what is read, what is refused and how it is told, and what counts as the same."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from vidpipe.errors import BrokenFileError, Exit
from vidpipe.spec.board import (
    BrokenBoardError,
    Storyboard,
    board_digest,
    board_json,
    board_schema,
    parse_board,
    reply_board,
)

GUIDE = {"visual_style": "ink", "color_palette": "blue", "camera_style": "still"}
TEXTS = ("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt", "transition_notes")


SCENE_KEYS = "scene_index, " + ", ".join(TEXTS) + ", continuity, narration and transition"


def scene(index: int, **changes: Any) -> dict[str, Any]:
    return {"scene_index": index, **{key: f"{key} {index}" for key in TEXTS}, "continuity": "continue", **changes}


def values(count: int = 2, first: int = 0) -> dict[str, Any]:
    return {"style_guide": GUIDE, "scenes": [scene(first + index) for index in range(count)]}


def parse(board: object) -> Storyboard:
    return parse_board(json.dumps(board, indent=2).encode(), "storyboard.json")


def told_of(data: bytes) -> list[str]:
    with pytest.raises(BrokenBoardError) as caught:
        parse_board(data, "storyboard.json")
    assert isinstance(caught.value, BrokenFileError)
    assert caught.value.exit_code is Exit.FAILED
    return str(caught.value).splitlines()


def test_a_board_survives_writing_and_reading() -> None:
    board = parse(values())
    assert parse_board(board_json(board), "again") == board
    assert board_json(board).decode() == json.dumps(values(), indent=2) + "\n"


def test_text_of_other_scripts_is_written_as_it_is_read() -> None:
    board = parse({"style_guide": GUIDE, "scenes": [scene(0, scene_description="Die Flut — 潮")]})
    assert "Die Flut — 潮" in board_json(board).decode()


def test_the_digest_is_of_what_a_board_says_not_of_how_it_is_formatted() -> None:
    plain = values()
    other = json.dumps({"scenes": plain["scenes"], "style_guide": GUIDE}, indent=7).encode()
    without_default = json.loads(json.dumps(plain))
    del without_default["scenes"][0]["continuity"]
    digests = {board_digest(parse(board)) for board in (plain, without_default)}
    assert digests == {board_digest(parse_board(other, "other"))}
    without_default["scenes"][1]["scene_description"] = "another"
    assert board_digest(parse(without_default)) not in digests


def test_a_double_and_a_missing_index_are_told() -> None:
    board = {"style_guide": GUIDE, "scenes": [scene(0), scene(0), scene(3)]}
    assert told_of(json.dumps(board, indent=1).encode()) == [
        (
            "storyboard.json:18:19: scenes[1].scene_index: must be 1, the scene's position counted from 0 "
            "(got 0, which scenes[0] has already)"
        ),
        "storyboard.json:27:19: scenes[2].scene_index: must be 2, the scene's position counted from 0 (got 3)",
    ]


def test_scenes_that_a_person_counts_from_1_are_not_renumbered() -> None:
    assert len(told_of(json.dumps(values(first=1)).encode())) == 2


def test_every_wrong_value_is_told_at_its_place() -> None:
    board = values(1)
    board["scenes"][0] |= {"scene_index": "0", "continuity": "cutt", "mood": "grim", "end_frame_prompt": " "}
    del board["scenes"][0]["video_motion_prompt"]
    board["style_guide"] = {**GUIDE, "camera_style": "x" * 4_001}
    assert told_of(json.dumps(board, indent=1).encode()) == [
        "storyboard.json:5:19: style_guide.camera_style: must have at most 4,000 characters (got 4,001)",
        "storyboard.json:8:3: scenes[0].video_motion_prompt: is missing",
        "storyboard.json:9:19: scenes[0].scene_index: must be a whole number (got the text 0: remove its quotes)",
        "storyboard.json:12:24: scenes[0].end_frame_prompt: must not be blank",
        "storyboard.json:14:18: scenes[0].continuity: must be continue or cut (got cutt); did you mean cut?",
        f"storyboard.json:15:4: scenes[0].mood: is no key that vidpipe knows; known: {SCENE_KEYS}",
    ]


DAMAGED = {
    "a missing comma": (b'{\n "style_guide": {}\n "scenes": []\n}', "2:19: a comma or } is missing here"),
    "a comma too many": (b'{"scenes": [1,]}', "1:14: scenes: a comma too many: ] follows"),
    "nothing": (b"", "1:1: a value is missing here"),
    "no JSON": (b"storyboard", "1:1: a value is missing here (got storyboard)"),
    "a list": (b"[]", "1:1: must be a mapping of keys to values (got a list)"),
    "text after the end": (b"{} {}", "1:4: nothing may follow the closing brace: is one too many?"),
    "an open quote": (b'{"style_guide": "ink}', "1:17: style_guide: a quote is opened here and never closed"),
    "a line break in a text": (
        b'{"scenes": "one\ntwo"}',
        "1:16: scenes: a line break or tab in a text is written \\n or \\t; is a closing quote missing?",
    ),
    "an unknown escape": (b'{"scenes": "\\q"}', "1:13: scenes: unknown escape in a text: write \\\\ for \\"),
    "an unquoted key": (b"{scenes: 1}", "1:2: a key in double quotes is missing here"),
    "a missing colon": (b'{"scenes" 1}', "1:11: scenes: a colon is missing after the key"),
    "not a number": (b'{"scenes": NaN}', "1:12: scenes: a value is missing here (got NaN)"),
    "5,000 digits": (
        b'{"scenes": ' + b"5" * 5_000 + b"}",
        "1:12: scenes: is a number of 5,000 characters: at most 30 are read",
    ),
    "an infinite number": (b'{"scenes": 1e999}', "1:12: scenes: 1e999 is too large a number"),
    "200,000 brackets": (b"[" * 200_000, "1:21: [0]: nested too deeply: at most 20 levels are read"),
    "200,000 braces": (b'{"a":' * 200_000, "1:101: a: nested too deeply: at most 20 levels are read"),
    "6,000 values": (b"[" + b"0," * 6_000 + b"0]", "1:10000: [4999]: too many values: a file may hold 5,000"),
    "NUL": (b'{"scenes": "\0"}', "1:13: contains a NUL byte: save the file as UTF-8 text"),
    "Latin-1": (b'{"scenes": "\xe9"}', "1:13: is not UTF-8: save the file as UTF-8 text"),
    "UTF-16": ("{}".encode("utf-16"), "is UTF-16: save it as UTF-8"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_board_is_told_with_its_place(what: str) -> None:
    data, message = DAMAGED[what]
    separator = ":" if message[0].isdigit() else ": "
    assert told_of(data) == [f"storyboard.json{separator}{message}"]


def test_a_board_of_over_four_megabytes_is_refused() -> None:
    assert told_of(b" " * (4 * 1024 * 1024 + 1)) == [
        "storyboard.json: is too large: 4,194,305 bytes, and at most 4,194,304 are read"
    ]


def test_a_double_key_is_told_beside_other_problems() -> None:
    data = board_json(parse(values(1))).replace(b'"scene_index": 0,', b'"scene_index": 0,\n      "scene_index": 1,')
    data = data.replace(b'"continue"', b'"stay"')
    assert told_of(data) == [
        "storyboard.json:10:7: scenes[0].scene_index: is named twice: the first time in line 9",
        "storyboard.json:16:21: scenes[0].continuity: must be continue or cut (got stay)",
    ]


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_characters_that_no_text_can_hold_are_refused(text: str) -> None:
    data = board_json(parse(values(1))).replace(b"scene_description 0", text.encode())
    (line,) = told_of(data)
    assert line.startswith("storyboard.json:10:28: scenes[0].scene_description: contains ")


@pytest.mark.parametrize(
    ("count", "message"),
    [(0, "must have at least 1 scene"), (101, "must have at most 100 items")],
)
def test_a_board_has_1_to_100_scenes(count: int, message: str) -> None:
    (line,) = told_of(json.dumps(values(count)).encode())
    assert line.endswith(f": scenes: {message}")
    assert len(parse(values(100)).scenes) == 100


def test_a_reply_may_stand_in_a_code_fence() -> None:
    reply = f"```json\n{json.dumps(values(), indent=1)}\n```\n"
    assert reply_board(reply, 2) == parse(values())


@pytest.mark.parametrize("first", [0, 1, 7])
def test_a_reply_is_renumbered_by_position_whatever_it_counts_from(first: int) -> None:
    board = reply_board(json.dumps(values(3, first)), 3)
    assert [scene.scene_index for scene in board.scenes] == [0, 1, 2]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ("I am sorry.", "reply:1:1: a value is missing here (got I)"),
        (json.dumps(values(2)), "reply: scenes: must be 3 (got 2)"),
        (json.dumps({"scenes": 3}), "reply: style_guide: is missing\nreply:1:12: scenes: must be a list (got 3)"),
        (json.dumps({"style_guide": GUIDE, "scenes": [scene(0), scene(2), scene(1)]}), None),
        (json.dumps({"style_guide": GUIDE, "scenes": [scene(0), scene(0), scene(1)]}), None),
        (json.dumps(values(3))[:-40], None),
        ("[" * 100_000, "reply:1:21: [0]: nested too deeply: at most 20 levels are read"),
    ],
)
def test_a_reply_that_is_no_board_is_refused_in_words(reply: str, message: str | None) -> None:
    with pytest.raises(ValueError, match=r"^reply") as caught:
        reply_board(reply, 3)
    assert message is None or str(caught.value) == message


def spoken(*words: str | None) -> str:
    """Return a reply with these words to be spoken, one for each scene."""
    scenes = [scene(index) if said is None else scene(index, narration=said) for index, said in enumerate(words)]
    return json.dumps({"style_guide": GUIDE, "scenes": scenes})


def test_a_reply_has_words_for_every_scene_where_they_are_wanted_if_only_empty_ones() -> None:
    board = reply_board(spoken("One.", ""), 2, narration=True)
    assert [scene.narration for scene in board.scenes] == ["One.", ""]
    with pytest.raises(ValueError, match=r"^reply: scenes\[1\]\.narration: is missing$"):
        reply_board(spoken("One.", None), 2, narration=True)


def test_words_that_nobody_asked_for_are_not_spoken() -> None:
    assert reply_board(spoken("One.", "Two."), 2) == parse(values())


def test_the_schema_asks_for_words_only_where_they_are_wanted() -> None:
    accepts = jsonschema.Draft202012Validator(board_schema(2, narration=True)).is_valid
    assert accepts(json.loads(spoken("One.", "")))
    assert not accepts(json.loads(spoken("One.", None)))
    assert not jsonschema.Draft202012Validator(board_schema(2)).is_valid(json.loads(spoken("One.", "")))


def test_the_schema_holds_a_model_to_exactly_what_is_read() -> None:
    schema = board_schema(2)
    jsonschema.Draft202012Validator.check_schema(schema)
    accepts = jsonschema.Draft202012Validator(schema).is_valid
    assert accepts(values(2))
    assert not accepts(values(3))
    assert not accepts({**values(2), "mood": "grim"})
    assert not accepts({"style_guide": GUIDE, "scenes": [scene(0), {**scene(1), "continuity": "fade"}]})
    assert "$ref" not in json.dumps(schema)
