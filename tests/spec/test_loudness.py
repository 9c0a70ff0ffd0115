"""The loudness that a spec asks for: a number within limits, or a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.loading import load, told_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "meant"), [("-16", -16), ("-40", -40), ("-5", -5), ("-23.5", -23.5), ("keep", "keep")]
)
@pytest.mark.usefixtures("project")
def test_loudness_is_a_number_of_lufs_or_keep(written: str, meant: object) -> None:
    assert load(f"script: a\nloudness: {written}\n").spec.loudness == meant


@pytest.mark.usefixtures("project")
def test_a_film_is_minus_16_lufs_loud_where_nothing_is_said() -> None:
    assert load("script: a\n").spec.loudness == -16


@pytest.mark.parametrize(
    ("written", "told"),
    [("-41", "at least -40"), (".nan", ""), ("-4.9", "at most -5"), (".inf", ""), ("loud", "or keep"), ("true", "")],
)
def test_any_other_loudness_is_refused_where_it_stands(project: Path, written: str, told: str) -> None:
    assert project.is_dir()
    said = told_of(f"script: a\nloudness: {written}\n")
    assert "loudness" in said
    assert told in said
    assert ":2:" in said
