"""Small promises of the command line: what a name, a glob, an empty option or a busy job comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from vidpipe.cli_run import MOST_JOBS
from vidpipe.lock import hold
from vidpipe.spec.tables import Environment

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


@pytest.fixture
def made(vidpipe: CommandLine) -> CommandLine:
    """Return a finished job of two scenes."""
    vidpipe.project.spec(provider="free", scenes=2)
    assert vidpipe("run").code == 0
    return vidpipe


def test_clean_tells_what_it_removed_though_another_job_is_busy(made: CommandLine) -> None:
    made.project.spec("quay", provider="free", scenes=1)
    assert made("run").code == 0
    for name in ("pier", "quay"):
        (made.project.layout(name).scratch / "part").write_bytes(b"123")
    with hold(made.project.layout("quay")):
        said = made("clean", "--yes", "--json")
        told = made("clean", "--yes").out
    assert said.code == said.json["exit"] == 75
    pier, quay = said.json["jobs"]
    assert (pier["problem"], bool(pier["files"])) == (None, True)
    assert (bool(quay["problem"]), quay["files"]) == (True, [])
    assert "quay: runs/quay: another run holds this job" in told
    assert "--wait" not in told


def test_only_what_can_wait_proposes_to_wait(made: CommandLine) -> None:
    with hold(made.project.layout()):
        said = made("redo", "pier", "film.mp4")
        assert (said.code, "--wait" in said.err) == (75, False)
        made.project.path("film").unlink()
        assert "--wait" in made("run").out


def test_a_target_of_takes_may_be_a_glob_and_must_be_known(made: CommandLine) -> None:
    listed = made("takes", "pier", "clips/*")
    assert [line.split()[:2] for line in listed.out.splitlines()] == [
        [f"clips/scene-00{scene}.mp4", "take"] for scene in (0, 1)
    ]
    told = made("takes", "pier", "clips/*", "--json").json["takes"]
    assert [take["target"] for take in told] == ["clips/scene-000.mp4", "clips/scene-001.mp4"]
    for unknown in ("nonsense", "clips/scene-9*", "x" * 300):
        said = made("takes", "pier", unknown)
        assert said.code == 2
        assert "no target matches" in said.err


def test_a_glob_of_which_one_target_has_the_take_restores_that_one(made: CommandLine) -> None:
    assert made("redo", "pier", "clips/scene-001.mp4").code == 0
    first = made("takes", "pier", "clips/scene-001.mp4", "--json").json["takes"][0]
    assert made("run").code == 0
    said = made("restore", "pier", "clips/*", str(first["take"]))
    assert (said.code, said.out) == (0, f"clips/scene-001.mp4: take {first['take']} is back, for nothing\n")
    assert made("restore", "pier", "clips/*", "99").code == 2


def test_an_empty_dir_counts_as_none(made: CommandLine) -> None:
    assert made("run", "--dir", "").code == 0
    assert not (made.project.root / "pier").exists()
    assert made("status", "--dir", " ", "pier").code == 0


@pytest.mark.parametrize("command", ["status", "why", "clean", "preview", "takes"])
def test_a_name_that_is_too_long_is_a_wrong_name(made: CommandLine, command: str) -> None:
    said = made(command, "x" * 300, *(["film.mp4"] if command in {"why", "takes"} else []))
    assert said.code == 2
    assert "is neither a spec file" in said.err


def test_as_many_jobs_at_once_as_a_variable_may_say(made: CommandLine) -> None:
    assert made("plan", "-j", MOST_JOBS).code == 0
    assert made("plan", "-j", MOST_JOBS + 1).code == 2
    assert Environment.model_validate({"jobs": str(MOST_JOBS)}).jobs == MOST_JOBS
    with pytest.raises(ValidationError):
        Environment.model_validate({"jobs": str(MOST_JOBS + 1)})


def test_a_current_folder_that_is_gone_is_named(made: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = made.project.root / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for command in (["status"], ["run", "pier"], ["init", "quay"]):
        said = made(*command)
        assert (said.code, said.out) == (2, "")
        assert said.err == "vidpipe: the current folder is not there any more: go to one that is (cd), then try again\n"
