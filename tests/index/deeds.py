"""A finished job for tests of the index, and everything that somebody may do to it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.project import Project
from vidpipe.engine.judge import Action, State
from vidpipe.engine.layout import Layout
from vidpipe.errors import VidpipeError
from vidpipe.index import fresh
from vidpipe.index.write import look, write
from vidpipe.options import RunOptions
from vidpipe.results import JobState
from vidpipe.workshop import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.results import JobResult

FINE = {(State.UP_TO_DATE, Action.NONE), (State.ORPHAN, Action.NONE)}
SPEC = "specs/pier.yaml"
WATCHED = (
    SPEC,
    "specs/pier.txt",
    "specs/mara.png",
    "vidpipe.toml",
    "films/pier.mp4",
    "made/pier/storyboard.json",
    "made/pier/keyframes/scene-000-start.png",
    "made/pier/keyframes/scene-001-end.png",
    "made/pier/clips/scene-001.mp4",
    "made/pier/film.mp4",
    "made/pier/film.json",
    "made/pier/.vidpipe/job.json",
    "made/pier/.vidpipe/ledger.jsonl",
    "made/pier/.vidpipe/records/storyboard.json.json",
    "made/pier/.vidpipe/records/clips/scene-001.mp4.json",
)
"""One file of each kind that a verdict rests on."""


@dataclass(slots=True)
class Job(Project):
    """A project with one finished job, `pier`."""

    def layout(self, name: str = "pier") -> Layout:
        """Return where a job lies: where vidpipe.toml says."""
        return Layout(self.root / "made" / name)

    def index(self, name: str = "pier") -> bool:
        """Write a job's index as the end of a run would."""
        (loaded,) = self.load(name)
        layout = layout_of(loaded, RunOptions())
        before = look(loaded, layout)
        return write(before, loaded, layout, self.run(name, dry=True).job)

    def ask(
        self,
        *specs: str,
        options: RunOptions | None = None,
        directory: Path | None = None,
        environ: dict[str, str] | None = None,
    ) -> list[JobResult] | None:
        """Ask the indexes of specs, by their paths."""
        return fresh([Path(spec) for spec in specs or (SPEC,)], options, directory, environ or {})

    def judged(self, *names: str) -> list[JobResult] | None:
        """Return what the engine says if it finds all jobs finished and up to date, None if it says anything else."""
        try:
            results = self.run(*names, dry=True).result.jobs
        except (VidpipeError, OSError):
            return None
        fine = all((target.state, target.action) in FINE for job in results for target in job.targets)
        done = fine and all(job.state is JobState.DONE and not job.messages for job in results)
        return [replace(job, seconds=0.0, spec=job.spec.relative_to(self.root)) for job in results] if done else None

    def file(self, place: str) -> Path:
        """Return a file of the project."""
        return self.root / place


def append(path: Path) -> None:
    """Add a byte."""
    with path.open("ab") as file:
        file.write(b" ")


def falsify(path: Path) -> None:
    """Change a byte in the middle, keep the size, and set the time back."""
    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def exchange(path: Path) -> None:
    """Put another file of the same bytes and time in its place."""
    copy = path.with_name(f".{path.name}.copy")
    shutil.copy2(path, copy)
    copy.replace(path)


def link(path: Path) -> None:
    """Put a symbolic link to the moved file in its place."""
    moved = path.with_name(f".{path.name}.moved")
    path.rename(moved)
    path.symlink_to(moved)


def make_folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "appended to": append,
    "falsified": falsify,
    "deleted": Path.unlink,
    "touched": Path.touch,
    "exchanged for an equal copy": exchange,
    "replaced by a link": link,
    "made a folder": make_folder,
    "given other permissions": lambda path: path.chmod(0o600),
}
"""What may happen to any file."""


def new_file(place: str, data: bytes = b"{}") -> Callable[[Job], object]:
    """Add a file to the project."""

    def add(job: Job) -> None:
        path = job.file(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return add


def copied(source: str, place: str) -> Callable[[Job], object]:
    """Add a copy of a file to the project."""
    return lambda job: shutil.copy2(job.file(source), job.file(place))


def reworded(place: str, old: str, new: str) -> Callable[[Job], object]:
    """Change words in a text file."""

    def change(job: Job) -> None:
        text = job.file(place).read_text()
        assert old in text
        job.file(place).write_text(text.replace(old, new))

    return change


def renamed(old: str, new: str) -> Callable[[Job], object]:
    """Rename a file or folder."""
    return lambda job: job.file(old).rename(job.file(new))


def moved_behind_a_link(place: str) -> Callable[[Job], object]:
    """Move a folder out of the project and leave a link to it."""

    def move(job: Job) -> None:
        outside = job.root.parent / f"{job.root.name}-outside"
        job.file(place).rename(outside)
        job.file(place).symlink_to(outside)

    return move


def replaced_by_a_copy(job: Job) -> None:
    """Put a copy in the place of the job directory, with equal times."""
    aside = job.layout().root.rename(job.file("made/aside"))
    shutil.copytree(aside, job.layout().root)
    shutil.rmtree(aside)


def swapped(job: Job) -> None:
    """Let two clips change places."""
    aside = job.path("clip 0").rename(job.file("made/aside"))
    job.path("clip 1").rename(job.path("clip 0"))
    aside.rename(job.path("clip 1"))


def changed(place: str, change: Callable[[Path], object]) -> Callable[[Job], object]:
    """Do to a file of the project what may be done to any."""
    return lambda job: change(job.file(place))


DEEDS: dict[str, Callable[[Job], object]] = {
    "the spec is reworded": reworded(SPEC, "plain", "grim!"),
    "the spec is reworded and its length is kept": reworded(SPEC, "plain", "grand"),
    "the spec gets a comment": reworded(SPEC, "style:", "# look\nstyle:"),
    "the spec gets another name": reworded(SPEC, "style:", "name: jetty\nstyle:"),
    "the spec names another stitch": reworded(SPEC, "style:", "stitch: crossfade\nstyle:"),
    "the spec file is renamed": renamed(SPEC, "specs/jetty.yaml"),
    "the script is reworded": reworded("specs/pier.txt", "old", "new"),
    "the settings move the jobs": reworded("vidpipe.toml", "made", "runs"),
    "the settings name another style": reworded("vidpipe.toml", "budget = 30", 'style = "loud"'),
    "the settings are broken": reworded("vidpipe.toml", "[run]", "[run"),
    "nearer settings appear": new_file("specs/vidpipe.toml", b""),
    "a nearer repository appears": lambda job: job.file("specs/.git").mkdir(),
    "the repository disappears": lambda job: job.file(".git").rmdir(),
    "a clip of no scene appears": copied("made/pier/clips/scene-000.mp4", "made/pier/clips/scene-007.mp4"),
    "a keyframe of no scene appears": new_file("made/pier/keyframes/mine.png"),
    "a hidden file appears": new_file("made/pier/keyframes/.DS_Store"),
    "a note appears in the job directory": new_file("made/pier/notes.txt"),
    "a record of a keyframe appears": copied(
        "made/pier/.vidpipe/records/keyframes/scene-000-end.png.json",
        "made/pier/.vidpipe/records/keyframes/scene-009-end.png.json",
    ),
    "a redo is marked": new_file(
        "made/pier/.vidpipe/marks/redo/film.mp4.json", b'{"digest":null,"take":99,"request":99}'
    ),
    "an accept is marked": new_file(
        "made/pier/.vidpipe/marks/accept/film.mp4.json", b'{"digest":null,"take":0,"request":0}'
    ),
    "a target is pending": new_file("made/pier/.vidpipe/pending/clips/scene-000.mp4.json"),
    "the job directory is copied and the copy takes its place": replaced_by_a_copy,
    "the job directory is renamed": renamed("made/pier", "made/jetty"),
    "the job directory is deleted": lambda job: shutil.rmtree(job.file("made/pier")),
    "the clips are deleted": lambda job: shutil.rmtree(job.file("made/pier/clips")),
    "the records are deleted": lambda job: shutil.rmtree(job.file("made/pier/.vidpipe/records")),
    "everything of vidpipe's own is deleted": lambda job: shutil.rmtree(job.file("made/pier/.vidpipe")),
    "the job is claimed by another spec": reworded("made/pier/.vidpipe/job.json", "pier.yaml", "quay.yaml"),
    "a newer vidpipe was here": reworded("made/pier/.vidpipe/job.json", '"format": 1', '"format": 9'),
    "the film's copy lies behind a link": moved_behind_a_link("films"),
    "the specs lie behind a link": moved_behind_a_link("specs"),
    "the jobs lie behind a link": moved_behind_a_link("made"),
    "two clips change places": swapped,
    **{f"{place} is {what}": changed(place, change) for place in WATCHED for what, change in CHANGES.items()},
}
"""Everything that may happen to a project."""
