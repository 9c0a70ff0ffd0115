"""How problems are put into lines."""

from __future__ import annotations

import pytest

from vidpipe.errors import Problem, SpecError

FORGED = "specs/ok.yaml: fine\nspecs/b.yaml"


@pytest.mark.parametrize("part", ["file", "key", "message"])
@pytest.mark.parametrize("hostile", [FORGED, "a\rb", "a\u2028b", "\x1b[2J", "\u202egnp", "\udce9"], ids=ascii)
def test_a_problem_is_one_line_that_steers_nothing_whatever_it_quotes(part: str, hostile: str) -> None:
    parts = {"file": "a.yaml", "key": "scenes", "message": "is wrong"} | {part: hostile}
    problem = Problem(parts["file"], 3, 1, parts["key"], parts["message"])
    assert str(problem).isprintable()
    assert getattr(problem, part) == hostile
    assert str(SpecError([problem, problem])).splitlines() == [str(problem)] * 2


def test_a_problem_is_shown_as_it_was_written_where_that_does_no_harm() -> None:
    problem = Problem("été/क्\u200dष.yaml", 3, 0, "scenes", "must be 1\u00a0at least")
    assert str(problem) == "été/क्\u200dष.yaml:3: scenes: must be 1\u00a0at least"
