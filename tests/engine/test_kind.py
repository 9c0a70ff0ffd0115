"""Looking at a file: read only where its stamp does not answer, and never believed where the stamp is racy."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.engine.paper import TEXT, digest, fingerprint
from vidpipe.engine.judge import Disk
from vidpipe.engine.kind import Kind, trusted
from vidpipe.engine.record import Record
from vidpipe.files import RACY_NS, stamp

if TYPE_CHECKING:
    from pathlib import Path

NOW = 10**18


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text("one")
    os.utime(file, ns=(NOW, NOW))
    return file


def recorded(path: Path, at: int = NOW + RACY_NS + 1) -> Record:
    return Record("note.txt", digest("one"), 1, "vidpipe", fingerprint(), stamp=stamp(path), recorded_ns=at)


class Counting:
    """Counts how often files are read."""

    def __init__(self) -> None:
        self.reads = 0
        self.kind = Kind("text", TEXT.check, self.digest)

    def digest(self, path: Path) -> str:
        """Read a file and count it."""
        self.reads += 1
        return TEXT.digest(path)


def test_an_unchanged_file_is_not_read(path: Path) -> None:
    counting = Counting()
    assert counting.kind.look(path, recorded(path)) == Disk(digest("one"))
    assert counting.reads == 0


def test_verifying_reads_every_file(path: Path) -> None:
    counting = Counting()
    assert counting.kind.look(path, recorded(path), verify=True) == Disk(digest("one"))
    assert counting.reads == 1


@pytest.mark.parametrize("age", [0, 1, RACY_NS])
def test_a_stamp_that_is_not_over_two_seconds_older_than_its_recording_is_not_trusted(path: Path, age: int) -> None:
    record = recorded(path, NOW + age)
    path.write_text("two")
    os.utime(path, ns=(NOW, NOW))
    assert not trusted(record.stamp, record.recorded_ns, record.stamp or (0, 0, 0, 0))
    assert TEXT.look(path, record) == Disk(digest("two"))


@pytest.mark.parametrize("part", range(4))
def test_a_stamp_that_differs_in_any_part_is_not_trusted(path: Path, part: int) -> None:
    found = stamp(path)
    other = tuple(value + (number == part) for number, value in enumerate(found))
    assert trusted(found, NOW + RACY_NS + 1, found)
    assert not trusted(other, NOW + RACY_NS + 1, found)  # type: ignore[arg-type]


def test_a_file_from_the_future_is_read(path: Path) -> None:
    os.utime(path, ns=(3 * NOW, 3 * NOW))
    assert not trusted(stamp(path), NOW, stamp(path))


def test_no_stamp_is_never_trusted(path: Path) -> None:
    assert not trusted(None, NOW, stamp(path))


def test_damage_is_looked_for_only_where_the_content_is_not_the_recorded_one(path: Path) -> None:
    path.write_text("damaged")
    assert TEXT.look(path, None).damage is not None
    assert TEXT.look(path, replace(recorded(path), digest=digest("damaged"), stamp=None)) == Disk(digest("damaged"))


def test_what_is_not_there_is_missing_and_what_is_no_file_is_damaged(tmp_path: Path) -> None:
    assert TEXT.look(tmp_path / "none", None) == Disk()
    (tmp_path / "file").write_text("")
    assert TEXT.look(tmp_path / "file" / "below", None) == Disk()
    (tmp_path / "link").symlink_to("nowhere")
    assert TEXT.look(tmp_path / "link", None) == Disk()
    damage = TEXT.look(tmp_path, None).damage
    assert damage is not None
    assert "directory" in damage
