"""Reading a file of the user: a regular one, of a sane size, in UTF-8, or a problem that says which it was."""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import TYPE_CHECKING

from vidpipe.errors import Problem, SpecError
from vidpipe.spec.document import WHOLE_FILE, Place, place_in

if TYPE_CHECKING:
    from pathlib import Path

KIB = 1024
MIB = KIB * KIB

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Characters that steer a terminal: C0 but tab and line breaks, DEL, and C1 but NEL."""

SAID = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EISDIR: "is a folder, not a file",
    errno.EACCES: "may not be read: check its permissions",
    errno.EPERM: "may not be read: check its permissions",
    errno.ELOOP: "is a symbolic link that leads nowhere",
    errno.ENAMETOOLONG: "is too long a name for a file",
}


def read_text(path: Path, *, file: str, limit: int) -> str:
    """Return the text of a UTF-8 file of at most `limit` bytes, without a byte order mark.

    `file` is what the user calls it. Raises SpecError.
    """
    return decode(read_bytes(path, file=file, limit=limit), file=file)


def read_bytes(path: Path, *, file: str, limit: int) -> bytes:
    """Return the bytes of a regular file. Raises SpecError; what is too large is not read at all."""
    try:
        # A FIFO would block for ever without O_NONBLOCK; regular files do not mind it.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _whole(file, "is no regular file")
            if status.st_size > limit:
                raise _whole(file, too_large(status.st_size, limit))
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise _whole(file, os_message(error)) from error
    if len(data) > limit:
        raise _whole(file, too_large(len(data), limit))
    return data


def decode(data: bytes, *, file: str) -> str:
    """Return the text of UTF-8 bytes. Raises SpecError for other encodings and for control characters."""
    if data.startswith(UTF_16):
        raise _whole(file, "is UTF-16: save it as UTF-8")
    if 0 in data:
        at = data.index(0)
        place = place_in(data[:at].decode("utf-8", errors="replace"), at)
        raise _at(file, place, "contains a NUL byte: save the file as UTF-8 text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise _at(file, place_in(before, len(before)), "is not UTF-8: save the file as UTF-8 text") from error
    text = text.removeprefix("\ufeff")
    control = CONTROL.search(text)
    if control:
        message = f"contains a control character (U+{ord(control[0]):04X}): remove it"
        raise _at(file, place_in(text, control.start()), message)
    return text


def too_large(size: int, limit: int) -> str:
    """Say that a file is larger than what is read of its kind."""
    return f"is too large: {size:,} bytes, and at most {limit:,} are read"


def os_message(error: OSError | ValueError) -> str:
    """Put the operating system's error into our words."""
    code = error.errno if isinstance(error, OSError) else None
    return SAID.get(code or 0) or f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _whole(file: str, message: str) -> SpecError:
    return _at(file, WHOLE_FILE, message)


def _at(file: str, place: Place, message: str) -> SpecError:
    return SpecError([Problem(file, *place, "", message)])
