"""A second signal: it stops a run at once, which loses a reply at most, unless it is the first one told twice."""

from __future__ import annotations

import signal
import threading
from signal import SIGHUP, SIGINT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Do, Working
from tests.signals.begun import PATIENCE, begin
from tests.signals.phases import BOUGHT, NARRATION, PHASES, PICTURE, STORYBOARD, SUBMITTING, Phase, stopped_at
from tests.signals.soundness import all_is_written_down, is_sound, next_run_finishes
from vidpipe import batch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

SETTLED = [phase for phase in PHASES if phase.settled]
TURNS = ((SIGINT, True), (SIGTERM, False), (SIGHUP, True), (SIGINT, False))
CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 143}


def hears_each(_line: Line) -> None:
    batch.ECHO_SECONDS = 0.0


def takes_all_for_one(_line: Line) -> None:
    batch.ECHO_SECONDS = 3600.0


def ignores_hangups(_line: Line) -> None:
    signal.signal(SIGHUP, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("phase", "number", "group"), [(phase, *TURNS[place % 4]) for place, phase in enumerate(SETTLED)], ids=str
)
def test_a_second_signal_stops_a_run_at_once_and_still_nothing_is_paid_twice_unasked(
    studio: Studio, papers: Path, phase: Phase, number: signal.Signals, group: bool
) -> None:
    stopped = stopped_at(studio, phase, papers, inside=hears_each)
    run, vendor = stopped.run, studio.vendor
    run.kill(number, group=group)
    run.expect(b"s")
    if phase.call not in {"poll", "download"}:  # what costs nothing is given up at the first one
        run.kill(number, group=group)
    assert run.ended() == CODES[number], run.out + run.err
    stopped.gate.set()
    vendor.wait(lambda: vendor.calls == phase.bought)  # the vendor takes in what nobody waits for any more
    assert run.left() == set()
    is_sound(studio)
    assert studio.spent() >= vendor.bill()
    again = 0
    if phase is SUBMITTING:
        assert "--on-lost" in studio.run(code=3).told
        assert studio("adopt", "pier", "clips/scene-000.mp4", next(iter(vendor.operations))).code == 0
    elif phase in {STORYBOARD, PICTURE, NARRATION}:
        again = 1
    vendor.rules.clear()
    studio.run()
    assert sum(vendor.calls) + vendor.count("speech") == sum(BOUGHT) + ("narration" in dict(phase.spec)) + again
    assert vendor.count("video") == 1
    assert studio.spent() >= vendor.bill()
    studio.rests()


def test_a_signal_that_comes_twice_in_an_instant_counts_once(studio: Studio, papers: Path) -> None:
    stopped = stopped_at(studio, SUBMITTING, papers, inside=takes_all_for_one)
    run = stopped.run
    run.kill(SIGTERM)
    run.expect(b"s")
    run.kill(SIGTERM, group=True)
    stopped.go()
    assert run.ended() == 143, run.out + run.err
    assert "goes on at the provider and costs $1.60" in run.told
    all_is_written_down(studio)
    next_run_finishes(studio)


@pytest.mark.parametrize("phase", [STORYBOARD], ids=str)
def test_a_run_that_was_begun_to_outlive_its_terminal_does(studio: Studio, papers: Path, phase: Phase) -> None:
    stopped = stopped_at(studio, phase, papers, inside=ignores_hangups)
    stopped.run.kill(SIGHUP, group=True)
    stopped.go()
    assert stopped.run.ended() == 0, stopped.run.err
    assert studio.vendor.calls == BOUGHT


def test_a_run_that_stops_at_once_names_everything_that_it_leaves_behind(studio: Studio, papers: Path) -> None:
    """The job that is polling ends at the first signal, the one that awaits a storyboard only at the second."""
    ash = str(studio.spec("ash", scenes=1, script="Ash in the wind."))
    birch = str(studio.spec("birch", scenes=1, script="Birch in the wind."))
    vendor, gate = studio.vendor, threading.Event()
    vendor.on("poll", Working(), times=None)

    def prepare(line: Line) -> None:
        hears_each(line)
        line.report_signals()

    vendor.on("text", Do(lambda: gate.wait(PATIENCE)), holding="Birch")
    run = begin(papers, "run", "--json", ash, birch, inside=prepare)
    vendor.wait(lambda: vendor.sent("poll") > 0 and vendor.sent("text") == 2)
    run.kill(SIGINT)
    run.expect(b"s")
    run.kill(SIGINT)
    assert run.ended() == 130
    gate.set()
    (operation,) = vendor.operations
    told = run.err.splitlines()
    assert f"vidpipe: ash: clips/scene-000.mp4: operation {operation} goes on at the provider and costs $1.60" in told
    assert any(line.startswith("vidpipe: birch: storyboard.json: the request under way may have been") for line in told)
    assert run.left() == set()
    vendor.wait(lambda: vendor.count("text") == 2)
