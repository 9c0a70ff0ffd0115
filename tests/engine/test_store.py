"""The books of a job: what can be read back, what comes back for nothing, and what many threads do to them."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.engine.paper import NAME, TEXT, digest, draft, fingerprint, look, open_store, record_of
from vidpipe.engine.commit import commit
from vidpipe.engine.layout import FORMAT
from vidpipe.engine.mark import Mark
from vidpipe.engine.pending import Pending, read_pending, write_pending
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.record import Record


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "job")


def put(store: Store, text: str, words: str = "a", name: str = NAME) -> Record:
    return commit(store, TEXT, draft(store, text), record_of(store, text, words, name), look(store, name))


def best(store: Store, words: str = "a", since: int = -1) -> str | None:
    """Return the text of the take that would stand in first."""
    found = Store(store.layout).restorable(fingerprint(words), since=since, paid=True, upgrade=False)
    return next((path.read_text() for _, path in found if path.is_file()), None)


def test_reading_books_that_are_not_there_finds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    store = Store(open_store(tmp_path / "job").layout)
    (store.layout.scratch).rmdir()
    (store.layout.private).rmdir()
    assert (store.record(NAME), store.records(), store.archived(), store.pendings()) == (None, {}, [], {})
    assert (store.mark("redo", NAME), list(store.marks("redo")), store.last_take()) == (None, [], 0)
    assert list(store.layout.root.iterdir()) == []


def test_the_take_that_was_replaced_comes_back_for_its_fingerprint(store: Store) -> None:
    put(store, "one", "a")
    put(store, "two", "b")
    assert (best(store, "a"), best(store, "b"), best(store, "c")) == ("one", "two", None)


def test_the_newest_of_several_takes_comes_back(store: Store) -> None:
    for text in ("one", "two", "three"):
        put(store, text, "a")
    put(store, "four", "b")
    assert best(store, "a") == "three"


def test_a_take_that_is_in_use_elsewhere_comes_back(store: Store) -> None:
    put(store, "one", "a", "notes/two.txt")
    assert best(store, "a") == "one"


def test_takes_up_to_the_one_that_was_redone_do_not_come_back_whoever_has_them(store: Store) -> None:
    put(store, "one", "a", "notes/two.txt")
    put(store, "two", "a")
    assert best(store, "a", since=store.last_take()) is None


def test_an_exact_take_goes_before_a_newer_one_of_other_parts_of_vidpipes(store: Store) -> None:
    put(store, "exact", "a")
    newer = replace(record_of(store, "newer"), fingerprint=fingerprint("a", template="2"))
    commit(store, TEXT, draft(store, "newer"), newer, look(store))
    put(store, "other", "b")
    assert best(store, "a") == "exact"


def test_a_storyboards_takes_lie_beside_a_folder_of_its_name(store: Store) -> None:
    put(store, "one", "a", "storyboard.json")
    put(store, "two", "b", "storyboard.json")
    assert [take.digest for take in Store(store.layout).takes("storyboard.json")] == [digest("one")]


def test_a_record_that_cannot_be_read_is_told_where_it_is_wanted_and_no_obstacle_elsewhere(store: Store) -> None:
    put(store, "one")
    put(store, "two", "b", "notes/two.txt")
    store.layout.record(NAME).write_text("{")
    fresh = Store(store.layout)
    assert [*fresh.records()] == ["notes/two.txt"]
    with pytest.raises(BrokenFileError, match="remove it to go on"):
        fresh.record(NAME)


def test_threads_get_a_take_number_each(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: store.next_take(), range(200)))
    assert sorted(numbers) == list(range(1, 201))


def test_threads_that_write_takes_at_once_lose_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "write", lambda _store, _path, _value: None)
    store.archived()
    records = [record_of(store, f"{number}", name=f"notes/{number % 3}.txt") for number in range(300)]
    often, usual = 1e-6, sys.getswitchinterval()
    sys.setswitchinterval(often)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(store.write_take, records))
    finally:
        sys.setswitchinterval(usual)
    assert store.archived() == records


def test_take_numbers_go_on_above_all_there_ever_were(store: Store) -> None:
    put(store, "one")
    store.write_mark("redo", NAME, Mark(None, 7))
    assert Store(store.layout).next_take() == 8
    write_pending(store, Pending(replace(record_of(store, "two"), take=11), "draft", None))
    assert Store(store.layout).next_take() == 12


# Marks


def test_a_mark_is_read_as_it_was_written(store: Store) -> None:
    for mark in (Mark(None), Mark(digest("one"), 3, 5), Mark(digest("one"), 3, 5, fingerprint("b"))):
        store.write_mark("redo", NAME, mark)
        assert Store(store.layout).mark("redo", NAME) == mark
        assert [*Store(store.layout).marks("redo")] == [(NAME, mark)]
    store.drop_mark("redo", NAME)
    store.drop_mark("redo", NAME)
    assert Store(store.layout).mark("redo", NAME) is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"digest": 1, "take": 0, "request": 0}',
        '{"digest": null, "take": "0", "request": 0}',
        '{"digest": null, "take": 0, "request": 0, "fingerprint": {"user": {}}}',
        '{"digest": null, "take": 0, "request": 0, "fingerprint": 1}',
    ],
)
def test_a_damaged_mark_is_broken(store: Store, text: str) -> None:
    store.write_mark("accept", NAME, Mark(None))
    store.layout.mark("accept", NAME).write_text(text)
    with pytest.raises(BrokenFileError, match="remove it to go on"):
        store.mark("accept", NAME)


# Pending records


@pytest.mark.parametrize("name", ["", ".", "..", "../../film.mp4", "a/b"])
def test_a_pending_record_whose_draft_lies_elsewhere_is_broken(store: Store, name: str) -> None:
    write_pending(store, Pending(record_of(store, "one"), "draft", None))
    path = store.layout.pending(NAME)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"draft": name}))
    with pytest.raises(BrokenFileError):
        read_pending(path)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "a//b", ".vidpipe/lock", "a/.vidpipe/b", "a\\b", "a\0b", "", "."]
)
def test_a_name_that_leaves_the_directory_is_no_target(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match="is not a target"):
        store.layout.target(name)


# The format


@pytest.mark.parametrize("number", [FORMAT + 1, 99, "2", None])
def test_a_newer_format_is_refused(store: Store, number: object) -> None:
    store.layout.job.write_text(json.dumps({"format": number}))
    with pytest.raises(UsageError, match="written by a newer vidpipe"):
        store.check_format()


def test_our_own_format_and_none_at_all_are_fine(store: Store) -> None:
    store.check_format()
    store.layout.job.write_text(json.dumps({"format": FORMAT}))
    store.check_format()
