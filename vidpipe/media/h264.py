"""The little of H.264 in MP4 that a lossless join must understand: parameter sets, and the units of a packet.

Sources: ISO/IEC 14496-15, section 5.3 (avcC); ITU-T H.264, section 7.4.1 (NAL unit types).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IDR = 5
SPS = 7
PPS = 8
DELIMITER = 9
LENGTH_BYTES = 4
_SETS = frozenset({SPS, PPS})
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


def brought_sets(packet: bytes, length_bytes: int = LENGTH_BYTES) -> list[bytes]:
    """Return the parameter sets that stand in a packet itself, in its order. Raises ValueError as `units` does."""
    place, found = 0, []
    for kind, end in units(packet, length_bytes):
        if kind in _SETS:
            found.append(packet[place + length_bytes : end])
        place = end
    return found


class SetsInForce:
    """The parameter sets that a decoder holds while it reads a clip: a later one replaces that of its kind and number.

    So a clip that changes them on its way can be put behind any other, and each of its key frames shown by itself.
    """

    def __init__(self, first: Iterable[bytes]) -> None:
        self._sets: dict[tuple[int, int], bytes] = {}
        self.replace(first)

    def replace(self, sets: Iterable[bytes]) -> None:
        """Take in the sets that a packet brings."""
        self._sets |= {_kind_and_number(unit): unit for unit in sets}

    def in_front_of(self, packet: bytes) -> bytes:
        """Return the packet of a key frame with all sets that it needs and does not bring; 4 bytes a length field.

        An access unit delimiter stays first, and picture parameter sets stand behind the packet's own sequence sets.
        """
        own = {_kind_and_number(unit) for unit in brought_sets(packet)}
        missing = [(kind, unit) for (kind, number), unit in sorted(self._sets.items()) if (kind, number) not in own]
        found = list(units(packet))
        head = found[0][1] if found and found[0][0] == DELIMITER else 0
        behind = max((end for kind, end in found if kind == SPS), default=head)
        picture, sequence = (
            b"".join(_with_length(unit) for kind, unit in missing if (kind == PPS) == wanted)
            for wanted in (True, False)
        )
        return packet[:head] + sequence + packet[head:behind] + picture + packet[behind:]


def _with_length(unit: bytes) -> bytes:
    return len(unit).to_bytes(LENGTH_BYTES, "big") + unit


def _kind_and_number(unit: bytes) -> tuple[int, int]:
    """Return a parameter set's type and its number, an Exp-Golomb code (sections 7.3.2.1.1, 7.3.2.2 and 9.1)."""
    kind = unit[0] & 0x1F
    behind = 1 if kind == PPS else 4  # a sequence parameter set says its profile and level first
    bits = "".join(f"{byte:08b}" for byte in unit[behind : behind + 4])
    zeros = len(bits) - len(bits.lstrip("0"))
    return kind, int(bits[zeros : 2 * zeros + 1] or "1", 2) - 1
