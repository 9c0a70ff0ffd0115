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

from tests.proof.removals import DISK, ELSEWHERE, KILLED, NOTHING, POWER, REMOVALS

if TYPE_CHECKING:
    from tests.proof.removal import Removal

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = list(dict.fromkeys(re.findall(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`", TEXT)))
STRANGERS = (ROOT / "tests" / "hostile" / "README.md").read_text(encoding="utf-8")
TRIED = [
    (name if name.startswith("tests/") else f"tests/hostile/{name}", "")
    for line in STRANGERS.splitlines()
    if line.startswith("| ")
    for name in re.findall(r"`((?:tests/)?[a-z_/]+(?:\.py|/))`", line.rpartition(" | ")[2])
]
"""Where the table of what strangers may try says that it is tried: files and folders."""
EXCUSED = [tuple(test.split("::")) for _, test in ELSEWHERE.values()]
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


@pytest.mark.parametrize(
    ("path", "name"), list(dict.fromkeys([*NAMED, *EXCUSED, *TRIED])), ids=lambda part: part or "any"
)
def test_the_test_that_is_named_is_there(path: str, name: str) -> None:
    files = [*(ROOT / path).rglob("test_*.py")] if path.endswith("/") else [ROOT / path]
    if path == "tests/specs/bad/":  # what tests/spec/test_bad_specs.py reads
        assert len([*(ROOT / path).iterdir()]) > 10
        return
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    body = [node for tree in trees for node in tree.body]
    found = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert any(each.startswith("test_") for each in found)
    assert not name or name in found


def test_the_table_of_what_strangers_may_try_names_every_file_in_which_it_is_tried() -> None:
    there = {f"tests/hostile/{path.name}" for path in (ROOT / "tests" / "hostile").glob("test_*.py")}
    assert there - {path for path, _ in TRIED} == {"tests/hostile/test_watch.py"}, "which is named above the table"
    assert len(TRIED) > 60


def test_an_excuse_is_a_sentence_and_its_test_is_named_beside_the_promise_or_breaks_it_on_purpose() -> None:
    on_purpose = {KILLED, POWER, DISK}
    cells = rows()
    assert [
        test for promise, (_, test) in ELSEWHERE.items() if test not in on_purpose and test not in cells[promise]
    ] == []
    assert all(reason.strip() for reason, _ in ELSEWHERE.values())


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
