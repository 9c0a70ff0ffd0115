"""What is told of bad specs, word for word: the corpus in tests/specs/bad, and what no text file can hold."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from vidpipe.errors import Exit, SpecError
from vidpipe.spec import yaml as yaml_reader
from vidpipe.spec.load import load_specs

CORPUS = Path(__file__).parent.parent / "specs" / "bad"
NAMES = sorted(path.stem for path in CORPUS.glob("*.yaml"))
SPEC = Path("specs/pier.yaml")


def told_of(data: bytes) -> str:
    SPEC.write_bytes(data)
    with pytest.raises(SpecError) as caught:
        load_specs([SPEC])
    assert caught.value.exit_code is Exit.USAGE
    return str(caught.value)


def test_every_spec_of_the_corpus_has_its_message_beside_it() -> None:
    assert NAMES
    assert sorted(path.stem for path in CORPUS.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_spec_is_told_word_for_word(project: Path, name: str) -> None:
    path = Path("specs") / f"{name}.yaml"
    shutil.copy(CORPUS / path.name, project / path)
    with pytest.raises(SpecError) as caught:
        load_specs([path])
    assert f"{caught.value}\n" == (CORPUS / f"{name}.txt").read_text(encoding="utf-8")


BAD_BYTES = {
    "NUL": (b"script: a\nstyle: b\0c\n", "specs/pier.yaml:2:9: contains a NUL byte: save the file as UTF-8 text"),
    "UTF-16": ("script: a".encode("utf-16"), "specs/pier.yaml: is UTF-16: save it as UTF-8"),
    "UTF-16 without its mark": (
        "script: a".encode("utf-16-le"),
        "specs/pier.yaml:1:2: contains a NUL byte: save the file as UTF-8 text",
    ),
    "Latin-1": ("script: é".encode("latin-1"), "specs/pier.yaml:1:9: is not UTF-8: save the file as UTF-8 text"),
    "a terminal escape": (
        b"script: a\x1b[31m",
        "specs/pier.yaml:1:10: contains a control character (U+001B): remove it",
    ),
    "a character that YAML refuses": (
        "script: a\uffff".encode(),
        "specs/pier.yaml:1:10: contains a character that YAML does not allow (U+FFFF): remove it",
    ),
    "5,000 digits": (
        b"script: a\nscenes: " + b"5" * 5_000,
        "specs/pier.yaml:2:9: scenes: is a number of 5,000 characters: at most 30 are read",
    ),
    "5,000 digits in a directive": (
        b"%YAML 1." + b"9" * 5_000 + b"\n---\nscript: a",
        "specs/pier.yaml:1:9: a number or an escape that no YAML reader could mean",
    ),
    "200,000 brackets": (
        b"[" * 200_000,
        "specs/pier.yaml:1:21: [0]: nested too deeply: at most 20 levels are read",
    ),
    "200,000 braces": (
        b"script: " + b"{a: " * 200_000,
        "specs/pier.yaml:1:85: script: nested too deeply: at most 20 levels are read",
    ),
    "200,000 list items in one line": (
        b"script:\n " + b"- " * 200_000,
        "specs/pier.yaml:2:40: script: nested too deeply: at most 20 levels are read",
    ),
    "6,000 keys": (
        b"".join(b"k%d: 1\n" % number for number in range(6_000)),
        "specs/pier.yaml:5000:8: k4999: too many values: a file may hold 5,000",
    ),
    "more than a megabyte": (
        b"script: " + b"a" * (1 << 20),
        "specs/pier.yaml: is too large: 1,048,584 bytes, and at most 1,048,576 are read",
    ),
    "a script of two megabytes": (
        b"script: |\n" + b"  the tide comes in\n" * 100_000,
        "specs/pier.yaml: is too large: 2,000,010 bytes, and at most 1,048,576 are read",
    ),
    "a script of over a million characters": (
        b"script: " + b"a" * 1_000_001,
        "specs/pier.yaml:1:9: script: must have at most 1,000,000 characters (got 1,000,001)",
    ),
}


@pytest.mark.parametrize("what", BAD_BYTES)
@pytest.mark.usefixtures("project")
def test_bad_bytes_are_told_word_for_word(what: str) -> None:
    data, message = BAD_BYTES[what]
    assert told_of(data) == message


@pytest.mark.usefixtures("project")
def test_a_file_of_100_megabytes_is_refused_by_its_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with SPEC.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr("vidpipe.spec.source.os.fdopen", _refuse_reading)
    assert _told() == "specs/pier.yaml: is too large: 100,000,000 bytes, and at most 1,048,576 are read"


def _refuse_reading(descriptor: int, mode: str) -> object:
    class Unreadable:
        def __enter__(self) -> Unreadable:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(descriptor)

        def fileno(self) -> int:
            return descriptor

        def read(self, _size: int) -> bytes:
            raise AssertionError("a file that is too large was read")

    return Unreadable()


def _told() -> str:
    with pytest.raises(SpecError) as caught:
        load_specs([SPEC])
    return str(caught.value)


@pytest.mark.usefixtures("project")
def test_deep_nesting_is_left_at_once_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    original = yaml_reader._Reader._next

    def counting(self: yaml_reader._Reader) -> object:
        seen.append(1)
        return original(self)

    monkeypatch.setattr(yaml_reader._Reader, "_next", counting)
    told_of(b"[" * 200_000)
    assert len(seen) < 30


@pytest.mark.usefixtures("project")
def test_a_folder_a_fifo_and_a_missing_file_are_no_specs() -> None:
    SPEC.mkdir()
    assert _told() == "specs/pier.yaml: is a folder, not a file"
    SPEC.rmdir()
    os.mkfifo(SPEC)
    assert _told() == "specs/pier.yaml: is no regular file"
    SPEC.unlink()
    assert _told() == "specs/pier.yaml: there is no such file"
    SPEC.symlink_to("pier.yaml")
    assert _told() == "specs/pier.yaml: is a symbolic link that leads nowhere"


@pytest.mark.usefixtures("project")
def test_only_the_first_problems_of_a_file_are_told_and_the_rest_counted() -> None:
    lines = told_of(b"script: a\n" + b"".join(b"k%d: 1\n" % number for number in range(100))).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "specs/pier.yaml: and 50 more problems"


@pytest.mark.usefixtures("project")
def test_a_spec_that_links_out_of_the_project_is_not_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("password: tide\n")
    SPEC.symlink_to(secret)
    assert _told() == "specs/pier.yaml: leads out of the project through a symbolic link"


@pytest.mark.usefixtures("project")
def test_the_problems_of_all_files_of_a_batch_are_told_together() -> None:
    for name in ("a", "b"):
        Path(f"specs/{name}.yaml").write_text("script: tide\nscenes: 0\n")
    with pytest.raises(SpecError) as caught:
        load_specs([Path("specs/a.yaml"), Path("specs/b.yaml")])
    assert [problem.file for problem in caught.value.problems] == ["specs/a.yaml", "specs/b.yaml"]
