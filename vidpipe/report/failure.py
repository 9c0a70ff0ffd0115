"""What is said where a command could not be carried out, and the exit code of that."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from vidpipe.errors import Exit, Problem, SpecError, VidpipeError
from vidpipe.report.crash import crash_report
from vidpipe.report.escape import visible_lines
from vidpipe.report.jsonout import of_problems, written
from vidpipe.report.stream import STANDARD_OUTPUT, say, silence, tell
from vidpipe.signals import TerminatedError

if TYPE_CHECKING:
    from collections.abc import Sequence


def failed(error: Exception | KeyboardInterrupt, arguments: Sequence[str]) -> Exit:
    """Say on stderr what went wrong, and as the one object of --json if that was asked for; return the exit code."""
    if isinstance(error, BrokenPipeError):
        silence(sys.stdout)
        return Exit.FAILED
    code, message = _judged(error)
    wants_json = _wants_json(arguments)
    if message is None:
        tell(sys.stderr, crash_report(error, arguments, os.environ))
        message = f"a bug in vidpipe: {type(error).__name__}; its report is on stderr"
    elif not wants_json or _is_about_stdout(error):
        tell(sys.stderr, "\n".join(_worded(error, message)))
    if wants_json:
        problems = error.problems if isinstance(error, SpecError) else [Problem("", 0, 0, "", message)]
        try:
            say(sys.stdout, written(of_problems(problems, code)))
        except OSError as trouble:
            tell(sys.stderr, f"vidpipe: {trouble.filename}: {trouble.strerror}")
    return code


def _is_about_stdout(error: Exception | KeyboardInterrupt) -> bool:
    """Whether the place where JSON is wanted is the one that takes nothing any more."""
    return isinstance(error, OSError) and error.filename == STANDARD_OUTPUT


def _judged(error: Exception | KeyboardInterrupt) -> tuple[Exit, str | None]:
    """Return the exit code and the message of an error, no message for a bug."""
    if isinstance(error, VidpipeError):
        return error.exit_code, str(error)
    if isinstance(error, TerminatedError):
        return Exit.TERMINATED, str(error)
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED, "interrupted"
    if isinstance(error, OSError):
        told = error.strerror or str(error)
        return Exit.FAILED, f"{error.filename}: {told}" if error.filename else told
    return Exit.FAILED, None


def _worded(error: Exception | KeyboardInterrupt, message: str) -> list[str]:
    first, *others = visible_lines(message)
    # the lines of a SpecError begin with the file, as editors read them
    return [first, *others] if isinstance(error, SpecError) else [f"vidpipe: {first}", *others]


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether --json was asked for, even on a command line that cannot be understood."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options
