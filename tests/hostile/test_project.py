"""What a project's own files are: settings, specs, the spec that a job directory names; links in their places."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.errors import SpecError
from vidpipe.spec.project import find_specs, leads_out

if TYPE_CHECKING:
    from tests.hostile.conftest import Yard

OUT = "leads out of the project through a symbolic link"
COMMANDS = (
    ("check",),
    ("check", "specs/pier.yaml"),
    ("plan",),
    ("run",),
    ("run", "specs/pier.yaml"),
    ("run", "specs/"),
    ("status",),
    ("preview", "specs/pier.yaml"),
    ("clean", "--yes"),
    ("why", "specs/pier.yaml", "*"),
    ("doctor", "specs/pier.yaml"),
)


@pytest.fixture
def yard(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> Yard:
    """Return the yard, with another project elsewhere, whose job is finished as well."""
    monkeypatch.delenv("VIDPIPE_POLL_SECONDS")  # with any variable set, no index is asked
    shutil.copytree(yard.root / "runs", yard.elsewhere / "runs")
    (yard.elsewhere / ".git").mkdir()
    shutil.copytree(yard.root / "specs", yard.elsewhere / "specs")
    shutil.copytree(yard.root / "specs", yard.elsewhere, dirs_exist_ok=True)
    return yard


def settings(yard: Yard, name: str) -> Path:
    """Return the place of a settings file of the project, which has a vidpipe.toml."""
    (yard.root / "vidpipe.toml").write_text("")
    path = yard.root / name
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("command", [*COMMANDS, ("models",), ("status", "pier")], ids=" ".join)
@pytest.mark.parametrize("name", ["vidpipe.toml", "models.toml"])
def test_settings_lie_in_the_project(yard: Yard, name: str, command: tuple[str, ...]) -> None:
    (yard.elsewhere / "secret.toml").write_text("password = 1  # of somebody else\n")
    settings(yard, name).symlink_to(yard.elsewhere / "secret.toml")
    done = yard(*command)
    assert done.code in {1, 2}, done.told
    assert f"{name}: {OUT}" in done.told
    assert "password" not in done.told


def test_settings_may_be_a_link_to_another_place_in_the_project(yard: Yard) -> None:
    (yard.root / "shared.toml").write_text("[run]\njobs = 2\n")
    settings(yard, "vidpipe.toml").symlink_to("shared.toml")
    assert yard("check").code == 0


def test_settings_that_lead_out_are_told_once_for_many_specs(yard: Yard) -> None:
    yard.project.spec("quay")
    (yard.root / "specs" / "vidpipe.toml").symlink_to(yard.elsewhere / "private.json")
    assert yard("check").told.count(OUT) == 1


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("to", ["specs", "."])
def test_specs_of_another_project_are_none_of_this_one(yard: Yard, to: str, command: tuple[str, ...]) -> None:
    shutil.rmtree(yard.root / "specs")
    (yard.root / "specs").symlink_to(yard.elsewhere / to, target_is_directory=True)
    done = yard(*command)
    assert done.code in {1, 2}, done.told
    assert OUT in done.told
    assert yard.requests() == 0


def test_specs_may_be_a_link_to_another_place_in_the_project(yard: Yard) -> None:
    shutil.move(yard.root / "specs", yard.root / "films")
    (yard.root / "specs").symlink_to("films", target_is_directory=True)
    assert yard("check").code == 0


def test_a_spec_elsewhere_is_named_by_its_own_path(yard: Yard) -> None:
    (yard.root / "other").symlink_to(yard.elsewhere, target_is_directory=True)
    spec = yard.elsewhere / "specs" / "pier.yaml"
    for path in (spec, Path(os.path.relpath(spec))):
        assert find_specs([path]) == [path]
        assert not leads_out(path)
    for path in (Path("other/specs/pier.yaml"), Path("other/specs"), yard.root / "other" / "specs"):
        with pytest.raises(SpecError, match=OUT):
            find_specs([path])


def test_a_first_spec_is_written_into_the_project_only(yard: Yard) -> None:
    shutil.rmtree(yard.root / "specs")
    (yard.root / "specs").symlink_to(yard.elsewhere / "specs", target_is_directory=True)
    yard.refuses("init", "evil", saying=f"specs {OUT}")


@pytest.mark.parametrize("name", ["evil.yaml", "vidpipe.schema.json"])
@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe"])
def test_nothing_that_stands_in_a_first_specs_place_is_followed(yard: Yard, name: str, kind: str) -> None:
    path = yard.root / "specs" / name
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(yard.elsewhere / ("private.json" if kind == "link" else "none"))
    if name == "evil.yaml":
        yard.refuses("init", "evil", saying="is there already: nothing was written")
        assert not (yard.root / "specs" / "vidpipe.schema.json").exists()
    else:
        assert yard("init", "evil").code == 0
        assert (yard.root / "specs" / "evil.yaml").is_file()
        assert path.is_symlink() or path.is_fifo()


@pytest.mark.parametrize(
    "claimed",
    [
        "private.json",
        "deep/private.png",
        "deep",
        "../elsewhere/specs/pier.yaml",
        "../elsewhere",
        "/etc/passwd",
        "/etc/passwd.yaml",
        "specs/../../elsewhere/specs/pier.yaml",
        "a\0.yaml",
        "\x1b[2J.yaml",
        "\ud800.yaml",
        ".yaml",
        "x" * 5_000 + ".yaml",
        "x/" * 5_000 + "y.yaml",
    ],
    ids=lambda claimed: ascii(claimed)[:24].replace("/", "_"),
)
@pytest.mark.parametrize("marked", [True, False])
def test_a_job_directory_names_only_specs_below_its_project(yard: Yard, claimed: str, marked: bool) -> None:
    if not marked:
        shutil.rmtree(yard.root / ".git")
    shutil.copy(yard.elsewhere / "private.json", yard.root)
    (yard.root / "deep").mkdir()
    (yard.private / "job.json").write_text(json.dumps({"format": 1, "spec": claimed}))
    for job in ("runs/pier", "pier"):
        done = yard.refuses("status", job, saying="spec")
        assert done.code == 2
        assert "\x1b" not in done.told


def test_without_a_project_no_folder_above_that_of_all_jobs_is_searched(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(yard.root / "specs")
    shutil.rmtree(yard.root / ".git")
    (yard.private / "job.json").write_text(json.dumps({"format": 1, "spec": "elsewhere/specs/pier.yaml"}))
    yard.refuses("status", "../runs/pier", saying="which is not there any more; name its spec instead")
