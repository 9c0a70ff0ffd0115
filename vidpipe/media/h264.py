"""The little of H.264 in MP4 that a lossless join must understand: parameter sets, and the units of a packet.

Sources: ISO/IEC 14496-15, section 5.3 (avcC); ITU-T H.264, section 7.4.1 (NAL unit types).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IDR = 5
SPS = 7
DELIMITER = 9
LENGTH_BYTES = 4
_HOLE = bytes(64)
"""No unit holds three zeros in a row (section 7.3.1 puts a 3 between); some writers pad its end with a few."""


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a track's avcC box holds: the bytes of each length field, and every sequence and picture parameter set."""

    length_bytes: int
    units: tuple[bytes, ...]


def read_avcc(extradata: bytes) -> ParameterSets:
    """Take an avcC box apart; raises ValueError where it is not one or ends too soon."""
    if len(extradata) < 7 or extradata[0] != 1:
        raise ValueError("not an avcC box")
    units: list[bytes] = []
    place = 5
    for mask in (0x1F, 0xFF):  # first the sequence parameter sets, then the picture parameter sets
        count = extradata[place] & mask
        place += 1
        for _ in range(count):
            size = int.from_bytes(extradata[place : place + 2], "big")
            unit = extradata[place + 2 : place + 2 + size]
            if size == 0 or len(unit) != size:
                raise ValueError("an avcC box that ends too soon")
            units.append(unit)
            place += 2 + size
        if mask == 0x1F and place >= len(extradata):
            raise ValueError("an avcC box that ends too soon")
    return ParameterSets((extradata[4] & 3) + 1, tuple(units))


def units(packet: bytes, length_bytes: int = LENGTH_BYTES) -> Iterator[tuple[int, int]]:
    """Yield (type, end offset) of each NAL unit of a packet.

    Raises ValueError where the lengths do not add up, or for a hole of zeros, as a crash or a torn download leaves it.
    """
    place = 0
    while place < len(packet):
        start = place + length_bytes
        end = start + int.from_bytes(packet[place:start], "big")
        if end <= start or end > len(packet):
            raise ValueError("the units of a frame do not add up")
        if packet.find(_HOLE, start, end) != -1:
            raise ValueError("a hole of zeros in a frame")
        yield packet[start] & 0x1F, end
        place = end


def with_parameter_sets(packet: bytes, sets: ParameterSets) -> bytes:
    """Return the packet of a key frame with its parameter sets in front, as a clip needs them that follows another.

    A packet that brings its own is returned as it is. An access unit delimiter stays first. Length fields of 4 bytes.
    """
    found = list(units(packet))
    if any(kind == SPS for kind, _ in found):
        return packet
    head = found[0][1] if found and found[0][0] == DELIMITER else 0
    front = b"".join(len(unit).to_bytes(LENGTH_BYTES, "big") + unit for unit in sets.units)
    return packet[:head] + front + packet[head:]
