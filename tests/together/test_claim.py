"""Two specs of one name that reach for the directory at once: the one that comes second touches nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.signals.begun import Line, begin
from vidpipe import conduct

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio


def spec(studio: Studio, stem: str) -> Path:
    """Write specs/STEM.yaml, whose film is called `pier`."""
    path = studio.spec(stem, scenes=1)
    path.write_text(f"name: pier\n{path.read_text()}")
    return path


def test_a_spec_whose_directory_was_claimed_after_it_had_looked_is_refused_and_buys_nothing(
    studio: Studio, papers: Path
) -> None:
    late = str(spec(studio, "late"))
    early = str(spec(studio, "early"))

    def before_the_lock(line: Line) -> None:
        line.stop_at(conduct, "hold")

    run = begin(papers, "run", "--json", late, inside=before_the_lock)
    run.expect(b"h")  # it has found that the directory is nobody's
    studio.run(early)
    held = {path: path.read_bytes() for path in studio.directory().rglob("*") if path.is_file() and path.name != "lock"}
    run.go()
    assert run.ended() == 2, run.out + run.err
    assert "runs/pier is the job directory of specs/early.yaml, so specs/late.yaml cannot be made there" in run.told
    assert {path: path.read_bytes() for path in held} == held
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.run(early).acted() == set()
