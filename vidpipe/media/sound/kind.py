"""Which sound file this is, by its first bytes: the demuxer is named to FFmpeg, which never guesses. No PyAV here."""

from __future__ import annotations

FORMATS = "WAV, MP3, M4A, FLAC or Ogg"
HEAD = 16
"""How many bytes at the start of a file tell."""


def sound_format(head: bytes) -> str | None:
    """Return FFmpeg's name of the demuxer for a sound file that begins like this, None where it is no sound file.

    Left to guess, FFmpeg also takes playlists, whatever they are called, and opens what those point to.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mov"
    if head[:4] in {b"fLaC", b"OggS"}:
        return {b"fLaC": "flac", b"OggS": "ogg"}[head[:4]]
    return "mp3" if head[:3] == b"ID3" or _is_mpeg(head) else None


def _is_mpeg(head: bytes) -> bool:
    """Tell whether a frame of MPEG audio, layer II or III, begins here (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4:
        return False
    sync, layer, bit_rate, rate = head[1] & 0xE0, head[1] & 0x06, head[2] & 0xF0, head[2] & 0x0C
    return head[0] == 0xFF and sync == 0xE0 and layer in {2, 4} and bit_rate != 0xF0 and rate != 0x0C
