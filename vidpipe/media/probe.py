"""Look into a video: what it is, whether it is whole, and how many frames it really has.

A container's own duration is never believed (Veo says 8.043 s for 8.000 s of pictures): frames are counted by reading
every packet, which takes some milliseconds a clip.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from av.stream import Disposition

from vidpipe.errors import BrokenFileError
from vidpipe.media.clip import ClipInfo, Colour, Sound
from vidpipe.media.colour import check_transfer
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FETCH_AGAIN, Limits, open_mp4
from vidpipe.media.orientation import orientation
from vidpipe.media.packets import Reading, read_packets
from vidpipe.media.samples import Probed, Samples

if TYPE_CHECKING:
    from pathlib import Path

    import av
    from av.audio.stream import AudioStream
    from av.buffer import Buffer
    from av.container import InputContainer
    from av.video.stream import VideoStream

PICTURE_CODECS = frozenset({"h264", "hevc", "av1", "libdav1d", "vp9", "mpeg4", "prores"})
_HEADERS = {"skip_frame": "all"}
"""FFmpeg would decode pictures when it opens a file, which takes most of that time; the first one is decoded here."""
_FIRST_PACKETS = 40
"""H.264 may hold back 16 frames; a decoder that shows none after this many packets will not."""


def probe(source: Path | bytes, name: str, limits: Limits = CLIP_LIMITS) -> ClipInfo:
    """Return what the video is; `source` is a path or the file's bytes, `name` stands in messages.

    Raises BrokenFileError where it is no MP4, is damaged or cut off, is over a limit, or is in a codec or in colours
    that are not supported.
    """
    return _read(source, name, limits)[0]


def probe_samples(data: bytes, name: str, limits: Limits = CLIP_LIMITS) -> Probed:
    """Return what `probe` returns, with the samples: those of a clip on the film's grid, each just as FFmpeg reads it.

    Raises BrokenFileError as `probe` does.
    """
    info, reading = _read(data, name, limits)
    if not reading.is_plain or info.edited or info.step is None or info.step * FRAME_RATE != 1:
        return Probed(info, Samples())
    ticks = int(info.step / info.time_base)
    places = tuple((time - info.start) // ticks for time in reading.times)
    return Probed(info, Samples(tuple(reading.offsets), tuple(reading.sizes), places, tuple(map(int, reading.keys))))


def _read(source: Path | bytes, name: str, limits: Limits) -> tuple[ClipInfo, Reading]:
    with open_mp4(source, name, limits, dict(_HEADERS)) as (container, boxes):
        video = _picture_stream(container, name)
        sound = _sound_stream(container)
        _check_limits(video, name, limits)
        reading = read_packets(container, video, sound, name, limits.frames, source)
        _check_length(reading.length * _time_base(video), name, limits)
        if not boxes.fragmented:
            _check_whole(source, video, sound, reading, name, limits)
        first = _first_frame(container, video, name)
        check_transfer(first.color_trc, name)
        return _describe(name, video, sound, reading, first), reading


def _picture_stream(container: InputContainer, name: str) -> VideoStream:
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    known = next((stream for stream in streams if stream.codec_context is not None), None)
    if known is None:
        found = "its pictures are in an unknown codec" if streams else "there is no video in this file"
        raise BrokenFileError(f"{name}: {found}; put a video in its place (H.264 in MP4), or delete it")
    if known.codec_context.name not in PICTURE_CODECS:
        codec = known.codec_context.name
        raise BrokenFileError(f"{name}: its pictures are in {codec}, which vidpipe does not read; convert it to H.264")
    return known


def _sound_stream(container: InputContainer) -> AudioStream | None:
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def _time_base(stream: VideoStream) -> Fraction:
    return stream.time_base or Fraction(1)


def _check_limits(video: VideoStream, name: str, limits: Limits) -> None:
    width, height = video.width, video.height
    if width <= 0 or height <= 0:
        raise BrokenFileError(f"{name}: the file is damaged: its pictures have no size; {FETCH_AGAIN}")
    if width * height > limits.pixels:
        raise BrokenFileError(
            f"{name}: pictures of {width}x{height} are more than the {limits.pixels:,} pixels allowed; scale it down"
        )
    if video.frames > limits.frames:
        raise BrokenFileError(f"{name}: {video.frames:,} frames are more than the {limits.frames:,} allowed; cut it")
    video.codec_context.options = {"max_pixels": str(limits.pixels)}  # a later frame may claim to be larger
    video.codec_context.thread_count = 1


def _check_length(seconds: Fraction, name: str, limits: Limits) -> None:
    if seconds > limits.seconds:
        raise BrokenFileError(
            f"{name}: {float(seconds):,.1f} s is longer than the {limits.seconds:,} s allowed; cut it"
        )


def _check_whole(
    source: Path | bytes, video: VideoStream, sound: AudioStream | None, reading: Reading, name: str, limits: Limits
) -> None:
    if reading.packets < video.frames or (sound is not None and reading.sound_packets < sound.frames):
        _check_whole_unedited(source, video, sound, name, limits)
        reading.hidden += video.frames - reading.packets  # an edit list left them out


def _check_whole_unedited(
    source: Path | bytes, video: VideoStream, sound: AudioStream | None, name: str, limits: Limits
) -> None:
    """Count again without edit lists, which may leave frames out of a file that is whole."""
    with open_mp4(source, name, limits, {"ignore_editlist": "1"}) as (container, _):
        again = [container.streams[stream.index] for stream in (video, sound) if stream is not None]
        counts = dict.fromkeys((stream.index for stream in again), 0)
        for packet in container.demux(*again):
            counts[packet.stream_index] += packet.size > 0
    for stream, what in ((video, "frames"), (sound, "packets of sound")):
        if stream is not None and counts[stream.index] < stream.frames:
            raise BrokenFileError(
                f"{name}: the file is cut off: {counts[stream.index]:,} of {stream.frames:,} {what} are there; "
                f"{FETCH_AGAIN}"
            )


def _first_frame(container: InputContainer, video: VideoStream, name: str) -> av.VideoFrame:
    """Decode one frame: the proof that it can be done, and the one place that tells rotation and interlacing."""
    context = video.codec_context
    container.seek(0, stream=video)
    first = next((packet for packet in container.demux(video) if packet.size), None)
    if first is not None:  # nearly always a frame that needs no other, although the decoder would wait for more
        for frame in [*first.decode(), *context.decode(None)]:
            return frame
    context.flush_buffers()
    container.seek(0, stream=video)
    for count, packet in enumerate(container.demux(video)):
        for frame in packet.decode():
            return frame
        if count > _FIRST_PACKETS:
            break
    raise BrokenFileError(f"{name}: its pictures cannot be decoded; {FETCH_AGAIN}")


def _describe(
    name: str, video: VideoStream, sound: AudioStream | None, reading: Reading, first: av.VideoFrame
) -> ClipInfo:
    context = video.codec_context
    base = _time_base(video)
    matrix = cast("Buffer | None", first.side_data.get("DISPLAYMATRIX"))
    rotation, mirrored = orientation(None if matrix is None else bytes(matrix))
    return ClipInfo(
        name=name,
        stream=video.index,
        codec=context.name,
        profile=context.profile or "",
        width=first.width,
        height=first.height,
        pixel_format=first.format.name,
        pixel_aspect=video.sample_aspect_ratio or Fraction(1),
        rotation=rotation,
        mirrored=mirrored,
        interlaced=first.interlaced_frame,
        colour=Colour(first.color_primaries, first.color_trc, first.colorspace, first.color_range),
        parameter_sets=context.extradata or b"",
        time_base=base,
        start=reading.start,
        frames=len(reading.times),
        step=None if reading.step is None else reading.step * base,
        seconds=reading.length * base,
        delay=reading.delay,
        edited=reading.hidden > 0,
        opens_clean=reading.opens_clean,
        changes_sets=reading.changes_sets,
        sound=None if sound is None else Sound(sound.index, sound.codec_context.name, sound.rate, sound.channels),
    )
