"""What breaks a line in a spec, and what does not: YAML 1.2 knows LF, CR and CRLF alone."""

from __future__ import annotations

import pytest

from tests.spec.loading import load, told_of

OTHERS = ["\x85", "\u2028", "\u2029"]
pytestmark = pytest.mark.usefixtures("project")


@pytest.mark.parametrize("other", OTHERS, ids=ascii)
@pytest.mark.parametrize(
    "form",
    [
        "script: |\n  A{}fox:\n  runs.\n",
        "script: A{}fox\n",
        "script: 'A{}fox'\n",
        'script: "A{}fox"\n',
        "{{script: A{}fox}}",
    ],
)
def test_other_line_breaks_are_text_like_any_other(form: str, other: str) -> None:
    assert f"A{other}fox" in load(form.format(other)).script


@pytest.mark.parametrize("other", OTHERS, ids=ascii)
def test_what_is_wrong_after_one_is_told_in_its_own_line(other: str) -> None:
    assert (
        told_of(f"script: |\n  A{other}fox.\nscenes: 0\n") == "specs/pier.yaml:3:9: scenes: must be at least 1 (got 0)"
    )
    assert told_of(f"script: A fox. # {other} nice\nscenes: 0\n").startswith("specs/pier.yaml:2:9: scenes")


def test_private_characters_stay_what_they_are_beside_them() -> None:
    text = "fox \ue000\ue001 \u2028 \ue003"
    assert load(f"script: {text}\n").script == text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=ascii)
def test_line_ends_of_any_system_are_read(ending: str) -> None:
    assert load(f"script: |{ending}  one{ending}  two{ending}scenes: 2{ending}").script == "one\ntwo"


def test_a_key_with_one_is_told_with_it() -> None:
    assert told_of("script: a\nsty\u2028le: b\n").startswith("specs/pier.yaml:2:1: sty\\u2028le: ")


@pytest.mark.parametrize("text", ["%% x\n", "% x\n"])
def test_a_percent_sign_at_the_start_is_called_by_its_name(text: str) -> None:
    assert told_of(text).endswith(": text cannot start with %: put it in quotes")


@pytest.mark.parametrize("sign", "&*")
def test_so_are_an_ampersand_and_an_asterisk(sign: str) -> None:
    assert told_of(f"script: {sign} x\n").endswith(": text cannot start with & or *: put it in quotes")
