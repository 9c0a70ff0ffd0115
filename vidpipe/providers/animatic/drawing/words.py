"""Read from a prompt's words what to draw."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vidpipe.providers.animatic.drawing import lexicon
from vidpipe.providers.animatic.drawing.chance import Chance

_TOKEN = re.compile(r"[a-z]+")
_LONGEST = 6000
_OUTDOORS = ("hills", "mountain", "sea", "field", "lake", "forest", "desert")
_INDOORS = frozenset({"room", "tabletop"})


def _lookup(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for concept, words in table.items():
        for word in words.split():
            plurals = (word + "s", word + "es", word[:-1] + "ies" if word.endswith("y") else word)
            for form in {word, *plurals}:
                found.setdefault(form, [])
                if concept not in found[form]:
                    found[form].append(concept)
    return {word: tuple(concepts) for word, concepts in found.items()}


_SETTINGS = _lookup(lexicon.SETTINGS)
_FORMS = _lookup(lexicon.FORMS)
_FIGURES = _lookup(lexicon.FIGURES)
_HOURS = _lookup(lexicon.HOURS)
_WEATHERS = _lookup(lexicon.WEATHERS)
_MOODS = _lookup(lexicon.MOODS)


@dataclass(frozen=True, slots=True)
class Brief:
    """What the words ask for; each list is in the order of the text."""

    setting: str
    forms: tuple[str, ...]
    figures: tuple[str, ...]
    hour: str
    weather: str
    mood: str

    @property
    def indoors(self) -> bool:
        """Whether there is a ceiling above the scene."""
        return self.setting in _INDOORS


def tokens(text: str) -> list[str]:
    """Return the text's plain lower-case words, without those that speak of camera and light."""
    words = _TOKEN.findall(text[:_LONGEST].lower())
    return [word for word in words if word not in lexicon.TECHNICAL]


def _concepts(words: list[str], lookup: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(concept for word in words for concept in lookup.get(word, ())))


def _setting(words: list[str]) -> str | None:
    """Return the place that most words speak of; early words count a little more, weak ones a third."""
    scores: dict[str, float] = {}
    for place, word in enumerate(words):
        singular = word.removesuffix("s")
        weight = (0.34 if word in lexicon.WEAK or singular in lexicon.WEAK else 1.0) * (1 + 0.5 / (1 + place / 8))
        for setting in _SETTINGS.get(word, ()):
            scores[setting] = scores.get(setting, 0.0) + weight
    return max(scores, key=lambda setting: scores[setting]) if scores else None


def read(description: str, frame_prompt: str, style_words: str) -> Brief:
    """Return what to draw. The description decides the place; the frame's prompt adds to it and fills its gaps."""
    main, more, style = tokens(description), tokens(frame_prompt), tokens(style_words)
    chance = Chance("brief", description or frame_prompt)
    setting = _setting(main) or _setting(more)
    if setting is None:
        setting = chance.fork("setting").pick(_OUTDOORS)
    hours = _concepts(main, _HOURS) or _concepts(more, _HOURS) or _concepts(style, _HOURS)
    weathers = _concepts(main, _WEATHERS) or _concepts(more, _WEATHERS)
    moods = _concepts(main, _MOODS) or _concepts(more, _MOODS) or _concepts(style, _MOODS)
    hour = hours[0] if hours else chance.fork("hour").pick(("dawn", "day", "dusk", "dusk"))
    if setting == "space":
        hour = "night"
    if not hours and moods and moods[0] == "grim":
        hour = "night"
    return Brief(
        setting=setting,
        forms=tuple(dict.fromkeys(_concepts(main, _FORMS) + _concepts(more, _FORMS)))[:5],
        figures=tuple(dict.fromkeys(_concepts(main, _FIGURES) + _concepts(more, _FIGURES)))[:3],
        hour=hour,
        weather=weathers[0] if weathers else "clear",
        mood=moods[0] if moods else "calm",
    )
