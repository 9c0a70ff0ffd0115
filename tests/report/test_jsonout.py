"""The documents of --json."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.report.results import BLOCKED, BUSY, DONE, EVERYTHING, PLAN
from vidpipe.errors import Exit, Problem
from vidpipe.report.jsonout import of_batch, of_problems, written
from vidpipe.results import BatchResult

if TYPE_CHECKING:
    import pytest


def test_a_run_is_one_object_with_exactly_the_documented_keys() -> None:
    document = json.loads(written(of_batch(EVERYTHING, EVERYTHING.exit_code)))
    assert list(document) == ["schema", "exit", "cost_usd", "jobs"]
    assert (document["schema"], document["exit"], document["cost_usd"]) == (1, 1, 1.6)
    assert document["jobs"][0] == {
        "name": "lighthouse",
        "spec": "specs/lighthouse.yaml",
        "dir": "runs/lighthouse",
        "state": "done",
        "film": "runs/lighthouse/film.mp4",
        "cost_usd": 4.8,
        "targets": [
            {"name": name, "state": state, "action": action, "reasons": reasons, "price_usd": price}
            for name, state, action, reasons, price in [
                ("storyboard.json", "edited", "adopted", ["edited by hand"], 0.0),
                ("clips/scene-000.mp4", "stale", "made", ["video_motion_prompt changed", "seed added"], 1.6),
                ("clips/scene-001.mp4", "outdated", "none", ["prompt template changed (by vidpipe itself)"], 0.0),
                ("film.mp4", "stale", "made", ["clip 0 changed"], 0.0),
            ]
        ],
    }


def test_a_job_of_which_only_a_message_is_known_carries_the_message() -> None:
    document = json.loads(written(of_batch(BatchResult((BUSY, DONE)), Exit.BUSY)))
    assert document["jobs"][0]["messages"] == ["another run holds this job (pid 7 on studio)"]
    assert "messages" not in document["jobs"][1]


def test_a_plan_adds_what_it_comes_to_and_what_it_may_come_to() -> None:
    document = json.loads(written(of_batch(PLAN, Exit.DONE, plan=True)))
    assert document["cost_usd"] == 3.2
    assert [document["jobs"][0][key] for key in ("planned_usd", "worst_case_usd")] == [3.2, 6.4]


def test_money_is_added_up_before_it_becomes_binary() -> None:
    cents = tuple(replace(DONE, planned=DONE.planned / 16) for _ in range(3))
    assert of_batch(BatchResult(cents), Exit.DONE)["cost_usd"] == 0.3


def test_problems_carry_their_place() -> None:
    document = json.loads(
        written(of_problems([Problem("specs/a.yaml", 3, 5, "scenes", "must be at least 1")], Exit.USAGE))
    )
    error = {"file": "specs/a.yaml", "line": 3, "column": 5, "key": "scenes", "message": "must be at least 1"}
    assert document == {"schema": 1, "exit": 2, "errors": [error]}


def test_a_document_is_one_line_of_printable_ascii_whatever_files_are_called() -> None:
    strange = replace(BLOCKED, name="\033[2J\u202e\udcff", messages=("two\nlines",))
    text = written(of_batch(BatchResult((strange,)), Exit.DECISION))
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["jobs"][0]["name"] == "\033[2J\u202e\udcff"


def test_paths_outside_the_current_folder_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    job = replace(DONE, spec=Path("../a.yaml"), directory=tmp_path / "here" / "runs" / "a", film=tmp_path / "film.mp4")
    document = json.loads(written(of_batch(BatchResult((job,)), Exit.DONE)))["jobs"][0]
    assert [document[key] for key in ("spec", "dir", "film")] == [
        str(tmp_path / "a.yaml"),
        "runs/a",
        str(tmp_path / "film.mp4"),
    ]
