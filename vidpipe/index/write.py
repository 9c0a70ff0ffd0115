"""Write a job's index at the end of a run that did something; the job's lock is held.

What the verdict rests on is looked at twice, before and after the engine's last look. If nothing differs, and every
stamp is old enough to betray a later change, then what the engine judged is what the index holds.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.engine.links import check_place
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit, VidpipeError
from vidpipe.files import backdate, refuse_link, write_file
from vidpipe.index.code import code_identity
from vidpipe.index.code import is_settled as code_is_settled
from vidpipe.index.evidence import UNFINISHED, Source, Sources, is_settled, snapshot
from vidpipe.index.form import Index
from vidpipe.providers.registry import PROVIDERS
from vidpipe.results import JobState
from vidpipe.spec.load import load_specs
from vidpipe.spec.settings import NO_FLAGS, Flags, resolved
from vidpipe.spec.tables import Environment
from vidpipe.steps.caption_files import FORMS

if TYPE_CHECKING:
    from vidpipe.engine.layout import Layout
    from vidpipe.index.evidence import StampList
    from vidpipe.results import JobResult
    from vidpipe.spec.load import Loaded


@dataclass(frozen=True, slots=True)
class Look:
    """What a job's verdict rests on at one moment; `at_ns` is when the looking began."""

    files: dict[str, StampList]
    sources: dict[str, Source]
    outputs: dict[str, StampList | None]
    at_ns: int

    @property
    def is_settled(self) -> bool:
        """Whether any change since then would show."""
        stamps = [*self.files.values(), *(stamp for stamp in self.outputs.values() if stamp is not None)]
        return all(is_settled(stamp, self.at_ns) for stamp in stamps)

    def is_like(self, other: Look) -> bool:
        """Whether nothing differs between two looks."""
        mine = {name: source[:2] for name, source in self.sources.items()}
        others = {name: source[:2] for name, source in other.sources.items()}
        return (self.files, self.outputs, mine) == (other.files, other.outputs, others)


def look(loaded: Loaded, layout: Layout) -> Look | None:
    """Return what the verdict on a job is about to rest on, None where no index can be written for it."""
    try:
        for path in (layout.private, layout.ledger):
            refuse_link(path)
        if layout.ledger.exists():  # appended to a moment ago, by whom else than us
            backdate(layout.ledger)
        return _look(loaded, layout)
    except (OSError, ValueError):
        return None


def write(before: Look | None, loaded: Loaded, layout: Layout, verdict: JobResult) -> bool:
    """Write the index of a job if `verdict`, the engine's own for a run with nothing to do, says that all is done.

    `before` is the look that came before that verdict. Returns whether the index was written; nothing is raised, for a
    run that did its work does not fail for want of an index.
    """
    if before is None or not _is_done(verdict) or not _is_ours(loaded):
        return False
    try:
        home = _unchanged_home(loaded)
        after = _look(loaded, layout)
        if home is None or not before.is_settled or not before.is_like(after) or not code_is_settled():
            return False
        if any(name.startswith(UNFINISHED) for name in before.files):
            return False
        index = _index(before, loaded, layout, verdict, home)
        for place in (layout.index, layout.scratch / "any"):
            check_place(layout, place)
        write_file(layout.index, index.to_bytes(), scratch=layout.scratch)
    except (OSError, ValueError, VidpipeError):
        return False
    return True


def _look(loaded: Loaded, layout: Layout) -> Look:
    """Raises OSError or ValueError for what an index cannot speak of: symbolic links, files outside the project."""
    at_ns, sources = time.time_ns(), Sources()
    found = {}
    for path in _source_files(loaded):
        stamp = sources.stamp(path)
        found[_relative(loaded, path)] = Source(sources.digest(path), stamp, is_settled(stamp, at_ns))
    outputs: dict[str, StampList | None] = {}
    if loaded.output is not None and loaded.spec.output is not None:
        path = _as_named(loaded.output, loaded.spec.output.replace("{name}", loaded.spec.name), loaded.root)
        outputs = {_relative(loaded, path): sources.stamp(path)}
        captions = [str(Path(path).with_suffix(ending)) for ending in FORMS]
        outputs |= {_relative(loaded, copy): sources.stamp_of_any(copy) for copy in captions}
    return Look(snapshot(str(layout.root)), found, outputs, at_ns)


def _source_files(loaded: Loaded) -> list[str]:
    """Return the paths of spec, settings, script, references and music. Raises ValueError where one leads elsewhere."""
    here = Path(os.path.realpath(loaded.path.parent))
    found = [str(here / loaded.path.name)]
    if loaded.settings.file.path is not None:
        found.append(str(loaded.settings.file.path))
    if loaded.settings.file.models_path is not None:
        found.append(str(loaded.settings.file.models_path))
    if loaded.spec.script_file is not None:
        found.append(_as_named(loaded.sources[-1], loaded.spec.script_file, here))
    pairs = zip(loaded.references, loaded.spec.references, strict=True)
    found += [_as_named(file.path, named.image, here, loaded.root) for file, named in pairs]
    if loaded.music is not None and loaded.spec.music is not None:
        found.append(_as_named(loaded.music, loaded.spec.music.file, here, loaded.root))
    return list(dict.fromkeys(found))


def _as_named(resolved: Path, named: str, *folders: Path) -> str:
    """Return the path of a file as a spec names it. Raises ValueError where a link stands between it and the file."""
    written = (os.path.normpath(folder / named) for folder in folders)
    found = next((path for path in written if os.path.lexists(path)), None)
    if found != str(resolved):
        raise ValueError(f"{named}: leads elsewhere")
    return found


def _relative(loaded: Loaded, path: str) -> str:
    return Path(path).relative_to(loaded.root).as_posix()


def _is_done(verdict: JobResult) -> bool:
    fine = {Outcome(target.name, State.UP_TO_DATE, Action.NONE) for target in verdict.targets}
    done = (verdict.state, verdict.exit_code) == (JobState.DONE, Exit.DONE) and verdict.film is not None
    return done and all(target.state is State.ORPHAN or target in fine for target in verdict.targets)


def _is_ours(loaded: Loaded) -> bool:
    """Whether only vidpipe's own providers have a say: of a third party's code, nothing is known here."""
    models = (loaded.text_model, loaded.image_model, loaded.video_model, loaded.speech_model)
    limited = [name.partition(":")[0] for name in loaded.settings.file.limits]
    return PROVIDERS.keys() >= {*(model.provider for model in models), *loaded.settings.file.providers, *limited}


def _unchanged_home(loaded: Loaded) -> str | None:
    """Load the spec once more and return where the project itself puts its jobs; None where the spec has changed."""
    (again,) = load_specs([loaded.path], Flags(directory=loaded.settings.directory), {})
    if replace(again, settings=loaded.settings) != loaded:
        return None
    home = resolved(again.root, again.settings.file, Environment(), NO_FLAGS).directory
    return os.path.relpath(home, again.root)


def _index(before: Look, loaded: Loaded, layout: Layout, verdict: JobResult, home: str) -> Index:
    orphans = {target.name: target.reasons for target in verdict.targets if target.state is State.ORPHAN}
    settings = loaded.settings.file.path
    return Index(
        code=code_identity(),
        spec=next(iter(before.sources)),
        directory=os.path.relpath(layout.root, loaded.root),
        home=home,
        settings=settings.name if settings else None,
        sources=before.sources,
        outputs=before.outputs,
        files=before.files,
        targets=tuple(target.name for target in verdict.targets if target.name not in orphans),
        orphans=orphans,
        film=(verdict.film or layout.root).relative_to(layout.root).as_posix(),
        cost_usd=str(verdict.cost),
    )
