"""A job named by its draft is the draft: no command takes it for the paid job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.lost import lose_clip

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


@pytest.fixture
def both(vidpipe: CommandLine) -> CommandLine:
    """Return a project with a job whose clip is lost, and with its draft."""
    lose_clip(vidpipe.project)
    assert vidpipe("run").code == 3
    assert vidpipe("run", "--draft").code == 0
    return vidpipe


@pytest.mark.parametrize("job", ["pier@draft", "runs/pier@draft", "."])
def test_adopt_writes_nothing_into_the_books_of_the_paid_job(
    both: CommandLine, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = both.project.layout().ledger.read_bytes()
    if job == ".":
        monkeypatch.chdir(both.project.layout("pier@draft").root)
    said = both("adopt", job, "clips/scene-000.mp4", "operations/9")
    assert said.code == 2
    assert "no request for it is lost" in said.err
    assert both.project.layout().ledger.read_bytes() == before
    assert "pier@draft" in both("why", job, "film.mp4", "--json").json["job"]


@pytest.mark.parametrize("job", ["pier@draft", "runs/pier@draft"])
def test_a_draft_needs_no_preview_and_none_is_made_of_the_paid_job(both: CommandLine, job: str) -> None:
    said = both("preview", job)
    assert said.code == 2
    assert "pier@draft is an animatic itself" in said.err
    assert not (both.project.root / "runs" / "pier.preview.mp4").exists()
