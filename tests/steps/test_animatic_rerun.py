"""The rerun rule on the animatic: free, offline, and so deterministic that a remake changes nothing behind it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.project import Project, long
from tests.toy import Server
from vidpipe.steps import clip

if TYPE_CHECKING:
    from pathlib import Path

ALL = {"storyboard", "start 0", "end 0", "end 1", "clip 0", "clip 1", "film"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a film of two scenes of one second once."""
    root = tmp_path_factory.mktemp("animatic")
    (root / ".git").mkdir()
    (root / "specs").mkdir()
    project = Project(root, Server())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        project.spec(provider=None, scenes=2, script="The lighthouse stands on the rock. A gull flies out to sea.")
        assert project.done().made == ALL
    return root


@pytest.fixture
def lighthouse(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a copy of the finished project, which nobody's rerun has to make again."""
    shutil.copytree(finished, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return Project(tmp_path / "copy", Server())


def test_a_finished_animatic_that_was_copied_makes_nothing(lighthouse: Project) -> None:
    lighthouse.rests()


@pytest.mark.parametrize("target", ["end 0", "clip 1", "film"])
def test_a_deleted_file_is_made_again_bit_for_bit_and_nothing_else(lighthouse: Project, target: str) -> None:
    files = lighthouse.files()
    lighthouse.path(target).unlink()
    assert lighthouse.done().made == {target}
    assert lighthouse.files() == files
    lighthouse.rests()


def test_a_redone_keyframe_that_comes_out_the_same_is_a_new_take_and_touches_nothing_else(lighthouse: Project) -> None:
    from vidpipe.commands.redo import redo

    (loaded,) = lighthouse.load()
    redo(loaded, [long("end 1")])
    assert lighthouse.done().made == {"end 1"}
    lighthouse.rests()


def test_a_new_recipe_of_vidpipes_remakes_what_is_free_without_being_asked(
    lighthouse: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip, "RECIPE_VERSION", clip.RECIPE_VERSION + 1)
    planned = lighthouse.plan()
    assert planned.result.cost == 0
    assert "recipe version changed" in planned.reasons("clip 0")
    assert lighthouse.done().made == {"clip 0", "clip 1"}
    lighthouse.rests()


def test_an_edited_motion_prompt_makes_that_clip_and_the_film(lighthouse: Project) -> None:
    motion = "The camera pans slowly to the left."
    lighthouse.edit_scene(1, video_motion_prompt=motion)
    ran = lighthouse.done()
    assert ran.made == {"clip 1", "film"}
    lighthouse.rests()
