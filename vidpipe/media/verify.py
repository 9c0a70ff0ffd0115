"""Prove that a file is what it should be: a clip that arrived or lies on disk, and a film that was just built."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av

from vidpipe.errors import VidpipeError
from vidpipe.media import h264
from vidpipe.media.decode import decoded
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FILM_LIMITS, Limits, open_mp4
from vidpipe.media.probe import probe
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    from vidpipe.media.clip import ClipInfo

_AAC_FRAME = Fraction(1024, SAMPLE_RATE)
_SAMPLED = 8


def check_clip(source: Path | bytes, name: str, limits: Limits = CLIP_LIMITS) -> ClipInfo:
    """Return what the clip is; raises BrokenFileError where it is no video, or is damaged, cut off or over a limit.

    It decodes every frame and all sound, once: half a second for 8 s in 720p. A film copies the packets of a clip as
    they are, so this is where damage in the middle of one is found, so far as a decoder notices it.
    """
    info = probe(source, name, limits)
    for _ in decoded(source, info, limits):
        pass
    decode_track(source, Track.of(info), limits)
    return info


def check_film(source: Path | bytes, name: str) -> ClipInfo:
    """Return what the film is; raises BrokenFileError like `check_clip`, with limits that a film keeps to."""
    return probe(source, name, FILM_LIMITS)


class FilmError(VidpipeError):
    """The film that was built is not the one that was planned: a bug, or a disk that did not keep what it was given."""


def verify_film(
    path: Path, name: str, *, size: tuple[int, int], joins: Sequence[int], frames: int, audio: bool
) -> None:
    """Check a film that was just built; `joins` are the frames at which its pieces begin.

    Counted, not believed: frames, size, even steps from 0 on, sound as long as the pictures to one AAC frame; and the
    picture at joins decodes. Raises FilmError, or BrokenFileError where the file cannot even be read.
    """
    info = check_film(path, name)
    expected = {
        "frames": (info.frames, frames),
        "size": ((info.width, info.height), size),
        "frame step": (info.step, Fraction(1, FRAME_RATE)),
        "first time": (info.start, 0),
        "sound track": (info.sound is not None, audio),
    }
    wrong = [f"{what} {found}, not {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
    wrong += _sound_problems(path, info)
    if wrong:
        raise FilmError(f"{name}: the film that was built is wrong ({'; '.join(wrong)}); please report this bug")
    (_play_joins if info.changes_sets else _decode_joins)(path, info, joins)


def _sound_problems(path: Path, info: ClipInfo) -> list[str]:
    if info.sound is None:
        return []
    with open_mp4(path, info.name, FILM_LIMITS) as (container, _):
        stream = container.streams[info.sound.stream]
        start = (stream.start_time or 0) * (stream.time_base or Fraction(1))
        length = (stream.duration or 0) * (stream.time_base or Fraction(1))
    problems = [f"sound starts at {float(start):.3f} s"] if start else []
    if abs(length - info.seconds) > _AAC_FRAME:
        problems.append(f"{float(length):.3f} s of sound for {float(info.seconds):.3f} s of pictures")
    return problems


def _decode_joins(path: Path, info: ClipInfo, joins: Sequence[int]) -> None:
    """Decode the first frame of some pieces, evenly chosen: each must be there, at its time, undamaged."""
    chosen = joins[:: max(1, -(-len(joins) // _SAMPLED))]
    with open_mp4(path, info.name, FILM_LIMITS) as (container, _):
        stream = cast("VideoStream", container.streams[info.stream])
        stream.codec_context.thread_count = 1
        for frame_number in chosen:
            time = round(frame_number / (FRAME_RATE * info.time_base))
            container.seek(time, stream=stream)
            _show(next(iter(container.demux(stream))), stream.codec_context, info.name, frame_number, time)


def _show(packet: Packet[VideoStream], decoder: VideoCodecContext, name: str, frame_number: int, time: int) -> bytes:
    """Return the picture of a packet that needs no other one; raises FilmError where it is not there or damaged."""
    try:
        frame = next(iter([*decoder.decode(packet), *decoder.decode(None)]), None)
        decoder.flush_buffers()
    except av.FFmpegError:
        frame = None
    if frame is None or frame.is_corrupt or frame.pts != time:
        raise FilmError(f"{name}: frame {frame_number} of the film does not decode; please report this bug")
    return frame.to_ndarray().tobytes()


def _play_joins(path: Path, info: ClipInfo, joins: Sequence[int]) -> None:
    """Show pieces to one decoder that has read all parameter sets before them, and to one that has read none.

    Where pieces bring such sets, a player that comes from the start and one that begins here must see the same.
    """
    chosen = set(joins[:: max(1, -(-len(joins) // _SAMPLED))])
    with open_mp4(path, info.name, FILM_LIMITS) as (container, _):
        stream = cast("VideoStream", container.streams[info.stream])
        playing = _decoder(stream)
        for packet in container.demux(stream):
            if not packet.size:
                continue
            frame_number = round((packet.pts or 0) * info.time_base * FRAME_RATE)
            if frame_number in chosen:
                chosen.remove(frame_number)
                time = packet.pts or 0
                seen = [_show(packet, each, info.name, frame_number, time) for each in (playing, _decoder(stream))]
                if seen[0] != seen[1]:
                    raise FilmError(
                        f"{info.name}: frame {frame_number} of the film is decoded with the wrong parameter sets; "
                        "please report this bug"
                    )
            elif h264.brought_sets(bytes(packet)):
                with suppress(av.FFmpegError):  # it may need others, and only its parameter sets are wanted
                    playing.decode(packet)
                playing.flush_buffers()
    if chosen:
        raise FilmError(f"{info.name}: frame {min(chosen)} of the film is not there; please report this bug")


def _decoder(stream: VideoStream) -> VideoCodecContext:
    decoder = cast("VideoCodecContext", av.CodecContext.create(stream.codec_context.name, "r"))
    decoder.extradata = stream.codec_context.extradata
    decoder.thread_count = 1
    return decoder
