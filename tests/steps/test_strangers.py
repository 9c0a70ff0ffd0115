"""A job directory that came from a stranger, or from a damaged disk: nothing in it leads out of it or crashes a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project import Project, long
from tests.steps.films import still_filming
from tests.toy import clip_of
from vidpipe.engine.judge import State
from vidpipe.engine.pending import Pending, write_pending
from vidpipe.engine.store import Store
from vidpipe.errors import Exit
from vidpipe.lock import hold
from vidpipe.results import JobState

FOLDER = "where-only-a-stranger-leads"
OUT = f"../../../../../../{FOLDER}/clip"


def outside(project: Project) -> list[Path]:
    """Return everything that was written where only `OUT` leads."""
    return [path for path in project.root.parent.rglob("*") if path.name == FOLDER]


def test_a_record_whose_target_leads_out_of_the_job_is_broken_and_nothing_is_written_there(pier: Project) -> None:
    path = pier.layout().record(long("clip 1"))
    path.write_text(path.read_text().replace(long("clip 1"), OUT))
    pier.edit_scene(1, video_motion_prompt="faster.")
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.FAILED, State.BROKEN)
    assert "is no target" in ran.reasons("clip 1")
    assert outside(pier) == []


def test_a_ledger_whose_target_leads_out_of_the_job_is_damaged_and_nothing_is_written_there(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    path = toy.layout().ledger
    path.write_text(path.read_text().replace(f'"target":"{long("clip 1")}"', f'"target":"{OUT}"'))
    toy.edit_scene(1, video_motion_prompt="faster.")
    ran = toy.run()
    assert (ran.exit, toy.server.sent("video")) == (Exit.FAILED, 3)
    assert "the ledger is damaged here" in ran.said
    assert outside(toy) == []


@pytest.mark.parametrize("claimed", ["a\0b", "a" * 5000, "/etc/passwd", "../../../../../../etc/passwd"])
def test_a_job_that_names_a_spec_which_cannot_be_there_is_free_to_be_claimed(pier: Project, claimed: str) -> None:
    pier.layout().job.write_text(json.dumps({"format": 1, "spec": claimed}))
    assert pier.done().did == set()


def test_a_record_that_cannot_be_read_is_broken_and_its_target_named(pier: Project) -> None:
    path = pier.layout().record(long("clip 1"))
    path.unlink()
    path.mkdir()
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1"), ran.state("clip 0")) == (Exit.FAILED, State.BROKEN, State.UP_TO_DATE)


def test_a_job_that_another_run_is_about_to_finish_is_busy_and_not_done(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pier.path("film").write_bytes(clip_of("just put in place"))
    write_pending(Store(pier.layout()), Pending(pier.record("film"), "draft", None))
    monkeypatch.setattr(Store, "pendings", lambda _self: {})  # the other run drops it just after it was seen
    with hold(pier.layout()):
        ran = pier.run()
    assert (ran.exit, ran.job.state) == (Exit.BUSY, JobState.BUSY)


@pytest.mark.parametrize("target", ["storyboard", "end 2"])
def test_a_file_of_many_gigabytes_is_broken_and_not_read_into_memory(
    pier: Project, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    sizes = []
    read = Path.read_bytes

    def measured(self: Path) -> bytes:
        sizes.append(self.stat().st_size)
        return read(self)

    with pier.path(target).open("r+b") as file:
        file.truncate(600 << 20)  # without a byte on the disk
    monkeypatch.setattr(Path, "read_bytes", measured)
    ran = pier.run()
    assert (ran.exit, ran.state(target)) == (Exit.FAILED, State.BROKEN)
    assert "600 MiB" in ran.reasons(target)
    assert max(sizes, default=0) < 600 << 20
