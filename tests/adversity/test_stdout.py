"""A stdout that takes nothing: the work is done and kept, and only the report of it is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import vidpipe
from tests.signals.begun import PATIENCE, begin
from tests.signals.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.google.studio import Studio
    from tests.signals.begun import Line

PLAIN = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
HOME = str(Path(vidpipe.__file__).parents[1])


def full(number: int) -> None:
    """Put a full disk behind a standard stream."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), number)


def unread(number: int) -> None:
    """Put a pipe behind a standard stream whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, number)


@pytest.mark.parametrize("form", [(), ("--json",), ("--verbose",)], ids=["lines", "json", "verbose"])
@pytest.mark.parametrize(("spoil", "code"), [(full, 1), (unread, 0), (os.close, 0)], ids=["full", "unread", "closed"])
def test_work_is_kept_though_nobody_can_be_told_of_it(
    studio: Studio, papers: Path, spoil: Callable[[int], None], code: int, form: tuple[str, ...]
) -> None:
    studio.spec(scenes=1)

    def both(_line: Line) -> None:
        for number in (1, 2):
            spoil(number)

    run = begin(papers, "run", *form, inside=both)
    assert run.ended() == code
    assert run.left() == set()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


@pytest.mark.parametrize("form", [(), ("--json",), ("--verbose",)], ids=["lines", "json", "verbose"])
def test_a_run_whose_readers_go_away_in_its_middle_goes_on_to_its_end(
    studio: Studio, papers: Path, form: tuple[str, ...]
) -> None:
    studio.spec(scenes=1)
    gate = Gate(studio.vendor)
    studio.vendor.on("image", gate.deed)
    reading, writing = os.pipe()

    def both(_line: Line) -> None:
        os.close(reading)
        for number in (1, 2):
            os.dup2(writing, number)

    run = begin(papers, "run", *form, inside=both)
    os.close(writing)
    studio.vendor.wait(lambda: studio.vendor.sent("image") > 0)
    assert form == ("--json",) or b"storyboard.json" in os.read(reading, 1 << 16)
    os.close(reading)
    gate.open()
    assert run.ended() == 0
    assert run.left() == set()
    assert studio.vendor.calls == (1, 2, 1)
    studio.rests()


@pytest.mark.parametrize("arguments", [("plan",), ("plan", "--json"), ("run", "--until", "storyboard")], ids=" ".join)
def test_the_program_itself_ends_though_both_of_its_readers_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pier.yaml").write_text("script: Waves beat on the old pier.\nscenes: 1\n")
    reading, writing = os.pipe()
    os.close(reading)
    program = [sys.executable, "-m", "vidpipe", *arguments, "pier.yaml"]
    done = subprocess.run(
        program, stdout=writing, stderr=writing, env={**PLAIN, "PYTHONPATH": HOME}, timeout=PATIENCE, check=False
    )
    os.close(writing)
    assert done.returncode == 0


def test_a_standard_stream_that_is_closed_is_no_place_for_a_file_of_ours(tmp_path: Path) -> None:
    """Else what a library writes to its standard error would stand in the middle of the ledger."""
    program = "from vidpipe.__main__ import main; import os; main(['--version']); print(os.open('/', os.O_RDONLY))"
    own = {**PLAIN, "PYTHONPATH": HOME}
    closing = f"import os; os.close(0); os.close(2); {program}"
    done = subprocess.run(
        [sys.executable, "-c", closing],
        env=own,
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert int(done.stdout.split()[-1]) > 2
