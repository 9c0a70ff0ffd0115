"""Sound files that are none or hardly any, and the proof that one is right or broken."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.errors import BrokenFileError
from vidpipe.media.sound.loudness import loudness_of
from vidpipe.media.sound.recording import recorded
from vidpipe.media.sound.voice import levelled
from vidpipe.media.wav import FLOAT, LOUDEST, wav

if TYPE_CHECKING:
    from collections.abc import Sequence

SECOND = 48_000


def floats(samples: Sequence[float], bits: int = 32, rate: int = SECOND, code: int = FLOAT) -> bytes:
    """Return a WAV file of numbers as they are."""
    data = np.asarray(samples, np.float64).astype(f"<f{bits // 8}").tobytes()
    form = struct.pack("<HHIIHH", code, 1, rate, rate * bits // 8, bits // 8, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def quiet_but(value: float, count: int = 2 * SECOND) -> list[float]:
    """Return quiet samples with one among them that is anything but quiet."""
    return [0.01] * (count // 2) + [value] + [0.01] * (count // 2)


def at_rate(rate: int) -> bytes:
    """Return a WAV file that claims a rate."""
    return wav(bytes(4_000), SECOND).replace(struct.pack("<I", SECOND), struct.pack("<I", rate))


def is_right(data: bytes, name: str) -> bool:
    """Decode a file: samples that can be mixed, or an error that names it."""
    try:
        blocks = list(recorded(data, name, SECOND))
    except BrokenFileError as error:
        assert str(error).startswith(f"{name}: ")  # noqa: PT017
        return False
    assert all(np.abs(block).max(initial=0) <= LOUDEST for block in blocks)
    for block in blocks[:1]:
        assert not math.isnan(loudness_of(levelled(block)))
    return True
