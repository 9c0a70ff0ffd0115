"""WAV files: what passes for one, what it holds, and what is told of one that does not."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest

from vidpipe.errors import BrokenFileError
from vidpipe.media.wav import FLOAT, PCM, Wave, read_wav, wav

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.stream import AudioStream

SAMPLES = struct.pack("<6h", 1, -2, 300, -400, 32767, -32768)
GOOD = wav(SAMPLES, 24_000)


def written(code: int, bits: int, channels: int = 1, rate: int = 48_000, *, data: bytes = bytes(48)) -> bytes:
    """Return a WAV file of any form."""
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
    return _riff(b"fmt ", form, b"data", data)


def _riff(*chunks: bytes) -> bytes:
    pairs = zip(chunks[::2], chunks[1::2], strict=True)
    body = b"".join(tag + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for tag, data in pairs)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def told(data: bytes) -> str:
    with pytest.raises(BrokenFileError) as caught:
        read_wav(data, "voice.wav")
    return str(caught.value)


def test_samples_survive_writing_and_reading_by_others() -> None:
    with wave.open(io.BytesIO(wav(SAMPLES, 22_050, 2))) as other:
        assert (other.getnchannels(), other.getframerate(), other.getsampwidth()) == (2, 22_050, 2)
        assert other.readframes(99) == SAMPLES
    found = read_wav(wav(SAMPLES, 22_050, 2), "voice.wav")
    assert found == Wave("pcm", 2, 22_050, 16, 44, 3)
    assert wav(SAMPLES, 22_050, 2)[found.start : found.start + found.size] == SAMPLES


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])
@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
def test_what_other_programs_record_is_read(tmp_path: Path, codec: str, layout: str) -> None:
    path = tmp_path / "voice.wav"
    with av.open(str(path), "w", format="wav") as container:
        stream = cast("AudioStream", container.add_stream(codec, rate=44_100, layout=layout))
        channels = len(stream.layout.channels)
        frame = av.AudioFrame.from_ndarray(np.zeros((channels, 441), np.float32), format="fltp", layout=layout)
        frame.sample_rate = 44_100
        resampled = av.AudioResampler(stream.format.name, layout, 44_100).resample(frame)
        for each in [*resampled, None]:
            container.mux(stream.encode(each))
    found = read_wav(path.read_bytes(), "voice.wav")
    assert (found.channels, found.rate, found.frames, found.seconds) == (channels, 44_100, 441, 0.01)


def test_other_chunks_are_passed_over_whatever_their_length() -> None:
    form = struct.pack("<HHIIHH", PCM, 1, 8_000, 16_000, 2, 16)
    data = _riff(b"LIST", b"odd", b"fmt ", form, b"junk", b"x", b"data", SAMPLES, b"id3 ", b"more")
    found = read_wav(data, "voice.wav")
    assert (found.frames, data[found.start : found.start + found.size]) == (6, SAMPLES)


@pytest.mark.parametrize("size", [0x7FFFF000, 0xFFFFFFFF])
def test_what_was_written_to_a_pipe_ends_with_the_file(size: int) -> None:
    streamed = GOOD[:40] + struct.pack("<I", size) + GOOD[44:]
    assert read_wav(streamed, "voice.wav").frames == 6


@pytest.mark.parametrize("length", [0, 3, 11, 12, 20, 30, 43, 44, 50, len(GOOD) - 1])
def test_a_file_that_was_cut_anywhere_is_told(length: int) -> None:
    assert told(GOOD[:length]).startswith("voice.wav: ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfb\x90\x00" * 20, "is no WAV file"),
        (b"RIFF\x24\x00\x00\x00AVI " + bytes(40), "is no WAV file"),
        (written(PCM, 16)[:60], "is cut short: 16 of 48 bytes are there"),
        (written(PCM, 16, data=b""), "holds no sound"),
        (written(0x55, 16), "its sound is compressed"),
        (written(PCM, 12), "of an unknown form"),
        (written(FLOAT, 16), "of an unknown form"),
        (written(PCM, 16, channels=0), "0 channels at 48000 Hz"),
        (written(PCM, 16, channels=9), "9 channels"),
        (written(PCM, 16, rate=0), "at 0 Hz"),
        (written(PCM, 8, rate=8_000, data=bytes(8_000 * 601)), "is 601 s long, and 600 s is the most"),
        (_riff(b"data", SAMPLES), "holds no sound"),
        (_riff(b"fmt ", b"short", b"data", SAMPLES), "its header is cut short"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_usable_recording_is_told_in_words(data: bytes, message: str) -> None:
    assert message in told(data)


def test_checking_a_voice_needs_no_media_library() -> None:
    import subprocess
    import sys

    code = "import sys, vidpipe.media.wav; sys.exit(any(name in sys.modules for name in ('av', 'numpy', 'PIL')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
