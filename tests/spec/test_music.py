"""The music that a spec names: found like every file it names, and known to be sound before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.loading import load, told_of
from vidpipe.spec import files
from vidpipe.spec.load import as_draft

if TYPE_CHECKING:
    from pathlib import Path

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)
SHORT = "script: a\nmusic: bed.wav\n"
LONG = "script: a\nmusic:\n  gain_db: -6\n  file: bed.wav\n"


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_music_lies_beside_the_spec(project: Path, text: str) -> None:
    (project / "specs" / "bed.wav").write_bytes(WAV)
    loaded = load(text)
    assert loaded.music == (project / "specs" / "bed.wav").resolve()
    assert loaded.spec.music is not None
    assert loaded.spec.music.gain_db == (-12 if text == SHORT else -6)


def test_a_draft_has_the_music_of_its_film(project: Path) -> None:
    (project / "specs" / "bed.wav").write_bytes(WAV)
    loaded = load(SHORT)
    assert as_draft(loaded).music == loaded.music is not None


def test_a_film_without_music_names_none(project: Path) -> None:
    assert load("script: a\n").music is None


def test_music_of_the_defaults_lies_beside_the_settings_file(project: Path) -> None:
    (project / "bed.wav").write_bytes(WAV)
    (project / "vidpipe.toml").write_text('[defaults]\nmusic = "bed.wav"\n')
    assert load("script: a\n").music == (project / "bed.wav").resolve()


@pytest.mark.parametrize(
    ("text", "place"), [(SHORT, "specs/pier.yaml:2:8: music"), (LONG, "specs/pier.yaml:4:9: music.file")]
)
def test_what_is_no_music_is_told_with_its_place(project: Path, text: str, place: str) -> None:
    assert told_of(text).startswith(f"{place}")
    assert told_of(text).endswith("bed.wav: there is no such file")
    (project / "specs" / "bed.wav").write_bytes(b"#EXTM3U\nhttp://localhost/secret.wav\n")
    assert told_of(text).startswith(f"{place}")
    assert told_of(text).endswith("bed.wav is no WAV, MP3, M4A, FLAC or Ogg file")


def test_music_cannot_leave_the_project_through_a_link(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.wav"
    secret.write_bytes(WAV)
    (project / "specs" / "bed.wav").symlink_to(secret)
    assert told_of(SHORT).endswith("bed.wav leads out of the project through a symbolic link")


def test_music_outside_the_project_is_refused(project: Path) -> None:
    assert told_of("script: a\nmusic: ../../bed.wav\n").endswith("../../bed.wav lies outside the project")
    assert "must be relative" in told_of("script: a\nmusic: /etc/bed.wav\n")


def test_music_that_is_too_large_is_refused_unread(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_MUSIC", 40)
    (project / "specs" / "bed.wav").write_bytes(WAV)
    load(SHORT)
    (project / "specs" / "bed.wav").write_bytes(WAV + b"\0")
    assert "bed.wav is too large: 41 bytes" in told_of(SHORT)


def test_a_folder_is_no_music(project: Path) -> None:
    (project / "specs" / "bed.wav").mkdir()
    assert told_of(SHORT).endswith("bed.wav is a folder, not a file")
