"""Answer for finished jobs from their indexes, without YAML, engine or provider; nothing here writes.

An index is the engine's own verdict with everything it rested on: the digest of each source file, the stamp of every
file in the job directory, vidpipe's own code. All of it equal: the verdict still holds. Anything else, any doubt, any
error: no answer, and the engine judges.
"""

from __future__ import annotations

import os
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
from vidpipe.index.project import NAME, VARIABLE, Project, asked_directory, guess, project_of
from vidpipe.options import RunOptions
from vidpipe.results import JobResult, JobState
from vidpipe.spec.project import ENDINGS, SPECS_FOLDER, find_specs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "VIDPIPE_"


def fresh(
    arguments: Sequence[Path],
    options: RunOptions | None = None,
    directory: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> list[JobResult] | None:
    """Return the results of jobs that are all finished and up to date, in order, or None: then the engine must judge.

    `arguments` are spec files and folders as on the command line (none: `specs/`), `directory` is `--dir`. The results
    equal those of a `run`, `plan` or `status` that finds nothing to do, but for `seconds`, which is 0. Options that
    name work (targets, until, force), speak of what is no target any more (abandon: a clip of a dropped scene may be
    lost) or mistrust stamps (verify) are never answered, nor is a draft.
    """
    asked = options or RunOptions()
    if asked.targets or asked.until or asked.draft or asked.force or asked.on_lost == "abandon" or asked.verify:
        return None
    if any(name.startswith(PREFIX) and name != VARIABLE and value.strip() for name, value in environ.items()):
        return None
    try:
        reader = _Reader(asked_directory(directory, environ), code_identity())
        return [reader.answer(spec) for spec in _specs(arguments)]
    except (DoubtError, SpecError, OSError, ValueError):
        return None


def _specs(arguments: Sequence[Path]) -> list[Path]:
    """Return the spec files that are meant. Raises SpecError, or DoubtError for what may be no spec."""
    found: list[Path] = []
    for argument in arguments or [SPECS_FOLDER]:
        found += [argument] if argument.suffix in ENDINGS else find_specs([argument])
    if any(spec.suffix not in ENDINGS for spec in found):
        raise DoubtError
    return found


@dataclass(slots=True)
class _Reader:
    """Reads one index after the other; what several jobs share is looked at once."""

    asked: str | None
    code: str
    sources: Sources = field(default_factory=Sources)
    projects: dict[str, Project] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    claimed: set[tuple[str, str]] = field(default_factory=set)

    def answer(self, spec: Path) -> JobResult:
        """Return the result of one job. Raises DoubtError, OSError or ValueError where the index does not answer."""
        folder, file = os.path.split(spec)
        project = self.projects.get(folder)
        if project is None:
            project = self.projects[folder] = project_of(spec, self.asked, self.sources)
        path = f"{project.folder}/{file}"
        name, index = self._find(project, path, spec.stem.lower())
        self._claim("name", name)
        self._check(project, path, name, index)
        return self._result(spec, Path(project.directory) / name, index)

    def _find(self, project: Project, path: str, stem: str) -> tuple[str, Index]:
        """Return the job whose index speaks for a spec: called as the spec's file is, or as a `name:` in it."""
        index = self._read(project, path, stem)
        if index is not None:
            return stem, index
        named = guess(path, NAME, self.sources)
        index = self._read(project, path, named) if named else None
        if named is None or index is None:
            raise DoubtError
        return named, index

    def _read(self, project: Project, path: str, name: str) -> Index | None:
        """Return the index of a job directory if it was written for that spec and that place."""
        index = Index.read(f"{project.directory}/{name}")
        mine = (project.relative(path), f"{project.place}/{name}")
        return index if index is not None and (index.spec, index.directory) == mine else None

    def _claim(self, kind: str, value: str) -> None:
        """Let no two jobs of a batch have one name or output; the engine says what is wrong with that."""
        if (kind, value.casefold()) in self.claimed:
            raise DoubtError
        self.claimed.add((kind, value.casefold()))

    def _check(self, project: Project, path: str, name: str, index: Index) -> None:
        """Hold everything that the verdict rested on against what is there now."""
        if (index.code, index.settings, index.home) != (self.code, project.settings, project.home):
            raise DoubtError
        needed = {project.relative(path)} | {name for name in (project.settings, project.models) if name}
        held = all(self.sources.holds(f"{project.root}/{source}", index.sources[source]) for source in index.sources)
        if not held or not index.sources.keys() >= needed:
            raise DoubtError
        for output, stamp in index.outputs.items():
            self._claim("output", f"{project.root}/{output}")
            if self.sources.stamp_of_any(f"{project.root}/{output}") != stamp:
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
