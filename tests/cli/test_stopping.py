"""What a run says where it is stopped, or finds another one at work."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.layout import Layout
from vidpipe.lock import hold

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_a_run_is_its_exit_code_and_the_next_run_goes_on(
    vidpipe: CommandLine, number: signal.Signals, code: int
) -> None:
    vidpipe.project.spec(provider="free")
    vidpipe.project.server.on("video", lambda: os.kill(os.getpid(), number))
    stopped = vidpipe("run", "--json")
    assert (stopped.code, stopped.json["exit"]) == (code, code)
    assert stopped.json["jobs"][0]["state"] == "interrupted"
    assert "goes on from here" in stopped.json["jobs"][0]["messages"][0]
    assert vidpipe("run").code == 0


def test_ctrl_c_before_a_run_begins_is_one_line(vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vidpipe.commands.run.find_specs", interrupted)
    said = vidpipe("run")
    assert (said.code, said.out, said.err) == (130, "", "\nvidpipe: interrupted\n")


def test_a_job_that_another_run_holds_exits_75_and_names_the_holder(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free", scenes=1)
    vidpipe.project.spec("other", provider="free", scenes=1)
    with hold(Layout(vidpipe.project.root / "runs" / "pier")):
        said = vidpipe("run")
        assert said.code == 75
        assert f"pid {os.getpid()}" in said.out
        assert "--wait" in said.out
        assert [job["state"] for job in vidpipe("status", "--json").json["jobs"]] == ["done", "busy"]
        assert vidpipe("redo", "pier", "film.mp4").code in {2, 75}
    assert vidpipe("run").code == 0


def test_an_error_that_nobody_foresaw_gives_a_report_and_exit_code_1(
    vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "swordfish-1234")
    monkeypatch.setattr("vidpipe.commands.run.find_specs", lambda _specs: 1 / int("swordfish-1234"[-1:] != "4"))
    said = vidpipe("run", "specs/my film.yaml")
    assert (said.code, said.out) == (1, "")
    assert "command: vidpipe run 'specs/my film.yaml'" in said.err
    assert "ZeroDivisionError" in said.err
    assert "swordfish-1234" not in said.err


def test_a_file_that_cannot_be_written_is_named(vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    vidpipe.project.spec(provider="free", scenes=1)
    (vidpipe.project.root / "runs").write_text("a file")
    said = vidpipe("run")
    assert said.code == 2
    assert "runs is a file, but job directories have to lie there" in said.err
