"""Read from a prompt's words what to draw, and settle what they leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vidpipe.providers.animatic.drawing import lexicon
from vidpipe.providers.animatic.drawing.chance import Chance

_TOKEN = re.compile(r"[a-z]+")
_LONGEST = 6000
_CERTAIN = 0.8  # the score of one word that names a place and nothing else
_OUTDOORS = ("hills", "mountain", "sea", "field", "lake", "forest", "desert")
_INDOORS = frozenset({"room", "tabletop"})


def _lookup(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for concept, words in table.items():
        for word in words.split():
            plurals = (word + "s", word + "es", word[:-1] + "ies" if word.endswith("y") else word)
            for form in dict.fromkeys((word, *plurals)):
                found.setdefault(form, [])
                if concept not in found[form]:
                    found[form].append(concept)
    return {word: tuple(concepts) for word, concepts in found.items()}


_SETTINGS = _lookup(lexicon.SETTINGS)
_FORMS = _lookup(lexicon.FORMS)
_FIGURES = _lookup(lexicon.FIGURES)
_PRONOUNS = _lookup(lexicon.PRONOUNS)
_HOURS = _lookup(lexicon.HOURS)
_WEATHERS = _lookup(lexicon.WEATHERS)
_MOODS = _lookup(lexicon.MOODS)


@dataclass(frozen=True, slots=True)
class Brief:
    """What to draw; each list is in the order of the text, and what went before comes first."""

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

    @property
    def known(self) -> bool:
        """Whether all of it can be drawn; a brief read back from a file may be anything."""
        return (
            self.setting in lexicon.SETTINGS
            and self.hour in lexicon.HOURS
            and self.weather in {"clear", *lexicon.WEATHERS}
            and self.mood in {"calm", *lexicon.MOODS}
            and set(self.forms) <= lexicon.FORMS.keys()
            and set(self.figures) <= lexicon.FIGURES.keys()
        )


def tokens(text: str) -> list[str]:
    """Return the text's plain lower-case words, without those that speak of camera and light."""
    words = _TOKEN.findall(text[:_LONGEST].lower())
    return [word for word in words if word not in lexicon.TECHNICAL]


def _concepts(words: list[str], lookup: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(concept for word in words for concept in lookup.get(word, ())))


def _setting(words: list[str]) -> tuple[str | None, bool]:
    """Return the place that most words speak of, early ones a little more, and whether that is certain."""
    scores: dict[str, float] = {}
    for place, word in enumerate(words):
        weak = word in lexicon.WEAK or word.removesuffix("s") in lexicon.WEAK
        weight = (0.34 if weak else 1.0) * (1 + 0.5 / (1 + place / 8))
        for setting in _SETTINGS.get(word, ()):
            scores[setting] = scores.get(setting, 0.0) + weight
    if not scores:
        return None, False
    best = max(scores, key=lambda setting: scores[setting])
    return best, scores[best] >= _CERTAIN


def _first(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return next((found for found in lists if found), ())


def _place(main: list[str], more: list[str], before: Brief | None, chance: Chance) -> str:
    """Return where it happens: what the words name for certain, else where we were, else what they hint at."""
    named, hinted = _setting(main), _setting(more)
    if named[0] is not None and named[1]:
        return named[0]
    if hinted[0] is not None and hinted[1] and not (before is not None and before.setting == "tabletop"):
        return hinted[0]
    if before is not None:
        return before.setting
    return named[0] or hinted[0] or chance.fork("setting").pick(_OUTDOORS)


def _forms(words: list[str], setting: str, before: Brief | None) -> tuple[str, ...]:
    """Return the things to draw; what stood in a place stays there, but on a table the new replaces the old."""
    found = _concepts(words, _FORMS)
    stood = before.forms if before is not None and before.setting == setting else ()
    if setting == "tabletop":
        found = tuple(form for form in found if form in lexicon.OBJECTS) or stood
    else:
        found = stood + found
    return tuple(dict.fromkeys(found))[:6]


def _figures(main: list[str], more: list[str], setting: str, before: Brief | None) -> tuple[str, ...]:
    """Return who is there: those who are named, else those who were there, else whom a pronoun stands for."""
    named = tuple(dict.fromkeys(_concepts(main, _FIGURES) + _concepts(more, _FIGURES)))
    pronouns = _concepts(main, _PRONOUNS)
    stays = bool(pronouns) or (before is not None and before.setting == setting) or not lexicon.STAYING.isdisjoint(main)
    if before is not None and stays and set(named) <= {"flight"}:
        named = tuple(figure for figure in before.figures if figure != "flight") + named
    return (named or pronouns)[:3]


def read(description: str, frame_prompt: str, style_words: str, before: Brief | None = None) -> Brief:
    """Return what to draw.

    The description rules, the frame's prompt adds to it; what neither says stays as it was in the frame `before`, and
    without one the style's words or the text's hash decide.
    """
    main, more = tokens(description), tokens(frame_prompt)
    style = [word for word in tokens(style_words) if word in lexicon.STYLE_MOODS]
    chance = Chance("brief", description or frame_prompt)
    setting = _place(main, more, before, chance)
    moods = _first(_concepts(main, _MOODS), _concepts(more, _MOODS), _concepts(style, _MOODS))
    named_hours = _first(_concepts(main, _HOURS), _concepts(more, _HOURS))
    hours = _first(named_hours, (before.hour,) if before else (), _concepts(style, _HOURS))
    stays = (before.weather,) if before and not named_hours else ()
    weathers = _first(_concepts(main, _WEATHERS), _concepts(more, _WEATHERS), stays)
    fallback = (
        ("night",)
        if "grim" in moods[:1]
        else ("dawn", "day")
        if setting == "tabletop"
        else ("dawn", "day", "dusk", "dusk")
    )
    return Brief(
        setting=setting,
        forms=_forms(main + more, setting, before),
        figures=_figures(main, more, setting, before),
        hour="night" if setting == "space" else hours[0] if hours else chance.fork("hour").pick(fallback),
        weather=weathers[0] if weathers else "clear",
        mood=moods[0] if moods else "calm",
    )
