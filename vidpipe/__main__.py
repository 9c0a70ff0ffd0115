"""The program: one place where every error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from vidpipe.cli import Help, invoke
from vidpipe.errors import Exit, SpecError, VidpipeError
from vidpipe.report.stream import say, silence, tell

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to stop
    try:
        return int(invoke(given))
    except BrokenPipeError:
        silence(sys.stdout)
        return Exit.FAILED
    except KeyboardInterrupt:
        return _end(given, "interrupted", Exit.INTERRUPTED)
    except Help as error:
        tell(sys.stderr, str(error))
        return error.exit_code
    except VidpipeError as error:
        return _end(given, error, error.exit_code)
    except OSError as error:
        return _end(given, f"{error.filename}: {error.strerror}" if error.filename else str(error), Exit.FAILED)
    except Exception as error:  # noqa: BLE001 - the last resort, so that a bug can be reported
        return _crash(given, error)


def _end(given: Sequence[str], error: VidpipeError | str, code: Exit) -> int:
    """Say what went wrong: on stderr, or as the one object of --json."""
    if _wants_json(given):
        _say_json(error, code)
        return code
    from vidpipe.report.escape import visible_lines

    lines = visible_lines(str(error))
    if not isinstance(error, SpecError):  # whose lines begin with the file, as editors read them
        lines[0] = f"vidpipe: {lines[0]}"
    tell(sys.stderr, "\n".join(lines))
    return code


def _crash(given: Sequence[str], error: Exception) -> int:
    from vidpipe.report.crash import crash_report

    tell(sys.stderr, crash_report(error, given, os.environ))
    if _wants_json(given):
        _say_json(f"a bug in vidpipe: {type(error).__name__}", Exit.FAILED)
    return Exit.FAILED


def _say_json(error: VidpipeError | str, code: Exit) -> None:
    from vidpipe.errors import Problem
    from vidpipe.report.jsonout import of_problems, written

    problems = error.problems if isinstance(error, SpecError) else [Problem("", 0, 0, "", str(error))]
    try:
        say(sys.stdout, written(of_problems(problems, code)))
    except OSError as trouble:
        tell(sys.stderr, f"vidpipe: {trouble.filename}: {trouble.strerror}")


def _wants_json(given: Sequence[str]) -> bool:
    """Whether --json was asked for, even on a command line that cannot be understood."""
    options = given[: given.index("--")] if "--" in given else given
    return "--json" in options


if __name__ == "__main__":
    sys.exit(main())
