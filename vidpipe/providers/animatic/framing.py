"""How a scene is framed: the size of its shot, and the move of its camera."""

from __future__ import annotations

from dataclasses import dataclass

from vidpipe.providers.animatic.sights import tokens

SIZES = ("wide shot", "medium shot", "close shot", "detail")
WIDE, DETAIL = 0, len(SIZES) - 1
ANGLES = (
    "",
    "from a little to the side",
    "from low down",
    "tilted by a hair",
    "from high above",
    "against the brightest part of the frame",
    "past something blurred in front",
    "as a reflection",
)


@dataclass(frozen=True, slots=True)
class Move:
    """A camera move. `closer` is how many shot sizes it comes nearer, `signals` are script words that ask for it.

    `told` are the wordings for the motion prompt, `seen` those for where it has led by the end frame. {focus}, {place}
    and {tempo} are to be filled in; the wordings without {focus} are for scenes that have only a place to look at.
    """

    name: str
    closer: int
    signals: frozenset[str]
    told: tuple[str, ...]
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framing:
    """One scene's shot: its size at the start and at the end, the move between, and where it is seen from."""

    size: int
    move: Move
    angle: str = ""

    @property
    def end_size(self) -> int:
        """The shot size that the move arrives at."""
        return min(max(self.size + self.move.closer, WIDE), DETAIL)


def _move(name: str, closer: int, signals: str, told: str, seen: str) -> Move:
    return Move(name, closer, frozenset(signals.split()), _parts(told), _parts(seen))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


MOVES = (
    _move(
        "push in",
        1,
        "face eye eyes hand hands whisper whispered small letter key look looked looks close hear heard listen secret"
        " inside found door window name little near nearer candle lamp read smile head asleep sees",
        "{tempo} push in towards {focus}; {tempo} push in across {place} until nothing is left around {focus};"
        " {tempo} push in, deeper into {place}; {tempo} push in over the edge of {place}",
        "closer now on {focus}; nearer, with less and less around {focus}; the edges have fallen away around {focus};"
        " from deeper in",
    ),
    _move(
        "pan right",
        0,
        "walk walked road ran run runs ride rides rode sail sailed river along train tram across follow followed path"
        " went came travelled journey past carried march",
        "{tempo} pan right along {place}, past {focus}; {tempo} pan right, led by {focus};"
        " {tempo} pan right along {place}; {tempo} pan right, from one end of {place} to the other",
        "{focus} now at the left edge, and {place} has opened on the right; further right, {focus} almost out of"
        " the frame; further along to the right",
    ),
    _move(
        "tilt up",
        0,
        "up climb climbed climbs tower rise rose sky star stars fly flew above mountain tall roof roofs tree trees"
        " lighthouse moon sun wings",
        "{tempo} tilt up from {focus}; {tempo} tilt up, leaving {focus} at the foot of the frame;"
        " {tempo} tilt up from the ground of {place}",
        "seen higher up, {focus} at the lower edge; more air than ground now, {focus} low in the frame;"
        " low in the frame, with more air above",
    ),
    _move(
        "pull back",
        -1,
        "far horizon alone empty world everyone all wide leave left gone away end ends nothing nobody home lost"
        " farewell",
        "{tempo} pull back from {focus}; {tempo} pull back to show {focus} small in {place};"
        " {tempo} pull back to the whole of {place}",
        "further back, {focus} small in the frame; all of {place} has come into the frame around {focus}; seen whole",
    ),
    _move(
        "drift",
        0,
        "snow mist fog dream dreamed cloud dust float smoke slow slowly perhaps remember remembered sleep honey",
        "{tempo} drift past {focus}; {tempo} drift over {place}, {focus} never quite in the middle;"
        " {tempo} drift over {place}",
        "a little to one side of {focus}; nearly the same view, {focus} a touch off the middle;"
        " from a little to one side",
    ),
    _move(
        "tilt down",
        0,
        "down fall falls fell sink sank below deep drop dropped rain bow bent under ground feet floor lay puddles roots"
        " footprints stairs",
        "{tempo} tilt down to {focus}; {tempo} tilt down through {place} to {focus};"
        " {tempo} tilt down to the ground of {place}",
        "lower, at the feet of {focus}; {focus} near the upper edge, the ground taking up most of the frame;"
        " from close above the ground",
    ),
    _move(
        "pan left",
        0,
        "back return returned turned behind again backwards against home yesterday wind blew",
        "{tempo} pan left along {place}, past {focus}; {tempo} pan left, away from {focus};"
        " {tempo} pan left along {place}; {tempo} pan left, back over {place}",
        "{focus} now at the right edge, and {place} has opened on the left; further left, {focus} almost out of"
        " the frame; further along to the left",
    ),
    _move(
        "hold",
        0,
        "still silence silent wait waited waits stop stopped quiet only stood stands watch watched heard never counted"
        " nothing said",
        "locked-off hold on {focus}; patient hold on {focus}, the whole of {place} around it;"
        " locked-off hold on {place}; patient hold on {place}",
        "the frame unmoved, {focus} at its centre; the same frame around {focus}; in the same frame",
    ),
)
PUSH_IN, PULL_BACK = MOVES[0], MOVES[3]
_FOR_THE_FIRST, _FOR_THE_LAST, _FOR_A_VIEW, _FOR_THE_TURN = 2.5, 2.5, 2.5, 0.5


def choose_framing(text: str, before: Framing | None, number: int, scenes: int, *, cut: bool, view: int) -> Framing:
    """Return the framing of scene `number` of `scenes`, which follows one framed like `before`.

    A move never follows itself, and the camera comes no closer than a detail and no further off than a wide shot.
    `view` counts the views of one text: each comes closer or looks from somewhere else.
    """
    size = WIDE if cut or before is None else before.end_size
    words = tokens(text[:2000])
    possible = [
        move for move in MOVES if (before is None or move is not before.move) and WIDE <= size + move.closer <= DETAIL
    ]

    def fitness(move: Move) -> float:
        asked = min(sum(word in move.signals for word in words), 3)
        turn = _FOR_THE_TURN if MOVES[number % len(MOVES)] is move else 0.0
        return asked + turn + _preference(move, number, scenes, view)

    return Framing(size, max(possible, key=fitness), ANGLES[view % len(ANGLES)])


def _preference(move: Move, number: int, scenes: int, view: int) -> float:
    if number == scenes - 1 and scenes > 1:
        return _FOR_THE_LAST if move is PULL_BACK else 0.0
    if number == 0:
        return _FOR_THE_FIRST if move is PUSH_IN else 0.0
    return _FOR_A_VIEW if view and move is PUSH_IN else 0.0
