"""The files that a spec names: its script and its reference pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.closed import never_opened
from tests.spec.loading import load, told_of
from vidpipe.providers.catalogue import Model
from vidpipe.providers.registry import PROVIDERS, ProviderEntry

if TYPE_CHECKING:
    from pathlib import Path

AT_SCRIPT_FILE = "specs/pier.yaml:1:14: script_file:"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def test_a_script_file_lies_beside_the_spec_and_counts_as_a_source(project: Path) -> None:
    (project / "specs" / "story.txt").write_bytes(b"\xef\xbb\xbf\r\n one\r\ntwo\rthree \r\n\r\n")
    loaded = load("script_file: story.txt\n")
    assert loaded.script == "one\ntwo\nthree"
    assert [source.name for source in loaded.sources] == ["pier.yaml", "story.txt"]


def test_a_script_file_elsewhere_in_the_project_is_fine(project: Path) -> None:
    (project / "story.txt").write_text("tide")
    assert load("script_file: ../story.txt\n").script == "tide"


def test_a_script_file_cannot_leave_the_project_through_a_link(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("tide")
    (project / "specs" / "story.txt").symlink_to(secret)
    assert told_of("script_file: story.txt\n") == (
        "specs/pier.yaml:1:14: script_file: story.txt leads out of the project through a symbolic link"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" \n\t ", "specs/story.txt: must not be blank: write the text that the film tells"),
        (b"one\ntwo \x1b[0m", "specs/story.txt:2:5: contains a control character (U+001B): remove it"),
        (b"tide\0", "specs/story.txt:1:5: contains a NUL byte: save the file as UTF-8 text"),
        (b"one\n\xff", "specs/story.txt:2:1: is not UTF-8: save the file as UTF-8 text"),
        (b"a" * 2_000_000, "specs/story.txt: must have at most 1,000,000 characters (got 2,000,000)"),
        (
            b"a" * 5_000_000,
            f"{AT_SCRIPT_FILE} story.txt is too large: 5,000,000 bytes, and at most 4,000,000 are read",
        ),
    ],
)
def test_a_bad_script_file_is_told_by_its_own_name(project: Path, data: bytes, message: str) -> None:
    (project / "specs" / "story.txt").write_bytes(data)
    assert told_of("script_file: story.txt\n") == message


def test_reference_pictures_are_found_beside_the_spec(project: Path) -> None:
    (project / "specs" / "mara.png").write_bytes(PNG)
    (reference,) = load("script: a\nreferences: [{name: mara, image: mara.png, description: a fisher}]\n").references
    assert (reference.name, reference.description) == ("mara", "a fisher")
    assert reference.path == (project / "specs" / "mara.png").resolve()


def test_more_references_than_the_picture_model_takes_are_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tuple(
        Model(id=kind, provider="tiny", kind=kind, paid=False, inputs=2) for kind in ("text", "image", "video")
    )
    monkeypatch.setitem(PROVIDERS, "tiny", ProviderEntry("tiny", models, never_opened))
    (project / "specs" / "a.png").write_bytes(PNG)
    two = "script: a\nprovider: tiny\nreferences: [{name: a, image: a.png}, {name: b, image: a.png}]\n"
    assert told_of(two) == "specs/pier.yaml:3:13: references: tiny:image takes at most 1 (got 2)"
