"""A spec, storyboard, clip or preview that cannot be read just now is an error of the disk, and nobody's decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.failing import SAID, disk_error, unreadable
from tests.steps.films import still_filming
from vidpipe.commands.preview_place import Place
from vidpipe.errors import DecisionError, Exit
from vidpipe.media.worker.failure import UncheckedError
from vidpipe.steps.kinds import CLIP
from vidpipe.workshop import check_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project


def test_a_storyboard_that_cannot_be_read_the_second_time_is_an_error_and_no_decision(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    toy.run(until="storyboard")
    monkeypatch.setattr("vidpipe.steps.storyboard.read_board", disk_error)
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
            disk_error(self)
        return usual(self)

    loaded = pier.load("copy")
    monkeypatch.setattr(Path, "is_file", fail)
    with pytest.raises(OSError, match=SAID):
        check_directory(loaded[0], pier.layout())


def test_a_preview_does_not_replace_a_file_that_it_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path / "pier.preview.mp4", tmp_path / "film.mp4", tmp_path / "note.json")
    place.film.write_bytes(b"somebody's")
    place.made.write_bytes(b"the preview")
    with monkeypatch.context() as failing:
        unreadable(failing, place.film)
        with pytest.raises(DecisionError, match="is no file that can be read"):
            place.publish(tmp_path)
    assert place.film.read_bytes() == b"somebody's"


def killed(path: Path) -> None:
    """Have a worker check a file, and the system, short of memory, kill it."""
    raise UncheckedError(path.name, "the decoder was killed (signal 9)")


@pytest.mark.parametrize("fail", [disk_error, killed])
def test_a_clip_that_is_not_wanted_any_more_is_not_given_up_because_it_cannot_be_read_just_now(
    toy: Project, monkeypatch: pytest.MonkeyPatch, fail: Callable[[Path], None]
) -> None:
    still_filming(toy, monkeypatch, 0, scenes=1)
    toy.edit_scene(0, video_motion_prompt="faster.")

    with monkeypatch.context() as failing:
        failing.setattr("vidpipe.steps.salvage.CLIP", replace(CLIP, check=fail))
        toy.run()
    assert {request.operation: request.status for request in toy.ledger().requests.values() if request.open} == {
        "operations/1": "submitted"
    }
    toy.done()
    assert all(request.status == "settled" for request in toy.ledger().requests.values())
    assert toy.server.sent("video") == 2


@pytest.mark.parametrize(("fail", "said"), [(disk_error, f"scene-000.mp4: {SAID}"), (killed, "killed (signal 9)")])
def test_a_bought_clip_that_cannot_be_read_or_checked_is_not_called_damaged_and_fetched_again(
    toy: Project, monkeypatch: pytest.MonkeyPatch, fail: Callable[[Path], None], said: str
) -> None:
    toy.spec(scenes=1)
    with monkeypatch.context() as failing:
        failing.setattr("vidpipe.steps.clip.CLIP", replace(CLIP, check=fail))
        ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert said in ran.reasons("clip 0")
    assert "damaged" not in ran.said
    toy.done()
    assert toy.server.sent("video") == 1
