"""`vidpipe clean`: what of a job directory can go, and letting it go. Never a file that a run uses or would use."""

from __future__ import annotations

import shutil
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.answers import Cleaning, Removal
from vidpipe.commands.clean_more import on_request, size_of
from vidpipe.commands.preview import folder_of
from vidpipe.commands.status import jobs_of
from vidpipe.engine.layout import Layout
from vidpipe.engine.links import check_tree, check_way
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, Exit, VidpipeError
from vidpipe.files import fsync_directory
from vidpipe.lock import hold, holder
from vidpipe.options import RunOptions
from vidpipe.place import refusal_of_disk
from vidpipe.workshop import check_directory, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from vidpipe.spec.load import Loaded


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

    Temporaries and caches always go, orphans and archived takes only if asked for. Raises SpecError or UsageError
    before anything is done, where a link is in the way, say; what stops one job after that is in its result.
    """
    asked = _Asked(orphans, archive, remove)
    found = []
    for loaded, is_draft in jobs_of(arguments, directory, draft=draft):
        layout = layout_of(loaded, RunOptions(draft=is_draft))
        preview = None if is_draft else Layout(folder_of(loaded))
        sweep = _Sweep(loaded, layout, preview, asked)
        with suppress(BrokenFileError, OSError):  # damage is one job's own affair, and comes up again
            check_directory(loaded, layout)
        with suppress(OSError):
            sweep.check_preview()
        found.append(sweep)
    return [sweep.carried_out() for sweep in found if sweep.has_anything]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a command line asks of a cleaning."""

    orphans: bool
    archive: bool
    remove: bool


@dataclass(slots=True)
class _Sweep:
    """The cleaning of one job, and of the folder in which its preview is made (None: a draft has none)."""

    loaded: Loaded
    layout: Layout
    preview: Layout | None
    asked: _Asked
    removals: list[Removal] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def check_preview(self) -> None:
        """Raise BrokenFileError or OSError where a link, or what cannot be read, is in the preview's way."""
        check_way(self.loaded.settings.directory, folder_of(self.loaded))
        if self.preview is not None:
            check_tree(self.preview, self.preview.root)

    @property
    def has_anything(self) -> bool:
        """Whether anything was ever made of this job; what cannot be looked at is something."""
        try:
            return self.layout.private.is_dir() or self._has_preview
        except OSError:
            return True

    @property
    def _has_preview(self) -> bool:
        return self.preview is not None and self.preview.root.is_dir()

    def carried_out(self) -> Cleaning:
        """Clean, or look what that comes to; what stops it is told with what was removed until then."""
        problem, code = "", Exit.DONE
        try:
            check_directory(self.loaded, self.layout)
            if self.layout.private.is_dir():
                self._job()
            self.check_preview()  # once more: a link may be there by now
            if self._has_preview:
                self._preview()
        except VidpipeError as error:
            problem = str(error)
            code = Exit.FAILED if error.exit_code is Exit.USAGE else error.exit_code  # other jobs were cleaned by now
        except OSError as error:
            problem, code = refusal_of_disk(error, self.layout.root), Exit.FAILED
        removals, kept = tuple(self.removals), tuple(self.kept)
        return Cleaning(self.layout.root.name, self.layout.root, removals, self.asked.remove, kept, problem, code)

    def _job(self) -> None:
        """Clean the job's own directory."""
        with hold(self.layout) if self.asked.remove else nullcontext():
            removals = list(_temporaries(self.layout))
            if not self.asked.remove and (running := holder(self.layout)):
                removals = []
                self.kept.append(f"another run is at work here ({running}): its temporary files stay")
            if self.asked.orphans or self.asked.archive:
                more, stays = on_request(
                    self.loaded,
                    self.layout,
                    draft=self.preview is None,
                    orphans=self.asked.orphans,
                    archive=self.asked.archive,
                )
                removals += more
                self.kept += stays
            self._let_go(removals)

    def _preview(self) -> None:
        """Clean what the preview was made in; its film stays."""
        assert self.preview is not None
        removal = Removal(self.preview.root, "cache", size_of(self.preview.root))
        with hold(self.preview) if self.asked.remove else nullcontext():
            if not self.asked.remove and (running := holder(self.preview)):
                self.kept.append(f"its preview is being made ({running}): the files of that stay")
                return
            self._let_go([removal])

    def _let_go(self, removals: Sequence[Removal]) -> None:
        for removal in removals:
            if self.asked.remove:
                _remove(removal.path, self.layout)
            self.removals.append(removal)


def _temporaries(layout: Layout) -> Iterator[Removal]:
    """Yield temporary files and caches. A draft that a pending record names is no temporary: the next run places it."""
    live = {pending.draft for pending in Store(layout).pendings().values()}
    for path in sorted(layout.scratch.iterdir()) if layout.scratch.is_dir() else []:
        if path.name not in live:
            yield Removal(path, "temporary", size_of(path))
    for path in (layout.index, layout.cache):
        if path.exists():
            yield Removal(path, "cache", size_of(path))


def _remove(path: Path, layout: Layout) -> None:
    """Remove what lies in a job directory or beside it, nothing through a link that was put there since."""
    check_way(layout.root if path.is_relative_to(layout.root) else layout.root.parent, path.parent)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    fsync_directory(path.parent)
