"""A run builds on what is durable: what a killed one left in memory only is synced by the next before it does anything.

Files are synced before they get their names, so of these it is the names that may be lost, and the ledger's lines.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from tests.syncs import watch
from vidpipe.engine import settle as settling
from vidpipe.engine.layout import Layout
from vidpipe.errors import BusyError, Exit
from vidpipe.lock import hold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.project import Project
    from vidpipe.engine.kind import Kind
    from vidpipe.engine.store import Store

OWN = ".vidpipe"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return a job directory in which a run was killed."""
    layout = Layout(tmp_path / "runs/pier")
    for folder in ("clips", f"{OWN}/records/clips", f"{OWN}/archive/content", f"{OWN}/pending", f"{OWN}/marks/redo"):
        (layout.root / folder).mkdir(parents=True)
    for folder in (f"{OWN}/cache/pieces", f"{OWN}/tmp/film"):
        (layout.root / folder).mkdir(parents=True)
    layout.ledger.touch()
    return layout


def test_who_takes_the_lock_syncs_the_ledger_and_every_name_before_anything_else(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = watch(monkeypatch, layout.root)
    with hold(layout):
        assert {
            "..",
            ".",
            "clips",
            OWN,
            f"{OWN}/ledger.jsonl",
            f"{OWN}/records",
            f"{OWN}/records/clips",
            f"{OWN}/archive",
            f"{OWN}/archive/content",
            f"{OWN}/pending",
            f"{OWN}/marks",
            f"{OWN}/marks/redo",
        } == set(synced) - {""}


def test_the_names_of_the_folders_above_a_job_are_synced_too(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = watch(monkeypatch, layout.root.parent)
    with hold(layout):
        assert {"..", ".", "pier"} <= set(synced)


def test_a_folder_of_a_run_that_was_killed_at_once_has_a_durable_name_before_another_is_made_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(tmp_path / "runs/pier")
    (tmp_path / "runs").mkdir()
    told: list[tuple[str, bool]] = []
    watch(monkeypatch, tmp_path, lambda path: told.append((path, layout.root.exists())))
    with hold(layout):
        pass
    assert (".", False) in told


def test_who_finds_the_lock_taken_syncs_nothing(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.lock.PATIENCE", 0.0)
    with hold(layout):
        synced = watch(monkeypatch, layout.private)
        with pytest.raises(BusyError), hold(layout):
            pass
        assert [path for path in synced if path not in {"", ".."}] == []


def test_a_folder_that_a_run_has_made_itself_is_not_synced_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(tmp_path / "pier")
    synced = watch(monkeypatch, tmp_path)
    with hold(layout):
        assert [path for path in synced if path] == ["..", ".", "pier"]


def test_a_run_syncs_what_it_finds_before_it_reads_or_changes_it(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()
    toy.run(until="keyframes")
    synced = watch(monkeypatch, toy.layout().root)
    told: list[set[str]] = []

    def settle(store: Store, kinds: Mapping[str, Kind]) -> list[str]:
        told.append(set(synced))
        return settling.settle(store, kinds)

    monkeypatch.setattr("vidpipe.workshop.settle", settle)
    toy.done()
    assert {f"{OWN}/ledger.jsonl", OWN, "keyframes", f"{OWN}/records/keyframes"} <= told[0]


def test_a_run_that_makes_nothing_syncs_nothing(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()
    toy.done()
    synced = watch(monkeypatch, toy.root)
    toy.done()
    toy.plan()
    assert synced == []


@pytest.mark.parametrize("place", [f"{OWN}/ledger.jsonl", f"{OWN}/records", "keyframes"])
def test_a_run_that_cannot_make_sure_of_what_it_finds_stops_before_anything_is_sent(
    toy: Project, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    toy.spec()
    toy.run(until="keyframes")
    sent = len(toy.server.requests)

    def fail(path: str) -> None:
        if path == place:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    watch(monkeypatch, toy.layout().root, fail)
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert f"runs/pier/{place}: Input/output error" in ran.said
    assert len(toy.server.requests) == sent
