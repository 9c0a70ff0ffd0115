"""What the words of a script let one see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.elements import Element, Kind, element
from vidpipe.providers.animatic.places import HOURS, PLACES, WEATHERS
from vidpipe.providers.animatic.presences import LIVES, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOKEN = re.compile(
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:[-'\u2019][^\W\d_]+)*"
    r"|[\u3400-\u9fff]|[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]"
)
IRREGULAR = {"wolves": "wolf", "geese": "goose", "mice": "mouse", "oxen": "ox"}
UNSEEN_AFTER = frozenset({"no", "not", "without", "like", "never", "nor", "neither", "than"})
_NOT_BEFORE_A_NAME = "a an the at in into to from of on near st mount lake north south east west this that every"
NOT_BEFORE_A_NAME = frozenset(_NOT_BEFORE_A_NAME.split())
_CALENDAR = (
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december christmas easter god mr mrs ms dr"
)
NO_NAMES = frozenset(_CALENDAR.split())
MOST_NAMES = 6
MOST_READ = 20_000
REFERENCE = element(
    Kind.LIFE,
    "reference",
    "{word}, as in the reference picture",
    "",
    "{word} has come a little nearer; {word} fills more of the frame; {word} stands apart from everything else now",
    "{word} alone is in motion",
)
_DETAIL = re.compile(r",| (?:on|in|among|far|under|and|with|by|between) ")


@dataclass(frozen=True, slots=True)
class Sight:
    """An element as a script names it."""

    element: Element
    word: str

    @property
    def phrase(self) -> str:
        """What to call it when it is first seen: "the figure of the keeper", "an open book"."""
        return self.say(self.element.phrase)

    @property
    def short(self) -> str:
        """What to call it from then on: "the keeper", "the open book"."""
        name = _DETAIL.split(self.phrase, maxsplit=1)[0].removeprefix("the figure of ")
        if name.startswith(("the ", self.word)):
            return name
        return "the " + name.removeprefix("a ").removeprefix("an ")

    def say(self, text: str) -> str:
        """Put the script's own word into one of the element's texts."""
        if self.word[:1].isupper():
            text = text.replace("the {word}", "{word}")
        return text.replace("{word}", self.word)


def tokens(text: str) -> list[str]:
    """Return the words of the start of a text in lower case, and its emoji."""
    return [_plain(match[0]) for match in TOKEN.finditer(text[:MOST_READ])]


def sights(text: str, names: Mapping[str, Sight] | None = None) -> tuple[Sight, ...]:
    """Return what the words of a text show, each once and in order; what they deny or compare with is left out.

    `names` are sights by their names in lower case.
    """
    found: dict[str, Sight] = {}
    unseen = 0
    for token in tokens(text):
        if names and token in names:
            found.setdefault(token, names[token])
        elif token in UNSEEN_AFTER:
            unseen = 3
        elif unseen <= 0:
            for part in dict.fromkeys((token, *token.split("-"))):
                for known, word in _lexicon().get(_stem(part), ()):
                    found.setdefault(known.name, Sight(known, word))
        unseen -= 1
    return tuple(found.values())


def names_in(script: str, references: Iterable[str]) -> dict[str, Sight]:
    """Return who is named in a script, and its references, by name in lower case.

    A name is a word with a capital where none begins a sentence; a script full of them is German, not full of people.
    """
    figure = next(life for life in LIVES if life.name == "figure")
    words = [(match.start(), match[0]) for match in TOKEN.finditer(script[:MOST_READ])]
    found: dict[str, Sight] = {}
    for (start, before), (at, word) in pairwise(words):
        gap = script[start + len(before) : at]
        plain = _plain(word)
        if (
            word[0].isupper()
            and gap in {" ", ", "}
            and not {before.lower()} & NOT_BEFORE_A_NAME
            and plain not in NO_NAMES
            and _stem(plain) not in _lexicon()
        ):
            found.setdefault(plain, Sight(figure, word.replace("\u2019", "'").removesuffix("'s")))
    people = found if len(found) <= MOST_NAMES else {}
    return people | {name.casefold(): Sight(REFERENCE, name) for name in references if name}


def _plain(word: str) -> str:
    return word.lower().replace("\u2019", "'").removesuffix("'s")


@cache
def _lexicon() -> dict[str, tuple[tuple[Element, str], ...]]:
    """Return the elements that a word stands for, with the word to call them by."""
    found: dict[str, tuple[tuple[Element, str], ...]] = {}
    for known in (*PLACES, *HOURS, *WEATHERS, *THINGS, *LIVES):
        for word in known.words:
            called = word if word.isascii() else known.name
            found[word] = (*found.get(word, ()), (known, called))
    return found


def _stem(word: str) -> str:
    """Return a word as the lexicon has it: its plural ending taken off unless it is listed with it."""
    forms = (word, IRREGULAR.get(word, word), word.removesuffix("s"), word.removesuffix("es"))
    return next((form for form in forms if form in _lexicon()), word)
