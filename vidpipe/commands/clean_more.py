"""What `vidpipe clean` lets go only if asked for: orphans that vidpipe made, and the content of archived takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.answers import Removal
from vidpipe.batch import run_batch
from vidpipe.commands.walk import walk
from vidpipe.engine.judge import Action, State
from vidpipe.errors import BrokenFileError
from vidpipe.files import sha256_file
from vidpipe.options import RunOptions
from vidpipe.place import refusal_of_disk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.engine.layout import Layout
    from vidpipe.engine.record import Record
    from vidpipe.engine.store import Store
    from vidpipe.spec.load import Loaded

FREE = Decimal(0)
STORYBOARD = "storyboard.json"


def on_request(
    loaded: Loaded, layout: Layout, *, draft: bool, orphans: bool, archive: bool
) -> tuple[list[Removal], list[str]]:
    """Return what goes only if asked for, and what is said about the rest; a run's next restores are left alone."""
    result = run_batch([loaded], RunOptions(dry=True, draft=draft)).jobs[0]
    board = next((outcome for outcome in result.targets if outcome.name == STORYBOARD), None)
    if board is None or board.action not in {Action.NONE, Action.ADOPTED} or board.state is State.BUSY:
        why = "; ".join(board.reasons if board else result.messages) or "nothing is known of its targets"
        return [], [f"orphans and archive stay, because the storyboard is not settled ({why})"]
    job = walk(loaded, draft=draft)
    try:
        sources = {view.source[1] for order in job.orders.values() if (view := job.view(order)).source}
    except (BrokenFileError, OSError) as error:
        told = refusal_of_disk(error, layout.root) if isinstance(error, OSError) else error
        return [], [f"orphans and archive stay: {told}"]
    lost = [outcome.name for outcome in result.targets if outcome.state is State.ORPHAN] if orphans else []
    removals, yours = _orphans(job.store, [name for name in lost if layout.root / name not in sources])
    said = [f"{name} is an orphan of your own hand and stays; remove it yourself" for name in yours]
    if archive:
        more, takes = _archived(job.store, sources)
        removals += more
        said += [f"{take} in the archive is of your own hand and stays" for take in takes]
    places = {*(layout.root / name for name in lost), *_contents(layout)}
    spared = len(sources & places)
    kept = [f"{spared} archived or orphaned files stay: the next run brings them back"] if spared else []
    return removals, [*kept, *said]


def _orphans(store: Store, names: Sequence[str]) -> tuple[list[Removal], list[str]]:
    """Return the removals of orphans, and the names of those that are a person's work, of which there is no other copy.

    Vidpipe's own are those whose very content is on record as made by it.
    """
    records = store.records()
    made = {record.digest for record in (*records.values(), *store.archived()) if record.origin == "vidpipe"}
    removals, yours = [], []
    for name in names:
        path = store.layout.root / name  # as a folder lists it: no target need be called so
        if sha256_file(path) in made:
            cost = records[name].cost if name in records else FREE
            removals.append(Removal(path, "orphan", size_of(path), cost))
        else:
            yours.append(name)
    return removals, yours


def _archived(store: Store, sources: set[Path]) -> tuple[list[Removal], list[str]]:
    """Return the contents of archived takes, what was free first, and the takes that are a person's work and stay.

    The records of all stay, so that nothing is forgotten.
    """
    takes = {record.digest: record for record in sorted(store.archived(), key=lambda record: record.cost)}
    hands = {record.digest: record for record in store.archived() if record.origin == "user"}
    removals, yours = [], []
    for path in _contents(store.layout):
        record = takes.get(path.name)
        if path in sources:
            continue
        if hand := hands.get(path.name):
            yours.append(_take(hand))
        else:
            reason = _take(record) if record else "no take's content"
            removals.append(Removal(path, reason, size_of(path), record.cost if record else FREE))
    return sorted(removals, key=lambda removal: (removal.cost, removal.reason)), yours


def _take(record: Record) -> str:
    return f"take {record.take} of {record.target}"


def _contents(layout: Layout) -> list[Path]:
    folder = layout.archive / "content"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if path.is_dir() and not path.is_symlink():
        return sum(part.lstat().st_size for part in path.rglob("*") if not part.is_dir())
    return path.lstat().st_size
