"""Whatever a file holds is a spec, or it is told what is wrong: no traceback, and no jargon of the libraries used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vidpipe.errors import SpecError
from vidpipe.spec.board import BrokenBoardError, parse_board
from vidpipe.spec.load import load_specs
from vidpipe.spec.model import Spec

SPEC = Path("specs/any.yaml")
JARGON = ("pydantic", "validation error", "ValidationError", "Traceback", "yaml.", "_type", "<class", "cannot be ")

KEYS = st.sampled_from([*Spec.model_fields, "mode", "then", "image", "video", "transition", "<<", "x"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["cut", "google", "google:veo-3.1-generate-001", "a.png", "../x", "1080p", "4:3", "{name}.mp4", "*a"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
YAML_PIECES = st.sampled_from(
    [
        *"[]{}:,-?&*!|>'\"%@`#=~<\n\t \\",
        "\n  ",
        ": ",
        "- ",
        "script",
        "a",
        "\\x",
        "\\U00110000",
        "---",
        "...",
        "%YAML 1.",
        "9",
    ]
)

in_one_folder = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def check(data: bytes) -> None:
    SPEC.write_bytes(data)
    try:
        (loaded,) = load_specs([SPEC])
    except SpecError as error:
        check_message(error)
    else:
        assert loaded.script


def check_message(error: SpecError | BrokenBoardError) -> None:
    assert error.problems
    assert all(problem.message for problem in error.problems)
    assert not any(word in str(error) for word in JARGON)
    str(error).encode()


@pytest.mark.usefixtures("project")
@given(st.binary(max_size=80))
@in_one_folder
def test_any_bytes_are_a_spec_or_told(data: bytes) -> None:
    check(data)


@pytest.mark.usefixtures("project")
@given(st.lists(YAML_PIECES, max_size=30).map("".join))
@example("%YAML 1." + "9" * 5_000)
@example('"\\UFFFFFFFF"')
@in_one_folder
def test_any_pieces_of_yaml_are_a_spec_or_told(text: str) -> None:
    check(text.encode())


@pytest.mark.usefixtures("project")
@given(st.dictionaries(KEYS, VALUES, max_size=6))
@in_one_folder
def test_any_values_are_a_spec_or_told(values: dict[str, object]) -> None:
    import yaml

    check(yaml.safe_dump(values, allow_unicode=True).encode("utf-8", errors="replace"))


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0-9.eE+\\untrfals ', max_size=60).map(str.encode))
@in_one_folder
def test_any_bytes_are_a_storyboard_or_told(data: bytes) -> None:
    try:
        parse_board(data, "storyboard.json")
    except BrokenBoardError as error:
        check_message(error)
