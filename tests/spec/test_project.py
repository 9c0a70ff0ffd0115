"""Which project a spec belongs to, and which specs the command line means."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vidpipe.errors import SpecError
from vidpipe.spec.project import find_specs, project_root, settings_file


def test_the_root_is_the_folder_of_the_nearest_settings_file(project: Path) -> None:
    (project / "vidpipe.toml").touch()
    (project / "specs" / "vidpipe.toml").touch()
    assert project_root(Path("specs/a.yaml")) == project.resolve() / "specs"
    assert settings_file(Path("a.yaml")) == project.resolve() / "vidpipe.toml"


def test_the_root_is_else_that_of_the_repository(project: Path) -> None:
    assert project_root(Path("specs/deep/a.yaml")) == project.resolve()


def test_a_worktree_is_a_repository_too(project: Path) -> None:
    (project / ".git").rmdir()
    (project / ".git").write_text("gitdir: elsewhere\n")
    assert project_root(Path("specs/a.yaml")) == project.resolve()


def test_no_settings_are_taken_from_above_the_repository(project: Path) -> None:
    (project / "vidpipe.toml").touch()
    (project / "specs" / ".git").mkdir()
    assert settings_file(Path("specs/a.yaml")) is None
    assert project_root(Path("specs/a.yaml")) == project.resolve() / "specs"


def test_the_root_is_the_spec_s_wherever_one_stands(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = project / "specs" / "a.yaml"
    monkeypatch.chdir("/")
    assert project_root(spec) == project.resolve()


def test_a_folder_stands_for_its_specs_sorted_and_without_subfolders(project: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.json", ".hidden.yaml", "deep/d.yaml"):
        (project / "specs" / name).parent.mkdir(exist_ok=True)
        (project / "specs" / name).touch()
    (project / "specs" / "e.yaml").mkdir()
    assert find_specs([Path("specs")]) == [Path("specs/a.yaml"), Path("specs/b.yml")]
    assert find_specs([]) == find_specs([Path("specs")])


def test_a_file_that_is_named_twice_counts_once(project: Path) -> None:
    (project / "specs" / "a.yaml").touch()
    assert find_specs([Path("specs/a.yaml"), Path("specs"), project / "specs/a.yaml"]) == [Path("specs/a.yaml")]


def test_every_argument_that_stands_for_nothing_is_told(project: Path) -> None:
    (project / "empty").mkdir()
    with pytest.raises(SpecError) as caught:
        find_specs([Path("empty"), Path("nowhere.yaml"), Path("a" * 300)])
    assert str(caught.value).splitlines()[:2] == [
        "empty: holds no spec (*.yaml, *.yml)",
        "nowhere.yaml: there is no such file or folder",
    ]
    assert len(caught.value.problems) == 3


def test_without_arguments_and_without_specs_the_way_to_a_first_one_is_told(project: Path) -> None:
    (project / "specs").rmdir()
    with pytest.raises(SpecError, match=r"^specs: there is no such folder: .*vidpipe init NAME"):
        find_specs([])


def test_a_root_that_cannot_be_looked_for_is_not_taken_for_another_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path.exists

    def fail(self: Path) -> bool:
        if self.name == ".git":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return usual(self)

    monkeypatch.setattr(Path, "exists", fail)
    with pytest.raises(OSError, match="Input/output error"):
        project_root(Path("specs/a.yaml"))


def test_a_folder_above_that_one_may_not_look_into_holds_no_root(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path.exists

    def refuse(self: Path) -> bool:
        if self == project.resolve() / "specs" / ".git":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return usual(self)

    monkeypatch.setattr(Path, "exists", refuse)
    assert project_root(Path("specs/a.yaml")) == project.resolve()
