"""Answer for finished jobs from their indexes, without YAML, engine or provider; nothing here writes.

An index is the engine's own verdict with everything it rested on: the digest of each source file, the stamp of every
file in the job directory, vidpipe's own code. All of it equal: the verdict still holds. Anything else, any doubt, any
error: no answer, and the engine judges.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit, SpecError
from vidpipe.index.code import code_identity
from vidpipe.index.evidence import Sources, snapshot
from vidpipe.index.form import DoubtError, Index
from vidpipe.options import RunOptions
from vidpipe.results import JobResult, JobState
from vidpipe.spec.project import ENDINGS, MODELS_NAME, SPECS_FOLDER, find_specs, project_root, settings_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "VIDPIPE_"
DIRECTORY_VARIABLE = "VIDPIPE_DIR"
DIRECTORY = "runs"
LARGEST = 1 << 20
NAME = re.compile(rb"""^name[ \t]*:[ \t]+["']?([a-z0-9][a-z0-9._-]{0,63})["']?[ \t\r]*(?:#.*)?$""", re.MULTILINE)
DIR = re.compile(rb"""^[ \t]*(?:run\.)?dir[ \t]*=[ \t]*["']([^"'\\\r\n]+)["']""", re.MULTILINE)
"""Good guesses at where to look; the index that is found there proves itself, or does not."""


def fresh(
    arguments: Sequence[Path],
    options: RunOptions | None = None,
    directory: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> list[JobResult] | None:
    """Return the results of jobs that are all finished and up to date, in order, or None: then the engine must judge.

    `arguments` are spec files and folders as on the command line (none: `specs/`), `directory` is `--dir`. The results
    equal those of a `run`, `plan` or `status` that finds nothing to do, but for `seconds`, which is 0. Options that
    name work (targets, until, force) or mistrust stamps (verify) are never answered, nor is a draft.
    """
    asked = options or RunOptions()
    if asked.targets or asked.until or asked.draft or asked.force or asked.verify:
        return None
    if any(name.startswith(PREFIX) and name != DIRECTORY_VARIABLE and value.strip() for name, value in environ.items()):
        return None
    try:
        reader = _Reader(_asked_directory(directory, environ), code_identity())
        return [reader.answer(spec) for spec in _specs(arguments)]
    except (DoubtError, SpecError, OSError, ValueError):
        return None


def _asked_directory(directory: Path | None, environ: Mapping[str, str]) -> str | None:
    """Return the folder of job directories that a flag or the environment names, if one does."""
    named = str(directory) if directory is not None else environ.get(DIRECTORY_VARIABLE, "")
    return os.path.normpath(Path.cwd() / named) if named.strip() else None


def _specs(arguments: Sequence[Path]) -> list[Path]:
    """Return the spec files that are meant. Raises SpecError, or DoubtError for what may be no spec."""
    found: list[Path] = []
    for argument in arguments or [SPECS_FOLDER]:
        found += [argument] if argument.suffix in ENDINGS else find_specs([argument])
    if any(spec.suffix not in ENDINGS for spec in found):
        raise DoubtError
    return found


@dataclass(frozen=True, slots=True)
class _Project:
    """What the specs of one folder share: that folder, the project root, the settings file, and where jobs lie.

    Folder, root and directory are absolute; `settings` is the settings file as the root sees it, `models` the
    models.toml beside it. `home` is where the project itself puts its jobs and `place` where the command line does, as
    the root sees them.
    """

    folder: str
    root: str
    settings: str | None
    models: str | None
    home: str
    directory: str
    place: str

    def relative(self, path: str) -> str:
        """Return a path inside the project as an index names it. Raises DoubtError for one outside."""
        if not path.startswith(f"{self.root}/"):
            raise DoubtError
        return path[len(self.root) + 1 :]


@dataclass(slots=True)
class _Reader:
    """Reads one index after the other; what several jobs share is looked at once."""

    asked: str | None
    code: str
    sources: Sources = field(default_factory=Sources)
    projects: dict[str, _Project] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    claimed: set[tuple[str, str]] = field(default_factory=set)

    def answer(self, spec: Path) -> JobResult:
        """Return the result of one job. Raises DoubtError, OSError or ValueError where the index does not answer."""
        folder, file = os.path.split(spec)
        project = self.projects.get(folder) or self._project(folder, spec)
        path = f"{project.folder}/{file}"
        name, index = self._find(project, path, spec.stem.lower())
        self._claim("name", name)
        self._check(project, path, name, index)
        return self._result(spec, Path(project.directory) / name, index)

    def _project(self, folder: str, spec: Path) -> _Project:
        settings, root = settings_file(spec), str(project_root(spec))
        home = os.path.normpath(f"{root}/{(settings and self._guess(str(settings), DIR)) or DIRECTORY}")
        directory = self.asked or home
        self.projects[folder] = _Project(
            folder=os.path.realpath(folder),
            root=root,
            settings=settings.name if settings else None,
            models=MODELS_NAME if settings and os.path.isfile(f"{root}/{MODELS_NAME}") else None,  # noqa: PTH113
            home=os.path.relpath(home, root),
            directory=directory,
            place=os.path.relpath(directory, root),
        )
        return self.projects[folder]

    def _guess(self, path: str, pattern: re.Pattern[bytes]) -> str | None:
        """Return what a source file seems to say, without the cost of parsing it."""
        if self.sources.stamp(path)[0] > LARGEST:
            raise DoubtError
        said = pattern.search(Path(path).read_bytes())
        return said[1].decode() if said else None

    def _find(self, project: _Project, path: str, stem: str) -> tuple[str, Index]:
        """Return the job whose index speaks for a spec: called as the spec's file is, or as a `name:` in it."""
        mine = project.relative(path)
        index = Index.read(f"{project.directory}/{stem}")
        if index is not None and index.spec == mine:
            return stem, index
        named = self._guess(path, NAME)
        index = Index.read(f"{project.directory}/{named}") if named else None
        if named is None or index is None or index.spec != mine:
            raise DoubtError
        return named, index

    def _claim(self, kind: str, value: str) -> None:
        """Let no two jobs of a batch have one name or output; the engine says what is wrong with that."""
        if (kind, value.casefold()) in self.claimed:
            raise DoubtError
        self.claimed.add((kind, value.casefold()))

    def _check(self, project: _Project, path: str, name: str, index: Index) -> None:
        """Hold everything that the verdict rested on against what is there now."""
        found = (index.code, index.settings, index.home, index.directory)
        if found != (self.code, project.settings, project.home, f"{project.place}/{name}"):
            raise DoubtError
        needed = {project.relative(path)} | {name for name in (project.settings, project.models) if name}
        held = all(self.sources.holds(f"{project.root}/{source}", index.sources[source]) for source in index.sources)
        if not held or not index.sources.keys() >= needed:
            raise DoubtError
        if index.output is not None:
            output, stamp = index.output
            self._claim("output", f"{project.root}/{output}")
            if self.sources.stamp(f"{project.root}/{output}") != stamp:
                raise DoubtError
        if snapshot(f"{project.directory}/{name}") != index.files:
            raise DoubtError

    def _result(self, spec: Path, job: Path, index: Index) -> JobResult:
        orphans = [Outcome(name, State.ORPHAN, Action.NONE, tuple(why)) for name, why in index.orphans.items()]
        return JobResult(
            name=job.name,
            spec=spec,
            directory=job,
            state=JobState.DONE,
            exit_code=Exit.DONE,
            targets=(*map(self._up_to_date, index.targets), *orphans),
            film=job / index.film,
            cost=Decimal(index.cost_usd),
        )

    def _up_to_date(self, name: str) -> Outcome:
        """Return the outcome of a target; equally named targets of a thousand jobs share one."""
        outcome = self.outcomes.get(name)
        if outcome is None:
            outcome = self.outcomes[name] = Outcome(name, State.UP_TO_DATE, Action.NONE)
        return outcome
