"""Where sentences end: the full stops of a paragraph that are not those of an abbreviation, an initial or a number."""

# ruff: noqa: RUF001 - the marks that look like others are looked for here
from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPENING_MARKS = frozenset("\"'“‘«‹„‚([{「『（【¿¡*_")
_CLOSING = "\"'”’»›)\\]}」』）】*_"
STOP = re.compile(rf"(?P<mark>(?:\. ){{2,}}\.|[.!?…‽؟۔।॥]+|[。！？｡]+)(?P<closing>[{_CLOSING}]*)")
TITLES = (
    "mr mrs ms mx dr prof st mt ft fr sr br capt cpt lt col gen sgt maj cmdr adm rev hon gov sen rep pres messrs mme"
    " mlle m e.g i.e cf viz vs al ca approx"
)
NUMBERED = "no nos nr fig figs vol vols ch pp p sec art op ed jan feb mar apr jun jul aug sep sept oct nov dec"
STARTERS = (
    "a after all an and as at before but by each every for from he her his how i if in it its my no not on one our she"
    " so that the their then there they this to we what when where who why you your"
)
NEVER_LAST, BEFORE_NUMBERS, FIRST_WORDS = (frozenset(words.split()) for words in (TITLES, NUMBERED, STARTERS))
LAST_WORD = re.compile(r"[\w.'’-]+$")
NEXT_WORD = re.compile(r"[\w'’-]+")
SPEAKS = (
    "said|says|asked|asks|cried|cries|whispered|whispers|shouted|called|answered|replied|muttered|murmured|added|thought"
    "|told|begged|sighed|laughed|sang|sobbed|snapped|growled|wrote|repeated|agreed|insisted|warned|announced|went on"
)
ATTRIBUTION = re.compile(rf" (?:[\w'’.-]+ ){{0,4}}?(?:{SPEAKS})\b|[と]|[^。！？，\s]{{0,5}}[说道問问言喊叫]")


def stops(text: str, quotations: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield the offsets just behind each sentence of a paragraph, its closing marks included.

    Ends of sentences inside a quotation are yielded too: whether they part it is for the caller to say.
    """
    has_capitals = any(character.isupper() for character in text)
    quotation_ends = {end for _, end in quotations}
    for match in STOP.finditer(text):
        at = match.end()
        if text.startswith("“", at) and at + 1 in quotation_ends:
            at += 1
        if at in quotation_ends and ATTRIBUTION.match(text, at):
            continue
        if match["mark"][0] in "。！？｡" or (_has_gap(text, at) and _ends(text, match, has_capitals)):
            yield at


def _has_gap(text: str, at: int) -> bool:
    return at >= len(text) or text[at].isspace()


def _ends(text: str, match: re.Match[str], has_capitals: bool) -> bool:
    following = text[match.end() : match.end() + 40].lstrip().lstrip("".join(OPENING_MARKS))
    if has_capitals and following[:1].islower():
        return False
    return match["mark"] != "." or bool(match["closing"]) or not _is_abbreviation(text, match.start(), following)


def _is_abbreviation(text: str, at: int, following: str) -> bool:
    """Tell whether the single full stop at `at` belongs to the word before it and the sentence goes on."""
    before = text[max(0, at - 24) : at]
    last = LAST_WORD.search(before)
    if last is None:
        return False
    word = last[0].lstrip("'’-.")
    leading = before[: last.start()].rstrip(" ")
    upcoming = NEXT_WORD.match(following)
    starts_anew = upcoming is not None and upcoming[0].lower() in FIRST_WORDS
    if word.lower() in NEVER_LAST:
        return True
    if word.lower() in BEFORE_NUMBERS:
        return following[:1].isdigit()
    if word.isdigit():
        return len(word) <= 3 and (not leading or leading[-1] in ":\n")
    if len(word) == 1 and word.isupper():
        return not (starts_anew or (word == "I" and leading[-1:].isalpha()))
    return "." in word and word[0].isupper() and not starts_anew
