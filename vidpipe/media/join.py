"""Join pieces into one film: video packets copied bit for bit on one integer frame grid, sound encoded once.

FFmpeg's own ways to concatenate trust container times and the first clip's parameter sets: with some clips they drift,
lose all sound or decode to wrong pictures, without a word. Here every packet gets its time by counting.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, cast

import av

from vidpipe.files import refuse_detour
from vidpipe.media import h264
from vidpipe.media.audio import SoundTrack
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME, TIMESCALE
from vidpipe.media.mp4 import open_mp4

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from vidpipe.media.cache import Piece
    from vidpipe.media.clip import ClipInfo

_TICKS = TIMESCALE // FRAME_RATE
_TIME_BASE = Fraction(1, TIMESCALE)
_CHUNK = FRAME_RATE


def join(pieces: Sequence[Piece], path: Path, *, sounds: Iterable[NDArray[np.float32]] | None) -> int:
    """Write the pieces one after the other to `path` and return the number of frames.

    Every piece must have samples and be H.264 with an even step of a 24th of a second (`Probed.why_encoded`). `sounds`
    yields, piece by piece, float32 (2, frames * 2000); None makes a film without a sound track. It is asked for a
    piece's sound only when that piece is written, so one at a time is in memory, and so is one file.
    Raises SourceChangedError for a file that is not the one that was probed, OSError where the film cannot be written.
    """
    delay = max(piece.probed.info.delay for piece in pieces)
    in_band = _sets_differ([piece.probed.info for piece in pieces])
    frames = 0
    with _written(path) as container:
        video = _add_pictures(container, pieces[0])
        track = None if sounds is None else SoundTrack(container)
        parts = repeat(None) if sounds is None else sounds
        for piece, sound in zip(pieces, parts, strict=sounds is not None):
            for count, (place, is_key, content) in enumerate(_packets(piece, in_band=in_band)):
                if count % _CHUNK == 0:
                    _write_sound(track, sound, count)
                packet = av.Packet(content)
                packet.is_keyframe = is_key
                packet.stream = video
                packet.time_base = _TIME_BASE
                packet.dts = (frames + count - delay) * _TICKS
                packet.pts = (frames + place) * _TICKS
                packet.duration = _TICKS
                container.mux_one(packet)
            frames += piece.probed.info.frames
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
    refuse_detour(path.parent)
    # Without the prefix FFmpeg would take a relative path with a colon for a protocol.
    container = av.open(f"file:{path}", "w", format="mp4", options=options)
    try:
        yield container
        container.close()
    except BaseException:
        with suppress(Exception):
            container.close()
        with suppress(OSError):
            refuse_detour(path.parent)
            os.truncate(path, 0)
        raise


def _add_pictures(container: OutputContainer, piece: Piece) -> VideoStream:
    # Clips with other parameter sets bring them in-band. The track is called avc1 all the same, not avc3: more players
    # know it, and those that read the header alone still show the first clip right.
    with open_mp4(piece.source.read(), piece.source.name) as (template, _):
        stream = container.add_stream_from_template(template.streams[piece.probed.info.stream])
    return cast("VideoStream", stream)


def _sets_differ(infos: Sequence[ClipInfo]) -> bool:
    """Say whether one header does not do for all packets: two clips differ, or one changes its sets on its way."""
    return len({h264.read_avcc(info.parameter_sets) for info in infos}) > 1 or any(info.changes_sets for info in infos)


def _packets(piece: Piece, *, in_band: bool) -> Iterator[tuple[int, bool, bytes]]:
    """Yield the piece's packets in the order of decoding: place in the order of showing, whether it is a key frame."""
    info = piece.probed.info
    sets = h264.SetsInForce(h264.read_avcc(info.parameter_sets).units)
    data = piece.source.read()
    for offset, size, place, is_key in piece.probed.samples:
        content = data[offset : offset + size]
        if info.changes_sets:
            sets.replace(h264.brought_sets(content))
        yield place, bool(is_key), sets.in_front_of(content) if in_band and is_key else content
