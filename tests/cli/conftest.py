"""The command line in this process, over the toy provider."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from vidpipe.__main__ import main

if TYPE_CHECKING:
    from tests.project import Project


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Calls the program as its console script does."""

    project: Project
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> Said:
        """Run one command line."""
        self.capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *self.capsys.readouterr())


@pytest.fixture
def vidpipe(toy: Project, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return the command line, in the toy's project."""
    return CommandLine(toy, capsys)
