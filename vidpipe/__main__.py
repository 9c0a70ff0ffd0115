"""The program: one place where every error becomes a message and an exit code."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from vidpipe.cli import invoke
from vidpipe.signals import like_ctrl_c

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    leave_no_core()
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to stop
    try:
        with like_ctrl_c():
            return int(invoke(given))
    except (Exception, KeyboardInterrupt) as error:  # anything at all, so that a bug can be reported
        from vidpipe.report.failure import failed

        return failed(error, given)


def leave_no_core() -> None:
    """Have a crash of the interpreter leave no core file: it would lie in the project, and hold every key and token."""
    with suppress(ImportError, OSError, ValueError):  # no such limits here, or none that may be set
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


if __name__ == "__main__":
    sys.exit(main())
