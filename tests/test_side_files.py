"""What lies beside a film: its copy where `output` says, and `film.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import Exit
from vidpipe.results import JobState

if TYPE_CHECKING:
    from tests.project import Project


def test_an_output_is_placed_once_and_replaced_only_if_vidpipe_put_it_there(toy: Project) -> None:
    toy.spec(scenes=1, output="films/{name}.mp4")
    place = toy.root / "films" / "pier.mp4"
    toy.done()
    assert place.read_bytes() == toy.bytes("film")
    toy.rests()
    place.unlink()
    toy.done()
    assert place.read_bytes() == toy.bytes("film")
    place.write_bytes(b"my own")
    assert "films/pier.mp4 was not put there by vidpipe" in toy.plan().said
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "was not put there by vidpipe" in ran.said
    assert place.read_bytes() == b"my own"


def test_a_plan_tells_beforehand_that_the_film_cannot_be_placed(toy: Project) -> None:
    toy.spec(scenes=1, output="films/{name}.mp4")
    place = toy.root / "films" / "pier.mp4"
    place.parent.mkdir()
    place.write_bytes(b"my own")
    planned = toy.plan()
    assert planned.job.state is JobState.BLOCKED
    assert "was not put there by vidpipe and stays as it is, unless the film comes out the very same" in planned.said
    assert toy.plan(until="clips").job.state is JobState.PLANNED
    place.unlink()
    place.mkdir()
    assert "films/pier.mp4 is a folder" in toy.plan().said
    ran = toy.run()
    assert (ran.exit, ran.job.film) == (Exit.DECISION, toy.path("film"))
    assert "films/pier.mp4 is a folder" in ran.said
    place.rmdir()
    toy.done()
    assert "output" not in toy.plan().said


def test_side_files_are_written_again_without_encoding_anything(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    provenance = toy.layout().root / "film.json"
    text = provenance.read_bytes()
    for damage in (provenance.unlink, lambda: provenance.write_text("{}")):
        damage()
        assert toy.done().did == set()
        assert provenance.read_bytes() == text
    toy.rests()
