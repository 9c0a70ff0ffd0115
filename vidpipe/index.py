"""The fast path of a no-op: `.vidpipe/index.json` answers for a whole finished job without spec, engine or provider.

The index is written from the engine's own verdict (see `index_write`) and holds everything that verdict rested on: the
digest of each source file, the stamp of every file in the job directory, vidpipe's own code. All of it equal: the
verdict still holds. Anything else, any doubt, any error: no answer, and the engine judges. Nothing here writes.
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
from vidpipe.evidence import Digests, DoubtError, Index, code_identity, snapshot
from vidpipe.options import RunOptions
from vidpipe.results import JobResult, JobState
from vidpipe.spec.project import ENDINGS, SETTINGS_NAME, SPECS_FOLDER, find_specs, project_root, settings_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "VIDPIPE_"
DIRECTORY_VARIABLE = "VIDPIPE_DIR"
DIRECTORY = "runs"
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
    """What the specs of one folder share: folder, project root, the root's settings file, where job directories lie.

    All are absolute; `home` is where the project itself wants its jobs, `directory` where the command line does.
    """

    folder: str
    root: str
    settings: str | None
    home: str
    directory: str

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
    digests: Digests = field(default_factory=Digests)
    projects: dict[str, _Project] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    claimed: set[tuple[str, str]] = field(default_factory=set)

    def answer(self, spec: Path) -> JobResult:
        """Return the result of one job. Raises DoubtError or OSError where the index does not answer."""
        folder, name = os.path.split(spec)
        project = self.projects.get(folder) or self._project(folder, spec)
        path = f"{project.folder}/{name}"
        self._claim("spec", path)
        job, index = self._find(project, path, spec.stem.lower())
        self._claim("job", job.casefold())
        self._check(project, path, job, index)
        return self._result(spec, Path(job), index)

    def _project(self, folder: str, spec: Path) -> _Project:
        settings, root = settings_file(spec), str(project_root(spec))
        home = os.path.normpath(f"{root}/{_guess(settings, DIR, DIRECTORY) if settings else DIRECTORY}")
        found = SETTINGS_NAME if settings else None
        project = _Project(os.path.realpath(folder), root, found, home, self.asked or home)
        self.projects[folder] = project
        return project

    def _claim(self, kind: str, name: str) -> None:
        """Let no two jobs of a batch share anything: the engine says what is wrong with that."""
        if (kind, name) in self.claimed:
            raise DoubtError
        self.claimed.add((kind, name))

    def _find(self, project: _Project, path: str, stem: str) -> tuple[str, Index]:
        """Return the job directory whose index speaks for the spec: called as the file is, or as a `name:` in it."""
        mine = project.relative(path)
        for name in (stem, None):
            job = f"{project.directory}/{name or _guess(Path(path), NAME, stem)}"
            index = Index.read(job)
            if index is not None and index.spec == mine:
                return job, index
        raise DoubtError

    def _check(self, project: _Project, path: str, job: str, index: Index) -> None:
        """Hold everything that the verdict rested on against what is there now."""
        root = project.root
        places = [os.path.relpath(project.home, root), os.path.relpath(job, root), project.settings]
        if [index.home, index.directory, index.settings] != places or index.code != self.code:
            raise DoubtError
        expected = {project.relative(path), *([project.settings] if project.settings else [])}
        if not index.sources.keys() >= expected:
            raise DoubtError
        if not all(self.digests.holds(f"{root}/{name}", source) for name, source in index.sources.items()):
            raise DoubtError
        if index.output is not None:
            name, stamp = index.output
            self._claim("output", f"{root}/{name}".casefold())
            if self.digests.stamp(f"{root}/{name}") != stamp:
                raise DoubtError
        if snapshot(job) != index.files:
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


def _guess(path: Path, pattern: re.Pattern[bytes], otherwise: str) -> str:
    """Return what a file seems to say, without the cost of parsing it."""
    if path.stat().st_size > LARGEST:
        raise DoubtError
    said = pattern.search(path.read_bytes())
    return said[1].decode() if said else otherwise
