"""Where things are: the project that a spec belongs to, and the specs that the command line means.

Nothing here reads a file or imports anything heavy.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from vidpipe.errors import Problem, SpecError
from vidpipe.place import real_path, shown_path
from vidpipe.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETTINGS_NAME = "vidpipe.toml"
MODELS_NAME = "models.toml"
SPECS_FOLDER = Path("specs")
ENDINGS = frozenset({".yaml", ".yml"})
LED_OUT = "leads out of the project through a symbolic link"
LEADS_NOWHERE = "is a symbolic link that leads nowhere"
MAY_NOT = "may not be looked at: check the permissions of it and of the folders above it"
NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
HERE = Path("spec.yaml")
"""Stands for a spec in the current folder where only its project is asked for."""


def settings_file(spec: Path) -> Path | None:
    """Return the nearest vidpipe.toml above a spec, never one above its repository's root.

    Raises SpecError where it, or the models.toml beside it, is there and no regular file inside the project, whose root
    its folder is, and where one may not even look for it: prices and budgets would be others without it.
    """
    for folder in _folders_above(spec):
        candidate = folder / SETTINGS_NAME
        if _looked_at(candidate, os.lstat) is not None:
            for path in (candidate, folder / MODELS_NAME):
                message = _fault_of(path, folder)
                if message:
                    raise SpecError([Problem(shown_path(path), 0, 0, "", message)])
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
    return repository or real_path(Path.cwd())


def names_spec(claimed: str) -> bool:
    """Whether what a job directory says of its spec is the path of one below some project's root."""
    path = PurePosixPath(claimed)
    return visible(claimed) == claimed and path.suffix in ENDINGS and not path.is_absolute() and ".." not in path.parts


def leads_out(path: Path) -> bool:
    """Whether a path that is written as one of the current folder's project leads out of it, through a symbolic link.

    What lies elsewhere by its very words was chosen on the command line.
    """
    root = project_root(HERE)
    return Path(os.path.normpath(Path.cwd() / path)).is_relative_to(root) and not real_path(path).is_relative_to(root)


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
    folder = real_path(spec.parent)
    return [folder, *folder.parents]


def _is_repository(folder: Path) -> bool:
    return _looked_at(folder / ".git", os.stat) is not None


def _fault_of(path: Path, folder: Path) -> str:
    """Say why what is called `path` is no file to be read, if it is there at all."""
    is_there, status = _looked_at(path, os.lstat), _looked_at(path, os.stat)
    if is_there is None:
        return ""
    if status is None:
        return LEADS_NOWHERE
    if not real_path(path).is_relative_to(folder):
        return LED_OUT
    if stat.S_ISDIR(status.st_mode):
        return "is a folder, not a file"
    return "" if stat.S_ISREG(status.st_mode) else "is no regular file"


def _looked_at(path: Path, look: Callable[[Path], os.stat_result]) -> os.stat_result | None:
    """Return what a look at a path tells, None where nothing is.

    Raises SpecError where one may not look, OSError where looking fails: another root would be another job directory,
    where all is bought anew.
    """
    try:
        return look(path)
    except OSError as error:
        if error.errno in NOT_THERE:
            return None
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise SpecError([Problem(shown_path(path), 0, 0, "", MAY_NOT)]) from error
        raise
    except ValueError:  # no file can be called that
        return None
