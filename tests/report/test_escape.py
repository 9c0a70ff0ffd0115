"""Nothing from a file steers a terminal."""

from __future__ import annotations

import pytest

from vidpipe.report.escape import visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, naïve café, 灯台, 🎬", "plain words, naïve café, 灯台, 🎬"),
        ("\033[2Jgone", "\\x1b[2Jgone"),
        ("\x9b2J", "\\x9b2J"),
        ("bell\a back\b del\x7f nul\0", "bell\\x07 back\\x08 del\\x7f nul\\x00"),
        ("two\nlines\rover\ttab", "two\\nlines\\rover\\ttab"),
        ("clip\u202egnp.exe", "clip\\u202egnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "\\u2066a\\u2069\\u200e\\u200f\\u061c"),
        ("line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"),
        ("\ufeffbom \u200bzero", "\\ufeffbom \\u200bzero"),
        ("not utf-8: \udcff", "not utf-8: \\udcff"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("wide\u3000space, no\u00a0break", "wide\u3000space, no\u00a0break"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_what_steers_a_terminal_is_written_out_and_nothing_else(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_character_of_unicode_gets_through_that_is_not_visible() -> None:
    steering = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C]
    assert all(visible(chr(code)).isprintable() for code in steering)


def test_the_lines_of_a_message_stay_lines() -> None:
    assert visible_lines("a.yaml:1: bad\nb.yaml:2: \033worse") == ["a.yaml:1: bad", "b.yaml:2: \\x1bworse"]
