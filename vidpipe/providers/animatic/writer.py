"""The animatic's storyboard writer: a storyboard made of the script's own words, the same one every time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.framing import SIZES, Framing, choose_framing
from vidpipe.providers.animatic.narrator import spoken
from vidpipe.providers.animatic.partition import Beat, beats
from vidpipe.providers.animatic.phrasing import (
    Variety,
    changes,
    halves,
    head,
    motions,
    moved,
    opening_words,
    sentence,
    shot,
    tail,
    where,
)
from vidpipe.providers.animatic.scenery import Scenery, look, opening
from vidpipe.providers.animatic.sentences import Break, pieces
from vidpipe.providers.animatic.sights import names_in
from vidpipe.providers.animatic.styles import style_guide
from vidpipe.providers.base import NotAcceptedError, TextReply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.base import TextRequest

TEMPOS = ((5, "Slow"), (7, "Unhurried"), (10**6, "Very slow"))
SHORT = 5
MOST_WORDS = 3_900
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ARRIVALS = (
    "Runs on from the picture before: no cut, the {move} has come to rest.",
    "The last picture becomes the first; find {focus} in it before anything moves.",
    "No seam: let the {move} settle for a breath, then go on.",
    "Picks up in the {size} that the {move} arrived at.",
)
DEPARTURES = (
    "Ends on {focus}, ready for “{words}…”.",
    "Stop a breath before “{words}…”.",
    "Hand over to “{words}…” with {focus} still in the frame.",
    "Next: “{words}…”; keep {focus} in sight until then.",
)
ENDINGS = (
    "{Seen}, {length} later; {still} {place}. {Changed}.",
    "{Length} on, {changed}. {Seen}; {still} {place}.",
    "{Changed}. {Seen}, {length} after the start; {still} {place}.",
    "{Seen}. {Place}, {length} later: {changed}.",
)
ENDINGS_OF_A_PLACE = (
    "{Place}, {seen}, {length} later: {changed}.",
    "{Length} on, {changed}; {still} {place}, {seen}.",
    "{Changed}. {Place}, {seen}, {length} after the start.",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene on its way into the storyboard."""

    number: int
    beat: Beat
    cut: bool
    scenery: Scenery
    framing: Framing


class Writer:
    """A text model that needs no model: it takes the script apart and says how to show each part."""

    async def write(self, request: TextRequest) -> TextReply:
        """Return the storyboard as JSON. Raises NotAcceptedError if the script holds no words."""
        return TextReply(await asyncio.to_thread(storyboard, request))


def storyboard(request: TextRequest) -> str:
    """Return the storyboard of a request as pretty-printed JSON; equal requests give equal texts."""
    parts = pieces(request.script)
    if not parts or request.scenes < 1:
        message = (
            f"a storyboard of {request.scenes} scenes cannot be written: the script holds {len(parts)} pieces of text"
        )
        raise NotAcceptedError(message)
    scenes = staged(request, beats(parts, request.scenes))
    variety = Variety()
    written = [_written(scenes, scene.number, variety, request.seconds) for scene in scenes]
    if request.narration:
        for scene, words in zip(scenes, written, strict=True):
            words["narration"] = spoken(scene.beat, request.seconds)
    board = {"style_guide": asdict(style_guide(request.style)), "scenes": written}
    return json.dumps(board, ensure_ascii=False, indent=2) + "\n"


def staged(request: TextRequest, shares: Sequence[Beat]) -> tuple[Scene, ...]:
    """Decide for each share of the script what it shows, how it is framed and whether it starts afresh."""
    names = names_in(request.script, [name.split(":")[0].strip() for name in request.references])
    before = opening(request.script)
    framing: Framing | None = None
    found: list[Scene] = []
    for number, beat in enumerate(shares):
        fresh = beat.before is Break.SCENE and not beat.view
        scenery = look(beat.text, before, afresh=fresh, names=names) if not beat.view else before
        cut = number > 0 and (fresh or (not beat.view and _is_elsewhere(before, scenery, beat.before)))
        framing = choose_framing(beat.text, framing, number, len(shares), cut=cut, view=beat.view)
        found.append(Scene(number, beat, cut, scenery, framing))
        before = scenery
    return tuple(found)


def _is_elsewhere(before: Scenery, after: Scenery, parted_by: Break) -> bool:
    """Tell whether new words have gone indoors or outdoors, or with a new paragraph to another hour."""
    moved = after.places[0].element.name in after.named and before.inside != after.inside
    hour = after.hour.element.name in after.named if after.hour and before.later_hour else False
    return (moved and parted_by >= Break.SENTENCE) or (
        hour and parted_by >= Break.PARAGRAPH and after.hour != before.later_hour
    )


def _written(scenes: Sequence[Scene], number: int, variety: Variety, seconds: int) -> dict[str, object]:
    scene = scenes[number]
    return {
        "scene_index": number,
        "scene_description": head(scene.beat.text, 300) if scene.beat.view else _described(scene.beat.text),
        "start_frame_prompt": _start(scene),
        "end_frame_prompt": _end(scene, variety, seconds),
        "video_motion_prompt": _motion(scene, variety, seconds),
        "transition_notes": f"{_arrival(scenes, number, variety)} {_departure(scenes, number, variety)}",
        "continuity": "cut" if scene.cut else "continue",
    }


def _described(text: str) -> str:
    """Return the words of a scene, without the middle of them if a storyboard has no room for it."""
    if len(text) <= MOST_WORDS:
        return text
    return f"{head(text, MOST_WORDS // 2)} {tail(text, MOST_WORDS // 2 - 1)}"


def _start(scene: Scene) -> str:
    first, _ = halves(scene.beat.text)
    return (
        f"{sentence(shot(scene.scenery, scene.framing, establishing=scene.number == 0 or scene.cut))} {sentence(first)}"
    )


def _end(scene: Scene, variety: Variety, seconds: int) -> str:
    """Say what has changed on the way to the end frame: by the camera, in the scene, and in the script's words."""
    _, last = halves(scene.beat.text)
    key, scenery = scene.beat.text, scene.scenery
    count = NUMBERS[seconds] if 0 <= seconds < len(NUMBERS) else str(seconds)
    length = f"{count} second" if seconds == 1 else f"{count} seconds"
    texts = {
        "seen": moved(scene.framing.move.seen, scenery, variety, key),
        "changed": changes(scenery, variety, key, 2 if seconds > SHORT or not last else 1),
        "place": where(scenery, scenery.later_hour),
        "length": length,
        "still": "still" if scenery.hour == scenery.later_hour else "now",
    }
    capitals = {name.capitalize(): text[:1].upper() + text[1:] for name, text in texts.items()}
    endings = ENDINGS_OF_A_PLACE if scenery.focus in scenery.places else ENDINGS
    ending = variety.pick(endings, key).format(**texts, **capitals)
    return f"{ending} {sentence(last)}" if last and not scene.beat.view else ending


def _motion(scene: Scene, variety: Variety, seconds: int) -> str:
    tempo = next(word for limit, word in TEMPOS if seconds < limit)
    told = moved(scene.framing.move.told, scene.scenery, variety, scene.beat.text, tempo)
    return f"{sentence(told)} {sentence(motions(scene.scenery, variety, scene.beat.text, 2))}"


def _arrival(scenes: Sequence[Scene], number: int, variety: Variety) -> str:
    """Say how the scene follows on the one before."""
    scene = scenes[number]
    focus = scene.scenery.focus.short
    if number == 0:
        return f"Opens the film: give {focus} a moment before anything moves."
    if scene.cut:
        words = opening_words(scene.beat.text)
        return f"Cut: “{words}…” is another time or place, so it opens on a picture of its own."
    move = scenes[number - 1].framing.move.name
    return variety.pick(ARRIVALS, scene.beat.text).format(move=move, size=SIZES[scene.framing.size], focus=focus)


def _departure(scenes: Sequence[Scene], number: int, variety: Variety) -> str:
    """Say how the scene leads to the next one."""
    scene = scenes[number]
    focus = scene.scenery.focus.short
    if number == len(scenes) - 1:
        return f"Ends the film: leave {focus} alone for a breath after the last word."
    following = scenes[number + 1]
    if following.cut:
        return f"Let it come to its end, then cut away from {focus}."
    if following.beat.view:
        return (
            f"The same words go on in the next scene, seen {following.framing.angle or SIZES[following.framing.size]}."
        )
    return variety.pick(DEPARTURES, scene.beat.text).format(focus=focus, words=opening_words(following.beat.text))
