"""What vidpipe knows of a clip, and whether its packets can stand in a film as they are. Plain data, no PyAV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.media import h264
from vidpipe.media.frame import FRAME_RATE, SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from fractions import Fraction

_NOT_SAID = frozenset({0, 2})
_BT709 = 1
_LIMITED = frozenset({0, 1})


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound track of a clip; `stream` is its place among all streams of the file."""

    stream: int
    codec: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour tags as numbers of ITU-T H.273, where 2 is "not said"; `range` is 1 for limited, 2 full, 0 not said."""

    primaries: int
    transfer: int
    matrix: int
    range: int

    @property
    def is_bt709(self) -> bool:
        """Say whether nothing speaks against BT.709, limited range: what every player assumes of untagged video."""
        said = {self.primaries, self.transfer, self.matrix} - _NOT_SAID
        return said <= {_BT709} and self.range in _LIMITED


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a video is, as counted and read, never as its container's header sums it up.

    `stream` is the place of its pictures among all streams. They are `mirrored` left to right or not, and then turned
    by `rotation` degrees against the clock. `start` is the first frame's time in units of `time_base`; `step` the
    seconds between two frames where they are the same for all, else None. `delay` is how many frames decoding runs
    ahead of showing. `edited` says that an edit list hides frames, `opens_clean` that the first packet needs nothing
    before it (for H.264 an IDR frame). `changes_sets` says that packets bring parameter sets which `parameter_sets`,
    the header's, does not have.
    """

    name: str
    stream: int
    codec: str
    profile: str
    width: int
    height: int
    pixel_format: str
    pixel_aspect: Fraction
    rotation: int
    mirrored: bool
    interlaced: bool
    colour: Colour
    parameter_sets: bytes
    time_base: Fraction
    start: int
    frames: int
    step: Fraction | None
    seconds: Fraction
    delay: int
    edited: bool
    opens_clean: bool
    changes_sets: bool
    sound: Sound | None

    @property
    def film_frames(self) -> int:
        """Count the frames this clip takes on the film's grid."""
        return max(1, round(self.seconds * FRAME_RATE))

    @property
    def film_samples(self) -> int:
        """Count the samples of sound that go with them, at 48 kHz."""
        return self.film_frames * SAMPLES_PER_FRAME


def why_not_copied(info: ClipInfo, size: tuple[int, int]) -> str:
    """Say in a user's words why a film of `size` cannot take the clip's packets as they are; empty if it can.

    The rule looks at the clip alone and never at its neighbours: an edit of one clip changes nothing for another.
    """
    return ", ".join(reason for reason in (*_picture_reasons(info, size), *_stream_reasons(info)) if reason)


def _picture_reasons(info: ClipInfo, size: tuple[int, int]) -> tuple[str, ...]:
    width, height = size
    return (
        f"{info.width}x{info.height}, not {width}x{height}" if (info.width, info.height) != size else "",
        _rate_reason(info),
        f"pixels of {info.pixel_aspect}, not square" if info.pixel_aspect != 1 else "",
        "mirrored" if info.mirrored else "",
        f"rotated by {info.rotation} degrees" if info.rotation else "",
        "interlaced" if info.interlaced else "",
        "" if info.colour.is_bt709 else "colours other than BT.709 in limited range",
    )


def _rate_reason(info: ClipInfo) -> str:
    if info.step is None:
        return "frames at uneven times"
    if info.step * FRAME_RATE == 1:
        return ""
    return f"{float(1 / info.step):.5g} frames a second, not {FRAME_RATE}"


def _stream_reasons(info: ClipInfo) -> tuple[str, ...]:
    if info.codec != "h264":
        return (f"{info.codec}, not h264",)
    return (
        f"{info.pixel_format}, not yuv420p" if info.pixel_format != "yuv420p" else "",
        f"H.264 {info.profile} profile, not High" if info.profile != "High" else "",
        "" if _has_plain_parameter_sets(info.parameter_sets) else "H.264 stored in an unusual way",
        "frames hidden by an edit list" if info.edited else "",
        "" if info.opens_clean else "its first frame needs another one before it",
    )


def _has_plain_parameter_sets(extradata: bytes) -> bool:
    try:
        sets = h264.read_avcc(extradata)
    except ValueError:
        return False
    return sets.length_bytes == h264.LENGTH_BYTES and bool(sets.units)
