"""A run on a real terminal: what it shows, and how it leaves the terminal, whoever ends it and however."""

from __future__ import annotations

import os
import signal
from signal import SIGHUP, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.signals.gate import Gate
from tests.signals.soundness import is_sound, next_run_finishes
from tests.signals.terminal import CTRL_C, Terminal, drawn, on_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.studio import Studio

SPEC = "script: Waves beat on the old pier.\nscenes: 1\nnarration: true\n"
SPEAKER = """#!/bin/sh
read word < "{gate}"
exit 1
"""
"""A voice that says nothing until it may: a run of the offline animatic stands still at the narration."""
HEARD = b"\x1b[9m\x1b[0m"
TELLS_OF_SIGNALS = f"""
import os, vidpipe.batch, vidpipe.workshop
vidpipe.batch.ECHO_SECONDS = 0.0
stop = vidpipe.workshop.Run.stop
def heard(*given):
    stop(*given)
    os.write(2, {HEARD!r})
vidpipe.workshop.Run.stop = heard
"""
"""Every signal counts for itself, and the first one is answered with codes that no eye sees."""

ENDS_LATE = """
import atexit, os
def held():
    os.write(2, b"<leaving>")
    open("../gate").read()
atexit.register(held)
"""
"""Once everything is done and told, its process does not come to an end."""

PLANS_FOR_EVER = f"""
{TELLS_OF_SIGNALS}
import vidpipe.planning
def held(*given, **named):
    os.write(2, b"<planning>")
    open("../gate").read()
vidpipe.planning.open_job = held
"""
"""A thread that cannot be interrupted, as one that hashes a large file, is in the way of the end."""


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project whose voice waits, and return the file at which it does."""
    for name in ("project/.git", "project/specs", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "project/specs/pier.yaml").write_text(SPEC)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    speaker = tmp_path / "bin/espeak-ng"
    speaker.write_text(SPEAKER.format(gate=gate))
    speaker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{speaker.parent}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path / "project")
    return gate


@pytest.fixture
def terminal(gate: Path) -> Iterator[Terminal]:
    """Return a terminal on which a run stands at its narration and shows so."""
    terminal = on_terminal("run", "--until", "narration")
    terminal.expect(b"narration/scene-000.wav")
    yield terminal
    terminal.close()
    assert terminal.left() == set()


def test_a_table_shows_the_jobs_at_work_and_gives_way_to_the_summary(terminal: Terminal, gate: Path) -> None:
    table = [line.split() for line in terminal.lines]
    assert table[0] == ["job", "state", "done", "target", "cost", "time"]
    assert table[1][:4] == ["pier", "working", "1/6", "narration/scene-000.wav"]
    assert terminal.lines[2] == "0 of 1 job ended, $0.00"
    assert terminal.hides_cursor()
    gate.write_text("\n")
    assert terminal.ended() == 1
    assert terminal.lines[0].startswith("pier  failed  $0.00")
    assert terminal.lines[-2].startswith("1 job: 1 failed; $0.00 spent")
    assert "job       state" not in "\n".join(terminal.lines)
    assert not terminal.hides_cursor()
    assert terminal.unchanged


def test_ctrl_c_ends_a_run_and_leaves_its_summary_and_a_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.type(CTRL_C)
    assert terminal.ended() == 130
    assert terminal.lines[0].startswith("pier  interrupted  $0.00")
    assert terminal.lines[1].strip() == "interrupted; what was made is kept, and the next run goes on from here"
    assert terminal.lines[-2].startswith("1 job: 1 interrupted")
    assert not terminal.hides_cursor()
    assert terminal.unchanged


@pytest.mark.parametrize("number", [SIGTERM, SIGHUP])
def test_a_signal_from_elsewhere_leaves_the_terminal_as_it_was(terminal: Terminal, number: signal.Signals) -> None:
    os.kill(terminal.pid, number)
    assert terminal.ended() == 143
    assert terminal.lines[-2].startswith("1 job: 1 interrupted")
    assert not terminal.hides_cursor()
    assert terminal.unchanged


def test_a_run_whose_terminal_goes_away_ends_in_good_order(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.ended() == 143


@pytest.mark.parametrize("keys", [True, False], ids=["typed", "sent"])
def test_a_second_ctrl_c_leaves_the_terminal_as_it_was_and_says_what_it_leaves_behind(
    studio: Studio, keys: bool
) -> None:
    """The first one waits for the answer that was paid for; the second one does not."""
    studio.spec(scenes=1)
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed)
    terminal = on_terminal("run", prelude=TELLS_OF_SIGNALS)

    def interrupt() -> None:
        terminal.type(CTRL_C) if keys else os.kill(terminal.pid, SIGTERM)

    terminal.expect(b"storyboard.json")
    studio.vendor.wait(lambda: studio.vendor.sent("text") > 0)
    interrupt()
    terminal.expect(HEARD)
    assert terminal.hides_cursor()
    interrupt()
    assert terminal.ended() == (130 if keys else 143)
    gate.open()
    studio.vendor.wait(lambda: studio.vendor.count("text") == 1)  # nobody waits for the answer any more
    assert terminal.left() == set()
    assert not terminal.hides_cursor()
    assert terminal.unchanged
    told = terminal.lines[-3:]
    assert told[0] == "vidpipe: stopped at once; what was made is kept, and the next run goes on from here"
    assert told[1].startswith(
        "vidpipe: pier: storyboard.json: the request under way may have been accepted, and then costs $0.0"
    )
    assert told[2] == ""
    terminal.close()
    is_sound(studio)


def test_a_run_whose_terminal_goes_away_while_it_buys_keeps_what_it_bought(studio: Studio) -> None:
    studio.spec(scenes=1)
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed)
    terminal = on_terminal("run")
    terminal.expect(b"storyboard.json")
    studio.vendor.wait(lambda: studio.vendor.sent("text") > 0)
    terminal.hang_up()
    gate.open()
    assert terminal.ended() == 143
    terminal.close()
    assert terminal.left() == set()
    assert studio.path("storyboard").exists()
    is_sound(studio)
    next_run_finishes(studio)


@pytest.mark.usefixtures("gate")
def test_ctrl_c_after_the_summary_changes_nothing_of_it() -> None:
    terminal = on_terminal("run", "--until", "storyboard", prelude=ENDS_LATE)
    terminal.expect(b"<leaving>")
    terminal.type(CTRL_C)
    assert terminal.ended() == 0
    assert terminal.lines[0].startswith("pier  partial  $0.00")
    assert "Traceback" not in terminal.shown.decode()
    assert not terminal.hides_cursor()
    assert terminal.unchanged
    terminal.close()
    assert terminal.left() == set()


@pytest.mark.usefixtures("gate")
def test_a_second_ctrl_c_does_not_wait_for_a_thread_that_is_reading() -> None:
    terminal = on_terminal("run", prelude=PLANS_FOR_EVER)
    terminal.expect(b"<planning>")
    terminal.type(CTRL_C)
    terminal.expect(HEARD)
    terminal.type(CTRL_C)
    assert terminal.ended() == 130
    assert "vidpipe: stopped at once" in "\n".join(terminal.lines)
    assert "Traceback" not in terminal.shown.decode()
    terminal.close()


def test_the_screen_of_these_tests_is_drawn_as_terminals_do() -> None:
    shown = "one\r\ntwo\x1b[1mbold\x1b[0m\r\nthree\r\x1b[2K\x1b[1A\x1b[2Kfour\r\n"
    assert drawn(shown) == ["one", "four", ""]
