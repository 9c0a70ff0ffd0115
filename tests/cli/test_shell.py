"""The command line in a process of its own: what it costs to start, streams, signals, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("av", "PIL", "numpy", "pydantic", "rich", "yaml", "filelock", "asyncio", "tenacity")
PROGRAM = [sys.executable, "-m", "vidpipe"]


def vidpipe(
    *arguments: str, cwd: Path, environ: dict[str, str] | None = None, program: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIDPIPE_")}
    environment = kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"} | (environ or {})
    command = [*(program or PROGRAM), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["run", "--help"], ["why", "-h"], ["clean", "-h"]])
def test_version_and_help_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    probe = (
        f"import sys; from vidpipe.__main__ import main; code = main({arguments!r}); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], code)"
    )
    done = vidpipe("-c", probe, cwd=tmp_path, program=[sys.executable])
    assert done.stdout.splitlines()[-1] == "[] 0", done.stderr


def test_the_program_is_called_vidpipe_however_it_is_started(tmp_path: Path) -> None:
    assert vidpipe("--version", cwd=tmp_path).stdout.startswith("vidpipe ")
    assert vidpipe("run", "--help", cwd=tmp_path).stdout.startswith("Usage: vidpipe run ")


def test_the_shell_is_offered_specs_options_and_steps(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "pier.yaml").write_text("script: x\n")
    (tmp_path / "specs" / "notes.txt").write_text("x\n")
    (tmp_path / "runs" / "pier" / ".vidpipe").mkdir(parents=True)
    (tmp_path / "runs" / "pier" / ".vidpipe" / "job.json").write_text("{}")
    (tmp_path / "runs" / "pier" / "film.mp4").write_text("")

    def offered(words: str) -> list[str]:
        ask = {"_VIDPIPE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        done = vidpipe(cwd=tmp_path, environ=ask)
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert offered("vidpipe sta") == ["status"]
    assert offered("vidpipe run spe") == ["specs/"]
    assert offered("vidpipe run specs/") == ["specs/pier.yaml"]
    assert offered("vidpipe run --until ") == ["storyboard", "narration", "keyframes", "clips"]
    assert offered("vidpipe run --force k") == ["keyframe"]
    assert offered("vidpipe why pi") == ["pier"]
    assert offered("vidpipe why pier f") == ["film.mp4"]
    source = vidpipe(cwd=tmp_path, environ={"_VIDPIPE_COMPLETE": "bash_source"})
    assert "_vidpipe_completion" in source.stdout


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    shell = f"set -o pipefail; {sys.executable} -m vidpipe models | head -1"
    done = vidpipe("-c", shell, cwd=tmp_path, program=["bash"])
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


@pytest.mark.parametrize("options", ["", "--json "])
def test_a_full_disk_behind_stdout_is_said_and_fails(tmp_path: Path, options: str) -> None:
    done = vidpipe("-c", f"{sys.executable} -m vidpipe models {options}> /dev/full", cwd=tmp_path, program=["bash"])
    assert (done.returncode, done.stderr) == (1, "vidpipe: standard output: No space left on device\n")


def test_a_terminal_without_utf_8_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "pier.yaml").write_text("script: A pier.\n")
    arguments = ["status", "pier.yaml", "--dir", "über", "-q"]
    done = vidpipe(*arguments, cwd=tmp_path, environ={"PYTHONIOENCODING": "ascii"})
    told = "pier: planned, 0 of 13 targets, $0.00, no current film in \\xfcber/pier\n"
    assert (done.returncode, done.stdout) == (0, told)
