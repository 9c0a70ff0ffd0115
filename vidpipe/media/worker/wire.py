"""What a worker and its parent say to each other: one line of JSON for a request, one for its reply, never pickle.

A decoder that a file has taken over could write any reply. So a reply is read as data, strictly, and the worst that it
can do is to be wrong about that file.
"""

from __future__ import annotations

import errno
import json
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, cast

from vidpipe.errors import BrokenFileError, StoppedError, VidpipeError
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.plain import a_text, an_int, an_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vidpipe.media.plain import Json

_BORROWED = frozenset({errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ERANGE, errno.EDOM, errno.EAGAIN})
LONGEST_REPLY = 4 << 20
"""Bytes. A minute of 240 frames a second, told frame by frame, takes a tenth of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One task for a worker; `processor` is how many seconds of processor time it may take."""

    id: int
    task: str
    arguments: Mapping[str, Json]
    processor: float


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of a task as it travels; which fields count depends on `kind`.

    Of "changed", `name` is the file; of "os", `message` is the system's text, `name` the path, `errno` the number; of
    "bug", `message` is the traceback; of "ffmpeg" it is what FFmpeg says.
    """

    kind: str
    message: str = ""
    name: str = ""
    errno: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of the request with the same id."""

    id: int
    value: Json = None
    failure: Failure | None = None


def write_request(request: Request) -> bytes:
    """Return a request as one line. Raises ValueError or TypeError for arguments that are no JSON."""
    return _line({"id": request.id, "task": request.task, "arguments": request.arguments, "cpu": request.processor})


def read_request(line: bytes) -> Request:
    """Return the request in a line of the parent's."""
    found = json.loads(line)
    return Request(found["id"], found["task"], found["arguments"], found["cpu"])


def write_reply(reply: Reply) -> bytes:
    """Return a reply as one line. Raises ValueError or TypeError for a value that is no JSON."""
    if reply.failure is None:
        return _line({"id": reply.id, "value": reply.value})
    failure = reply.failure
    error: Json = {"kind": failure.kind, "message": failure.message, "name": failure.name, "errno": failure.errno}
    return _line({"id": reply.id, "error": error})


def _line(value: Json) -> bytes:
    return json.dumps(value, allow_nan=False).encode("ascii") + b"\n"


def read_reply(line: bytes) -> Reply:
    """Return the reply in a line that may hold anything. Raises ValueError where it is none."""
    try:
        found = json.loads(line, parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict) or type(found.get("id")) is not int:
        raise ValueError("not a reply")
    if found.keys() == {"id", "value"}:
        return Reply(found["id"], cast("Json", found["value"]))
    if found.keys() == {"id", "error"}:
        return Reply(found["id"], failure=_read_failure(found["error"]))
    raise ValueError("not a reply")


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _read_failure(value: Json) -> Failure:
    found = an_object(value)
    if found.keys() != {"kind", "message", "name", "errno"} or a_text(found["kind"]) not in _ERRORS:
        raise ValueError("not an error")
    return Failure(a_text(found["kind"]), a_text(found["message"]), a_text(found["name"]), an_int(found["errno"]))


def as_failure(error: Exception) -> Failure:
    """Return an error that a task raised in the form in which it travels."""
    if ran_out_of_memory(error):
        return Failure("memory")
    if isinstance(error, SourceChangedError):
        return Failure("changed", name=error.name)
    if _is_of_ffmpeg(error):
        return Failure("ffmpeg", str(getattr(error, "strerror", None) or error))
    if isinstance(error, OSError) and error.errno is not None:
        return Failure("os", str(error.strerror), str(error.filename or ""), error.errno)
    for kind, known in (("broken", BrokenFileError), ("said", VidpipeError), ("stopped", StoppedError)):
        if isinstance(error, known):
            return Failure("film" if type(error).__name__ == "FilmError" else kind, str(error))
    return Failure("bug", "".join(traceback.format_exception(error)))


def ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or the one behind it that was put into other words, is a lack of memory."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_of_ffmpeg(error: Exception) -> bool:
    """Whether FFmpeg itself refused what it was given: it borrows numbers of the system to say so."""
    av = sys.modules.get("av")  # whoever can raise such an error has imported it
    if av is None or not isinstance(error, av.FFmpegError):
        return False
    return not isinstance(error, OSError) or (error.filename is None and error.errno in _BORROWED)


def as_error(failure: Failure) -> Exception:
    """Return the error to raise for one that travelled; of kind "memory" or "ffmpeg", the caller finds the words."""
    return _ERRORS[failure.kind](failure)


def _film_error(failure: Failure) -> Exception:
    from vidpipe.media.verify import FilmError

    return FilmError(failure.message)


_ERRORS: dict[str, Callable[[Failure], Exception]] = {
    "memory": lambda _: MemoryError(),
    "ffmpeg": lambda it: RuntimeError(it.message),
    "changed": lambda it: SourceChangedError(it.name),
    "broken": lambda it: BrokenFileError(it.message),
    "film": _film_error,
    "said": lambda it: VidpipeError(it.message),
    "stopped": lambda it: StoppedError(it.message),
    "os": lambda it: OSError(it.errno, it.message, *([it.name] if it.name else [])),
    "bug": lambda it: RuntimeError(f"a bug in a worker process\n{it.message}"),
}
