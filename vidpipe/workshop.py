"""Open a job directory: claim it for its spec, read its books, and build the job that works in it."""

from __future__ import annotations

import errno
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.budget import JobBudget, RunBudget
from vidpipe.engine.layout import FORMAT, Layout
from vidpipe.engine.links import check_place, check_tree
from vidpipe.engine.look import Settings
from vidpipe.engine.record import load_json
from vidpipe.engine.settle import settle
from vidpipe.engine.store import Store
from vidpipe.errors import Exit, UsageError, VidpipeError
from vidpipe.events import ignore
from vidpipe.files import NO_FILE, make_directory, remove_file
from vidpipe.job import Context, Job, Providers, read_references
from vidpipe.ledger import read_ledger
from vidpipe.place import real_path, shown_path
from vidpipe.providers.catalogue import Model
from vidpipe.providers.limits import Limit, Limits
from vidpipe.providers.registry import all_models
from vidpipe.purchase.books import BuyingPolicy, Purchases, settle_placed
from vidpipe.steps.kinds import KINDS
from vidpipe.words import listing, shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from vidpipe.events import Sink
    from vidpipe.options import RunOptions
    from vidpipe.spec.load import Loaded

DRAFT = "@draft"
NO_LIMIT = 1_000_000


@dataclass(slots=True)
class Run:
    """What all jobs of one run share."""

    options: RunOptions
    providers: Providers
    limits: Limits
    budget: RunBudget
    report: Sink = ignore
    jobs: list[Job] = field(default_factory=list)
    stopped: Exit | None = None

    def stop(self, code: Exit) -> None:
        """Begin nothing more in any job; what is under way is finished."""
        self.stopped = self.stopped or code
        for job in self.jobs:
            job.stopping = self.stopped


def open_run(loaded: Sequence[Loaded], options: RunOptions, report: Sink = ignore) -> Run:
    """Return what the jobs of a run share, made from their settings; of one model, the strictest limits count."""
    settings = {spec.root: spec.settings for spec in loaded}.values()

    def limit(model: str) -> Limit:
        found = [each.limits_of(_model(model, each.file.models)) for each in settings]
        rates = [each.per_minute for each in found if each.per_minute is not None]
        return Limit(
            in_flight=min(each.in_flight for each in found),
            per_minute=min(rates) if rates else None,
            pause_seconds=max(each.pause_seconds for each in found),
        )

    return Run(options, Providers(), Limits(limit), RunBudget(options.max_cost), report)


def _model(name: str, own: Sequence[Model]) -> Model:
    """Return the model of a name, whatever it makes; a project that does not know it has no limits for it."""
    provider, _, model_id = name.partition(":")
    known = (model for model in all_models(provider, own) if model.id == model_id)
    return next(known, Model(id=model_id, provider=provider, kind="video", paid=True, in_flight=NO_LIMIT))


def layout_of(loaded: Loaded, options: RunOptions) -> Layout:
    """Return where a spec's job lies."""
    name = loaded.spec.name + (DRAFT if options.draft else "")
    return Layout(loaded.settings.directory / name)


def check_directory(loaded: Loaded, layout: Layout) -> None:
    """Raise UsageError where a job directory cannot be this spec's: no folder, too new, led astray, another spec's."""
    for folder in (layout.root, *layout.root.parents):
        if _is_file(folder):
            raise UsageError(f"{shown_path(folder)} is a file, but job directories have to lie there; move it away")
    check_tree(layout, loaded.root)
    Store(layout).check_format()
    claimed = (load_json(layout.job) or {}).get("spec")
    mine = spec_name(loaded)
    if isinstance(claimed, str) and claimed != mine and _claims(loaded, claimed):
        raise UsageError(
            f"{shown_path(layout.root)} is the job directory of {claimed}, so {mine} cannot be made there: "
            "give one of the two specs another name"
        )


def _is_file(folder: Path) -> bool:
    """Whether something that is no folder stands in a folder's place."""
    try:
        return folder.exists() and not folder.is_dir()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            said = f"{shown_text(shown_path(folder))} is too long a name for a folder"
            raise UsageError(f"{said}; choose another one for the job directories") from error
        raise


def _claims(loaded: Loaded, claimed: str) -> bool:
    """Whether the spec that a directory names is still there; one that was renamed has given it up."""
    try:
        path = real_path(loaded.root / claimed)
        return path.is_relative_to(loaded.root) and path.is_file() and path != real_path(loaded.path)
    except ValueError:  # no file can be called that
        return False
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG or error.errno in NO_FILE:
            return False
        raise


def spec_name(loaded: Loaded) -> str:
    """Return a spec's path relative to its project root, as job.json keeps it."""
    path = real_path(loaded.path)
    return path.relative_to(loaded.root).as_posix() if path.is_relative_to(loaded.root) else path.name


def prepare(loaded: Loaded, layout: Layout, say: Callable[[str], None]) -> None:
    """Make a job directory ready for work: settle what was pending, empty the scratch folder; the lock is held."""
    from vidpipe.media.encode import check_codecs

    lacking = check_codecs()
    if lacking:
        raise VidpipeError(
            f"the PyAV that is installed lacks {listing(lacking, 'and')}: install it from its wheel (pip install av)"
        )
    check_directory(loaded, layout)  # once more: another run may have claimed it just before the lock was taken
    remove_file(layout.index)
    make_directory(layout.scratch)
    store = Store(layout)
    if load_json(layout.job) != {"format": FORMAT, "spec": spec_name(loaded)}:
        store.write(layout.job, {"format": FORMAT, "spec": spec_name(loaded)})
    for message in settle(store, KINDS):
        say(message)
    check_place(layout, layout.scratch / "any")  # settling takes a while
    for path in layout.scratch.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    made = [*store.records().values(), *store.archived()]
    settle_placed(read_ledger(layout.ledger), [record.provenance for record in made])


def open_job(loaded: Loaded, layout: Layout, run: Run, *, dry: bool, busy: bool = False) -> Job:
    """Return the job of a spec with fresh books. Raises BrokenFileError, UsageError or OSError where they are bad."""
    check_tree(layout, loaded.root)
    options, settings = run.options, loaded.settings.provider(loaded.video_model.provider)
    ledger = read_ledger(layout.ledger)
    budget = JobBudget(loaded.spec.budget, run.budget, spent=ledger.spent())
    policy = BuyingPolicy(
        on_lost=options.on_lost,
        retry_refused=options.retry_refused,
        refusal_retries=loaded.spec.on_refused.retries,
        upgrade=options.upgrade,
        poll_seconds=settings.poll_seconds,
        wait_seconds=settings.wait_seconds,
    )
    return Job(
        loaded,
        Store(layout),
        Purchases(ledger, budget, run.limits, policy),
        Settings(dry, options.verify, options.upgrade, options.force, busy),
        Context(run.providers, references=read_references(loaded)),
    )
