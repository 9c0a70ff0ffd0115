"""`vidpipe init` and `vidpipe check`: a first spec that makes a film as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from vidpipe.commands.check import check
from vidpipe.commands.init import init
from vidpipe.commands.schema import schema
from vidpipe.errors import UsageError
from vidpipe.spec.model import Spec

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_spec_can_be_made_as_it_stands(folder: Path) -> None:
    assert init("ferry", folder) == folder / "specs" / "ferry.yaml"
    (loaded,) = check([])
    assert loaded.spec.name == "ferry"
    assert not loaded.video_model.paid
    assert len(loaded.script.split(".")) > loaded.spec.scenes


def test_every_key_stands_in_the_first_spec(folder: Path) -> None:
    text = init("ferry", folder).read_text(encoding="utf-8")
    for key in set(Spec.model_fields) - {"name"}:
        assert re.search(rf"(?m)^(# )?{key}: |^# {key}:$|`{key}: ", text), key


def test_what_the_comments_offer_is_right_when_it_is_written(folder: Path) -> None:
    path = init("ferry", folder)
    optional = path.read_text(encoding="utf-8").partition("--- Everything below")[2]
    uncommented = re.sub(r"(?m)^# (?=( *)[a-z_-]+:? |[a-z_]+:$)", "", optional)
    lines = [line for line in uncommented.splitlines() if re.match(r" *(- )?[a-z_]+:", line)]
    (folder / "specs" / "ferryman.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "specs" / "lute.mp3").write_bytes(b"ID3" + bytes(61))
    other = folder / "specs" / "other.yaml"
    other.write_text("script: a\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (loaded,) = check([other])
    assert {
        "aspect_ratio",
        "seed",
        "references",
        "models.speech",
        "music",
        "loudness",
        "captions",
        "on_refused",
        "output",
    } <= loaded.named


def test_the_editor_finds_the_schema_beside_the_spec(folder: Path) -> None:
    first_line = init("ferry", folder).read_text(encoding="utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=vidpipe.schema.json"
    assert (folder / "specs" / "vidpipe.schema.json").read_text(encoding="utf-8") == schema()


@pytest.mark.parametrize("name", ["ferry.yaml", "ferry.yml"])
def test_a_name_with_the_ending_of_a_spec_is_the_name_without_it(folder: Path, name: str) -> None:
    assert init(name, folder) == folder / "specs" / "ferry.yaml"


def test_nothing_is_ever_overwritten(folder: Path) -> None:
    spec = init("ferry", folder)
    spec.write_text("mine")
    (folder / "specs" / "vidpipe.schema.json").write_text("mine too")
    with pytest.raises(UsageError, match=r"specs/ferry\.yaml is there already"):
        init("ferry", folder)
    init("other", folder)
    assert spec.read_text() == "mine"
    assert (folder / "specs" / "vidpipe.schema.json").read_text() == "mine too"


@pytest.mark.parametrize("name", ["../ferry", "Ferry", "", "a" * 65, ".ferry", "fer ry"])
def test_a_name_that_no_job_can_have_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a job"):
        init(name, folder)
    assert not (folder / "specs").exists()


def test_a_file_where_the_folder_should_be_is_told(folder: Path) -> None:
    (folder / "specs").write_text("")
    with pytest.raises(UsageError, match="specs"):
        init("ferry", folder)


def test_a_full_disk_leaves_no_torn_spec(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (folder / "specs").mkdir()
    monkeypatch.setattr("vidpipe.commands.init.os.fsync", full)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        init("ferry", folder)
    assert list((folder / "specs").iterdir()) == []
