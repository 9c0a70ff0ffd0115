"""Disks that are full, read-only or not what they should be: a clear error, no torn file, and the rerun goes on."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.store import Store
from vidpipe.errors import Exit, UsageError
from vidpipe.lock import holder
from vidpipe.place import shown_path
from vidpipe.steps.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project
    from vidpipe.engine.layout import Layout
    from vidpipe.engine.record import Record

WHOLE = {"storyboard", "start 0", "end 0", "clip 0", "film"}


def filling_up(monkeypatch: pytest.MonkeyPatch, after: int) -> Callable[[], None]:
    """Let the disk be full from the `after`-th durable write on; return how to make room again."""
    count = 0

    def sync(_descriptor: int) -> None:
        nonlocal count
        count += 1
        if count > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", sync)
    return lambda: monkeypatch.setattr("os.fsync", lambda _descriptor: None)


@pytest.mark.parametrize("after", [0, 1, 3, 6, 9, 13, 18, 24, 29, 33, 40, 44, 47, 50, 53, 56, 60])
def test_a_full_disk_leaves_no_torn_file_and_the_rerun_buys_no_clip_twice(
    toy: Project, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    toy.spec(scenes=1)
    make_room = filling_up(monkeypatch, after)
    ran = toy.run()
    assert ran.exit in {Exit.FAILED, Exit.DECISION}
    assert "No space left on device" in ran.said
    for name in toy.files():
        if name != "film.json":
            kind_of(name).check(toy.layout().root / name)
    make_room()
    again = toy.run()
    if again.exit is Exit.DECISION:
        assert any(request.lost for request in toy.ledger().requests.values())
        toy.done(on_lost="resubmit")
    lost = sum(request.status == "abandoned" for request in toy.ledger().requests.values())
    assert toy.server.count("video") <= 1 + lost
    assert {name for name in WHOLE if toy.path(name).exists()} == WHOLE
    assert all(toy.record(name).origin == "vidpipe" for name in WHOLE)
    toy.rests()


def test_a_full_disk_that_tears_a_line_of_the_ledger_stops_before_the_request_is_sent(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    write = os.write

    def torn(descriptor: int, data: bytes) -> int:
        if b'"clips/' in data and b'"intent"' in data:
            write(descriptor, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    monkeypatch.setattr("os.write", torn)
    for _ in range(2):
        ran = toy.run()
        assert ran.exit is Exit.FAILED
        assert "No space left on device" in ran.said
    assert toy.server.sent("video") == 0
    monkeypatch.setattr("os.write", write)
    toy.done()
    assert toy.server.calls == (1, 2, 1)
    toy.rests()


def test_an_operation_whose_name_cannot_be_written_down_is_told_to_the_user(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if b'"submitted"' in data:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    monkeypatch.setattr("os.write", full)
    ran = toy.run()
    assert ran.exit is not Exit.DONE
    assert "operations/1" in ran.said
    monkeypatch.setattr("os.write", write)
    assert toy.run().exit is Exit.DECISION
    assert toy.server.sent("video") == 1


def test_a_clip_that_came_to_its_place_but_not_into_the_records_is_nobodys_edit(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    write = Store.write_record

    def full(self: Store, record: Record) -> None:
        if record.target.startswith("clips/"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), record.target)
        write(self, record)

    with monkeypatch.context() as disk:
        disk.setattr(Store, "write_record", full)
        assert toy.run().exit is Exit.FAILED
    assert toy.path("clip 0").exists()
    ran = toy.done()
    assert (ran.adopted, toy.record("clip 0").origin) == (set(), "vidpipe")
    assert toy.server.calls == (1, 2, 1)


def test_a_log_that_cannot_be_written_costs_no_film(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.run(until="storyboard")
    toy.layout().log.unlink()
    toy.layout().log.mkdir()
    toy.done()
    assert toy.server.calls == (1, 2, 1)


def test_a_read_only_project_is_told_with_its_place(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()

    def refuse(path: object, *_args: object, **_kwargs: object) -> None:
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr("os.mkdir", refuse)
    before = toy.snapshot()
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "runs: Read-only file system" in ran.said.splitlines()
    assert toy.changes(before) == set()
    assert toy.server.requests == []


def test_one_job_on_a_disk_that_fails_does_not_stop_another(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec("one")
    toy.spec("two")
    mkdir = os.mkdir

    def refuse(path: object, *args: object, **kwargs: object) -> None:
        if "one" in str(path).rpartition("runs")[2]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        mkdir(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr("os.mkdir", refuse)
    ran = toy.run("one", "two")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.DONE]


def test_a_bug_in_one_job_does_not_stop_another(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec("one")
    toy.spec("two")

    def buggy(layout: Layout) -> object:
        if layout == toy.layout("one"):
            raise ZeroDivisionError("a bug")
        return holder(layout)

    monkeypatch.setattr("vidpipe.conduct.holder", buggy)
    ran = toy.run("one", "two")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.DONE]
    assert "ZeroDivisionError" in ran.said


def test_runs_being_a_file_is_refused_before_anything_is_done(toy: Project) -> None:
    toy.spec()
    (toy.root / "runs").write_text("notes")
    with pytest.raises(UsageError, match="runs is a file, but job directories have to lie there"):
        toy.run()
    assert toy.server.requests == []


def test_a_job_directory_of_a_newer_vidpipe_is_refused_and_left_alone(pier: Project) -> None:
    pier.layout().job.write_text('{"format": 2, "spec": "specs/pier.yaml"}')
    before = pier.snapshot()
    for way in (pier.run, pier.plan):
        with pytest.raises(UsageError, match="written by a newer vidpipe"):
            way()
    assert pier.changes(before) == set()


def test_a_second_spec_that_claims_a_job_directory_is_refused(pier: Project) -> None:
    pier.spec("copy", name="pier")
    with pytest.raises(UsageError, match=r"runs/pier is the job directory of specs/pier.yaml"):
        pier.run("copy")
    (pier.root / "specs/pier.yaml").unlink()
    assert pier.done("copy").did == set()


def test_a_damaged_book_of_one_job_does_not_stop_another(pier: Project) -> None:
    pier.spec("two")
    pier.layout().ledger.write_text("{\n" + pier.layout().ledger.read_text())
    ran = pier.run("pier", "two")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.DONE]
    assert "ledger.jsonl:1: the ledger is damaged here" in ran.said


def test_a_damaged_job_file_of_one_job_does_not_stop_another(pier: Project) -> None:
    pier.spec("two")
    pier.layout().job.write_text("{")
    pier.path("film").unlink()
    ran = pier.run("pier", "two")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.DONE]
    assert "job.json" in ran.said


def test_a_damaged_pending_record_is_told_with_its_place(pier: Project) -> None:
    path = pier.layout().pending("clips/scene-001.mp4")
    path.parent.mkdir(parents=True, exist_ok=True)
    for text in ("{", '{"record": {}, "draft": "x", "judged": null}', '{"record": 1, "draft": "../x", "judged": null}'):
        path.write_text(text)
        ran = pier.run()
        assert ran.exit is Exit.FAILED
        assert shown_path(path) in ran.said
    path.unlink()
    pier.rests()


def test_a_scratch_folder_that_a_backup_left_out_is_made_again(pier: Project) -> None:
    import shutil

    from vidpipe.commands.redo import redo

    shutil.rmtree(pier.layout().scratch)
    pier.rests()
    (loaded,) = pier.load()
    redo(loaded, ["film.mp4"])
    assert pier.done().did == {"film"}
