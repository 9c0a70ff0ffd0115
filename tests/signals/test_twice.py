"""A second signal: it stops a run at once, which loses a reply at most, unless it is the first one told twice."""

from __future__ import annotations

import signal
import time
from signal import SIGHUP, SIGINT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Working
from tests.signals.begun import Line, begin
from tests.signals.gate import Gate
from tests.signals.phases import (
    BOUGHT,
    CHECKING,
    DOWNLOADING,
    NARRATION,
    PHASES,
    PICTURE,
    POLLING,
    STORYBOARD,
    SUBMITTING,
    Phase,
    stopped_at,
)
from tests.signals.soundness import all_is_written_down, is_sound, next_run_finishes
from vidpipe import batch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio

HELD = [phase for phase in PHASES if phase.settled and phase not in {POLLING, DOWNLOADING}]
TURNS = (
    ((SIGINT, True), (SIGINT, True)),
    ((SIGTERM, False), (SIGTERM, False)),
    ((SIGINT, False), (SIGTERM, True)),
    ((SIGHUP, True), (SIGINT, False)),
    ((SIGTERM, True), (SIGHUP, False)),
)
"""The first signal and the second one, and whether it goes to the whole group."""
CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 143}
AT_ONCE = "vidpipe: stopped at once; what was made is kept, and the next run goes on from here"
UNANSWERED = "the request under way may have been accepted, and then costs $"
LEFT = {
    STORYBOARD: f"storyboard.json: {UNANSWERED}",
    NARRATION: f"narration/scene-000.wav: {UNANSWERED}",
    PICTURE: f"keyframes/scene-000-start.png: {UNANSWERED}",
    SUBMITTING: f"clips/scene-000.mp4: {UNANSWERED}1.60",
    CHECKING: "clips/scene-000.mp4: operation projects/film-project/",
}
"""What is named of a run that stops at once, by phase: a request that nobody has answered, or an open operation."""
Signal = tuple[signal.Signals, bool]


def hears_each(_line: Line) -> None:
    batch.ECHO_SECONDS = 0.0


def takes_all_for_one(_line: Line) -> None:
    batch.ECHO_SECONDS = 3600.0


def ignores_hangups(_line: Line) -> None:
    signal.signal(SIGHUP, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("phase", "first", "second"), [(phase, *TURNS[place % 5]) for place, phase in enumerate(HELD)], ids=str
)
def test_a_second_signal_stops_a_run_at_once_and_still_nothing_is_paid_twice_unasked(
    studio: Studio, papers: Path, phase: Phase, first: Signal, second: Signal
) -> None:
    stopped = stopped_at(studio, phase, papers, inside=hears_each)
    run, vendor = stopped.run, studio.vendor
    run.kill(first[0], group=first[1])
    run.expect(b"s")
    run.kill(second[0], group=second[1])
    assert run.ended() == CODES[second[0]], run.out + run.err
    assert run.out == ""
    told = run.err.splitlines()
    left = told[told.index(AT_ONCE) + 1 :]
    assert len(left) == (phase in LEFT)
    assert all(line.startswith(f"vidpipe: pier: {LEFT[phase]}") for line in left)
    stopped.gate.open()
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


@pytest.mark.parametrize("phase", [POLLING, DOWNLOADING], ids=str)
@pytest.mark.parametrize(("first", "second"), [(SIGINT, SIGTERM), (SIGHUP, SIGINT)], ids=lambda number: number.name)
def test_what_costs_nothing_is_given_up_at_the_first_signal_and_a_second_one_changes_nothing_of_that(
    studio: Studio, papers: Path, phase: Phase, first: signal.Signals, second: signal.Signals
) -> None:
    """The second one finds a run that is ending: it cuts that short, or comes too late."""
    stopped = stopped_at(studio, phase, papers, inside=hears_each)
    run = stopped.run
    run.kill(first)
    run.kill(second)
    code = run.ended()
    assert code in {CODES[first], CODES[second]}, run.out + run.err
    (operation,) = studio.vendor.operations
    named = f"clips/scene-000.mp4: operation {operation} goes on at the provider and costs $"
    assert named in (run.told if run.out else run.err)
    assert UNANSWERED not in run.err
    stopped.gate.open()
    assert run.left() == set()
    is_sound(studio)
    all_is_written_down(studio)
    next_run_finishes(studio)


DAYS = 3 * 86400.0


def set_clock(line: Line, by: float) -> None:
    """Have the wall clock set once the first signal has been heard."""
    real, shift = time.time, 0.0
    tell = Line.tell

    def heard(self: Line, word: bytes) -> None:
        nonlocal shift
        shift = by if word == b"s" else shift
        tell(self, word)

    Line.tell = heard  # type: ignore[method-assign]
    time.time = lambda: real() + shift


@pytest.mark.parametrize("days", [-DAYS, DAYS], ids=["back", "ahead"])
def test_a_clock_that_is_set_between_two_signals_makes_them_no_other_two(
    studio: Studio, papers: Path, days: float
) -> None:
    echo = days > 0

    def inside(line: Line) -> None:
        takes_all_for_one(line) if echo else hears_each(line)
        set_clock(line, days)

    stopped = stopped_at(studio, STORYBOARD, papers, inside=inside)
    run = stopped.run
    run.kill(SIGINT)
    run.expect(b"s")
    run.kill(SIGTERM)
    if echo:
        stopped.go()
    assert run.ended() == (130 if echo else 143), run.out + run.err
    assert (AT_ONCE in run.err) is not echo
    stopped.gate.open()


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
    vendor, gate = studio.vendor, Gate(studio.vendor)
    vendor.on("poll", Working(), times=None)

    def prepare(line: Line) -> None:
        hears_each(line)
        line.report_signals()

    vendor.on("text", gate.deed, holding="Birch")
    run = begin(papers, "run", "--json", ash, birch, inside=prepare)
    vendor.wait(lambda: vendor.sent("poll") > 0 and vendor.sent("text") == 2)
    run.kill(SIGINT)
    run.expect(b"s")
    run.kill(SIGINT)
    assert run.ended() == 130
    gate.open()
    (operation,) = vendor.operations
    told = run.err.splitlines()
    assert f"vidpipe: ash: clips/scene-000.mp4: operation {operation} goes on at the provider and costs $1.60" in told
    assert any(line.startswith("vidpipe: birch: storyboard.json: the request under way may have been") for line in told)
    assert run.left() == set()
    vendor.wait(lambda: vendor.count("text") == 2)
