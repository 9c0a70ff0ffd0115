"""Join pieces into one film: video packets copied bit for bit on one integer frame grid, sound encoded once.

FFmpeg's own ways to concatenate trust container times and the first clip's parameter sets: with some clips they drift,
lose all sound or decode to wrong pictures, without a word. Here every packet gets its time by counting.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, cast

import av

from vidpipe.errors import BrokenFileError
from vidpipe.media import h264
from vidpipe.media.audio import SoundTrack
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME, TIMESCALE
from vidpipe.media.mp4 import open_mp4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from av.container import OutputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from vidpipe.media.clip import ClipInfo

_TICKS = TIMESCALE // FRAME_RATE
_CHUNK = FRAME_RATE


@dataclass(frozen=True, slots=True)
class Piece:
    """Pictures that stand in the film as they are; `read` returns the MP4 they are in, as a path or as bytes."""

    info: ClipInfo
    read: Callable[[], Path | bytes]


def join(
    pieces: Sequence[Piece],
    path: Path,
    *,
    sounds: Iterable[NDArray[np.float32]] | None,
    check: Callable[[], None] = lambda: None,
) -> int:
    """Write the pieces one after the other to `path` and return the number of frames.

    Every piece must be H.264 with an even step of a 24th of a second (`clip.why_not_copied`). `sounds` yields, piece by
    piece, float32 (2, frames * 2000); None makes a film without a sound track. It is asked for a piece's sound only
    when that piece is written, so one at a time is in memory. `check` is called now and then and may raise to stop.
    Raises BrokenFileError where a piece is not what its `info` says, OSError where the film cannot be written.
    """
    delay = max(piece.info.delay for piece in pieces)
    in_band = len({h264.read_avcc(piece.info.parameter_sets) for piece in pieces}) > 1
    frames = 0
    with _written(path) as container:
        video = _add_pictures(container, pieces[0])
        track = None if sounds is None else SoundTrack(container)
        parts = repeat(None) if sounds is None else sounds
        for piece, sound in zip(pieces, parts, strict=sounds is not None):
            for count, (place, packet) in enumerate(_packets(piece, in_band=in_band)):
                if count % _CHUNK == 0:
                    check()
                    _write_sound(track, sound, count)
                packet.stream = video
                packet.time_base = Fraction(1, TIMESCALE)
                packet.dts = (frames + count - delay) * _TICKS
                packet.pts = (frames + place) * _TICKS
                packet.duration = _TICKS
                container.mux_one(packet)
            frames += piece.info.frames
        if track is not None:
            track.finish()
    return frames


def _write_sound(track: SoundTrack | None, sound: NDArray[np.float32] | None, place: int) -> None:
    """Write the sound of the next chunk of frames, so that pictures and sound lie side by side in the file."""
    if track is not None and sound is not None:
        track.write(sound[:, place * SAMPLES_PER_FRAME : (place + _CHUNK) * SAMPLES_PER_FRAME])


@contextmanager
def _written(path: Path) -> Iterator[OutputContainer]:
    """Open the film for writing; left by an exception, it is cut to zero bytes instead of being finished too short."""
    options = {
        "movflags": "+faststart",
        "fflags": "+bitexact",
        "video_track_timescale": str(TIMESCALE),
        "movie_timescale": str(SAMPLE_RATE),  # edit lists count in it: in milliseconds the sound would end too soon
    }
    # Without the prefix FFmpeg would take a relative path with a colon for a protocol.
    container = av.open(f"file:{path}", "w", format="mp4", options=options)
    try:
        yield container
        container.close()
    except BaseException:
        with suppress(Exception):
            container.close()
        with suppress(OSError):
            os.truncate(path, 0)
        raise


def _add_pictures(container: OutputContainer, piece: Piece) -> VideoStream:
    # Clips with other parameter sets bring them in-band. The track is called avc1 all the same, not avc3: more players
    # know it, and those that read the header alone still show the first clip right.
    with open_mp4(piece.read(), piece.info.name) as (template, _):
        stream = container.add_stream_from_template(template.streams[piece.info.stream])
    return cast("VideoStream", stream)


def _packets(piece: Piece, *, in_band: bool) -> Iterator[tuple[int, av.Packet[Stream]]]:
    """Yield the piece's packets in the order of decoding, each with the place of its frame in the order of showing."""
    info = piece.info
    sets = h264.read_avcc(info.parameter_sets)
    changed = BrokenFileError(f"{info.name}: the file changed while it was read; run again")
    count = 0
    with open_mp4(piece.read(), info.name) as (container, _):
        for packet in container.demux(container.streams[info.stream]):
            if packet.size == 0:
                continue
            place = (Fraction(packet.pts or 0) - info.start) * info.time_base * FRAME_RATE
            if place.denominator != 1 or not 0 <= place < info.frames:
                raise changed
            count += 1
            yield int(place), _with_parameter_sets(packet, sets) if in_band and packet.is_keyframe else packet
    if count != info.frames:
        raise changed


def _with_parameter_sets(packet: av.Packet[Stream], sets: h264.ParameterSets) -> av.Packet[Stream]:
    new: av.Packet[Stream] = av.Packet(h264.with_parameter_sets(bytes(packet), sets))
    new.is_keyframe = True
    return new
