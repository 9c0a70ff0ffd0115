"""A script taken apart: paragraphs, sentences and clauses, in time linear in its length."""

# ruff: noqa: RUF001 - the marks that look like others are looked for here
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from vidpipe.providers.animatic.paragraphs import paragraphs
from vidpipe.providers.animatic.quotations import quotations
from vidpipe.providers.animatic.stops import OPENING_MARKS, stops


class Break(IntEnum):
    """What stands between a piece of script and the next one, from the worst place to part them to the best."""

    WORD = 0  # nothing but a gap, in a clause that runs on and on
    JOINT = 1  # a conjunction
    CLAUSE = 2  # a comma, or the end of a sentence inside a quotation
    STOP = 3  # a semicolon, colon or dash, or the end of a line of verse
    SENTENCE = 4
    PARAGRAPH = 5
    SCENE = 6  # a line of asterisks, or words that name another time or place


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together; `gap` is the white space that stood after them, `after` the kind of break."""

    text: str
    gap: str
    after: Break


WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,:]*")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
MARK = re.compile(
    r"(?P<line>\n)|(?P<stop>[;:](?= )| ?—(?=[\w ])| –(?= )| --(?= )|[；：])|(?P<comma>,(?= )|[、，])"
    r"|(?P<joint>(?= (?:and|but|or|nor|yet|while|until|till|when|because|although|though|before|after|then|so) \w))"
)
BREAKS = {"line": Break.STOP, "stop": Break.STOP, "comma": Break.CLAUSE, "joint": Break.JOINT}
FEWEST_WORDS = {Break.STOP: 2, Break.CLAUSE: 3, Break.JOINT: 4}
RUN_ON = 24
_SPAN = r"(?:second|minute|hour|day|night|morning|evening|week|month|season|winter|summer|spring|autumn|year|age)s?"
_TIME = r"(?:morning|day|night|evening|afternoon|noon|dawn|dusk|midnight|nightfall|sunrise|sunset|week|month|year)"
ELSEWHERE = re.compile(
    r"(?:meanwhile|elsewhere|far (?:away|off|from)|long ago|years (?:ago|before)|somewhere else|back (?:at|in|home)"
    rf"|(?:the )?(?:next|following) {_TIME}|later that {_TIME}"
    rf"|(?:\w+ ){{1,3}}{_SPAN} (?:later|after|earlier|ago|passed)"
    r"|(?:on the )?(?:other|far) side of|across (?:town|the (?:city|valley|street|river|sea|bay|world))"
    r"|(?:int|ext)\.)\b",
    re.IGNORECASE,
)
ANOTHER_TIME = re.compile(
    rf"(?:(?:that|this|one|every|each|the same) {_TIME}|(?:by|at|before|after|toward|towards) (?:the )?{_TIME}"
    rf"|(?:and )?(?:in|on) the {_TIME}|now|today|tomorrow|yesterday|later|afterwards?|once|then came"
    r"|(?:in|by|all) (?:the )?(?:winter|summer|spring|autumn)"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in \d{4})\b",
    re.IGNORECASE,
)


def pieces(script: str) -> tuple[Piece, ...]:
    """Take a script apart at every place where it may be parted; none if it holds nothing but white space.

    The texts and gaps together are the script with its white space made plain and separator lines left out.
    """
    found: list[Piece] = []
    script = script.removeprefix("\ufeff")
    for paragraph in paragraphs(script):
        if not paragraph.is_separator:
            found += _paragraph(paragraph.text, paragraph.gap)
        elif found:
            found[-1] = replace(found[-1], after=Break.SCENE)
    if not found and script.strip():
        return (Piece(" ".join(script.split()), " ", Break.PARAGRAPH),)
    return tuple(_before(piece, following.text) for piece, following in pairwise(found)) + tuple(found[-1:])


def sentences(script: str) -> tuple[str, ...]:
    """Return the sentences of a script in order; a quotation stays with the words that say who speaks."""
    return joined(pieces(script), Break.SENTENCE)


def clauses(script: str) -> tuple[str, ...]:
    """Return the clauses of a script in order: the finer grain, at commas, dashes, conjunctions and lines of verse."""
    return joined(pieces(script), Break.JOINT)


def joined(parts: tuple[Piece, ...], weakest: Break) -> tuple[str, ...]:
    """Join pieces into texts that end at breaks of at least the kind `weakest`."""
    texts: list[str] = []
    text: list[str] = []
    for piece in parts:
        text += (piece.text, piece.gap)
        if piece.after >= weakest:
            texts.append("".join(text).strip())
            text.clear()
    rest = "".join(text).strip()
    return (*texts, rest) if rest else tuple(texts)


def _before(piece: Piece, following: str) -> Piece:
    """Call a break the start of another scene if the words after it name another time or place."""
    start = following[:80].lstrip("".join(OPENING_MARKS))
    if (piece.after >= Break.SENTENCE and ELSEWHERE.match(start)) or (
        piece.after >= Break.PARAGRAPH and ANOTHER_TIME.match(start)
    ):
        return replace(piece, after=Break.SCENE)
    return piece


def _paragraph(text: str, gap: str) -> list[Piece]:
    cuts = _run_on(text, _kept(text, _breaks(text)))
    found: list[Piece] = []
    start = 0
    for at, kind in [*cuts, (len(text), Break.PARAGRAPH)]:
        part = text[start:at]
        found.append(Piece(part.strip(), part[len(part.rstrip()) :], kind))
        start = at
    found[-1] = replace(found[-1], gap=gap)
    return found


def _breaks(text: str) -> list[tuple[int, Break]]:
    """Return every place where a paragraph may be parted: the offset of what follows, and the kind of break."""
    spans = quotations(text)
    starts = [start for start, _ in spans]

    def is_quoted(at: int) -> bool:
        index = bisect_left(starts, at) - 1
        return index >= 0 and at < spans[index][1]

    found: dict[int, Break] = {}
    for match in MARK.finditer(text):
        at = match.end()
        following = text[at : at + 2].lstrip()[:1]
        if following and following not in OPENING_MARKS and match.lastgroup:
            kind = BREAKS[match.lastgroup]
            found[_next_word(text, at)] = kind if kind is Break.STOP or not is_quoted(at) else Break.JOINT
    for at in stops(text, spans):
        found[_next_word(text, at)] = Break.CLAUSE if is_quoted(at) else Break.SENTENCE
    return sorted((at, kind) for at, kind in found.items() if 0 < at < len(text))


def _next_word(text: str, at: int) -> int:
    """Put the white space at a break to the piece before it."""
    return at + 1 if text[at : at + 1].isspace() else at


def _words_at(text: str) -> list[int]:
    """Return where the words start, in order; every character of a script without gaps counts as one."""
    wide = [match.start() for match in WIDE.finditer(text)]
    return (
        sorted({*wide, *(match.start() for match in WORD.finditer(text))})
        if wide
        else [match.start() for match in WORD.finditer(text)]
    )


def _kept(text: str, breaks: list[tuple[int, Break]]) -> list[tuple[int, Break]]:
    """Drop the breaks that have no words before them, or would leave a scrap of a sentence on either side."""
    words = _words_at(text)
    ends = [at for at, kind in breaks if kind is Break.SENTENCE] + [len(text)]
    kept: list[tuple[int, Break]] = []
    last = 0
    for (at, kind), (following, _) in pairwise([*breaks, (len(text), Break.PARAGRAPH)]):
        fewest = 1 if kind is Break.SENTENCE or text[at - 1] == "\n" else FEWEST_WORDS[kind]
        before = bisect_left(words, at) - bisect_left(words, last)
        end = following if kind is Break.JOINT else ends[bisect_left(ends, at + 1)]
        after = bisect_left(words, end) - bisect_left(words, at)
        if before >= fewest and after >= (1 if kind is Break.SENTENCE else fewest):
            kept.append((at, kind))
            last = at
    return kept


def _run_on(text: str, breaks: list[tuple[int, Break]]) -> list[tuple[int, Break]]:
    """Add breaks between words to clauses too long to show at once."""
    words = _words_at(text)
    found = list(breaks)
    for start, end in pairwise([0, *(at for at, _ in breaks), len(text)]):
        inside = words[bisect_left(words, start) : bisect_left(words, end)]
        if len(inside) > RUN_ON:
            parts = -(-len(inside) // (RUN_ON // 2))
            places = (inside[len(inside) * part // parts] for part in range(1, parts))
            found += ((at, Break.WORD) for at in places if text[at - 1].isspace() or WIDE.match(text, at - 1))
    return sorted(found)
