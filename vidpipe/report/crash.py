"""The report of an error that nobody foresaw: everything a bug report needs, without secrets."""

from __future__ import annotations

import os
import platform
import shlex
import traceback
from typing import TYPE_CHECKING

from vidpipe import __version__
from vidpipe.redact import redacted
from vidpipe.report.escape import visible_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def crash_report(error: BaseException, arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return a report that can be pasted into a bug tracker: version, command and traceback."""
    told = "".join(traceback.format_exception(error)).rstrip()
    command = shlex.join(["vidpipe", *arguments])
    system = os.uname()  # platform.platform() would start a program, with everything in its environment
    here = f"{system.sysname} {system.release} {system.machine}"
    text = "\n".join(
        [
            "vidpipe: this is a bug in vidpipe. Please report it with everything below:",
            f"version: vidpipe {__version__}, Python {platform.python_version()}, {here}",
            f"command: {command}",
            told,
        ]
    )
    return "\n".join(visible_lines(redacted(text, environ=environ)))
