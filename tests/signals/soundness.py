"""What has to hold of a job directory after a run was stopped, wherever that was, and of the run after it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.signals.phases import BOUGHT
from vidpipe.engine.layout import Layout
from vidpipe.lock import hold, holder

if TYPE_CHECKING:
    from tests.google.studio import Studio

DOUBTED = {"edited", "adopted", "broken", "conflict"}
KINDS = ("text", "image", "video")


def is_sound(studio: Studio) -> None:
    """Prove that no file is half, nobody's or taken for a hand's, and that the lock is free."""
    layout = Layout(studio.directory())
    assert holder(layout) is None
    if layout.root.exists():
        with hold(layout):
            pass
    found = {path.relative_to(layout.root).as_posix() for path in layout.root.rglob("*") if path.is_file()}
    visible = {name for name in found if not name.startswith(".vidpipe/")}
    planned = studio.plan("--verify").job["targets"]
    assert visible <= {target["name"] for target in planned} | {"film.json"}
    assert [target for target in planned if target["state"] in DOUBTED] == []


def nothing_lies_about(studio: Studio) -> None:
    """Prove that no draft was left behind."""
    scratch = Layout(studio.directory()).scratch
    assert [path.name for path in scratch.rglob("*")] == []


def all_is_written_down(studio: Studio) -> None:
    """Prove that the ledger knows what became of every request that the vendor took in, and what it costs."""
    bought = Counter(one.kind for one in studio.vendor.accepted)
    known = Counter(request.kind for request in studio.ledger().requests.values() if not request.lost)
    assert known == bought
    assert studio.spent() == studio.vendor.bill()


def next_run_finishes(studio: Studio) -> None:
    """Prove that the next run makes the film, pays for nothing twice, and leaves nothing to do."""
    studio.vendor.rules.clear()
    studio.run()
    assert studio.vendor.calls == BOUGHT
    assert studio.vendor.most_alike == 1
    assert studio.spent() == studio.vendor.bill()
    studio.rests()
