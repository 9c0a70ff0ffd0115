"""Telling sound files by their first bytes."""

from __future__ import annotations

import pytest

from vidpipe.media.sound.kind import sound_format


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"ID3\x04\x00\x00", "mp3"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf3\x40\xc4", "mp3"),
        (b"\x00\x00\x00\x20ftypM4A ", "mov"),
        (b"fLaC\x00\x00\x00\x22", "flac"),
        (b"OggS\x00\x02", "ogg"),
        (b"", None),
        (b"\xff\xfb", None),
        (b"\xff\xff\xff\xff\xff\xff", None),
        (b"\xff\xf1\x50\x80", None),  # bare AAC
        (b"\xff\xd8\xff\xe0", None),  # a JPEG picture
        (b"\xff\xfeh\x00i\x00", None),  # text in UTF-16
        (b"#EXTM3U\n", None),
        (b"ffconcat version 1.0", None),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", None),
        (b"<?xml version", None),
        (b"\x1aE\xdf\xa3", None),
        (b"MThd\x00\x00", None),
    ],
)
def test_the_first_bytes_name_the_demuxer_or_none(head: bytes, demuxer: str | None) -> None:
    assert sound_format(head) == demuxer
