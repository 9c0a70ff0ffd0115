"""Parameter sets and units of H.264: taken apart and put in front exactly, damage noticed."""

from __future__ import annotations

import pytest

from vidpipe.media.h264 import DELIMITER, IDR, SPS, ParameterSets, read_avcc, units, with_parameter_sets

AVCC = bytes.fromhex("0164001fff e1 0004 67640001 02 0003 68ebe1 0003 68ebe2 fdf8f800".replace(" ", ""))
SETS = ParameterSets(4, (bytes.fromhex("67640001"), bytes.fromhex("68ebe1"), bytes.fromhex("68ebe2")))


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


def test_parameter_sets_come_first_but_after_a_delimiter() -> None:
    kinds = [kind for kind, _ in units(with_parameter_sets(packet(IDR), SETS))]
    assert kinds == [SPS, 8, 8, IDR]
    kinds = [kind for kind, _ in units(with_parameter_sets(packet(DELIMITER, 6, IDR), SETS))]
    assert kinds == [DELIMITER, SPS, 8, 8, 6, IDR]


def test_the_packet_itself_stays_as_it_is() -> None:
    assert with_parameter_sets(packet(6, IDR), SETS).endswith(packet(6, IDR))


def test_a_packet_that_brings_its_own_is_left_alone() -> None:
    assert with_parameter_sets(packet(SPS, 8, IDR), SETS) == packet(SPS, 8, IDR)


@pytest.mark.parametrize("damaged", [b"\x00\x00\x00\x09\x65", b"\x00\x00\x00\x00\x65", b"\x00\x00", b"\xff" * 8])
def test_lengths_that_do_not_add_up_are_damage(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="do not add up"):
        list(units(packet(1) + damaged))


def test_a_hole_of_zeros_is_damage() -> None:
    unit = b"\x65" + b"\x11" * 50 + bytes(64) + b"\x11"
    with pytest.raises(ValueError, match="hole of zeros"):
        list(units(len(unit).to_bytes(4, "big") + unit))
