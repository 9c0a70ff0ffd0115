"""When an index is written: at the end of a run that did something, of just what the engine judged, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.index.deeds import CHANGES, DEEDS, SPEC, WATCHED, Job, append, reworded
from tests.index.settled import let_sources_settle
from vidpipe.batch import run_batch
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.index.write import look, write
from vidpipe.options import RunOptions
from vidpipe.workshop import layout_of

if TYPE_CHECKING:
    from pathlib import Path

SLY = ("falsified", "exchanged for an equal copy")


def index_of(job: Job, name: str = "pier") -> Path:
    return job.layout(name).index


def test_a_run_that_did_something_leaves_an_index_that_answers(job: Job) -> None:
    index_of(job).unlink()
    job.edit_scene(0, video_motion_prompt="faster.")
    let_sources_settle(job.path("storyboard"))
    assert job.done().did == {"storyboard", "clip 0", "film"}
    answer = job.ask()
    assert answer is not None
    assert answer == job.judged()


def test_a_run_that_did_nothing_writes_no_index(job: Job) -> None:
    index_of(job).unlink()
    job.rests()
    assert not index_of(job).exists()


def test_a_first_run_with_paid_requests_leaves_an_index_although_its_ledger_is_young(job: Job) -> None:
    job.spec("quay")
    job.done("quay")
    assert job.ask("specs/quay.yaml") == job.judged("quay")


@pytest.mark.parametrize("command", [accept, redo])
def test_a_hand_on_a_target_takes_the_index_away(job: Job, command: object) -> None:
    assert callable(command)
    command(job.load()[0], ["clips/scene-000.mp4"])
    assert not index_of(job).exists()


@pytest.mark.parametrize("options", [{"until": "clips"}, {"targets": ("clips/scene-000.mp4",)}])
def test_a_run_that_was_not_asked_for_the_film_writes_no_index(job: Job, options: dict[str, Any]) -> None:
    job.path("clip 0").unlink()
    job.done(**options)
    assert job.ask() is None
    assert not index_of(job).exists()


def test_a_draft_of_paid_work_gets_no_index(job: Job) -> None:
    job.spec("quay", scenes=1)
    job.done("quay", draft=True)
    assert not index_of(job, "quay@draft").exists()
    assert job.ask("specs/quay.yaml") is None


def test_a_spec_that_changes_during_the_run_gets_no_index(job: Job) -> None:
    redo(job.load()[0], ["clips/scene-000.mp4"])
    job.server.on("video", lambda: reworded(SPEC, "plain", "grand")(job))
    assert job.done().made == {"clip 0", "film"}
    assert job.ask() is None
    assert not index_of(job).exists()


def test_a_target_that_changes_during_the_run_gets_no_index(job: Job) -> None:
    redo(job.load()[0], ["clips/scene-000.mp4"])
    job.server.on("video", lambda: append(job.path("clip 1")))
    job.run()
    assert job.ask() is None
    assert not index_of(job).exists()


@pytest.mark.parametrize("place", WATCHED)
@pytest.mark.parametrize("change", SLY)
def test_nothing_may_change_between_the_look_and_the_writing(job: Job, place: str, change: str) -> None:
    """The engine has judged in between, and nobody knows whether before or after the change."""
    index_of(job).unlink()
    (loaded,) = job.load()
    layout = layout_of(loaded, RunOptions())
    before, verdict = look(loaded, layout), job.run(dry=True).job
    CHANGES[change](job.file(place))
    assert not write(before, loaded, layout, verdict)
    assert not index_of(job).exists()


@pytest.mark.parametrize(
    "deed",
    [
        "the spec is reworded and its length is kept",
        "the spec names another stitch",
        "the script is reworded",
        "specs/mara.png is appended to",
        "the settings name another style",
        "nearer settings appear",
        "a nearer repository appears",
    ],
)
def test_a_run_that_began_with_other_sources_than_there_are_now_writes_no_index(job: Job, deed: str) -> None:
    index_of(job).unlink()
    (loaded,) = job.load()
    layout = layout_of(loaded, RunOptions())
    DEEDS[deed](job)
    before = look(loaded, layout)
    verdict = run_batch([loaded], RunOptions(dry=True)).jobs[0]
    assert not write(before, loaded, layout, verdict)


def test_a_young_target_gets_no_index_because_a_later_change_might_not_show(job: Job) -> None:
    job.path("clip 0").touch()
    assert not job.index()


@pytest.mark.parametrize("deed", ["a redo is marked", "an accept is marked", "a target is pending"])
def test_what_waits_for_the_next_run_to_settle_it_gets_no_index(job: Job, deed: str) -> None:
    before = set(job.root.rglob("*"))
    DEEDS[deed](job)
    let_sources_settle(*set(job.root.rglob("*")) - before)
    assert not job.index()


def test_a_young_source_is_read_by_every_asking(job: Job) -> None:
    path = job.file("specs/pier.txt")
    path.touch()
    assert job.index()
    assert job.ask() is not None
    assert '"specs/pier.txt":["' in index_of(job).read_text()
    assert "false" in index_of(job).read_text()
    CHANGES["falsified"](path)
    assert job.ask() is None


def test_links_in_a_project_get_no_index(job: Job) -> None:
    for place in (SPEC, "specs/pier.txt", "specs/mara.png", "vidpipe.toml"):
        CHANGES["replaced by a link"](job.file(place))
        assert job.judged() is not None
        assert not job.index(), place
        path = job.file(place)
        path.resolve().rename(path)
    assert job.index()


def test_a_third_party_in_the_spec_or_its_settings_gets_no_index(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    assert job.index()
    monkeypatch.setattr("vidpipe.index.write.PROVIDERS", {"animatic": ""})
    assert not job.index()
    monkeypatch.setattr("vidpipe.index.write.PROVIDERS", {"toy": ""})
    assert job.index()
    for table in ('[limits."free:film-1"]\nin_flight = 1\n', "[free]\npoll_seconds = 1\n"):
        job.file("vidpipe.toml").write_text(f'[run]\ndir = "made"\n{table}')
        (loaded,) = job.load()
        assert loaded.settings.file.limits or loaded.settings.file.providers
        assert not job.index()


def test_code_that_changed_since_the_process_began_gets_no_index(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.index.write.code_is_settled", lambda: False)
    assert not job.index()


def test_a_disk_that_refuses_the_index_fails_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vidpipe.index.write.write_file", full)
    assert not job.index()
    job.path("film").unlink()
    job.done()
