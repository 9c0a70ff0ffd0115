"""The files that a spec names: its script, its pictures, its music, and where its film is to be placed as well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError, Problem, SpecError
from vidpipe.files import open_regular
from vidpipe.spec.checks import text_fault
from vidpipe.spec.document import Fault, KeyPath
from vidpipe.spec.paths import check_output, existing_file, inside
from vidpipe.spec.source import MIB, os_message, read_text
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from vidpipe.spec.model import Spec

LARGEST_SCRIPT_FILE = 4_000_000
"""A million characters of four bytes."""
LARGEST_PICTURE = 20 * MIB
LARGEST_MUSIC = 200 * MIB
"""Twelve minutes of uncompressed sound at most, and hours of any other."""
HEAD = 16


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a spec's paths start from, all resolved: its own folder, that of its defaults, and the project's bounds.

    `boundary` is the project root, or the spec's own folder where the spec lies outside of it.
    """

    spec: Path
    defaults: Path
    root: Path
    boundary: Path
    jobs: Path


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """A reference picture of a spec; `path` is resolved, a regular file, and inside the project."""

    name: str
    description: str
    path: Path


class NamedFiles:
    """Finds the files that a spec names, one kind after the other, and collects what is wrong with them."""

    def __init__(self, spec: Spec, folders: Folders, file: str, defaults: Collection[str]) -> None:
        """Take the spec, called `file`, and the keys of it that come from [defaults]."""
        self.spec = spec
        self.folders = folders
        self.file = file
        self.defaults = defaults
        self.faults: list[Fault] = []
        self.problems: list[Problem] = []
        self.script_file: Path | None = None

    def script(self) -> str:
        """Return the film's text with plain line ends and nothing around it; empty where something is wrong."""
        text = self.spec.script or ""
        if self.spec.script_file is not None:
            self.script_file = self._existing(("script_file",), self.spec.script_file, LARGEST_SCRIPT_FILE)
            text = self._read_script(self.script_file, self.spec.script_file) if self.script_file else ""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def _read_script(self, path: Path, named: str) -> str:
        name = str(Path(self.file).parent / named)
        try:
            text = read_text(path, file=name, limit=LARGEST_SCRIPT_FILE)
        except SpecError as error:
            self.problems += error.problems
            return ""
        message = text_fault(text)
        if message:
            self.problems.append(Problem(name, 0, 0, "", message))
        return text

    def references(self) -> tuple[ReferenceFile, ...]:
        """Return the reference pictures that are there."""
        found = []
        for index, picture in enumerate(self.spec.references):
            path = self._existing(("references", index, "image"), picture.image, LARGEST_PICTURE)
            if path and self._is_picture(path, picture.image, index):
                found.append(ReferenceFile(picture.name, picture.description, path))
        return tuple(found)

    def _is_picture(self, path: Path, named: str, index: int) -> bool:
        from vidpipe.media.picture import media_type

        try:
            with open_regular(path) as file:
                media_type(file.read(HEAD))
        except (OSError, BrokenFileError) as error:
            message = f"{named}: {getattr(error, 'strerror', None) or error}"
            self.faults.append(Fault(("references", index, "image"), message, reads=("references",)))
            return False
        return True

    def music(self) -> Path | None:
        """Return the music under the film, if the spec names any and it is there."""
        if self.spec.music is None:
            return None
        named = self.spec.music.file
        path = self._existing(("music", "file"), named, LARGEST_MUSIC)
        return path if path and self._is_sound(path, named) else None

    def _is_sound(self, path: Path, named: str) -> bool:
        from vidpipe.media.sound.kind import FORMATS, sound_format

        try:
            with open_regular(path) as file:
                message = "" if sound_format(file.read(HEAD)) else f"{shown_text(named)} is no {FORMATS} file"
        except OSError as error:
            message = f"{shown_text(named)}: {os_message(error)}"
        if message:
            self.faults.append(Fault(("music", "file"), message, reads=("music",)))
        return not message

    def output(self) -> Path | None:
        """Return where the film is to be placed as well."""
        if self.spec.output is None:
            return None
        try:
            root = self.folders.root
            path = inside(root, self.spec.output.replace("{name}", self.spec.name), root)
            check_output(path, root, self.folders.jobs)
        except ValueError as error:
            self.faults.append(Fault(("output",), str(error), reads=("output",)))
            return None
        return path

    def _existing(self, path: KeyPath, named: str, largest: int) -> Path | None:
        folder = self.folders.defaults if path[0] in self.defaults else self.folders.spec
        try:
            return existing_file(inside(folder, named, self.folders.boundary), named, largest)
        except ValueError as error:
            self.faults.append(Fault(path, str(error), reads=(str(path[0]),)))
            return None
