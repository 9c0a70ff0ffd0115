"""Look at what a run that was broken off left, finish the film, and say what is wrong."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.crash.stage import JOB, PRIVATE, is_visible, read_image
from tests.crash.wire import TOKEN
from tests.project import short
from vidpipe.errors import Exit, VidpipeError
from vidpipe.lock import holder

if TYPE_CHECKING:
    from collections import Counter

    from tests.crash.images import Image
    from tests.crash.stage import Stage
    from vidpipe.ledger.request import Request

CHOICE = ("--on-lost resubmit", "--on-lost abandon", "vidpipe adopt")
PART = ".vidpipe-part"
"""What ends the name under which the film's copy is made, beside the one that it gets."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was left of a run: its requests by the ledger, what is safe on disk, and the vendor's books."""

    requests: dict[str, list[Request]]
    safe: frozenset[str]
    bought: Counter[str]

    @property
    def lost_clips(self) -> set[str]:
        """The clips that may have been bought."""
        return {name for name, made in self.requests.items() if any(one.lost and one.kind == "video" for one in made)}

    def may_lack(self, target: str) -> bool:
        """Whether a target may be asked for: nothing of it is safe, and no operation is making it."""
        return target not in self.safe and not any(one.open for one in self.requests.get(target, []))

    def is_lost(self, target: str) -> bool:
        """Whether a reply was lost, by the ledger, be it that somebody has given it up since."""
        return any(one.lost or one.status == "abandoned" for one in self.requests.get(target, []))


def problems(stage: Stage) -> list[str]:
    """Look at what was left, finish the film, and return what is wrong."""
    found = torn(stage, read_image(stage.root))
    if found:
        return found
    try:
        left = look(stage)
    except VidpipeError as error:
        return [str(error)]
    return _overbought(left) or _finished(stage, left) or _littered(stage)


def torn(stage: Stage, image: Image) -> list[str]:
    """Say what stands under a final name and is not what belongs there."""
    found = []
    for place, data in image.items():
        if data is None or place.endswith(PART):
            continue
        if place.startswith(f"{PRIVATE}/archive/content/"):
            if hashlib.sha256(data).hexdigest() != place.rpartition("/")[2] and not _is_board(stage, data):
                found.append(f"{place} is not what it is called after")
        elif not is_visible(place):
            if place.endswith(".json") and "/tmp/" not in place and "/cache/" not in place and not _is_json(data):
                found.append(f"{place} is torn")
        elif data not in {stage.prepared.get(place), stage.expected.get(place)}:
            found.append(f"{place} is not what it should be")
    return found


def _is_board(stage: Stage, data: bytes) -> bool:
    """Whether an archived file is a storyboard, whose digest is that of its content, in whatever form."""
    return data in {stage.prepared.get(f"{JOB}/storyboard.json"), stage.expected.get(f"{JOB}/storyboard.json")}


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def look(stage: Stage) -> Left:
    """Look at what there is now. Raises BrokenFileError for a ledger that is damaged."""
    requests: dict[str, list[Request]] = {}
    for request in list(stage.studio.ledger().requests.values())[len(stage.books[0]) :]:
        requests.setdefault(short(request.target), []).append(request)
    safe = set()
    for path in [*stage.layout.records.rglob("*.json"), *stage.layout.pendings.rglob("*.json")]:
        value = json.loads(path.read_bytes())
        if value.get("record", value)["take"] > stage.takes:
            safe.add(short(value.get("record", value)["target"]))
    return Left(requests, frozenset(safe), stage.bought())


def _overbought(left: Left) -> list[str]:
    """Say what was bought and is not in the ledger, before anybody has run again."""
    bought = [name for name, count in left.bought.items() if count > len(left.requests.get(name, []))]
    return [f"{name} was bought without a word in the ledger" for name in bought]


def _finished(stage: Stage, left: Left) -> list[str]:
    found = []
    said = stage.studio("run", "--json")
    if left.lost_clips:
        found += _not_asked(stage, left, said.code, said.out)
        said = stage.studio("run", "--json", "--on-lost", "resubmit")
    if said.code != Exit.DONE:
        return [*found, f"exit {said.code}: {said.out}{said.err}"]
    now = stage.bought()
    for name in sorted(now.keys() | left.bought.keys() | stage.usual.keys()):
        wanted = left.bought[name] + (name in stage.usual and left.may_lack(name))
        if now[name] > wanted:
            found.append(f"{name} was bought {now[name]} times, though it was safe")
        if now[name] < wanted:
            found.append(f"{name} was bought {now[name]} times instead of {wanted}")
        if now[name] > 1 and not left.is_lost(name):
            found.append(f"{name} was bought {now[name]} times, though its reply was not lost")
    shelf = read_image(stage.root)
    visible = {name for name in shelf.keys() | stage.expected.keys() if is_visible(name)}
    differing = sorted(name for name in visible if shelf.get(name) != stage.expected.get(name))
    return found + [f"{name} differs from the undisturbed run's" for name in differing] + _miscounted(stage)


def _miscounted(stage: Stage) -> list[str]:
    """Say where ledger and bill differ: they must not, but for the price of what was lost for good."""
    studio, bill = stage.studio, stage.vendor.bill()
    lost = [one for one in studio.ledger().requests.values() if one.lost or one.status == "abandoned"]
    least, most = studio.spent() - sum((one.price for one in lost), Decimal(0)), studio.spent()
    return [] if least <= bill <= most else [f"{bill} on the bill, {least} to {most} in the ledger"]


def _not_asked(stage: Stage, left: Left, code: int, out: str) -> list[str]:
    """Say what is wrong with a run that finds lost clips: it must stop and name the choice."""
    found = [] if code == Exit.DECISION else [f"{left.lost_clips} are lost, but the next run ended with {code}"]
    found += [f"{choice!r} is not named as a way out" for choice in CHOICE if choice not in out]
    now = stage.bought()
    again = [name for name in left.lost_clips if now[name] != left.bought[name]]
    return found + [f"{name} was sent for again before anybody was asked" for name in again]


def _littered(stage: Stage) -> list[str]:
    """Say what does not belong there, what a person is said to have made, and what a further run finds to do."""
    image = read_image(stage.root)
    own, usual = _own(image), _own(stage.expected)
    found = [f"{place} was left behind" for place in sorted(own - usual)]
    found += [f"{place} is missing" for place in sorted(usual - own)]
    found += [f"{place} says that a person made it" for place in sorted(_hand_made(image) - _hand_made(stage.expected))]
    found += [f"{one.target} is still open" for one in stage.studio.ledger().requests.values() if one.open]
    if holder(stage.layout) is not None:
        found.append("the lock is held")
    sent = len(stage.vendor.arrived)
    again = stage.studio("run", "--json")
    after = read_image(stage.root)
    changed = {name for name in image.keys() | after.keys() if image.get(name) != after.get(name)}
    changed -= {f"{PRIVATE}/index.json", f"{PRIVATE}/log.jsonl", f"{PRIVATE}/lock"}
    did = sorted(again.acted())
    if did or again.code or len(stage.vendor.arrived) != sent or changed:
        found.append(f"a further run did {did}, changed {sorted(changed)} and ended with {again.code}")
    return found


def _own(image: Image) -> set[str]:
    """Return vidpipe's own files that are the same whatever happened: takes without their numbers, no cache but drafts.

    What is cached may be that of the film before, if this one was whole before the power was lost.
    """
    places = [place for place, data in image.items() if data is not None or "/tmp/" in place]
    kept = [place for place in places if place.startswith(f"{PRIVATE}/") and not place.endswith("/index.json")]
    kept = [place for place in kept if "/cache/" not in place or TOKEN.match(place.rpartition("/")[2])]
    return {place.rpartition("/")[0] if "/archive/records/" in place else place for place in kept}


def _hand_made(image: Image) -> set[str]:
    records = {place: data for place, data in image.items() if data is not None and "/records/" in place}
    return {
        place.rpartition("/")[0] if "/archive/" in place else place
        for place, data in records.items()
        if json.loads(data)["origin"] == "user"
    }
