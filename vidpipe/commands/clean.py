"""`vidpipe clean`: what of a job directory can go, and letting it go. Never a file that a run uses or would use."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.answers import Cleaning, Removal
from vidpipe.batch import run_batch
from vidpipe.commands.preview import folder_of
from vidpipe.commands.status import jobs_of
from vidpipe.commands.walk import walk
from vidpipe.engine.judge import Action, State
from vidpipe.engine.links import check_way
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError
from vidpipe.files import fsync_directory
from vidpipe.lock import hold, holder
from vidpipe.options import RunOptions
from vidpipe.place import refusal_of_disk
from vidpipe.workshop import check_directory, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from vidpipe.engine.layout import Layout
    from vidpipe.spec.load import Loaded

FREE = Decimal(0)
STORYBOARD = "storyboard.json"


def clean(
    arguments: Sequence[str],
    *,
    directory: Path | None = None,
    draft: bool = False,
    orphans: bool = False,
    archive: bool = False,
    remove: bool = False,
) -> list[Cleaning]:
    """Return what cleaning jobs comes to, and do it where `remove` says so, each job under its lock.

    Temporaries and caches always go, orphans and archived takes only if asked for. Raises BusyError where a run is at
    work in one of the jobs, UsageError where a link is in the way; the jobs before that one are clean by then.
    """
    found = []
    for loaded, is_draft in jobs_of(arguments, directory, draft=draft):
        layout = layout_of(loaded, RunOptions(draft=is_draft))
        check_directory(loaded, layout)
        check_way(loaded.settings.directory, folder_of(loaded))
        if layout.private.is_dir():
            found.append(_clean(loaded, layout, draft=is_draft, orphans=orphans, archive=archive, remove=remove))
    return found


def _clean(loaded: Loaded, layout: Layout, *, draft: bool, orphans: bool, archive: bool, remove: bool) -> Cleaning:
    with hold(layout) if remove else nullcontext():
        removals, kept = [*_temporaries(layout), *_preview(loaded, draft=draft)], []
        if not remove and (running := holder(layout)):
            removals, kept = [], [f"another run is at work here ({running}): its temporary files stay"]
        if orphans or archive:
            more, stays = _on_request(loaded, layout, draft=draft, orphans=orphans, archive=archive)
            removals, kept = [*removals, *more], [*kept, *stays]
        if remove:
            for removal in removals:
                _remove(removal.path, layout)
    return Cleaning(layout.root.name, layout.root, tuple(removals), remove, tuple(kept))


def _temporaries(layout: Layout) -> Iterator[Removal]:
    """Yield temporary files and caches. A draft that a pending record names is no temporary: the next run places it."""
    live = {pending.draft for pending in Store(layout).pendings().values()}
    for path in sorted(layout.scratch.iterdir()) if layout.scratch.is_dir() else []:
        if path.name not in live:
            yield Removal(path, "temporary", _size(path))
    for path in (layout.index, layout.cache):
        if path.exists():
            yield Removal(path, "cache", _size(path))


def _preview(loaded: Loaded, *, draft: bool) -> list[Removal]:
    """Return what a preview was made in; its film stays."""
    folder = folder_of(loaded)
    return [Removal(folder, "cache", _size(folder))] if folder.is_dir() and not draft else []


def _on_request(
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
    records = job.store.records()
    lost = [outcome.name for outcome in result.targets if outcome.state is State.ORPHAN] if orphans else []
    paths = {name: layout.root / name for name in lost}  # as a folder lists them: no target need be called so
    removals = [
        Removal(path, "orphan", _size(path), records[name].cost if name in records else FREE)
        for name, path in paths.items()
        if path not in sources
    ]
    if archive:
        removals += _archived(job.store, sources)
    spared = len(sources.intersection([*paths.values(), *_contents(layout)]))
    return removals, [f"{spared} archived or orphaned files stay: the next run brings them back"] if spared else []


def _archived(store: Store, sources: set[Path]) -> list[Removal]:
    """Return the contents of archived takes, what was free first; their records stay, so that nothing is forgotten."""
    takes = {record.digest: record for record in sorted(store.archived(), key=lambda record: record.cost)}
    removals = []
    for path in _contents(store.layout):
        record = takes.get(path.name)
        reason = f"take {record.take} of {record.target}" if record else "no take's content"
        if path not in sources:
            removals.append(Removal(path, reason, _size(path), record.cost if record else FREE))
    return sorted(removals, key=lambda removal: (removal.cost, removal.reason))


def _contents(layout: Layout) -> list[Path]:
    folder = layout.archive / "content"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _size(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return sum(part.lstat().st_size for part in path.rglob("*") if not part.is_dir())
    return path.lstat().st_size


def _remove(path: Path, layout: Layout) -> None:
    """Remove what lies in a job directory or beside it, nothing through a link that was put there since."""
    check_way(layout.root if path.is_relative_to(layout.root) else layout.root.parent, path.parent)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    fsync_directory(path.parent)
