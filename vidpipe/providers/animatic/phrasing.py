"""The sentences of a storyboard: whole phrases made of what a scene shows and of the script's own words."""

# ruff: noqa: RUF001 - the marks that look like others are looked for here
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zlib import crc32

from vidpipe.providers.animatic.framing import SIZES
from vidpipe.providers.animatic.partition import beats
from vidpipe.providers.animatic.sentences import Break, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.animatic.framing import Framing
    from vidpipe.providers.animatic.scenery import Scenery
    from vidpipe.providers.animatic.sights import Sight

EXCERPT = 160
LONGEST_PARTED = 4000
CLOSE = 2
MARKS = frozenset('"“”„«»「」『』()[]')
ENDINGS = '.!?…。！？"”」'


class Variety:
    """Picks among wordings so that none comes back before its turn; what it picks depends on the texts alone."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def pick(self, options: Sequence[str], key: str) -> str:
        """Return the option used least so far, starting to look at a place that `key` decides."""
        start = crc32(key.encode("utf-8", "replace")) % len(options)
        chosen = min((*options[start:], *options[:start]), key=self._used.__getitem__)
        self._used[chosen] += 1
        return chosen


def listed(parts: Sequence[str]) -> str:
    """Join as people list: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """Give a text its capital and, if it lacks an end, its full stop."""
    text = text.strip()
    capital = (text[:1].upper() + text[1:]).rstrip(",;:—– ")
    return f"{capital}." if capital[-1:].isalnum() or capital.endswith((")", "'", "’")) else capital


def head(text: str, longest: int = EXCERPT) -> str:
    """Return the text on one line, shortened at its end to about `longest` characters."""
    plain = " ".join(text[: 4 * longest].split())
    if len(plain) <= longest and len(text) <= 4 * longest:
        return plain
    return plain[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:.—– ") + "…"


def tail(text: str, longest: int = EXCERPT) -> str:
    """Return the text on one line, shortened at its beginning to about `longest` characters."""
    plain = " ".join(text[-4 * longest :].split())
    if len(plain) <= longest and len(text) <= 4 * longest:
        return plain
    return "…" + plain[1 - longest :].split(" ", 1)[-1]


def halves(text: str) -> tuple[str, str]:
    """Return the words for the start and for the end of a scene; the latter is empty if the words are of one piece."""
    if len(text) > LONGEST_PARTED:
        return head(text), tail(text)
    parts = pieces(text)
    if len(parts) < 2:
        return head(text), ""
    first, last = beats(parts, 2)
    return head(first.text), tail(last.text if last.before >= Break.SENTENCE else f"…{last.text}")


def where(scenery: Scenery, hour: Sight | None) -> str:
    """Name the place, the hour and the weather: "the shore at dusk, in fog"."""
    return listed([sight.phrase for sight in scenery.places]) + _when(scenery, hour)


def shot(scenery: Scenery, framing: Framing, *, establishing: bool) -> str:
    """Describe what the start frame shows: its size, its place, who and what is there."""
    label = f"establishing {SIZES[framing.size]}" if establishing else SIZES[framing.size]
    angle = f", {framing.angle}" if framing.angle else ""
    place = where(scenery, scenery.hour)
    present = [sight.phrase for sight in (*scenery.lives, *scenery.things) if sight.phrase not in place]
    if framing.size >= CLOSE and present:
        behind = listed([sight.short for sight in scenery.places])
        return f"{label} of {listed(present)}{_when(scenery, scenery.hour)}{angle}, {behind} behind"
    return f"{label} of {place}{f', with {listed(present)}' if present else ''}{angle}"


def moved(texts: Sequence[str], scenery: Scenery, variety: Variety, key: str, tempo: str = "") -> str:
    """Choose one of a move's wordings and put the scene's focus and place into it."""
    is_place = scenery.focus in scenery.places
    fitting = [text for text in texts if ("{focus}" in text) is not is_place]
    chosen = variety.pick(fitting, key)
    return chosen.format(tempo=tempo, focus=scenery.focus.short, place=scenery.places[0].short)


def changes(scenery: Scenery, variety: Variety, key: str, most: int) -> str:
    """Say what has changed by the end frame, on at most `most` sights."""
    return ", and ".join(sight.say(variety.pick(sight.element.later, key)) for sight in scenery.all[:most])


def motions(scenery: Scenery, variety: Variety, key: str, most: int) -> str:
    """Say what moves in the clip, on at most `most` sights."""
    return "; ".join(sight.say(variety.pick(sight.element.moving, key)) for sight in scenery.all[:most])


def opening_words(text: str, count: int = 6) -> str:
    """Return the first words of a text for quoting, without quotation marks and the punctuation at their end."""
    words = " ".join(text[:400].split()[:count])
    return head("".join(character for character in words if character not in MARKS), 60).rstrip(" .,;:!?…—–")


def _when(scenery: Scenery, hour: Sight | None) -> str:
    weather = f", {scenery.weather.phrase}" if scenery.weather and not scenery.inside else ""
    return (f" {hour.phrase}" if hour else "") + weather
