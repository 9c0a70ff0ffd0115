"""Which project a spec belongs to, and which specs the command line means."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.errors import SpecError
from vidpipe.spec.load import load_specs
from vidpipe.spec.project import find_specs, names_spec, project_root, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable


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


def unseen(monkeypatch: pytest.MonkeyPatch, path: Path, code: int) -> None:
    """Let every look at a path fail."""
    for name in ("stat", "lstat"):
        usual = getattr(os, name)

        def fail(seen: Path, usual: Callable[[Path], os.stat_result] = usual, **how: bool) -> os.stat_result:
            if seen == path:
                raise OSError(code, os.strerror(code), str(seen))
            return usual(seen, **how)

        monkeypatch.setattr(os, name, fail)


@pytest.mark.parametrize("name", [".git", "vidpipe.toml"])
def test_a_root_that_cannot_be_looked_for_is_not_taken_for_another_one(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    unseen(monkeypatch, project.resolve() / "specs" / name, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        project_root(Path("specs/a.yaml"))


@pytest.mark.parametrize("name", [".git", "vidpipe.toml"])
@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM])
def test_nor_one_that_one_may_not_look_for(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    unseen(monkeypatch, project.resolve() / "specs" / name, code)
    with pytest.raises(SpecError, match=rf"^specs/{name}: may not be looked at: check the permissions"):
        project_root(Path("specs/a.yaml"))


def test_a_models_file_that_one_may_not_look_at_is_not_passed_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "vidpipe.toml").touch()
    unseen(monkeypatch, project.resolve() / "models.toml", errno.EACCES)
    with pytest.raises(SpecError, match=r"^models\.toml: may not be looked at: check the permissions"):
        project_root(Path("specs/a.yaml"))


STRANGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link to nothing": (lambda path: path.symlink_to("nothing.toml"), "is a symbolic link that leads nowhere"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "is a symbolic link that leads nowhere"),
    "a link out": (lambda path: path.symlink_to("/etc/passwd"), "leads out of the project through a symbolic link"),
    "a folder": (lambda path: path.mkdir(), "is a folder, not a file"),
    "a link to a folder": (lambda path: path.symlink_to("specs"), "is a folder, not a file"),
    "a pipe": (os.mkfifo, "is no regular file"),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", ["vidpipe.toml", "models.toml"])
def test_settings_that_are_no_regular_file_are_refused_and_not_passed_over(
    project: Path, name: str, strange: str
) -> None:
    make, said = STRANGE[strange]
    (project / "vidpipe.toml").touch()
    (project / name).unlink(missing_ok=True)
    make(project / name)
    (project / "specs" / "a.yaml").write_text("script: A fox.\n")
    with pytest.raises(SpecError) as caught:
        settings_file(Path("specs/a.yaml"))
    assert str(caught.value) == f"{name}: {said}"
    with pytest.raises(SpecError) as caught:
        load_specs([Path("specs/a.yaml")])
    assert str(caught.value) == f"{name}: {said}"


def test_settings_may_be_a_link_to_a_file_of_the_project(project: Path) -> None:
    (project / "shared.toml").touch()
    (project / "vidpipe.toml").symlink_to("shared.toml")
    assert settings_file(Path("specs/a.yaml")) == project.resolve() / "vidpipe.toml"


def test_a_spec_behind_links_in_a_circle_is_not_there(project: Path) -> None:
    (project / "loop").symlink_to("loop")
    assert project_root(Path("loop/x.yaml")) == project.resolve()
    with pytest.raises(SpecError, match=r"^loop/x\.yaml: is a symbolic link that leads nowhere$"):
        load_specs([Path("loop/x.yaml")])


@pytest.mark.parametrize("name", ["two\nlines.yaml", "\udce9t\udce9.yaml", "\x1b[2J.yaml", "\u202etxt.yaml"], ids=ascii)
def test_a_spec_whose_name_cannot_be_shown_is_refused(project: Path, name: str) -> None:
    (project / "specs" / name).write_text("name: fox\nscript: A fox.\n")
    with pytest.raises(SpecError, match=r"cannot be shown, or is not UTF-8: rename it$") as caught:
        load_specs(find_specs([]))
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["été.yaml", "a fox.yaml", "क्\u200dष.yaml"])
def test_a_spec_may_be_called_as_people_write(project: Path, name: str) -> None:
    (project / "specs" / name).write_text("name: fox\nscript: A fox.\n")
    assert len(load_specs(find_specs([]))) == 1
    assert names_spec(f"specs/{name}")
