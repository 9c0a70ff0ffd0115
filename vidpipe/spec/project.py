"""Where things are: the project that a spec belongs to, and the specs that the command line means.

Nothing here reads a file or imports anything heavy.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from vidpipe.errors import Problem, SpecError
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETTINGS_NAME = "vidpipe.toml"
MODELS_NAME = "models.toml"
SPECS_FOLDER = Path("specs")
ENDINGS = frozenset({".yaml", ".yml"})
LED_OUT = "leads out of the project through a symbolic link"
HERE = Path("spec.yaml")
"""Stands for a spec in the current folder where only its project is asked for."""


def settings_file(spec: Path) -> Path | None:
    """Return the nearest vidpipe.toml above a spec, never one above its repository's root.

    Raises SpecError where it, or the models.toml beside it, is a link out of the project, whose root its folder is.
    """
    for folder in _folders_above(spec):
        candidate = folder / SETTINGS_NAME
        if _is(candidate, Path.is_file):
            for path in (candidate, folder / MODELS_NAME):
                if path.is_symlink() and _is(path, Path.is_file) and not _real(path).is_relative_to(folder):
                    raise SpecError([Problem(shown_path(path), 0, 0, "", LED_OUT)])
            return candidate
        if _is_repository(folder):
            return None
    return None


def project_root(spec: Path) -> Path:
    """Return the resolved project root: the folder of the settings file, the repository's root, the current folder."""
    settings = settings_file(spec)
    if settings is not None:
        return settings.parent
    repository = next((folder for folder in _folders_above(spec) if _is_repository(folder)), None)
    return repository or Path.cwd().resolve()


def names_spec(claimed: str) -> bool:
    """Whether what a job directory says of its spec is the path of one below some project's root."""
    path = PurePosixPath(claimed)
    return claimed.isprintable() and path.suffix in ENDINGS and not path.is_absolute() and ".." not in path.parts


def leads_out(path: Path) -> bool:
    """Whether a path that is written as one of the current folder's project leads out of it, through a symbolic link.

    What lies elsewhere by its very words was chosen on the command line.
    """
    root = project_root(HERE)
    return Path(os.path.normpath(Path.cwd() / path)).is_relative_to(root) and not _real(path).is_relative_to(root)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def find_specs(arguments: Sequence[Path]) -> list[Path]:
    """Return the spec files that files and folders on the command line stand for; none given: those in `specs/`.

    A folder stands for its *.yaml and *.yml, sorted, without its subfolders. A file named twice counts once. Raises
    SpecError naming every argument that stands for nothing.
    """
    found: dict[str, Path] = {}
    problems = []
    for argument in arguments or [SPECS_FOLDER]:
        specs, message = _specs_of(argument, is_default=not arguments)
        if message:
            problems.append(Problem(str(argument), 0, 0, "", message))
        for spec in specs:
            found.setdefault(os.path.realpath(spec), spec)
    if problems:
        raise SpecError(problems)
    return list(found.values())


def _specs_of(argument: Path, *, is_default: bool) -> tuple[list[Path], str]:
    try:
        if leads_out(argument):
            return [], f"{LED_OUT}; name it by the path that it leads to"
        if argument.is_dir():
            files = [path for path in argument.iterdir() if path.suffix in ENDINGS and not path.name.startswith(".")]
            specs = sorted(path for path in files if not path.is_dir())
            return specs, "" if specs else "holds no spec (*.yaml, *.yml)"
        if argument.exists() or argument.is_symlink():
            return [argument], ""
    except (OSError, ValueError) as error:
        return [], f"cannot be read: {getattr(error, 'strerror', None) or error}"
    if is_default:
        return [], "there is no such folder: name a spec, or write one with `vidpipe init NAME`"
    return [], "there is no such file or folder"


def _folders_above(spec: Path) -> Sequence[Path]:
    folder = spec.parent.resolve()
    return [folder, *folder.parents]


def _is_repository(folder: Path) -> bool:
    return _is(folder / ".git", Path.exists)


def _is(path: Path, kind: Callable[[Path], bool]) -> bool:
    try:
        return kind(path)
    except OSError as error:
        if error.errno == errno.EIO:  # another root would be another job directory, where all is bought anew
            raise
        return False
