"""Captions as files beside the film: SubRip (SRT) and WebVTT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vidpipe.media.frame import FRAME_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.media.timeline import Caption

_WORD_JOINER = "\u2060"
_LOOKS_LIKE_A_TAG = re.compile(r"<(?=[/A-Za-z])|\{(?=[\\A-Za-z])|--(?=>)")
"""What players take for a tag or an arrow: `<i>`, `{\\an8}`, `{y:i}`, `-->`."""


def srt(captions: Sequence[Caption]) -> bytes:
    """Return the captions as SubRip: UTF-8 without a mark, CRLF line ends, as the format's own program wrote them.

    SubRip has no escapes: what a player would take for a tag gets an invisible word joiner (U+2060) after its first
    signs, so that it is shown.
    """
    blocks = []
    for number, caption in enumerate(captions, 1):
        text = _LOOKS_LIKE_A_TAG.sub(lambda found: found[0] + _WORD_JOINER, caption.text)
        times = f"{_time(caption.start, ',')} --> {_time(caption.stop, ',')}"
        blocks.append("\r\n".join([str(number), times, *_lines(text)]) + "\r\n")
    return "\r\n".join(blocks).encode()


def vtt(captions: Sequence[Caption]) -> bytes:
    """Return the captions as WebVTT (W3C): UTF-8, LF line ends; `&`, `<` and `>` as the format escapes them."""
    blocks = ["WEBVTT\n"]
    for caption in captions:
        text = caption.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        times = f"{_time(caption.start, '.')} --> {_time(caption.stop, '.')}"
        blocks.append("\n".join([times, *_lines(text)]) + "\n")
    return "\n".join(blocks).encode()


def _lines(text: str) -> list[str]:
    """Return the lines of a cue; an empty one would end it."""
    return [line for line in text.splitlines() if line.strip()]


def _time(frame: int, point: str) -> str:
    """Return the time at which a frame begins, to the nearest millisecond."""
    seconds, milliseconds = divmod((frame * 2000 + FRAME_RATE) // (2 * FRAME_RATE), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{milliseconds:03}"
