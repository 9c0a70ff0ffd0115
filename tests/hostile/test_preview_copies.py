"""The copies in a preview, and the notes of them: which speak of files that were never copied there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.hostile.test_preview import preview, yard
from vidpipe.commands import preview_copies
from vidpipe.engine.layout import Layout
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from tests.hostile.conftest import Yard

__all__ = ["yard"]


def forge(yard: Yard, *copies: str) -> None:
    """Let the notes say that files were copied into the preview."""
    preview(yard, "pier/.vidpipe/copies.json").write_text(json.dumps({"copies": copies}))


@pytest.mark.parametrize(
    "name",
    [
        "../../../../../elsewhere/x",
        "../../../../elsewhere/pier/film.mp4",
        "../pier.yaml",
        "..",
        "",
        ".vidpipe/lock",
        ".VIDPIPE/lock",
        "\ud800",
        "\0",
        "a\x1b[2J",
        "x" * 5_000,
        "x/" * 5_000 + "y",
    ],
    ids=lambda name: ascii(name)[:24].replace("/", "_"),
)
def test_notes_of_copies_speak_of_no_other_files(yard: Yard, name: str) -> None:
    forge(yard, name, str(yard.elsewhere / "x"), str(yard.elsewhere / "keyframes" / "id_rsa.png"))
    done = yard("preview")
    assert done.code == 0, done.told
    assert "\x1b" not in done.told


@pytest.mark.parametrize("folder", ["x", "pictures/old"])
def test_no_copy_is_removed_through_a_link(yard: Yard, folder: str) -> None:
    forge(yard, f"{folder}/x.json", f"{folder}/pier/film.mp4")
    preview(yard, f"pier/{folder}").symlink_to(yard.elsewhere, target_is_directory=True)
    yard.refuses("preview", saying="is a symbolic link")


def test_a_copy_that_is_a_folder_is_told(yard: Yard) -> None:
    forge(yard, "keyframes")
    (preview(yard, "pier/keyframes") / "deep").mkdir(parents=True)
    assert yard.refuses("preview", saying="keyframes").code == 1


@pytest.mark.parametrize("folder", ["keyframes", ".vidpipe/tmp", ".vidpipe"])
@pytest.mark.parametrize("moment", ["before", "while"])
def test_a_copy_is_neither_compared_nor_put_through_a_link(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, folder: str, moment: str
) -> None:
    name = "keyframes/scene-000-end.png"
    layout = Layout(yard.root / "runs" / ".preview" / "pier")
    for made in (layout.scratch, layout.root / "keyframes"):
        made.mkdir(parents=True)
    (yard.elsewhere / "scene-000-end.png").write_bytes((yard.elsewhere / name).read_bytes())
    before = sorted(yard.elsewhere.rglob("*"))

    def exchange(*_given: object) -> None:
        (layout.root / folder).rename(yard.root / "aside")
        (layout.root / folder).symlink_to(yard.elsewhere, target_is_directory=True)

    if moment == "before":
        exchange()
    else:
        monkeypatch.setattr(preview_copies, "copyfileobj", exchange)
    with pytest.raises(BrokenFileError, match="is a symbolic link"):
        preview_copies.place_copies({name: yard.elsewhere / name}, Store(layout))
    assert sorted(yard.elsewhere.rglob("*")) == before
