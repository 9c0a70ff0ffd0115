"""Read every packet of a video without decoding one: frames counted, times collected, damage found."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.media import h264
from vidpipe.media.mp4 import FETCH_AGAIN

if TYPE_CHECKING:
    from pathlib import Path

    import av
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream


@dataclass(slots=True)
class Reading:
    """What all packets of a file say; `times` are those of the frames shown, in units of the stream's time base.

    Their order is that of decoding. `hidden` frames are decoded but not shown, because an edit list says so. Where the
    file's bytes were at hand, `is_plain` says that each packet stands in them, `sizes` bytes from `offsets` on.
    `changes_sets` says that a packet brings H.264 parameter sets which the file's header does not have.
    """

    times: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    keys: list[bool] = field(default_factory=list)
    is_plain: bool = False
    hidden: int = 0
    sound_packets: int = 0
    opens_clean: bool = False
    changes_sets: bool = False
    last_duration: int = 0

    @property
    def packets(self) -> int:
        """Count the packets of pictures."""
        return len(self.times) + self.hidden

    @property
    def start(self) -> int:
        """The time of the first frame shown."""
        return min(self.times)

    @property
    def step(self) -> int | None:
        """The time between two frames, if it is the same for all of them."""
        ordered = sorted(self.times)
        if len(ordered) == 1:
            return self.last_duration or None
        step = ordered[1] - ordered[0]
        even = all(after - before == step for before, after in pairwise(ordered))
        return step if even and step > 0 else None

    @property
    def length(self) -> Fraction:
        """The time from the first frame shown to the end of the last, which by default lasts as long as the mean."""
        span = max(self.times) - self.start
        step = self.step
        if step is not None:
            return Fraction(span + step)
        last = self.last_duration or (Fraction(span, len(self.times) - 1) if len(self.times) > 1 else 1)
        return Fraction(span + last)

    @property
    def delay(self) -> int:
        """How many frames decoding runs ahead of showing (B-frames)."""
        rank = {time: place for place, time in enumerate(sorted(self.times))}
        return max(place - rank[time] for place, time in enumerate(self.times))


def read_packets(
    container: InputContainer,
    video: VideoStream,
    sound: AudioStream | None,
    name: str,
    most_frames: int,
    source: Path | bytes,
) -> Reading:
    """Read to the end of the file; raises BrokenFileError at the first packet that is damaged, or one too many."""
    data = source if isinstance(source, bytes) else None
    reading = Reading(is_plain=data is not None)
    picture, header, latest = video.index, _header(video), -1
    for packet in container.demux(*(stream for stream in (video, sound) if stream is not None)):
        if packet.size == 0:
            continue
        if packet.is_corrupt:
            raise BrokenFileError(f"{name}: the file is cut off or damaged at frame {reading.packets}; {FETCH_AGAIN}")
        if packet.stream_index != picture:
            reading.sound_packets += 1
            continue
        _add_frame(reading, packet, name, data, header)
        if reading.packets > most_frames:
            raise BrokenFileError(
                f"{name}: it has more than the {most_frames:,} frames allowed; cut it into shorter ones"
            )
        if not packet.is_discard and reading.times[-1] > latest:
            latest, reading.last_duration = reading.times[-1], packet.duration or 0
    if not reading.times:
        raise BrokenFileError(f"{name}: there is not one frame in this file; {FETCH_AGAIN}")
    return reading


def _add_frame(
    reading: Reading, packet: av.Packet[Stream], name: str, data: bytes | None, header: h264.ParameterSets | None
) -> None:
    time = packet.pts
    if time is None:
        raise BrokenFileError(f"{name}: frame {reading.packets} has no time; convert the file anew")
    content = bytes(packet)
    try:
        kinds = None if header is None else [kind for kind, _ in h264.units(content, header.length_bytes)]
    except ValueError as error:
        raise BrokenFileError(f"{name}: frame {reading.packets} is damaged ({error}); {FETCH_AGAIN}") from None
    if header is not None and kinds is not None and (h264.SPS in kinds or h264.PPS in kinds):
        reading.changes_sets |= not set(h264.brought_sets(content, header.length_bytes)) <= set(header.units)
    if reading.packets == 0:
        reading.opens_clean = packet.is_keyframe and (kinds is None or h264.IDR in kinds)
    if packet.is_discard:
        reading.hidden += 1
        return
    reading.times.append(time)
    if data is not None:
        offset = -1 if packet.pos is None else packet.pos
        reading.offsets.append(offset)
        reading.sizes.append(len(content))
        reading.keys.append(packet.is_keyframe)
        reading.is_plain &= offset >= 0 and data.startswith(content, offset)


def _header(video: VideoStream) -> h264.ParameterSets | None:
    """Return what the header says of H.264 units; None where they cannot be told apart."""
    extradata = video.codec_context.extradata
    if video.codec_context.name != "h264" or not extradata or extradata[0] != 1 or len(extradata) < 5:
        return None
    try:
        return h264.read_avcc(extradata)
    except ValueError:
        return h264.ParameterSets((extradata[4] & 3) + 1, ())
