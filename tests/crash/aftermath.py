"""Look at what a run that was broken off left, finish the film, and say what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.crash.stages import SCENES, read_image
from tests.project import short
from vidpipe.errors import Exit, VidpipeError
from vidpipe.lock import holder

if TYPE_CHECKING:
    from tests.crash.images import Image
    from tests.crash.stages import Stage
    from tests.project import Project
    from tests.toy import Port
    from vidpipe.ledger import Request

JOB = "runs/pier"
PRIVATE = f"{JOB}/.vidpipe"
OTHERS = ("/tmp/", "/log.jsonl", "/lock", "/ledger.jsonl")
PROMPTS = {"start": "start {}.", "end": "end {}.", "clip": "motion {}."}
CHOICE = ("--on-lost resubmit", "--on-lost abandon", "vidpipe adopt")


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
        return target not in self.safe and not any(
            one.open or (one.operation and one.status == "settled") for one in self.requests.get(target, [])
        )

    def is_lost(self, target: str) -> bool:
        """Whether a reply was lost, by the ledger."""
        return any(one.lost for one in self.requests.get(target, []))


def problems(stage: Stage, project: Project) -> list[str]:
    """Look at what was left, finish the film, and return what is wrong."""
    found = torn(stage, read_image(project.root))
    if found:
        return found
    try:
        left = _left(stage, project)
    except VidpipeError as error:
        return [str(error)]
    return _overbought(left) or _finished(stage, project, left) or _littered(stage, project)


def torn(stage: Stage, image: Image) -> list[str]:
    """Say what stands under a final name and is not what belongs there."""
    found = []
    for place, data in image.items():
        if data is None or place.endswith(".vidpipe-part"):
            continue
        if place.startswith(f"{PRIVATE}/archive/content/"):
            if hashlib.sha256(data).hexdigest() != place.rpartition("/")[2] and not place_is_board(stage, data):
                found.append(f"{place} is not what it is called after")
        elif place.startswith(f"{PRIVATE}/"):
            if place.endswith(".json") and "/tmp/" not in place and "/cache/" not in place and not _is_json(data):
                found.append(f"{place} is torn")
        elif place.endswith("film.json"):
            found += [] if _is_json(data) else [f"{place} is torn"]
        elif data not in {stage.prepared.get(place), stage.expected.get(place)}:
            found.append(f"{place} is not what it should be")
    return found


def place_is_board(stage: Stage, data: bytes) -> bool:
    """Whether an archived file is a storyboard, whose digest is that of its content, in whatever form."""
    return data in {stage.prepared.get(f"{JOB}/storyboard.json"), stage.expected.get(f"{JOB}/storyboard.json")}


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _left(stage: Stage, project: Project) -> Left:
    requests: dict[str, list[Request]] = {}
    for request in list(project.ledger().requests.values())[stage.bought :]:
        requests.setdefault(short(request.target), []).append(request)
    layout = project.layout()
    safe = set()
    for path in [*layout.records.rglob("*.json"), *layout.pendings.rglob("*.json")]:
        value = json.loads(path.read_bytes())
        if value.get("record", value)["take"] > stage.takes:
            safe.add(short(value.get("record", value)["target"]))
    return Left(requests, frozenset(safe), _bought(stage, project))


def _bought(stage: Stage, project: Project) -> Counter[str]:
    return Counter(_target(port, prompt) for port, prompt in project.server.accepted[stage.bought :])


def _target(port: Port, prompt: str) -> str:
    if port == "text":
        return "storyboard"
    kinds = ("clip",) if port == "video" else ("start", "end")
    named = [(what, scene) for what in kinds for scene in range(SCENES) if PROMPTS[what].format(scene) in prompt]
    assert len(named) == 1, prompt
    return f"{named[0][0]} {named[0][1]}"


def _overbought(left: Left) -> list[str]:
    """Say what was bought and is not in the ledger, before anybody has run again."""
    bought = [name for name, count in left.bought.items() if count > len(left.requests.get(name, []))]
    return [f"{name} was bought without a word in the ledger" for name in bought]


def _finished(stage: Stage, project: Project, left: Left) -> list[str]:
    found = []
    ran = project.run()
    if left.lost_clips:
        found += _not_asked(stage, project, left, ran.exit, ran.said)
        ran = project.run(on_lost="resubmit")
    if ran.exit is not Exit.DONE:
        return [*found, f"exit {ran.exit}: {ran.said}"]
    now = _bought(stage, project)
    for name in now:
        if now[name] > left.bought[name] + left.may_lack(name):
            found.append(f"{name} was bought {now[name]} times, though it was safe")
        if now[name] > 1 and not left.is_lost(name):
            found.append(f"{name} was bought {now[name]} times, though its reply was not lost")
    shelf = read_image(project.root)
    visible = {name for name in shelf.keys() | stage.expected.keys() if _is_visible(name)}
    return found + [
        f"{name} differs from the undisturbed run's"
        for name in sorted(visible)
        if shelf.get(name) != stage.expected.get(name)
    ]


def _is_visible(place: str) -> bool:
    return not place.startswith(f"{PRIVATE}/") and not place.endswith("film.json")


def _not_asked(stage: Stage, project: Project, left: Left, code: int, said: str) -> list[str]:
    """Say what is wrong with a run that finds lost clips: it must stop and name the choice."""
    found = [] if code == Exit.DECISION else [f"{left.lost_clips} are lost, but the next run ended with {code}"]
    found += [f"{choice!r} is not named as a way out" for choice in CHOICE if choice not in said]
    now = _bought(stage, project)
    again = [name for name in left.lost_clips if now[name] != left.bought[name]]
    return found + [f"{name} was sent for again before anybody was asked" for name in again]


def _littered(stage: Stage, project: Project) -> list[str]:
    """Say what does not belong there, what a person is said to have made, and what a further run finds to do."""
    image = read_image(project.root)
    own, usual = _own(image), _own(stage.expected)
    found = [f"{place} was left behind" for place in sorted(own - usual)]
    found += [f"{place} is missing" for place in sorted(usual - own)]
    found += [f"{place} says that a person made it" for place in sorted(_hand_made(image) - _hand_made(stage.expected))]
    found += [f"{one.target} is still open" for one in project.ledger().requests.values() if one.open]
    if project.spent() < 0 or holder(project.layout()) is not None:
        found.append("the lock is held")
    sent = len(project.server.requests)
    again = project.run()
    after = read_image(project.root)
    changed = {name for name in image.keys() | after.keys() if image.get(name) != after.get(name)}
    changed -= {f"{PRIVATE}/index.json", f"{PRIVATE}/log.jsonl", f"{PRIVATE}/lock"}
    if again.did or again.exit is not Exit.DONE or len(project.server.requests) != sent or changed:
        found.append(f"a further run did {sorted(again.did)}, changed {sorted(changed)} and ended with {again.exit}")
    return found


def _own(image: Image) -> set[str]:
    """Return vidpipe's own files that are the same whatever happened: takes without their numbers."""
    places = [place for place, data in image.items() if data is not None or "/tmp/" in place]
    kept = [place for place in places if place.startswith(f"{PRIVATE}/") and not place.endswith("/index.json")]
    return {place.rpartition("/")[0] if "/archive/records/" in place else place for place in kept}


def _hand_made(image: Image) -> set[str]:
    records = {place: data for place, data in image.items() if data is not None and "/records/" in place}
    return {
        place.rpartition("/")[0] if "/archive/" in place else place
        for place, data in records.items()
        if json.loads(data)["origin"] == "user"
    }
