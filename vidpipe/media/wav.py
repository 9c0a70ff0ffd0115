"""WAV files: told from damaged ones without decoding a sample, and written around bare samples."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 600.0
"""Seconds of sound that one file may hold."""
STREAMED = 0x7FFF0000
"""What is written to a pipe announces a size from here on instead of its own, which its writer cannot know."""
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
DEPTHS = {PCM: (8, 16, 24, 32), FLOAT: (32, 64)}
LOUDEST = 65_536.0
"""The greatest magnitude of a sample, where full scale is 1; old recorders wrote numbers up to 32,768 as they were."""
NO_SOUND = "holds samples that are no sound (no numbers, or far too great); save it anew as WAV with 16-bit PCM"
MOST_CHANNELS = 8
_AT_ONCE = 1 << 20
RATES = range(8_000, 192_001)


@dataclass(frozen=True, slots=True)
class Wave:
    """What a WAV file holds: `frames` samples of each channel, `rate` of them a second, from byte `start` on."""

    encoding: Literal["pcm", "float"]
    channels: int
    rate: int
    bits: int
    start: int
    frames: int

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.frames / self.rate

    @property
    def size(self) -> int:
        """Count the bytes of its samples."""
        return self.frames * self.channels * self.bits // 8


def wav(samples: bytes, rate: int, channels: int = 1) -> bytes:
    """Return bare samples, 16 bits each in the byte order of WAV files, as a WAV file."""
    form = struct.pack("<HHIIHH", PCM, channels, rate, rate * channels * 2, channels * 2, 16)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def read_wav(data: bytes, name: str) -> Wave:
    """Return what a WAV file holds. Raises BrokenFileError, in words for its owner, for anything that is none."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BrokenFileError(f"{name}: is no WAV file; save the recording as one (PCM)")
    form: tuple[Literal["pcm", "float"], int, int, int] | None = None
    for tag, start, size in _chunks(data):
        if tag == b"fmt ":
            form = _form(data[start : start + size], name)
        elif tag == b"data":
            if form is None:
                break
            return _wave(form, start, size, len(data), name)
    raise BrokenFileError(f"{name}: holds no sound; save the recording anew")


def check_wav(data: bytes, name: str) -> Wave:
    """Return what a WAV file holds, its samples looked at where they might be none. Raises BrokenFileError."""
    wave = read_wav(data, name)
    if wave.encoding == "float" and not _are_sound(data, wave):
        raise BrokenFileError(f"{name}: {NO_SOUND}")
    return wave


def _are_sound(data: bytes, wave: Wave) -> bool:
    import numpy as np  # few files have such samples, and it takes a while to import

    form, count = f"<f{wave.bits // 8}", wave.frames * wave.channels
    for place in range(0, count, _AT_ONCE):
        offset = wave.start + place * wave.bits // 8
        part = np.frombuffer(data, form, min(_AT_ONCE, count - place), offset)
        with np.errstate(invalid="ignore"):
            if not np.abs(part).max() <= LOUDEST:  # which NaN is not
                return False
    return True


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], place + 8, size
        place += 8 + size + size % 2


def _form(chunk: bytes, name: str) -> tuple[Literal["pcm", "float"], int, int, int]:
    """Return encoding, channels, rate and bits a sample."""
    if len(chunk) < 16:
        raise BrokenFileError(f"{name}: its header is cut short; save the recording anew")
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if code == EXTENSIBLE and len(chunk) >= 26:
        code = int.from_bytes(chunk[24:26], "little")
    if code not in DEPTHS or bits not in DEPTHS[code]:
        raise BrokenFileError(f"{name}: its sound is compressed or of an unknown form; save it as WAV with 16-bit PCM")
    if not 0 < channels <= MOST_CHANNELS or rate not in RATES:
        raise BrokenFileError(
            f"{name}: {channels} channels at {rate} Hz cannot be used; save it with 1 or 2 channels at 48000 Hz"
        )
    return ("pcm" if code == PCM else "float"), channels, rate, bits


def _wave(form: tuple[Literal["pcm", "float"], int, int, int], start: int, size: int, end: int, name: str) -> Wave:
    encoding, channels, rate, bits = form
    if size >= STREAMED:
        size = end - start
    if start + size > end:
        raise BrokenFileError(f"{name}: is cut short: {end - start:,} of {size:,} bytes are there; restore it")
    wave = Wave(encoding, channels, rate, bits, start, size // (channels * bits // 8))
    if not wave.frames:
        raise BrokenFileError(f"{name}: holds no sound; save the recording anew")
    if wave.seconds > LONGEST:
        raise BrokenFileError(f"{name}: is {wave.seconds:,.0f} s long, and {LONGEST:g} s is the most; shorten it")
    return wave
