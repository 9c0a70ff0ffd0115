"""Putting a draft in place: the old file is kept, a person's hand is never overwritten, and a crash rolls forward."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.engine.paper import NAME, TEXT, digest, draft, fingerprint, look, open_store, record_of
from vidpipe import files
from vidpipe.engine.commit import EditedMeanwhileError, adopt, commit
from vidpipe.engine.judge import Disk
from vidpipe.engine.kind import Kind
from vidpipe.engine.pending import Pending, write_pending
from vidpipe.engine.settle import settle
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.record import Record

KINDS = {"text": TEXT}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "job")


def put(store: Store, text: str, words: str = "a") -> Record:
    """Make a target of a text."""
    return commit(store, TEXT, draft(store, text), record_of(store, text, words), look(store))


def fresh(store: Store) -> Store:
    """Return the books as another process reads them."""
    return Store(store.layout)


def text_of(store: Store) -> str:
    return store.layout.target(NAME).read_text()


def test_a_committed_draft_is_in_place_recorded_and_leaves_nothing_behind(store: Store) -> None:
    recorded = put(store, "one")
    assert text_of(store) == "one"
    assert fresh(store).record(NAME) == recorded
    assert fresh(store).pendings() == {}
    assert list(store.layout.scratch.iterdir()) == []
    assert fresh(store).archived() == []


def test_a_file_that_was_just_made_is_trusted_by_its_stamp(store: Store) -> None:
    recorded = put(store, "one")
    found = TEXT.look(store.layout.target(NAME), fresh(store).record(NAME))
    assert found == Disk(recorded.digest)
    assert recorded.stamp is not None


def test_a_replaced_file_is_archived_with_its_record(store: Store) -> None:
    first = put(store, "one")
    put(store, "two", "b")
    (take,) = fresh(store).archived()
    assert (take.digest, take.take, take.origin, take.fingerprint) == (first.digest, 1, "vidpipe", fingerprint("a"))
    assert store.layout.content(first.digest).read_text() == "one"
    assert text_of(store) == "two"


def test_a_hand_made_file_that_is_replaced_is_archived_as_the_users(store: Store) -> None:
    put(store, "one")
    store.layout.target(NAME).write_text("by hand")
    put(store, "two", "b")
    takes = {take.digest: take for take in fresh(store).archived()}
    assert takes[digest("by hand")].origin == "user"
    assert takes[digest("one")].origin == "vidpipe"
    assert store.layout.content(digest("by hand")).read_text() == "by hand"


@pytest.mark.parametrize("judged", ["one", None])
def test_a_file_that_is_not_the_judged_one_any_more_stays_and_the_draft_goes_to_the_archive(
    store: Store, judged: str | None
) -> None:
    if judged:
        put(store, judged)
    disk = look(store)
    store.layout.target(NAME).parent.mkdir(exist_ok=True)
    store.layout.target(NAME).write_text("by hand")
    path = draft(store, "two")
    record = record_of(store, "two", "b")
    with pytest.raises(EditedMeanwhileError):
        commit(store, TEXT, path, record, disk)
    assert text_of(store) == "by hand"
    assert store.layout.content(digest("two")).read_text() == "two"
    assert record in fresh(store).archived()
    assert fresh(store).pendings() == {}
    assert not path.exists()


@pytest.mark.parametrize("deed", ["delete", "damage"])
def test_a_file_that_is_deleted_or_half_written_meanwhile_loses_nothing(store: Store, deed: str) -> None:
    put(store, "one")
    disk = look(store)
    if deed == "delete":
        store.layout.target(NAME).unlink()
    else:
        store.layout.target(NAME).write_text("damaged")
    with pytest.raises(EditedMeanwhileError):
        commit(store, TEXT, draft(store, "two"), record_of(store, "two", "b"), disk)
    assert store.layout.content(digest("two")).read_text() == "two"


def test_a_file_that_slips_in_just_after_the_rename_is_not_taken_for_the_recorded_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(source: Path, target: Path) -> None:
        files.put(source, target)
        if target == store.layout.target(NAME):
            spare = target.with_name("spare")
            spare.write_text("two")
            os.utime(spare, (1, 1))
            spare.replace(target)

    monkeypatch.setattr("vidpipe.engine.commit.put", slip)
    put(store, "one")
    assert TEXT.look(store.layout.target(NAME), fresh(store).record(NAME)) == Disk(digest("two"))


# Adopting


def test_adopting_records_the_file_and_keeps_the_record_it_had(store: Store) -> None:
    put(store, "one")
    store.layout.target(NAME).write_text("by hand")
    hands = replace(record_of(store, "by hand"), origin="user")
    adopt(store, hands, look(store))
    recorded = fresh(store).record(NAME)
    assert recorded is not None
    assert (recorded.origin, recorded.digest) == ("user", digest("by hand"))
    assert [take.digest for take in fresh(store).archived()] == [digest("one")]
    assert text_of(store) == "by hand"


def test_adopting_under_another_fingerprint_keeps_the_first_one_on_record(store: Store) -> None:
    made = put(store, "one")
    adopt(store, replace(made.at(NAME, store.next_take()), fingerprint=fingerprint("b")), look(store))
    assert [take.fingerprint for take in fresh(store).archived()] == [fingerprint("a")]


def test_a_file_that_changes_between_judging_and_adopting_is_not_taken_for_the_adopted_one(store: Store) -> None:
    put(store, "one")
    target = store.layout.target(NAME)
    target.write_text("by hand")
    disk = look(store)
    spare = target.with_name("spare")
    spare.write_text("another hand")
    os.utime(spare, (1, 1))
    spare.replace(target)
    adopt(store, replace(record_of(store, "by hand"), origin="user"), disk)
    assert TEXT.look(target, fresh(store).record(NAME)) == Disk(digest("another hand"))


# Settling


def pending(store: Store, text: str, judged: str | None) -> Path:
    """Leave behind what a crash after the pending record leaves behind; return the draft."""
    path = draft(store, text)
    write_pending(store, Pending(record_of(store, text, "b"), path.name, judged))
    return path


def test_a_crash_before_the_rename_is_rolled_forward(store: Store) -> None:
    put(store, "one")
    pending(store, "two", digest("one"))
    assert settle(fresh(store), KINDS) == []
    recorded = fresh(store).record(NAME)
    assert recorded is not None
    assert (text_of(store), recorded.digest, recorded.origin) == ("two", digest("two"), "vidpipe")
    assert store.layout.content(digest("one")).read_text() == "one"
    assert fresh(store).pendings() == {}


def test_a_crash_after_the_rename_is_recorded(store: Store) -> None:
    put(store, "one")
    pending(store, "two", digest("one")).replace(store.layout.target(NAME))
    assert settle(fresh(store), KINDS) == []
    recorded = fresh(store).record(NAME)
    assert recorded is not None
    assert (text_of(store), recorded.digest, recorded.fingerprint) == ("two", digest("two"), fingerprint("b"))


def test_a_crash_before_a_first_rename_is_rolled_forward(store: Store) -> None:
    pending(store, "two", None)
    settle(fresh(store), KINDS)
    assert text_of(store) == "two"


def test_an_edit_after_the_crash_stays_and_the_draft_goes_to_the_archive(store: Store) -> None:
    put(store, "one")
    pending(store, "two", digest("one"))
    store.layout.target(NAME).write_text("by hand")
    said = settle(fresh(store), KINDS)
    assert said == [f"{NAME}: edited while it was being made; the draft is take 2"]
    assert text_of(store) == "by hand"
    recorded = fresh(store).record(NAME)
    assert recorded is not None
    assert recorded.digest == digest("one")
    assert store.layout.content(digest("two")).read_text() == "two"
    assert fresh(store).pendings() == {}


@pytest.mark.parametrize("torn", ["tw", None])
def test_a_draft_that_did_not_survive_is_dropped(store: Store, torn: str | None) -> None:
    put(store, "one")
    path = pending(store, "two", digest("one"))
    path.write_text(torn) if torn else path.unlink()
    assert settle(fresh(store), KINDS) == []
    assert text_of(store) == "one"
    assert fresh(store).pendings() == {}
    assert len(fresh(store).archived()) == 0


def test_settling_twice_changes_nothing_more(store: Store) -> None:
    put(store, "one")
    pending(store, "two", digest("one"))
    settle(fresh(store), KINDS)
    before = sorted(path for path in store.layout.root.rglob("*"))
    settle(fresh(store), KINDS)
    assert sorted(path for path in store.layout.root.rglob("*")) == before


def test_a_pending_record_of_an_unknown_step_is_broken(store: Store) -> None:
    path = draft(store, "two")
    strange = replace(record_of(store, "two"), fingerprint=replace(fingerprint(), own={"step": "opera"}))
    write_pending(store, Pending(strange, path.name, None))
    with pytest.raises(BrokenFileError, match="remove it to go on"):
        settle(fresh(store), KINDS)


def test_a_crash_between_archiving_a_draft_and_recording_it_leaves_a_take_that_can_be_restored(store: Store) -> None:
    put(store, "one")
    path = pending(store, "two", digest("one"))
    store.layout.target(NAME).write_text("by hand")
    store.layout.content(digest("two")).parent.mkdir(parents=True, exist_ok=True)
    path.replace(store.layout.content(digest("two")))
    settle(fresh(store), KINDS)
    assert digest("two") in [take.digest for take in fresh(store).archived()]
    assert fresh(store).pendings() == {}
    assert text_of(store) == "by hand"


def moving_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person move another file in while the one that stands there is hashed for the last time."""
    looks = Kind.look

    def look_and_move(self: Kind, path: Path, record: Record | None, **options: bool) -> Disk:
        found = looks(self, path, record, **options)
        if path == store.layout.target(NAME):
            spare = path.with_name("spare")
            spare.write_text("by hand")
            spare.replace(path)
        return found

    monkeypatch.setattr(Kind, "look", look_and_move)


def test_a_file_that_is_moved_in_while_the_old_one_is_hashed_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "one")
    disk, path, record = look(store), draft(store, "two"), record_of(store, "two", "b")
    moving_in(store, monkeypatch)
    with pytest.raises(EditedMeanwhileError):
        commit(store, TEXT, path, record, disk)
    assert text_of(store) == "by hand"


def test_a_file_that_is_moved_in_while_a_crash_is_settled_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "one")
    put(store, "two", "b")
    put(store, "one")
    pending(store, "three", digest("one"))
    moving_in(store, monkeypatch)
    settle(fresh(store), KINDS)
    assert text_of(store) == "by hand"
    assert store.layout.content(digest("three")).read_text() == "three"
