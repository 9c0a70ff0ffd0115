"""A check that fails, fails the build: whichever tool it is, by `make check` and in CI."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def fake(path: Path) -> None:
    """Write a program that notes its name and arguments in $NOTED, and fails where these are those of $FAILS."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words = 'said="$(basename "$0") $*"\necho "$said" >> "$NOTED"\n'
    path.write_text(f'#!/bin/sh\n{words}case " $said " in *" $FAILS "*) exit 3;; esac\n')
    path.chmod(0o755)


def called(command: list[str], folder: Path, fails: str) -> tuple[int, list[str]]:
    """Run a command among such programs; return its exit code and what was called."""
    noted = folder / "noted"
    noted.write_text("")
    environ = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "NOTED": str(noted), "FAILS": fails}
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environ, timeout=60)
    return done.returncode, noted.read_text().splitlines()


def checks() -> set[str]:
    """Return the targets that `make check` is made of."""
    line = re.search(r"^check: ([a-z ]+)##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert line
    return set(line[1].split()) - {"install"}


TOOLS = ("python .ci/audit.py", "ruff format --check .", "ruff check .", "mypy", "python -m pytest")


@pytest.mark.parametrize("fails", ["nothing", *TOOLS])
def test_what_is_checked_is_checked_by_every_tool_and_fails_where_any_of_them_does(tmp_path: Path, fails: str) -> None:
    for name in ("python", "ruff", "mypy"):
        fake(tmp_path / "venv" / "bin" / name)
    (tmp_path / "venv" / ".installed").touch()  # after requirements.lock: there is nothing to install
    code, calls = called(["make", "--keep-going", f"VENV={tmp_path / 'venv'}", "check"], tmp_path, fails)
    assert [
        tool for tool in TOOLS if not any(call.strip() == tool or call.startswith(f"{tool} ") for call in calls)
    ] == []
    assert (code == 0) == (fails == "nothing")


@pytest.mark.parametrize("fails", ["nothing", *sorted(checks())])
def test_ci_asks_for_every_check_and_fails_where_any_of_them_does(tmp_path: Path, fails: str) -> None:
    assert checks() >= {"format", "lint", "types", "audit", "test"}
    fake(tmp_path / "bin" / "make")
    code, calls = called(["bash", str(ROOT / ".ci" / "run")], tmp_path, fails)
    asked = {word for call in calls for word in call.split()[1:]}
    assert fails in asked | {"nothing"}
    assert fails != "nothing" or asked == checks()
    assert (code == 0) == (fails == "nothing")
