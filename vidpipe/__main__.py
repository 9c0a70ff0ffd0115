"""The program: one place where every error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from vidpipe.signals import leave_with, like_ctrl_c

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    leave_no_core()
    code = _carried_out(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None:
        leave_with(code)
    return code


def _carried_out(given: Sequence[str]) -> int:
    try:
        with like_ctrl_c():
            _ready_streams()
            from vidpipe.cli import invoke  # takes long enough for a signal to come meanwhile

            return int(invoke(given))
    except (Exception, KeyboardInterrupt) as error:  # anything at all, so that a bug can be reported
        from vidpipe.report.failure import failed

        return failed(error, given)


def _ready_streams() -> None:
    """Make the standard streams safe to write to, for us and for libraries that know their numbers only."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to stop
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: else our next file would get it


def leave_no_core() -> None:
    """Have a crash of the interpreter leave no core file: it would lie in the project, and hold every key and token."""
    with suppress(ImportError, OSError, ValueError):  # no such limits here, or none that may be set
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


if __name__ == "__main__":
    sys.exit(main())
