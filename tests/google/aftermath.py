"""Finish a film whose run was killed, and hold everything against the undisturbed run and the ledger at the kill."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.google.kills import files
from vidpipe.engine.layout import Layout

if TYPE_CHECKING:
    from tests.google.kills import Left, Stage

CHOICE = ("--on-lost resubmit", "--on-lost abandon", "vidpipe adopt")
PART = ".vidpipe-part"
"""What ends the name under which the film's copy is made, beside the one that it gets."""


def problems(stage: Stage, at: int | str) -> list[str]:
    """Kill a run at an operation, finish the film, and return what is wrong."""
    stage.kill(at)
    found = _torn(stage)
    if not found:
        left = stage.left()
        found = _overbought(left) or _finished(stage, left) or _littered(stage)
    return [f"{stage.studio.mode}, killed at {at}: {problem}" for problem in found]


def _torn(stage: Stage) -> list[str]:
    """Say what a kill left under a final name that is not what belongs there."""
    found = [
        f"{place} is not what it should be" for place, data in stage.shelf().items() if _differs(stage, place, data)
    ]
    layout = Layout(stage.studio.directory())
    papers = [layout.job, layout.index, layout.root / "film.json", *files(layout.records), *files(layout.pendings)]
    return found + [f"{paper.name} is torn" for paper in papers if paper.exists() and not _is_json(paper.read_bytes())]


def _differs(stage: Stage, place: str, data: bytes) -> bool:
    if place == f"films/.pier.mp4{PART}":  # a copy that is being made
        return False
    return stage.expected.get(place) != data


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _overbought(left: Left) -> list[str]:
    """Say what was bought and is not in the ledger, before anybody has run again."""
    bought = [name for name, count in left.bought.items() if count > len(left.requests.get(name, []))]
    return [f"{name} was bought without a word in the ledger" for name in bought]


def _finished(stage: Stage, left: Left) -> list[str]:
    studio, found = stage.studio, []
    said = studio("run", "--json")
    if left.lost:
        found += _not_asked(stage, left, said.code, said.out)
        said = studio("run", "--json", "--on-lost", "resubmit")
    if said.code != 0:
        return [*found, f"exit {said.code}: {said.out}{said.err}"]
    now = stage.bought()
    for name in sorted(now.keys() | left.bought.keys() | left.requests.keys()):
        wanted = left.bought[name] + left.rights(name)
        if now[name] != wanted:
            found.append(f"{name} was bought {now[name]} times instead of {wanted}")
        if now[name] > 1 and not _may_be_bought_again(left, name):
            found.append(f"{name} was bought {now[name]} times, though its reply was not lost")
    if stage.shelf() != stage.expected:
        differing = {
            place for place in stage.expected | stage.shelf() if stage.shelf().get(place) != stage.expected.get(place)
        }
        found.append(f"differ from the undisturbed run's: {sorted(differing)}")
    return found + _miscounted(stage)


def _miscounted(stage: Stage) -> list[str]:
    """Say where ledger and bill differ: they must not, but for the price of what was lost for good."""
    studio, bill = stage.studio, stage.vendor.bill()
    lost = [one for one in studio.ledger().requests.values() if one.lost or one.status == "abandoned"]
    least, most = studio.spent() - sum((one.price for one in lost), Decimal(0)), studio.spent()
    return [] if least <= bill <= most else [f"{bill} on the bill, {least} to {most} in the ledger"]


def _may_be_bought_again(left: Left, name: str) -> bool:
    """Whether a reply was lost, by the ledger."""
    return any(one.lost for one in left.requests.get(name, []))


def _not_asked(stage: Stage, left: Left, code: int, out: str) -> list[str]:
    """Say what is wrong with a run that finds lost clips: it must stop and name the choice."""
    now, found = stage.bought(), []
    if code != 3:
        found.append(f"{left.lost} are lost, but the next run ended with {code}")
    found += [f"{choice!r} is not named as a way out" for choice in CHOICE if choice not in out]
    again = [name for name in left.lost if now[name] != left.bought[name]]
    return found + [f"{name} was sent for again before anybody was asked" for name in again]


def _littered(stage: Stage) -> list[str]:
    """Say what does not belong there, and what a further run still finds to do."""
    layout = Layout(stage.studio.directory())
    left = [*files(layout.scratch), *files(layout.pendings), *layout.scratch.glob("*")]
    left += [path for path in files(stage.studio.root) if path.name.endswith("part")]
    found = [f"{path.relative_to(stage.studio.root)} was left behind" for path in left]
    found += [f"{path.name} is in the archive, though nothing was replaced" for path in files(layout.archive)]
    found += [f"{one.target} is still open" for one in stage.studio.ledger().requests.values() if one.open]
    records = [path for path in files(layout.records) if json.loads(path.read_bytes())["origin"] != "vidpipe"]
    found += [f"{path.name} says that a person made it" for path in records]
    before, sent = stage.shelf(), len(stage.vendor.arrived)
    said = stage.studio("run", "--json")
    if said.code or said.acted() or stage.shelf() != before or len(stage.vendor.arrived) != sent:
        found.append(f"a further run did {sorted(said.acted())} and ended with {said.code}")
    return found
