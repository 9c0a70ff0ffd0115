"""Caption files are read back by parsers written from the formats' descriptions; nothing is lost or taken for a tag."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.golden_file import FOLDER, matches_golden
from vidpipe.media.captions.cues import cues
from vidpipe.media.captions.sidecar import srt, vtt
from vidpipe.media.timeline import Caption

KEEPER = (
    *cues("The keeper climbed the stairs, one hand on the cold rail, and counted every step.", 6, 120),
    *cues("<i>Öl</i> & Wärme --> {\\an8}「灯台」", 120, 96_000),
)
Cue = tuple[int, int, str]
TEXTS = st.text(st.one_of(st.sampled_from("<>&-{}\\/ib:\n"), st.characters(exclude_categories=["Cs"])), max_size=80)


def milliseconds(text: str, point: str) -> int:
    found = re.fullmatch(rf"(\d\d+):([0-5]\d):([0-5]\d){re.escape(point)}(\d\d\d)", text)
    assert found, text
    hours, minutes, seconds, rest = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def read_vtt(data: bytes) -> list[Cue]:
    """Follow W3C WebVTT, 6.1 and 6.4, as far as files without styles, regions and settings need it."""
    text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    head, *blocks = re.split(r"\n\n+", text)
    assert head.strip("\n") == "WEBVTT"
    found = []
    for block in blocks:
        times, *lines = block.strip("\n").split("\n")
        assert times.count("-->") == 1
        start, stop = times.split(" --> ")
        payload = "\n".join(lines)
        assert "-->" not in payload
        assert "<" not in payload, "a tag begins"
        assert not re.search(r"&(?!(amp|lt|gt|nbsp|lrm|rlm);)", payload), "a character reference begins"
        found.append((milliseconds(start, "."), milliseconds(stop, "."), html.unescape(payload)))
    return found


def read_srt(data: bytes) -> list[Cue]:
    """Read SubRip as players do: blocks between empty lines, tags in angle brackets or braces dropped."""
    text = data.decode("utf-8")
    assert "\n" not in text.replace("\r\n", "")
    found = []
    for number, block in enumerate(re.split(r"(?:\r\n){2,}", text.strip("\r\n")) if text else [], 1):
        count, times, *lines = block.split("\r\n")
        assert count == str(number)
        assert "-->" not in "".join(lines)
        start, stop = times.split(" --> ")
        payload = re.sub(r"</?[A-Za-z][^>]*>|\{\\[^}]*\}|\{[A-Za-z]:[^}]*\}", "", "\n".join(lines))
        found.append((milliseconds(start, ","), milliseconds(stop, ","), payload.replace("\u2060", "")))
    return found


def times(caption: Caption) -> tuple[int, int]:
    return round(caption.start * 1000 / 24), round(caption.stop * 1000 / 24)


@given(st.lists(TEXTS, max_size=4))
@example(["a --> b", "<i>x</i>", "{\\an8}y", "{y:i}z", "&amp;", "1\n2", "-->", "<00:00:01.000>"])
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    captions = [cue for place, text in enumerate(texts) for cue in cues(text, place * 99, place * 99 + 99)]
    captions = [Caption(cue.start, cue.stop, cue.text.replace("\u2060", "")) for cue in captions]
    captions = [cue for cue in captions if cue.text.strip()]
    wanted = [(*times(cue), cue.text) for cue in captions]
    assert read_vtt(vtt(captions)) == wanted
    assert read_srt(srt(captions)) == wanted


def test_frames_become_the_nearest_millisecond_of_hours_minutes_and_seconds() -> None:
    captions = [Caption(1, 2, "a"), Caption(24 * 3661, 24 * 360_000 + 23, "b")]
    assert b"00:00:00,042 --> 00:00:00,083\r\n" in srt(captions)
    assert b"01:01:01.000 --> 100:00:00.958\n" in vtt(captions)


def test_both_files_are_as_agreed() -> None:
    matches_golden("captions-vtt", vtt(KEEPER).decode())
    golden = FOLDER / "captions-srt.txt"  # with CRLF, so bytes are compared
    matches_golden("captions-srt", srt(KEEPER).decode().replace("\r\n", "\n"))
    assert srt(KEEPER).count(b"\r\n") == golden.read_text(encoding="utf-8").count("\n")


@pytest.mark.parametrize("write", [srt, vtt])
def test_there_is_no_byte_order_mark(write: object) -> None:
    assert callable(write)
    assert not write(KEEPER).startswith(b"\xef\xbb\xbf")
