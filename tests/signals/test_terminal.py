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


def test_the_screen_of_these_tests_is_drawn_as_terminals_do() -> None:
    shown = "one\r\ntwo\x1b[1mbold\x1b[0m\r\nthree\r\x1b[2K\x1b[1A\x1b[2Kfour\r\n"
    assert drawn(shown) == ["one", "four", ""]
