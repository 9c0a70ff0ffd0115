"""What a killed run leaves behind goes with the next one that works, and no other time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.project import Project


def test_what_a_killed_run_was_writing_is_cleared_away_though_nothing_is_left_to_make(toy: Project) -> None:
    toy.spec()
    toy.done()
    layout = toy.layout()
    layout.index.unlink(missing_ok=True)  # as it is until a run has come to its end
    draft = layout.scratch / "0123456789ab-index.json"
    draft.write_bytes(b"{")
    assert toy.done().did == set()
    assert not draft.exists()
    toy.rests()


def test_a_copy_of_the_film_that_a_killed_run_left_half_written_goes_with_the_next_one(toy: Project) -> None:
    toy.spec(output="films/pier.mp4")
    toy.done()
    film, half = toy.root / "films/pier.mp4", toy.root / "films/.pier.mp4.vidpipe-part"
    half.write_bytes(film.read_bytes()[:100])
    film.unlink()
    toy.done()
    assert film.read_bytes() == toy.bytes("film")
    assert not half.exists()
