"""Music is a source of a finished job like its spec and its references: a change of it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.index.settled import let_sources_settle
from vidpipe.index.write import look
from vidpipe.options import RunOptions
from vidpipe.spec.load import load_specs
from vidpipe.workshop import layout_of

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.index.write import Look

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)


def looked(root: Path) -> Look | None:
    (loaded,) = load_specs([root / "specs" / "pier.yaml"], environ={})
    return look(loaded, layout_of(loaded, RunOptions()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project whose spec names music."""
    root = tmp_path.resolve()
    (root / "specs").mkdir()
    (root / "vidpipe.toml").write_text("")
    (root / "specs" / "pier.yaml").write_text("script: a\nmusic: ../bed.wav\n")
    (root / "bed.wav").write_bytes(WAV)
    for name in ("bed.wav", "specs/pier.yaml", "vidpipe.toml"):
        let_sources_settle(root / name)
    return root


def test_the_verdict_on_a_film_rests_on_its_music_too(root: Path) -> None:
    before = looked(root)
    assert before is not None
    assert "bed.wav" in before.sources
    again = looked(root)
    assert again is not None
    assert again.is_like(before)
    (root / "bed.wav").write_bytes(WAV + b"\0")
    let_sources_settle(root / "bed.wav")
    changed = looked(root)
    assert changed is not None
    assert not changed.is_like(before)


def test_no_index_is_written_for_music_behind_a_link(root: Path) -> None:
    (root / "bed.wav").rename(root / "real.wav")
    (root / "bed.wav").symlink_to("real.wav")
    assert looked(root) is None
