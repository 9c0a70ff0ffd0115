"""The fast path of a no-op: `.vidpipe/index.json` answers for a whole finished job without spec, engine or provider.

The index is written by the engine's own verdict (see `index_write`) and holds everything that verdict rested on: the
digest of each source file, the stamp of every file in the job directory, vidpipe's own code. All of it equal: the
verdict still holds. Anything else, any doubt, any error: no answer, and the engine judges. Nothing here writes.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit, SpecError
from vidpipe.evidence import FORMAT, INDEX, Digests, code_identity, snapshot, stamp_of
from vidpipe.options import RunOptions
from vidpipe.results import JobResult, JobState
from vidpipe.spec.project import ENDINGS, SPECS_FOLDER, find_specs, project_root, settings_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "VIDPIPE_"
DIRECTORY_VARIABLE = "VIDPIPE_DIR"
DIRECTORY = "runs"
LARGEST_INDEX = 4 << 20
NAME = re.compile(rb"""^name[ \t]*:[ \t]+["']?([a-z0-9][a-z0-9._-]{0,63})["']?[ \t\r]*(?:#.*)?$""", re.MULTILINE)


class DoubtError(Exception):
    """The index cannot answer; the engine must look. Never shown to anybody."""


def fresh(
    arguments: Sequence[Path],
    options: RunOptions = RunOptions(),  # noqa: B008 - frozen
    directory: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> list[JobResult] | None:
    """Return the results of jobs that are all finished and up to date, in order, or None: then the engine must judge.

    `arguments` are spec files and folders as on the command line (none: `specs/`), `directory` is `--dir`. The results
    equal those of a `run`, `plan` or `status` that finds nothing to do, but for `seconds`, which is 0. Options that
    name work (targets, until, force) or mistrust stamps (verify) are never answered, nor is a draft.
    """
    if options.targets or options.until or options.draft or options.force or options.verify:
        return None
    if any(name.startswith(PREFIX) and name != DIRECTORY_VARIABLE and environ[name].strip() for name in environ):
        return None
    try:
        specs = _specs(arguments)
        reader = _Reader(_asked_directory(directory, environ), code_identity())
        return [reader.answer(spec) for spec in specs]
    except (DoubtError, SpecError, OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError):
        return None


def _asked_directory(directory: Path | None, environ: Mapping[str, str]) -> str | None:
    """Return the folder of job directories that flag or environment name, as against the settings file or nobody."""
    named = str(directory) if directory is not None else environ.get(DIRECTORY_VARIABLE, "")
    return os.path.normpath(os.path.join(os.getcwd(), named)) if named.strip() else None  # noqa: PTH118, PTH109


def _specs(arguments: Sequence[Path]) -> list[Path]:
    """Return the spec files meant. Raises DoubtError where one is named twice, or is anything but a plain file."""
    found: list[Path] = []
    for argument in arguments or [SPECS_FOLDER]:
        found += find_specs([argument]) if argument.is_dir() else [argument]
    if any(spec.suffix not in ENDINGS for spec in found):
        raise DoubtError
    return found


@dataclass(frozen=True, slots=True)
class _Project:
    """What the specs of one folder share: that folder and the project's root, resolved; where the jobs lie.

    `settings` is the path of the settings file relative to the root, None where there is none.
    """

    folder: str
    root: str
    settings: str | None
    directory: str

    def relative(self, path: str) -> str:
        """Return a path below the root as an index holds it. Raises DoubtError for one that is not."""
        if not path.startswith(self.root.rstrip("/") + "/"):
            raise DoubtError
        return path[len(self.root.rstrip("/")) + 1 :]


@dataclass(slots=True)
class _Reader:
    """Reads one index after the other; what jobs share is looked at once."""

    directory: str | None
    code: str
    digests: Digests = field(default_factory=Digests)
    _projects: dict[str, _Project] = field(default_factory=dict)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _taken: set[object] = field(default_factory=set)

    def answer(self, spec: Path) -> JobResult:
        """Return the result of one job. Raises DoubtError, or whatever a strange index leads to."""
        folder, name = os.path.split(spec)
        project = self._projects.get(folder) or self._project(folder, spec)
        path = f"{project.folder}/{name}"
        self._claim(path)
        job, index = self._find(project, path, spec.stem.lower())
        self._check(project, path, job, index)
        return self._result(spec, job, index)

    def _project(self, folder: str, spec: Path) -> _Project:
        settings, root = settings_file(spec), str(project_root(spec))
        directory = self.directory or os.path.normpath(os.path.join(root, _settings_directory(settings)))  # noqa: PTH118
        project = _Project(os.path.realpath(folder), root, settings.name if settings else None, directory)
        self._projects[folder] = project
        return project

    def _claim(self, key: object) -> None:
        """Let nothing be two jobs' in one batch: a spec, a directory, an output; letter case makes no difference."""
        key = key.casefold() if isinstance(key, str) else key
        if key in self._taken:
            raise DoubtError
        self._taken.add(key)

    def _find(self, project: _Project, path: str, stem: str) -> tuple[str, dict[str, object]]:
        """Return the job directory whose index speaks for the spec: named by the file, or by a `name:` in it."""
        mine = project.relative(path)
        job = f"{project.directory}/{stem}"
        index = _load(f"{job}/{INDEX}")
        if index is None or index["spec"] != mine:
            with open(path, "rb") as file:  # noqa: PTH123
                names = NAME.findall(file.read())
            if len(names) != 1:
                raise DoubtError
            job = f"{project.directory}/{names[0].decode()}"
            index = _load(f"{job}/{INDEX}")
        if index is None or index["spec"] != mine:
            raise DoubtError
        return job, index

    def _check(self, project: _Project, path: str, job: str, index: dict[str, object]) -> None:
        """Hold everything the verdict rested on against what is there now."""
        place = os.path.relpath(job, project.root)
        expected = [FORMAT, self.code, project.settings, place]
        if [index["format"], index["code"], index["settings"], index["directory"]] != expected:
            raise DoubtError
        self._claim(job)
        sources = cast("dict[str, tuple[str, list[int] | None]]", index["sources"])
        if project.relative(path) not in sources:
            raise DoubtError
        for source, (digest, stamp) in sources.items():
            if not self.digests.holds(f"{project.root}/{source}", digest, stamp):
                raise DoubtError
        output = cast("tuple[str, list[int]] | None", index["output"])
        if output is not None:
            place = f"{project.root}/{output[0]}"
            self._claim((place.casefold(),))
            if not self.digests.is_plain(place) or stamp_of(os.stat(place)) != output[1]:  # noqa: PTH116
                raise DoubtError
        if snapshot(job) != index["files"]:
            raise DoubtError

    def _result(self, spec: Path, job: str, index: dict[str, object]) -> JobResult:
        files = cast("dict[str, object]", index["files"])
        made, orphans = cast("list[str]", index["targets"]), cast("dict[str, list[str]]", index["orphans"])
        film = cast("str", index["film"])
        if film not in made or not files.keys() >= {*made, *orphans}:
            raise DoubtError
        directory = Path(job)
        return JobResult(
            name=directory.name,
            spec=spec,
            directory=directory,
            state=JobState.DONE,
            exit_code=Exit.DONE,
            targets=(
                *(self._outcomes.get(name) or self._up_to_date(name) for name in made),
                *(Outcome(name, State.ORPHAN, Action.NONE, tuple(reasons)) for name, reasons in orphans.items()),
            ),
            film=directory / film,
            cost=Decimal(cast("str", index["cost_usd"])),
        )

    def _up_to_date(self, name: str) -> Outcome:
        """Return the outcome that all jobs' targets of one name share: a thousand jobs need one of each."""
        outcome = Outcome(name, State.UP_TO_DATE, Action.NONE)
        self._outcomes[name] = outcome
        return outcome


def _settings_directory(settings: Path | None) -> str:
    if settings is None:
        return DIRECTORY
    import tomllib

    named = tomllib.loads(settings.read_text(encoding="utf-8-sig")).get("run", {}).get("dir", DIRECTORY)
    if not isinstance(named, str):
        raise DoubtError
    return named


def _load(path: str) -> dict[str, object] | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a thousand Path objects cost more than reading the files
            data = file.read(LARGEST_INDEX + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(data) > LARGEST_INDEX:
        raise DoubtError
    return cast("dict[str, object]", json.loads(data))
