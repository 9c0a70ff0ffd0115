"""A script taken apart."""

# ruff: noqa: RUF001 - the marks that look like others are the point of these tests
from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vidpipe.providers.animatic.quotations import quotations
from vidpipe.providers.animatic.sentences import Break, clauses, pieces, sentences

SCRAPS = (
    "the sea", "Mara", "said", "Mr.", "J.", "e.g.", "3.14", "7:30 p.m.", "No. 7", "and then", "but he ran", "Meanwhile",
    ".", ". ", "!", "?", "…", "...", ",", "; ", ": ", "—", " – ", '"', "“", "”", "‘", "’", "'", "(", ")", "「", "」",
    "。", "海", "🌊", " ", "  ", "\n", "\n\n", "\t", "\r\n", "***", "- one", "\u2028", "\u00a0", "\ufeff",
)  # fmt: skip
scripts = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=6), max_size=40).map("".join)


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@given(scripts)
@example("***")
@settings(deadline=None, max_examples=300)
def test_pieces_hold_every_letter_of_the_script_in_order(script: str) -> None:
    assert letters("".join(piece.text for piece in pieces(script))) == letters(script)


@given(scripts)
@settings(deadline=None, max_examples=200)
def test_every_grain_is_made_of_the_same_words(script: str) -> None:
    plain = [letters("".join(parts)) for parts in (sentences(script), clauses(script))]
    assert plain == [letters(script)] * 2
    assert len(sentences(script)) <= len(clauses(script)) <= len(pieces(script))


@given(scripts)
@settings(deadline=None, max_examples=200)
def test_only_a_script_of_white_space_has_no_pieces_and_no_piece_is_empty(script: str) -> None:
    found = pieces(script)
    assert bool(found) == bool(script.removeprefix("\ufeff").strip())
    assert all(piece.text.strip() for piece in found)


@pytest.mark.parametrize(
    "whole",
    [
        "Mr. Fox met Dr. J. R. Smith in St. Ives.",
        "He paid 3.14 dollars at 7.30 p.m. in room No. 7.",
        "Some birds, e.g. gulls, i.e. the loud ones, stayed.",
        "The U.S. Navy came.",
        "He waited... and then he left.",
        "He waited . . . and then he left.",
        "1. First, open the box.",
        '"Who is there? Is it you?" Mara asked.',
        '"Who is there?" she asked.',
        "“Who is there? Is it you?” asked old Captain Hale.",
        '"Stop. ‘Now. Please,’ she said," he wrote.',
        "She said, “Go. Go now.”",
        "‘Go. Don’t wait,’ she said.",
        "‘The dogs’ bowl froze. Go,’ she said.",
        "He (that is, I. Newton. Not the other one) fell.",
        "„Geh. Sofort.“",
        "「行こう。もう遅い。」と彼は言った。",
        "He shouted “Stop!” and ran.",
    ],
)
def test_a_sentence_is_kept_whole(whole: str) -> None:
    assert sentences(f"{whole} Nobody stirred.") == (whole, "Nobody stirred.")


@pytest.mark.parametrize(
    "script",
    [
        "It was I.|He left.",
        "He left at 5 a.m.|The sea was flat.",
        '"Go home."|The dog barked.',
        "It rained!|Did it?|It did…|Enough.",
        "the tide goes out.|the boats lie down.",
        "'Tis cold.|The dogs' bowl froze.|'Twas dark.",
        'The 5" pipe broke.|The 6" pipe held.',
        "彼は海へ行った。|雪が降る！|終わり。",
        "वह आया।|वह गया।",
        "In 1984.|Then nothing.",
        "A quotation may “run on.|It is not closed here.",
    ],
)
def test_sentences_end_at_their_stops(script: str) -> None:
    assert sentences(script.replace("|", " ")) == tuple(script.split("|"))


def test_a_stop_of_a_script_without_gaps_needs_no_space_after_it() -> None:
    assert sentences("雪が降る。“走吧。”他说。终。") == ("雪が降る。", "“走吧。”他说。", "终。")


def test_a_blank_line_ends_a_sentence_and_a_wrapped_line_does_not() -> None:
    script = (
        "This is prose that an editor has wrapped at a certain width\n"
        "and so its line ends mean nothing; they only say that there\n"
        "was no more room on the line for the word that comes after.\n"
        "\n"
        "A title without a stop"
    )
    assert [len(text.splitlines()) for text in sentences(script)] == [1, 1]


def test_lines_of_verse_are_clauses_and_keep_their_line_ends() -> None:
    script = "Rain on the street\nand the signs let go\n\nThe last tram climbs\nwith its windows lit"
    assert clauses(script) == tuple(line for line in script.split("\n") if line)
    assert sentences(script) == tuple(script.split("\n\n"))


def test_a_long_sentence_has_clauses_but_no_scraps() -> None:
    script = (
        "The sea took the boat and the men, red, white and blue; nobody on the shore said a word — not one of them."
    )
    assert clauses(script) == (
        "The sea took the boat and the men,",
        "red, white and blue;",
        "nobody on the shore said a word —",
        "not one of them.",
    )


def test_words_that_name_another_time_or_place_open_a_scene() -> None:
    script = (
        "He slept. Meanwhile, the sea rose. One day he swam.\n\nBy morning it was flat.\n\n* * *\n\nHe woke.\n\nHe ran."
    )
    assert [piece.after for piece in pieces(script)] == [
        Break.SCENE,
        Break.SENTENCE,
        Break.SCENE,
        Break.SCENE,
        Break.PARAGRAPH,
        Break.PARAGRAPH,
    ]


def test_a_clause_that_runs_on_is_parted_between_words() -> None:
    found = pieces("word " * 100)
    assert {piece.after for piece in found[:-1]} == {Break.WORD}
    assert max(len(piece.text.split()) for piece in found) <= 12


def test_one_emoji_is_a_script() -> None:
    assert sentences("🌊") == ("🌊",)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('He said "go" and “stay”.', ['"go"', "“stay”"]),
        ("It's the dogs' bowl.", []),
        ("He wrote “she said ‘go.’ and left” twice.", ["“she said ‘go.’ and left”"]),
        ("'Tis the dogs,' he wrote.", []),
        ("An open “mark and a (bracket", []),
        ("A close” mark", []),
        ("„Geh“ und «va»", ["„Geh“", "«va»"]),
    ],
)
def test_quotations_are_matched_outermost_and_loose_marks_ignored(text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == marked


@pytest.mark.parametrize("unit", ["word ", "a", "and so ", '"', '("', "'a. ", "he said. ", ". . ", "海", "\n .", ", "])
def test_a_long_script_takes_no_longer_than_its_length_allows(unit: str) -> None:
    script = (unit * 200_000)[:200_000]
    start = time.process_time()
    pieces(script)
    assert time.process_time() - start < 3, "0.3 s is usual; a scan for every mark takes minutes"
