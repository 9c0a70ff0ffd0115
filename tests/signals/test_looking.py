"""A signal to a command that looks at jobs, or shows them: half a look does nothing."""

from __future__ import annotations

import signal
from importlib import import_module
from signal import SIGHUP, SIGINT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.signals.begun import begin
from vidpipe.engine.layout import Layout

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Begun, Line

CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 143}
ONE_SCENE = "provider: animatic\nscript: Waves.\nscenes: 1\n"


def held_at(papers: Path, module: str, name: str, *arguments: str) -> Begun:
    """Begin a command line and return when it stands at a function."""

    def inside(line: Line) -> None:
        line.report_signals()
        line.stop_at(import_module(module), name)

    run = begin(papers, *arguments, inside=inside)
    run.expect(b"h")
    return run


def files(studio: Studio) -> dict[Path, bytes]:
    """Return everything that lies in the project; a lock tells of its last holder, and that is all right."""
    found = (path for path in studio.root.rglob("*") if path.is_file() and path.name != "lock")
    return {path: path.read_bytes() for path in found}


@pytest.mark.parametrize("number", [SIGINT, SIGTERM, SIGHUP])
@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("status", "--json"),
        ("why", "pier", "film.mp4"),
        ("redo", "pier", "film.mp4"),
        ("clean", "--orphans", "--archive", "--yes"),
        ("preview",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_signal_ends_a_command_that_looks_at_a_job_and_nothing_comes_of_it(
    studio: Studio, papers: Path, arguments: tuple[str, ...], number: signal.Signals
) -> None:
    (studio.root / "specs/pier.yaml").write_text(ONE_SCENE)
    studio.run("--until", "storyboard")
    before = files(studio)
    run = held_at(papers, "vidpipe.planning", "open_job", *arguments)
    run.kill(number, group=number == SIGINT)
    run.expect(b"s")
    run.go()
    assert run.ended() == CODES[number], run.out + run.err
    assert run.left() == set()
    assert "Traceback" not in run.err
    assert files(studio) == before


@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_a_signal_to_one_preview_ends_them_all(studio: Studio, papers: Path, number: signal.Signals) -> None:
    for name in ("ash", "birch"):
        (studio.root / f"specs/{name}.yaml").write_text(ONE_SCENE)
    run = held_at(papers, "vidpipe.conduct", "prepare", "preview")
    run.kill(number)
    run.expect(b"s")
    run.go()
    assert run.ended() == CODES[number], run.out + run.err
    assert run.left() == set()
    runs = Layout(studio.directory("ash")).root.parent
    assert [path.name for path in (runs / ".preview").iterdir() if path.is_dir()] == ["ash"]
    assert list(runs.glob("*.mp4")) == []
