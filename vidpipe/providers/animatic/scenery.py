"""Where, when and with whom a piece of script can be shown: by its own words, and by what went before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.elements import Kind, element
from vidpipe.providers.animatic.places import PLACES
from vidpipe.providers.animatic.sights import Sight, sights, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPOKEN_OF = "i me my he him his she her hers they them their we us our you your"
PRONOUNS = frozenset(_SPOKEN_OF.split())
NOWHERE = element(
    Kind.PLACE,
    "open ground",
    "open ground under a wide sky",
    "",
    "the horizon has sunk a little; the ground in front has fallen into shadow; the far edge of the ground has cleared",
    "a breath of air goes over the ground; the distance shimmers",
)
# Where a thing is at home, if the words name no place.
AT_HOME = {"lighthouse": "shore", "ship": "sea", "boat": "sea", "train": "city", "footprints": "shore"}
UNDER_A_ROOF = frozenset({"window", "door", "lamp", "fire", "book", "clock", "cup"})
UNDER_THE_SKY = frozenset(
    {
        "sun",
        "moon",
        "stars",
        "clouds",
        "lighthouse",
        "tower",
        "house",
        "ship",
        "boat",
        "train",
        "bridge",
        "tree",
        "trees",
    }
)
CLEAR_SKY = frozenset({"sun", "moon", "stars"})


@dataclass(frozen=True, slots=True)
class Scenery:
    """What a scene shows; `later_hour` is the hour it ends in, `named` what its own words name."""

    places: tuple[Sight, ...] = ()
    hour: Sight | None = None
    later_hour: Sight | None = None
    weather: Sight | None = None
    things: tuple[Sight, ...] = ()
    lives: tuple[Sight, ...] = ()
    named: frozenset[str] = field(default_factory=frozenset)

    @property
    def inside(self) -> bool:
        """Whether there is a ceiling above it."""
        return bool(self.places) and self.places[0].element.kind is Kind.INSIDE

    @property
    def focus(self) -> Sight:
        """What the camera looks at: a figure, else a thing, else the place."""
        return (*self.lives, *self.things, *self.places)[0]

    @property
    def all(self) -> tuple[Sight, ...]:
        """Everything that can change or move, the liveliest first."""
        around = () if self.inside else tuple(sight for sight in (self.weather, self.hour) if sight)
        return (*self.lives[:1], *self.things[:1], *self.places[:1], *around, *self.things[1:], *self.places[1:])


def opening(script: str) -> Scenery:
    """Return what is there before the first word: the first place that the script names, and its hour if it has one."""
    seen = sights(script)
    hours = _of(seen, Kind.HOUR)
    return Scenery(
        places=(*_of(seen, Kind.PLACE, Kind.INSIDE), *_home(seen), Sight(NOWHERE, NOWHERE.name))[:1],
        later_hour=hours[0] if len(hours) == 1 else None,
    )


def look(text: str, before: Scenery, *, afresh: bool, names: Mapping[str, Sight]) -> Scenery:
    """Return what a scene with these words shows; `afresh` says that it does not continue the one before."""
    seen = sights(text, names)
    words = set(tokens(text))
    is_lost = before.inside or before.places[0].element is NOWHERE
    places = _places(seen) or (is_lost and _home(seen)) or before.places
    inside = places[0].element.kind is Kind.INSIDE
    things = [sight for sight in _of(seen, Kind.THING) if not (inside and sight.element.name in UNDER_THE_SKY)]
    if not things and inside == before.inside and "it" in words:
        things = list(before.things[:1])
    hours = _of(seen, Kind.HOUR) or ((before.later_hour,) if before.later_hour else (None,))
    cleared = afresh or any(sight.element.name in CLEAR_SKY for sight in things)
    weathers = _of(seen, Kind.WEATHER) or (None if cleared else before.weather,)
    return Scenery(
        places=places,
        hour=hours[0],
        later_hour=hours[-1],
        weather=weathers[0],
        things=tuple(things[:3]),
        lives=_of(seen, Kind.LIFE)[:2] or (before.lives if words & PRONOUNS else ()),
        named=frozenset(sight.element.name for sight in seen),
    )


def _of(seen: tuple[Sight, ...], *kinds: Kind) -> tuple[Sight, ...]:
    return tuple(sight for sight in seen if sight.element.kind in kinds)


def _places(seen: tuple[Sight, ...]) -> tuple[Sight, ...]:
    """Return up to two places under one roof or one sky, whichever the words speak of more."""
    outside, inside = _of(seen, Kind.PLACE), _of(seen, Kind.INSIDE)
    furniture = sum(sight.element.name in UNDER_A_ROOF for sight in seen)
    if not inside or len(inside) + furniture / 2 <= len(outside):
        return outside[:2]
    return tuple(sight for sight in inside if sight.element.name != "room")[:2] or inside


def _home(seen: tuple[Sight, ...]) -> tuple[Sight, ...]:
    """Return where the first thing that is at home somewhere is at home."""
    homes = (AT_HOME.get(sight.element.name) for sight in _of(seen, Kind.THING))
    home = next((name for name in homes if name), None)
    return tuple(Sight(place, place.name) for place in PLACES if place.name == home)
