"""Which job is meant: by spec, by directory, by name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.commands.find_job import find_job, names_draft
from vidpipe.commands.status import means_specs
from vidpipe.errors import SpecError, UsageError
from vidpipe.index import fresh_job
from vidpipe.spec.settings import Flags

if TYPE_CHECKING:
    from tests.project import Project


@pytest.fixture
def made(toy: Project) -> Project:
    """Return a project whose job `pier` has been begun."""
    toy.spec(provider="free")
    toy.done(until="storyboard")
    return toy


@pytest.mark.parametrize("text", ["specs/pier.yaml", "runs/pier", "runs/pier/", "pier", "./runs/pier"])
def test_a_job_is_found_by_its_spec_its_directory_and_its_name(made: Project, text: str) -> None:
    found = find_job(text)
    assert (found.spec.name, found.settings.directory) == ("pier", made.root / "runs")


def test_a_job_is_found_from_inside_its_directory(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made.root / "runs" / "pier" / ".vidpipe")
    found = find_job("..")
    assert (found.root, found.settings.directory) == (made.root, made.root / "runs")


def test_a_job_of_no_project_is_found_from_inside_and_keeps_its_root(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made.root / ".git").rmdir()
    monkeypatch.chdir(made.root / "runs" / "pier")
    assert find_job(".").root == made.root


def test_a_directory_elsewhere_is_looked_at_where_it_is(made: Project) -> None:
    shutil.copytree("runs/pier", "elsewhere/pier")
    assert find_job("elsewhere/pier").settings.directory == made.root / "elsewhere"
    assert find_job("pier", Flags(Path("elsewhere"))).settings.directory == made.root / "elsewhere"


def test_a_draft_is_named_by_its_directory(made: Project) -> None:
    shutil.copytree("runs/pier", "runs/pier@draft")
    assert find_job("pier@draft").spec.name == "pier"
    assert names_draft("runs/pier@draft/")
    assert not names_draft("runs/pier")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("peir", "peir is neither a spec file, nor a job directory, nor a job in runs; did you mean pier?"),
        ("other", "; did you mean specs/other.yaml?"),
        ("specs", "specs is neither"),
        ("", '"" is neither'),
        ("../pier", "../pier is neither"),
        ("a\033b", r"a\x1bb is neither"),
    ],
)
def test_what_is_no_job_is_refused_with_what_was_looked_for(made: Project, text: str, told: str) -> None:
    made.spec("other")
    with pytest.raises(UsageError) as caught:
        find_job(text)
    assert told in str(caught.value)


def test_a_spec_that_is_not_there_is_refused(made: Project) -> None:
    with pytest.raises(SpecError, match=r"gone\.yaml: there is no such file"):
        find_job("gone.yaml")


def test_a_job_whose_spec_is_gone_or_renamed_says_so(made: Project) -> None:
    spec = made.root / "specs" / "pier.yaml"
    spec.write_text("name: quay\n" + spec.read_text())
    with pytest.raises(UsageError, match="whose job is called quay now: rename the folder to quay"):
        find_job("pier")
    spec.unlink()
    with pytest.raises(UsageError, match=r"is made by specs/pier\.yaml, which is not there any more"):
        find_job("pier")


@pytest.mark.parametrize("marked", [True, False])
def test_a_directory_cannot_lead_to_a_spec_outside_its_project(
    made: Project, marked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not marked:
        (made.root / ".git").rmdir()
        monkeypatch.chdir(made.root / "runs" / "pier")
    (made.root.parent / "outside.yaml").write_text("script: x\n")
    job = made.layout().job
    for claimed in ("../outside.yaml", str(made.root.parent / "outside.yaml")):
        job.write_text(f'{{"format": 1, "spec": "{claimed}"}}')
        with pytest.raises(UsageError, match=r"not there any more|does not say"):
            find_job(str(made.layout().root))
    job.write_text('{"format": 1}')
    with pytest.raises(UsageError, match="does not say which spec"):
        find_job(str(made.layout().root))


@pytest.mark.parametrize("text", ["x" * 300, "runs/" + "x" * 300, "x" * 300 + "/"])
def test_a_name_that_is_too_long_for_any_file_is_no_job(made: Project, text: str) -> None:
    with pytest.raises(UsageError, match="is neither a spec file"):
        find_job(text)
    assert means_specs(text) == text.endswith("/")


def test_a_link_that_leads_round_in_a_circle_is_no_job(made: Project) -> None:
    (made.root / "runs" / "round").symlink_to("round")
    with pytest.raises(UsageError, match="round is neither"):
        find_job("round")
    assert fresh_job("round", environ={}) is None


def test_only_a_name_that_a_job_can_have_is_proposed_for_the_spec(made: Project) -> None:
    (made.root / "runs" / "pier").rename(made.root / "runs" / "Pier C")
    with pytest.raises(UsageError, match=r"rename the folder to pier$"):
        find_job("runs/Pier C")


def test_a_draft_is_one_from_inside_as_well(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made.root / "runs" / "pier@draft"
    (made.root / "runs" / "pier").rename(folder)
    monkeypatch.chdir(folder / ".vidpipe")
    assert names_draft("..")
    assert not names_draft(".")
