"""What goes between a worker and its parent: errors keep their kind, and a reply is read as strangers' data."""

from __future__ import annotations

import errno
import json
import os

import av
import pytest

from vidpipe.errors import BrokenFileError, StoppedError, VidpipeError
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.verify import FilmError
from vidpipe.media.worker.wire import Failure, Reply, as_error, as_failure, read_reply, write_reply


@pytest.mark.parametrize(
    "error",
    [
        BrokenFileError("clip.mp4: the file is damaged"),
        SourceChangedError("clip.mp4"),
        FilmError("film.mp4: wrong"),
        VidpipeError("a voice does not fit"),
        StoppedError("film.mp4"),
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied", "/films/film.mp4"),
    ],
)
def test_an_error_arrives_as_what_it_was(error: Exception) -> None:
    reply = read_reply(write_reply(Reply(3, failure=as_failure(error))))
    assert reply.id == 3
    assert reply.failure is not None
    arrived = as_error(reply.failure)
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
    assert getattr(arrived, "errno", None) == getattr(error, "errno", None)


@pytest.mark.parametrize("error", [ValueError("no"), OSError("without a number")])
def test_any_other_error_is_a_bug_with_its_traceback(error: Exception) -> None:
    try:
        raise error
    except (ValueError, OSError) as raised:
        arrived = as_error(as_failure(raised))
    assert type(arrived) is RuntimeError
    assert __file__ in str(arrived)
    assert str(error) in str(arrived)


def of_ffmpeg(number: int, path: str | None = None) -> av.FFmpegError:
    with pytest.raises(av.FFmpegError) as caught:
        av.error.err_check(-number, path)
    return caught.value


def test_what_ffmpeg_refuses_is_told_from_what_the_system_does() -> None:
    for number in (errno.EPERM, errno.EINVAL, errno.ENOSYS):
        assert as_failure(of_ffmpeg(number)) == Failure("ffmpeg", os.strerror(number))
    assert as_failure(of_ffmpeg(0x41444E49)).kind == "ffmpeg"  # AVERROR_INVALIDDATA, no number of a system
    assert as_failure(of_ffmpeg(errno.ENOSPC)) == Failure("os", os.strerror(errno.ENOSPC), "", errno.ENOSPC)
    told = as_failure(of_ffmpeg(errno.EPERM, "file:/films/film.mp4"))
    assert (told.kind, told.name) == ("os", "file:/films/film.mp4")
    assert as_failure(OSError(errno.EPERM, "Operation not permitted")).kind == "os"


@pytest.mark.parametrize("lack", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory")])
def test_a_lack_of_memory_is_found_behind_other_words(lack: Exception) -> None:
    told = BrokenFileError("clip.mp4: the file is damaged")
    told.__cause__ = lack
    for error in (lack, told):
        assert as_failure(error) == Failure("memory")
    assert as_failure(BrokenFileError("clip.mp4")) == Failure("broken", "clip.mp4")


GOOD_ERROR = {"kind": "os", "message": "m", "name": "n", "errno": 5}


def test_a_reply_is_read_back() -> None:
    assert read_reply(write_reply(Reply(1, {"a": [1, None]}))) == Reply(1, {"a": [1, None]})
    assert read_reply(json.dumps({"id": 1, "error": GOOD_ERROR}).encode()).failure == Failure("os", "m", "n", 5)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"\xff\n",
        b"nothing\n",
        b"[]\n",
        b"1\n",
        b"{}\n",
        b'{"value": 1}\n',
        b'{"id": 1}\n',
        b'{"id": true, "value": 1}\n',
        b'{"id": "1", "value": 1}\n',
        b'{"id": 1, "value": NaN}\n',
        b'{"id": 1, "value": -Infinity}\n',
        b'{"id": 1, "value": 1, "error": {}}\n',
        b'{"id": 1, "value": 1} {"id": 1}\n',
        b'{"id": 1, "value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
        b'{"id": 1, "value": ' + b"9" * 100_000 + b"}\n",
        *(
            json.dumps({"id": 1, "error": error}).encode()
            for error in (
                None,
                {},
                GOOD_ERROR | {"kind": "SystemExit"},
                GOOD_ERROR | {"kind": []},
                GOOD_ERROR | {"message": 1},
                GOOD_ERROR | {"name": None},
                GOOD_ERROR | {"errno": "5"},
                GOOD_ERROR | {"more": 1},
            )
        ),
    ],
)
def test_anything_else_is_no_reply(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_reply(line)
