"""models.toml is one of the sources that a verdict rests on, also where it appears or disappears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.index.settled import let_sources_settle

if TYPE_CHECKING:
    from tests.index.deeds import Job

TABLE = """
[[models]]
provider = "toy"
kind = "video"
id = "film-1"
prices = { 720p = "0.90" }
"""


def test_an_index_says_nothing_once_a_file_of_models_appears_and_speaks_of_it_when_written_anew(job: Job) -> None:
    path = job.root / "models.toml"
    assert job.ask() is not None
    path.write_text(TABLE, encoding="utf-8")
    let_sources_settle(path)
    assert job.ask() is None
    job.index()
    assert job.ask() is not None
    path.write_text(TABLE.replace("0.90", "0.80"), encoding="utf-8")
    assert job.ask() is None
    path.unlink()
    assert job.ask() is None
