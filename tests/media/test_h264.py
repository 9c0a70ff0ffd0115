"""Parameter sets and units of H.264: taken apart and put in front exactly, damage noticed."""

from __future__ import annotations

import pytest

from vidpipe.media.h264 import DELIMITER, IDR, PPS, SPS, ParameterSets, SetsInForce, brought_sets, read_avcc, units

AVCC = bytes.fromhex("0164001fff e1 0004 67640001 02 0003 68ebe1 0003 6858e2 fdf8f800".replace(" ", ""))
SETS = ParameterSets(4, (bytes.fromhex("67640001"), bytes.fromhex("68ebe1"), bytes.fromhex("6858e2")))


def packet(*kinds: int) -> bytes:
    return b"".join(b"\x00\x00\x00\x02" + bytes([0x60 | kind, 0x11]) for kind in kinds)


def test_an_avcc_box_is_taken_apart() -> None:
    assert read_avcc(AVCC) == SETS


def test_the_trailer_of_an_avcc_box_makes_no_difference() -> None:
    assert read_avcc(AVCC[:-4]) == SETS


@pytest.mark.parametrize("end", range(len(AVCC) - 4))
def test_an_avcc_box_that_ends_too_soon_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="avcC"):
        read_avcc(AVCC[:end])


def kinds(data: bytes) -> list[int]:
    return [kind for kind, _ in units(data)]


def unit(content: str) -> bytes:
    data = bytes.fromhex(content)
    return len(data).to_bytes(4, "big") + data


def in_front_of(data: bytes) -> bytes:
    return SetsInForce(SETS.units).in_front_of(data)


def test_parameter_sets_come_first_but_after_a_delimiter() -> None:
    assert kinds(in_front_of(packet(IDR))) == [SPS, PPS, PPS, IDR]
    assert kinds(in_front_of(packet(DELIMITER, 6, IDR))) == [DELIMITER, SPS, PPS, PPS, 6, IDR]


def test_the_packet_itself_stays_as_it_is() -> None:
    assert in_front_of(packet(6, IDR)).endswith(packet(6, IDR))


def test_a_packet_that_brings_its_own_is_left_alone() -> None:
    whole = unit("67640028 80") + unit("68eb") + unit("6858") + packet(IDR)
    assert in_front_of(whole) == whole


def test_a_packet_that_brings_some_gets_those_that_it_lacks() -> None:
    sequence, picture = unit("67640028 80"), unit("6858")
    assert in_front_of(sequence + packet(IDR)) == sequence + unit("68ebe1") + unit("6858e2") + packet(IDR)
    assert in_front_of(picture + packet(IDR)) == unit("67640001") + unit("68ebe1") + picture + packet(IDR)


def test_a_later_set_replaces_the_one_of_its_kind_and_number_alone() -> None:
    sets = SetsInForce(SETS.units)
    sets.replace(brought_sets(packet(DELIMITER) + unit("6858aa") + packet(IDR)))
    assert sets.in_front_of(packet(IDR)) == unit("67640001") + unit("68ebe1") + unit("6858aa") + packet(IDR)


@pytest.mark.parametrize("damaged", [b"\x00\x00\x00\x09\x65", b"\x00\x00\x00\x00\x65", b"\x00\x00", b"\xff" * 8])
def test_lengths_that_do_not_add_up_are_damage(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="do not add up"):
        list(units(packet(1) + damaged))


def test_a_hole_of_zeros_is_damage() -> None:
    unit = b"\x65" + b"\x11" * 50 + bytes(64) + b"\x11"
    with pytest.raises(ValueError, match="hole of zeros"):
        list(units(len(unit).to_bytes(4, "big") + unit))
