"""Where a spec's project and jobs are, told without parsing: what is guessed here, the index proves or denies."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.files import read_file
from vidpipe.index.form import DoubtError
from vidpipe.spec.project import MODELS_NAME, leads_out, project_root, settings_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.index.evidence import Sources

VARIABLE = "VIDPIPE_DIR"
DIRECTORY = "runs"
LARGEST = 1 << 20
NAME = re.compile(rb"""^name[ \t]*:[ \t]+["']?([a-z0-9][a-z0-9._-]{0,63})["']?[ \t\r]*(?:#.*)?$""", re.MULTILINE)
DIR = re.compile(rb"""^[ \t]*(?:run\.)?dir[ \t]*=[ \t]*["']([^"'\\\r\n]+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Project:
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


def asked_directory(directory: Path | None, environ: Mapping[str, str]) -> str | None:
    """Return the folder of job directories that a flag or the environment names, if one does."""
    named = str(directory) if directory is not None else environ.get(VARIABLE, "")
    return os.path.normpath(Path.cwd() / named) if named.strip() else None


def project_of(spec: Path, asked: str | None, sources: Sources) -> Project:
    """Return the project of a spec, be it there or not. Raises DoubtError, OSError or ValueError."""
    if leads_out(spec.parent):
        raise DoubtError
    settings, root = settings_file(spec), str(project_root(spec))
    named = guess(str(settings), DIR, sources) if settings else None
    home = os.path.normpath(f"{root}/{named or DIRECTORY}")
    if named and os.path.realpath(home) != home:  # what is named must not leave the project, `runs` may
        raise DoubtError
    return Project(
        folder=os.path.realpath(spec.parent),
        root=root,
        settings=settings.name if settings else None,
        models=MODELS_NAME if settings and Path(root, MODELS_NAME).is_file() else None,
        home=os.path.relpath(home, root),
        directory=asked or home,
        place=os.path.relpath(asked or home, root),
    )


def guess(path: str, pattern: re.Pattern[bytes], sources: Sources) -> str | None:
    """Return what a source file seems to say. Raises DoubtError, OSError or ValueError where it is none."""
    if sources.stamp(path)[0] > LARGEST:
        raise DoubtError
    said = pattern.search(read_file(Path(path), LARGEST))
    return said[1].decode() if said else None
