"""Columns, durations, paths, colours, streams."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from vidpipe.place import shown_path
from vidpipe.report.columns import columns
from vidpipe.report.listings import size
from vidpipe.report.measures import count, elapsed
from vidpipe.report.stream import say, tell
from vidpipe.report.voice import Voice, wants_colour


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (3599.4, "59 min 59 s"), (3600, "1 h 00 min")],
)
def test_a_duration_reads_as_people_say_it(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


def test_counts_and_sizes_carry_their_unit() -> None:
    assert [count(1, "job"), count(0, "job"), count(1200, "job")] == ["1 job", "0 jobs", "1,200 jobs"]
    assert [size(999), size(1_500), size(2_000_000)] == ["999 B", "1.5 kB", "2.0 MB"]


def test_columns_align_and_an_overlong_cell_pushes_only_its_own_row() -> None:
    rows = [("a", "1", "x"), ("bb", "22", ""), ("c" * 50, "3", "y")]
    assert columns(rows, right=(1,)) == ["a" + " " * 42 + "1  x", "bb" + " " * 40 + "22", "c" * 50 + "   3  y"]


def test_a_path_below_the_current_folder_is_shown_from_there_and_any_other_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown_path(tmp_path / "here" / "runs" / "a") == "runs/a"
    assert shown_path(Path("specs/../specs/a.yaml")) == "specs/a.yaml"
    assert shown_path(tmp_path / "runs") == str(tmp_path / "runs")
    assert shown_path(Path("../runs")) == str(tmp_path / "runs")


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_colours_are_for_terminals_that_want_them() -> None:
    assert wants_colour(Terminal(), {"TERM": "xterm"})
    assert not wants_colour(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"})
    assert not wants_colour(Terminal(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
    assert not wants_colour(None, {})
    assert Voice(colour=True).paint("bad", "x") == "\033[31mx\033[0m"
    assert Voice().paint("bad", "x") == "x"


def test_a_reader_that_went_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        say(stream, "nobody reads this")
        tell(stream, "nor this")


def test_a_result_that_cannot_be_written_is_an_error_and_progress_is_not() -> None:
    with Path("/dev/full").open("w") as full:
        tell(full, "progress")
    with Path("/dev/full").open("w") as full, pytest.raises(OSError, match="standard output"):
        say(full, "result")
