"""Open an MP4 of unknown origin: size, kind and structure are looked at before FFmpeg sees a byte of it.

The mov demuxer is forced. Left to guess, FFmpeg also takes playlists and lists of files that are named .mp4, and then
opens whatever those point to.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import av

from vidpipe.errors import BrokenFileError
from vidpipe.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer

FETCH_AGAIN = "fetch it again, or delete it to have it made again"
_INSTEAD = "put a video in its place (H.264 in MP4), or delete it to have it made again"
_FIRST_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"#extm3u", "a playlist (HLS), not a video"),
    (b"ffconcat", "a list of files for FFmpeg, not a video"),
    (b"<mpd", "a playlist (DASH), not a video"),
    (b"<!doctype html", "an HTML page, not a video: an error page was saved in its place"),
    (b"<html", "an HTML page, not a video: an error page was saved in its place"),
    (b"<?xml", "an XML document, not a video"),
    (b"{", "a JSON document, not a video: an error message was saved in its place"),
    (b"version https://git-lfs", "a Git LFS pointer, not the video itself; `git lfs pull` fetches it"),
    (b"pk\x03\x04", "a ZIP archive, not a video; unpack it"),
    (b"\x1f\x8b", "a gzip file, not a video; unpack it"),
    (b"%pdf", "a PDF document, not a video"),
    (b"\x89png", "a PNG picture, not a video"),
    (b"\xff\xd8\xff", "a JPEG picture, not a video"),
    (b"gif8", "a GIF picture; convert it to MP4 (H.264)"),
    (b"\x1aE\xdf\xa3".lower(), "a WebM or Matroska video; convert it to MP4 (H.264)"),
    (b"riff", "an AVI, WAV or WebP file; convert it to MP4 (H.264)"),
)
_NEVER_SHORT = frozenset({b"moov", b"mdat", b"moof", b"mfra"})
"""Other boxes that seem to reach beyond the end may be stray bytes, which every player passes over."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a video may be before it is refused unread; `pixels` is width times height."""

    pixels: int = 4096 * 2160
    seconds: int = 60
    bytes: int = 500_000_000
    frames: int = 60 * 240


CLIP_LIMITS = Limits()
_MOST_CLIPS = 150
FILM_LIMITS = Limits(
    seconds=_MOST_CLIPS * CLIP_LIMITS.seconds,
    bytes=_MOST_CLIPS * CLIP_LIMITS.bytes,
    frames=_MOST_CLIPS * CLIP_LIMITS.seconds * 24,
)
"""A film is made of at most 100 clips, each held for half its length again, on a grid of 24 frames a second."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The top level of an MP4: its boxes in order, and whether the samples stand in fragments."""

    kinds: tuple[bytes, ...]

    @property
    def fragmented(self) -> bool:
        """Say whether frames are declared by fragments and not by the index."""
        return b"moof" in self.kinds


def _stream(source: Path | bytes, name: str) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return open_regular(source)
    except FileNotFoundError:
        raise BrokenFileError(f"{name}: there is no such file") from None
    except OSError as error:
        raise BrokenFileError(f"{name}: cannot be read: {error.strerror}") from error


def read_boxes(stream: BinaryIO, name: str) -> Boxes:
    """Walk the top-level boxes (ISO/IEC 14496-12, section 4.2); raises BrokenFileError where the file ends too soon."""
    end = stream.seek(0, io.SEEK_END)
    place, kinds = 0, []
    while place + 8 <= end:
        stream.seek(place)
        head = stream.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = end - place
        if kind in _NEVER_SHORT and place + size > end:
            raise BrokenFileError(
                f"{name}: the file is cut off: {place + size:,} bytes are needed at least, {end:,} are there; "
                f"{FETCH_AGAIN}"
            )
        kinds.append(kind)
        if size < 8:
            break
        place += size
    return Boxes(tuple(kinds))


def _check_kind(stream: BinaryIO, name: str, limits: Limits) -> Boxes:
    size = stream.seek(0, io.SEEK_END)
    if size == 0:
        raise BrokenFileError(f"{name}: the file is empty (0 bytes); delete it to have it made again")
    if size > limits.bytes:
        raise BrokenFileError(f"{name}: {size:,} bytes are more than the {limits.bytes:,} allowed; make it smaller")
    stream.seek(0)
    head = stream.read(64)
    if head[4:8] != b"ftyp":
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        found = next((what for first, what in _FIRST_BYTES if text.startswith(first)), None)
        what = found or "not an MP4 file (it has no ftyp box at its start)"
        raise BrokenFileError(f"{name}: this is {what}" + ("" if ";" in what else f"; {_INSTEAD}"))
    boxes = read_boxes(stream, name)
    if b"moov" not in boxes.kinds:
        raise BrokenFileError(f"{name}: the file has no index (no moov box), so its end is missing; {FETCH_AGAIN}")
    return boxes


@contextmanager
def open_mp4(
    source: Path | bytes, name: str, limits: Limits = CLIP_LIMITS, options: dict[str, str] | None = None
) -> Iterator[tuple[InputContainer, Boxes]]:
    """Yield the opened file and its top-level boxes.

    `source` is a path or the file's bytes; `options` are those of FFmpeg's mov demuxer. Raises BrokenFileError, naming
    `name`, also for what FFmpeg finds wrong while the file is open: so write no other file in the meantime.
    """
    with _stream(source, name) as stream:
        boxes = _check_kind(stream, name, limits)
        stream.seek(0)
        try:
            # The file object, never a path: FFmpeg takes names with a colon for protocols.
            with av.open(
                stream, "r", format="mov", options=options, metadata_errors="replace", buffer_size=1 << 18
            ) as it:
                yield it, boxes
        except av.FFmpegError as error:
            raise BrokenFileError(f"{name}: the file is damaged ({error.strerror}); {FETCH_AGAIN}") from error
