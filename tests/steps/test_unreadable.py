"""What cannot be read is not lost: nothing is bought in its stead, and the file is named. What is gone is made anew."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.project import long
from vidpipe.commands.clean import clean
from vidpipe.commands.preview_place import Place
from vidpipe.engine.judge import State
from vidpipe.engine.store import Store
from vidpipe.errors import DecisionError, Exit
from vidpipe.providers.base import Running
from vidpipe.steps.kinds import CLIP
from vidpipe.workshop import check_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project, Ran
    from vidpipe.engine.layout import Layout
    from vidpipe.spec.load import Loaded

SAID = "Input/output error"


def unreadable(monkeypatch: pytest.MonkeyPatch, *paths: Path, when: Callable[[], bool] = lambda: True) -> None:
    """Let the disk fail to read files."""
    usual = os.open

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if when() and not flags & (os.O_WRONLY | os.O_RDWR | os.O_DIRECTORY) and path in paths:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return usual(path, flags, *given, **named)

    monkeypatch.setattr("os.open", opened)


@pytest.fixture
def back(pier: Project) -> Project:
    """Return a job whose next run finds all that it wants in the archive, for its style is changed and changed back."""
    pier.spec(style="noir")
    pier.done()
    pier.spec()
    return pier


def archived(project: Project, target: str) -> Path:
    """Return the content of a target's first take."""
    take = Store(project.layout()).takes(long(target))[0]
    return project.layout().content(take.digest)


def refuses(project: Project, path: Path) -> Ran:
    """Prove that neither plan nor run buys anything, and that both name the file and exit with 1."""
    sent, spent = len(project.server.requests), project.spent()
    ran = project.run()
    assert ran.exit is Exit.FAILED, ran.said
    place = path.relative_to(project.root).as_posix()
    assert f"{place}: {SAID}" in ran.said
    assert len(project.server.requests) == sent
    assert project.spent() == spent
    return ran


@pytest.mark.parametrize("target", ["storyboard", "start 0", "end 1", "clip 1", "film"])
def test_an_archived_take_that_cannot_be_read_is_an_error_of_its_target_and_nothing_is_bought(
    back: Project, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    path = archived(back, target)
    with monkeypatch.context() as failing:
        unreadable(failing, path)
        ran = refuses(back, path)
        assert ran.state(target) is State.BROKEN
        assert "nothing is made in its stead" in ran.reasons(target)
    calls = back.server.calls
    assert target in back.done().restored
    assert back.server.calls == calls
    back.rests()


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_an_archived_take_that_is_gone_or_damaged_is_made_anew(back: Project, how: str) -> None:
    path = archived(back, "end 1")
    path.unlink() if how == "gone" else path.write_bytes(b"damaged")
    assert "end 1" in back.done().made
    back.rests()


def test_a_take_that_becomes_unreadable_during_a_run_ends_its_target_and_not_the_others(
    back: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, calls = archived(back, "clip 1"), back.server.calls
    begun: list[object] = []
    unreadable(monkeypatch, path, when=lambda: bool(begun))
    ran = back.run(report=begun.append)
    assert ran.exit is Exit.FAILED
    assert f"{path.relative_to(back.root)}: {SAID}" in ran.said
    assert back.server.calls == calls
    assert {"start 0", "clip 0", "clip 2"} <= ran.restored


@pytest.mark.parametrize("what", ["record of a take", "record of another target"])
def test_books_that_cannot_be_read_stop_everything_that_might_be_bought(
    back: Project, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    layout = back.layout()
    path = {
        "record of a take": min((layout.archive / "records" / long("end 1")).iterdir()),
        "record of another target": layout.record(long("clip 2")),
    }[what]
    back.path("clip 1").unlink()
    unreadable(monkeypatch, path)
    refuses(back, path)


def test_a_record_that_cannot_be_read_at_the_end_of_a_run_is_an_error_and_no_change_of_a_persons(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    ended: list[bool] = []

    def look(loaded: Loaded, layout: Layout) -> None:
        ended.append(True)

    monkeypatch.setattr("vidpipe.conduct.index.look", look)
    path = toy.layout().record(long("clip 0"))
    with monkeypatch.context() as failing:
        unreadable(failing, path, when=lambda: bool(ended))
        ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert f"runs/pier/.vidpipe/records/clips/scene-000.mp4.json: {SAID}" in ran.said
    assert "was changed during the run" not in ran.said
    toy.rests()


def test_a_storyboard_that_cannot_be_read_the_second_time_is_an_error_and_no_decision(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    toy.spec(scenes=1)
    toy.run(until="storyboard")
    monkeypatch.setattr("vidpipe.steps.storyboard.read_board", fail)
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert f"runs/pier/storyboard.json: {SAID}" in ran.said


def test_a_spec_that_cannot_be_looked_for_has_not_given_its_job_up(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pier.spec("copy", name="pier")
    usual = Path.is_file

    def fail(self: Path) -> bool:
        if self.name == "pier.yaml":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return usual(self)

    loaded = pier.load("copy")
    monkeypatch.setattr(Path, "is_file", fail)
    with pytest.raises(OSError, match=SAID):
        check_directory(loaded[0], pier.layout())


def test_clean_leaves_the_archive_alone_if_it_cannot_tell_what_the_next_run_wants_of_it(
    back: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    back.run(until="storyboard")
    path = archived(back, "end 1")
    unreadable(monkeypatch, path)
    (found,) = clean([str(back.root / "specs/pier.yaml")], archive=True, remove=True)
    assert any("archive stay" in told and SAID in told for told in found.kept)
    assert path.exists()


def test_a_preview_does_not_replace_a_file_that_it_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path / "pier.preview.mp4", tmp_path / "film.mp4", tmp_path / "note.json")
    place.film.write_bytes(b"somebody's")
    place.made.write_bytes(b"the preview")
    with monkeypatch.context() as failing:
        unreadable(failing, place.film)
        with pytest.raises(DecisionError, match="is no file that can be read"):
            place.publish(tmp_path)
    assert place.film.read_bytes() == b"somebody's"


def test_a_clip_that_is_not_wanted_any_more_is_not_given_up_because_it_cannot_be_read_just_now(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec(scenes=1)
    toy.server.on("poll", Running(), holding="motion 0.")
    toy.run()
    toy.edit_scene(0, video_motion_prompt="faster.")

    def fail(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    with monkeypatch.context() as failing:
        failing.setattr("vidpipe.steps.salvage.CLIP", replace(CLIP, check=fail))
        toy.run()
    assert {request.operation: request.status for request in toy.ledger().requests.values() if request.open} == {
        "operations/1": "submitted"
    }
    toy.done()
    assert all(request.status == "settled" for request in toy.ledger().requests.values())
    assert toy.server.sent("video") == 2


def test_a_bought_clip_that_cannot_be_read_is_an_error_of_the_disk_and_fetched_again(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    toy.spec(scenes=1)
    with monkeypatch.context() as failing:
        failing.setattr("vidpipe.steps.clip.CLIP", replace(CLIP, check=fail))
        ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "scene-000.mp4: Input/output error" in ran.reasons("clip 0")
    assert "damaged" not in ran.said
    toy.done()
    assert toy.server.sent("video") == 1
