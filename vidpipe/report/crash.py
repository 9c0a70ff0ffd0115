"""The report of an error that nobody foresaw: everything a bug report needs, without secrets."""

from __future__ import annotations

import platform
import re
import shlex
import traceback
from typing import TYPE_CHECKING

from vidpipe import __version__
from vidpipe.report.escape import visible_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE|AUTH", re.IGNORECASE)
SECRET_TEXT = re.compile(r"AIza[\w-]{30,}|ya29\.[\w.-]+|(?i:bearer)\s+[\w.~+/-]+=*|(?<=[?&]key=)[^&\s]+")
"""Google's API keys and access tokens, and what an Authorization header or a query carries."""
SHORTEST_SECRET = 8


def crash_report(error: BaseException, arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return a report that can be pasted into a bug tracker: version, command and traceback."""
    told = "".join(traceback.format_exception(error)).rstrip()
    command = shlex.join(["vidpipe", *arguments])
    text = "\n".join(
        [
            "vidpipe: this is a bug in vidpipe. Please report it with everything below:",
            f"version: vidpipe {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {command}",
            told,
        ]
    )
    return "\n".join(visible_lines(without_secrets(text, environ)))


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Return a text without the values of variables named like secrets, and without what looks like a key."""
    secrets = {value for name, value in environ.items() if SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "(secret)")
    return SECRET_TEXT.sub("(secret)", text)
