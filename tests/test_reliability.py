"""docs/reliability.md names tests that exist, and that fail where what they prove is taken away."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.proof.removals import ELSEWHERE, NOTHING, REMOVALS

if TYPE_CHECKING:
    from tests.proof.removal import Removal

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = list(dict.fromkeys(re.findall(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`", TEXT)))
ROW = re.compile(r"\| (?P<promise>.+?) \| .+ \| (?P<tests>.+?) \|")
PATIENCE = 270
"""Seconds for all removals, which take some fifteen of one processor."""


def rows() -> dict[str, str]:
    """Return the cell with the tests of every promise."""
    found = (ROW.fullmatch(line) for line in TEXT.splitlines())
    return {row["promise"]: row["tests"] for row in found if row and row["promise"] != "promise"}


def test_there_is_a_test_for_every_promise() -> None:
    assert len(rows()) > 30
    assert [promise for promise, tests in rows().items() if "::test_" not in tests] == []


@pytest.mark.parametrize(("path", "name"), NAMED, ids=["::".join(each) for each in NAMED])
def test_the_test_that_is_named_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert any(each.startswith("test_") for each in found)
    assert not name or name in found


def test_every_promise_has_a_mechanism_that_is_taken_away_or_a_reason_why_not_here() -> None:
    removed = {each.promise for each in REMOVALS if each is not NOTHING}
    assert removed | ELSEWHERE.keys() == rows().keys()
    assert removed & ELSEWHERE.keys() == set()


@pytest.mark.parametrize("removal", [each for each in REMOVALS if each is not NOTHING], ids=lambda each: each.mechanism)
def test_the_test_that_has_to_find_it_is_the_one_that_is_named_beside_its_promise(removal: Removal) -> None:
    assert f"`{removal.test}`" in rows()[removal.promise]


def test_the_tests_that_are_named_fail_where_their_mechanism_is_taken_away(tmp_path: Path) -> None:
    told = tmp_path / "removals.json"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.proof.removing"),
            *("--removals", told, "--basetemp", tmp_path / "base"),
            *dict.fromkeys(each.runs for each in REMOVALS),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environ,
        timeout=PATIENCE,
    )
    assert told.exists(), done.stdout + done.stderr
    ended = json.loads(told.read_text(encoding="utf-8"))
    assert ended.pop(NOTHING.key) == "stays green"
    assert {key: how for key, how in ended.items() if how != "found"} == {}
    assert ended.keys() == {each.key for each in REMOVALS if each is not NOTHING}
