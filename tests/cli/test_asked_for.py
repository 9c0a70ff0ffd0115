"""What a run claims: nothing that it did not do, everything that it wrote, and no stop for what nobody asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.judge import Action, State
from vidpipe.providers.base import ReplyLostError

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

FRAME = "keyframes/scene-000-start.png"
CLIP = "clips/scene-001.mp4"


@pytest.fixture
def cut_off(vidpipe: CommandLine) -> CommandLine:
    """Return a finished job with a damaged clip, from which a keyframe was deleted."""
    vidpipe.project.spec(provider="free", scenes=2)
    assert vidpipe("run").code == 0
    vidpipe.project.path("clip 1").write_bytes(vidpipe.project.bytes("clip 1")[:100])
    vidpipe.project.path("start 0").unlink()
    return vidpipe


@pytest.mark.parametrize("asked", [["--until", "keyframes"], [FRAME]])
def test_a_broken_target_that_nobody_asked_for_is_named_and_stops_nothing(
    cut_off: CommandLine, asked: list[str]
) -> None:
    assert f"{CLIP} is broken and is not among what was asked for" in cut_off("plan", *asked).out
    said = cut_off("run", *asked)
    assert said.code == 0
    assert f"{CLIP} is broken and is not among what was asked for" in said.out
    assert cut_off.project.path("start 0").exists()
    assert len(cut_off.project.bytes("clip 1")) == 100


def test_a_broken_target_that_is_asked_for_stops_the_job_and_nothing_is_claimed_done(cut_off: CommandLine) -> None:
    adopted = cut_off.project.path("end 0")
    adopted.write_bytes(cut_off.project.bytes("end 1"))
    said = cut_off("run", "--json")
    assert said.code == 1
    targets = {target["name"]: target for target in said.json["jobs"][0]["targets"]}
    assert (targets[CLIP]["state"], targets[FRAME]["state"]) == (State.BROKEN, State.MISSING)
    assert {target["action"] for target in targets.values()} <= {Action.NONE, Action.BLOCKED, Action.FAILED}
    assert {target["price_usd"] for target in targets.values()} == {0}
    assert not cut_off.project.path("start 0").exists()


def test_a_side_file_that_is_gone_is_planned_and_written_and_both_are_said(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(provider="free", scenes=1, output="films/{name}.mp4")
    assert "written:" not in vidpipe("run").out, "a film's side files come with it"
    assert vidpipe("plan", "--exit-code").code == 0
    (project.root / "films" / "pier.mp4").unlink()
    (project.layout().root / "film.json").unlink()
    told = "runs/pier/film.json, films/pier.mp4"
    planned = vidpipe("plan", "--exit-code")
    assert planned.code == 1
    assert planned.out.startswith("pier: 2 side files to write, $0.00\n")
    assert f"  to write: {told}\n" in planned.out
    assert vidpipe("plan", "--json").json["jobs"][0]["side_files"] == told.split(", ")
    assert f"  to write: {told}\n" in vidpipe("status").out
    said = vidpipe("run")
    assert f"  written: {told}\n" in said.out
    assert "nothing to do" not in said.out
    again = vidpipe("run", "--json").json["jobs"][0]
    assert "side_files" not in again
    assert vidpipe("plan", "--exit-code").code == 0


def test_a_copy_that_cannot_be_placed_is_not_called_written(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(provider="free", scenes=1)
    assert vidpipe("run").code == 0
    project.spec(provider="free", scenes=1, output="films/{name}.mp4")
    (project.root / "films").mkdir()
    (project.root / "films" / "pier.mp4").write_bytes(b"mine")
    (project.layout().root / "film.json").unlink()
    said = vidpipe("run", "--json")
    assert (said.code, said.json["jobs"][0]["side_files"]) == (3, ["runs/pier/film.json"])


def test_a_lost_clip_of_a_dropped_scene_is_abandoned_though_the_job_is_finished(
    vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidpipe.index.write.code_is_settled", lambda: True)
    project = vidpipe.project
    project.spec(scenes=2)
    project.server.on("video", ReplyLostError("connection reset"), holding="motion 1")
    assert vidpipe("run").code == 3
    board = project.board()
    del board["scenes"][1]
    project.write_board(board)
    os.utime(project.path("storyboard"), (0, 0))
    assert vidpipe("run").code == 0
    assert project.layout().index.exists(), "which would answer"
    monkeypatch.delenv("VIDPIPE_POLL_SECONDS")  # with any such variable, the engine is asked
    (lost,) = [entry for entry in project.ledger().requests.values() if entry.lost]
    vidpipe("run", "--on-lost", "abandon")
    assert project.ledger().requests[lost.id].status == "abandoned"
