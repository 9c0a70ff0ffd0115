"""What a person made is no rubbish, wherever `clean` finds it; a folder that cannot be read stops no other job."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tests.failing import SAID, disk_error
from tests.project import long
from tests.toy import picture_of
from vidpipe.commands.clean import clean
from vidpipe.commands.redo import redo
from vidpipe.errors import Exit

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def test_an_archived_take_of_a_persons_own_hand_stays_and_is_named(toy: Project) -> None:
    toy.spec()
    toy.done()
    toy.path("end 0").write_bytes(picture_of("by hand"))
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("end 0")])
    toy.done()
    (found,) = clean([], archive=True, remove=True)
    assert any("in the archive is of your own hand and stays" in said for said in found.kept)
    assert found.removals
    contents = [path.read_bytes() for path in (toy.layout().archive / "content").iterdir()]
    assert picture_of("by hand") in contents


def test_a_job_directory_that_cannot_be_read_stops_the_cleaning_of_no_other(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ash", "birch"):
        toy.spec(name, scenes=1)
    toy.done("ash", "birch")
    usual = os.scandir

    def listing(path: Any = ".") -> Any:
        return disk_error(path) if "ash" in str(path) else usual(path)

    monkeypatch.setattr("os.scandir", listing)
    ash, birch = clean([])
    assert (ash.exit_code, birch.exit_code) == (Exit.FAILED, Exit.DONE)
    assert SAID in ash.problem
