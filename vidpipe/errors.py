"""The errors of vidpipe: one small tree, one exit code per class, caught once in `vidpipe.__main__`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Exit(IntEnum):
    """Exit codes of the command line; of several, the first in `EXIT_ORDER` counts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DECISION = 3
    INCOMPLETE = 4
    BUSY = 75
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_ORDER = (
    Exit.INTERRUPTED,
    Exit.TERMINATED,
    Exit.USAGE,
    Exit.FAILED,
    Exit.DECISION,
    Exit.BUSY,
    Exit.INCOMPLETE,
    Exit.DONE,
)


def worst(codes: Iterable[Exit]) -> Exit:
    """Return the exit code that counts where several parts of a run ended with different ones."""
    return min(codes, key=EXIT_ORDER.index, default=Exit.DONE)


class VidpipeError(Exception):
    """Anything that vidpipe says to its user in one message, without a traceback."""

    exit_code = Exit.FAILED


class UsageError(VidpipeError):
    """The command line, a spec, a setting or a directory that vidpipe cannot work with."""

    exit_code = Exit.USAGE


class BrokenFileError(VidpipeError):
    """A file of the user or of vidpipe that is damaged: nothing is made from it and nothing overwrites it."""


class UnreadableFileError(BrokenFileError):
    """A file that the system cannot read now: nobody can say what is in it, so nothing is bought in its stead."""


class DecisionError(VidpipeError):
    """Something only a person can decide; the message names the ways out."""

    exit_code = Exit.DECISION


class WaitingError(DecisionError):
    """An operation still runs at the provider; the next run goes on waiting for it."""


class LostError(DecisionError):
    """A request for a clip may have been accepted and its reply is lost."""


class BusyError(VidpipeError):
    """Another process holds the lock of a job directory."""

    exit_code = Exit.BUSY


class StoppedError(Exception):
    """Work was given up in the middle, because its caller wanted no more of it; not for a user's eyes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file; `line` and `column` count from 1, 0 means that the whole file is meant."""

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        """Return one line, whatever a file is called or a message quotes: a second one could be taken for another's."""
        from vidpipe.words import visible  # only needed where something is wrong

        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return visible(": ".join(part for part in (place, self.key, self.message) if part))


class SpecError(UsageError):
    """All problems of one or more specs or settings files, in the order of files and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
