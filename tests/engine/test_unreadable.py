"""A disk that cannot read just now loses nothing of the engine's: what is kept is not taken for gone or damaged."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.paper import NAME, TEXT, digest, draft, look, open_store, record_of
from tests.syncs import watch
from vidpipe.engine.commit import adopt, archive_file, commit
from vidpipe.engine.pending import Pending, write_pending
from vidpipe.engine.record import load_json
from vidpipe.engine.settle import settle
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"text": TEXT}
SAID = "Input/output error"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "job")


def unreadable(monkeypatch: pytest.MonkeyPatch, *paths: Path, code: int = errno.EIO) -> None:
    """Let the disk fail to open files or to list folders."""
    opened, listed = os.open, os.scandir

    def refuse(path: Any) -> None:
        if str(path) in {str(each) for each in paths}:
            raise OSError(code, os.strerror(code), str(path))

    def open_or_fail(path: Any, *given: Any, **named: Any) -> int:
        refuse(path)
        return opened(path, *given, **named)

    def list_or_fail(path: Any = ".") -> Any:
        refuse(path)
        return listed(path)

    monkeypatch.setattr("os.open", open_or_fail)
    monkeypatch.setattr("os.scandir", list_or_fail)


def aside(store: Store, text: str) -> None:
    """Leave behind what a crash leaves between a draft's way into the archive and its record there."""
    content = store.layout.content(digest(text))
    content.parent.mkdir(parents=True, exist_ok=True)
    path = draft(store, text)
    write_pending(store, Pending(record_of(store, text), path.name, digest("what was judged")))
    path.replace(content)


def test_a_take_whose_content_cannot_be_read_when_a_crash_is_settled_is_not_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside(store, "one")
    with monkeypatch.context() as failing:
        unreadable(failing, store.layout.content(digest("one")))
        with pytest.raises(OSError, match=SAID):
            settle(Store(store.layout), KINDS)
    settle(Store(store.layout), KINDS)
    assert [take.digest for take in Store(store.layout).archived()] == [digest("one")]


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.EMFILE])
def test_the_content_of_a_file_that_cannot_be_opened_is_not_known(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path = draft(store, "one")
    assert TEXT.holds(path, digest("one"))
    unreadable(monkeypatch, path, code=code)
    with pytest.raises(OSError, match=os.strerror(code)):
        TEXT.holds(path, digest("one"))


def test_a_file_that_is_gone_or_another_one_does_not_hold_a_content(store: Store) -> None:
    assert not TEXT.holds(store.layout.root / "nothing", digest("one"))
    assert not TEXT.holds(store.layout.root, digest("one"))
    assert not TEXT.holds(draft(store, "two"), digest("one"))


def test_an_archived_copy_that_cannot_be_read_is_replaced_by_a_sound_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = store.layout.content(digest("one"))
    archive_file(store, TEXT, draft(store, "one"), digest("one"))
    inode = content.stat().st_ino
    with monkeypatch.context() as failing:
        unreadable(failing, content)
        archive_file(store, TEXT, draft(store, "one"), digest("one"))
    assert content.read_text() == "one"
    assert content.stat().st_ino != inode


def test_a_copy_that_is_in_the_archive_already_has_a_durable_name_before_the_file_is_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_file(store, TEXT, draft(store, "one"), digest("one"))
    synced = watch(monkeypatch, store.layout.archive)
    archive_file(store, TEXT, draft(store, "one"), digest("one"))
    assert synced == ["content"]


def test_a_file_of_a_persons_is_durable_before_it_is_recorded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    target = store.layout.target(NAME)
    target.parent.mkdir()
    target.write_text("by hand")
    told: list[tuple[str, bool]] = []
    watch(monkeypatch, store.layout.root, lambda path: told.append((path, store.layout.record(NAME).exists())))
    adopt(store, record_of(store, "by hand"), look(store))
    assert told[:2] == [(NAME, False), ("notes", False)]


def test_a_file_of_a_persons_that_is_taken_away_just_then_is_no_error(store: Store) -> None:
    target = store.layout.target(NAME)
    target.parent.mkdir()
    target.write_text("by hand")
    disk = look(store)
    target.unlink()
    adopt(store, record_of(store, "by hand"), disk)
    assert look(store).missing


def made_twice(store: Store) -> None:
    """Leave a take in the archive."""
    for text in ("one", "two"):
        commit(store, TEXT, draft(store, text), record_of(store, text), look(store))


def test_takes_of_which_a_record_cannot_be_read_are_not_taken_for_all_there_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_twice(store)
    unreadable(monkeypatch, store.layout.take(NAME, 1))
    with pytest.raises(UnreadableFileError, match=SAID):
        Store(store.layout).archived()


def test_takes_of_which_a_record_is_damaged_are(store: Store) -> None:
    made_twice(store)
    store.layout.take(NAME, 1).write_text("{")
    assert Store(store.layout).archived() == []


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
@pytest.mark.parametrize("folder", ["archive/records", "archive/records/notes"])
def test_takes_in_a_folder_that_cannot_be_listed_are_not_taken_for_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch, folder: str, code: int
) -> None:
    made_twice(store)
    unreadable(monkeypatch, store.layout.private / folder, code=code)
    with pytest.raises(OSError, match=os.strerror(code)):
        Store(store.layout).archived()


def test_a_record_that_cannot_be_read_is_told_from_a_damaged_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store.layout.record(NAME)
    path.parent.mkdir(parents=True)
    path.write_text("{")
    with pytest.raises(BrokenFileError) as caught:
        load_json(path)
    assert not isinstance(caught.value, UnreadableFileError)
    unreadable(monkeypatch, path)
    with pytest.raises(UnreadableFileError, match=SAID):
        load_json(path)
