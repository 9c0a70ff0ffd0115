"""Small pieces of messages."""

from __future__ import annotations

from vidpipe.words import did_you_mean, listing, shown


def test_values_are_shown_in_one_short_printable_line() -> None:
    values: tuple[object, ...] = (None, True, 1.5, [1], {}, "", " a ", "a\n\x1b\ud800")
    assert [shown(value) for value in values] == [
        "nothing",
        "true",
        "1.5",
        "a list",
        "a mapping",
        '""',
        '" a "',
        "a\\n\\x1b\\ud800",
    ]
    assert len(shown("a" * 1_000)) == 60


def test_lists_read_like_a_sentence() -> None:
    assert [listing(items) for items in ("", "a", "ab", "abc")] == ["", "a", "a or b", "a, b or c"]


def test_only_a_near_word_is_suggested_and_letter_case_makes_no_difference() -> None:
    assert did_you_mean("SCENE", ["scenes", "style"]) == "; did you mean scenes?"
    assert did_you_mean("x", ["scenes", "style"]) == ""
    assert did_you_mean("scenes" * 100, ["scenes"]) == ""
