"""What counts as vidpipe itself: an index written by other code says nothing."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from vidpipe.index import code

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 10**18


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a package of its own that stands for vidpipe, with an installed library beside it."""
    package = tmp_path / "site/vidpipe"
    (package / "steps").mkdir(parents=True)
    (package / "steps/prompts.py").write_text("CLIP = 1\n")
    (package / "models.toml").write_text("as_of = 2026-01-01\n")
    (package / "py.typed").write_text("")
    (tmp_path / "site/pydantic-2.14.3.dist-info").mkdir()
    monkeypatch.setattr(code, "PACKAGE", package)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path / "site")])
    return package


def test_a_changed_template_or_price_is_other_code(package: Path) -> None:
    found = {code.code_identity()}
    (package / "steps/prompts.py").write_text("CLIP = 2\n")
    found.add(code.code_identity())
    (package / "models.toml").write_text("as_of = 2026-01-02\n")
    found.add(code.code_identity())
    (package / "steps/other.py").write_text("")
    found.add(code.code_identity())
    (package / "steps/other.py").rename(package / "other.py")
    found.add(code.code_identity())
    assert len(found) == 5


def test_another_python_or_library_is_other_code(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {code.code_identity()}
    info = package.parent / "pydantic-2.14.3.dist-info"
    info.rename(info.with_name("pydantic-2.14.4.dist-info"))
    found.add(code.code_identity())
    (package.parent / "PyYAML-6.0.3.dist-info").mkdir()
    found.add(code.code_identity())
    monkeypatch.setattr(sys, "version", "3.99")
    found.add(code.code_identity())
    assert len(found) == 4


def test_the_same_version_installed_again_is_the_same_code(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code.code_identity()
    (package / "__pycache__").mkdir()
    (package / "__pycache__/prompts.pyc").write_bytes(b"x")
    (package.parent / "click-8.5.1.dist-info").mkdir()
    elsewhere = package.parent.parent / "elsewhere"
    shutil.copytree(package, elsewhere / "vidpipe", copy_function=shutil.copy)
    monkeypatch.setattr(code, "PACKAGE", elsewhere / "vidpipe")
    assert code.code_identity() == before


def test_libraries_that_tell_no_version_are_an_error(package: Path) -> None:
    (package.parent / "pydantic-2.14.3.dist-info").rmdir()
    with pytest.raises(OSError, match="version"):
        code.code_identity()


def test_vidpipe_itself_has_an_identity() -> None:
    assert len(code.code_identity()) == 64
    assert {"av-", "pillow-", "pydantic-", "pydantic_core-", "pyyaml-"} == {
        start for start in code.LIBRARIES if any(name.startswith(start) for name in code._library_versions())
    }


def test_code_is_settled_if_nobody_touched_it_since_long_before_the_process_began(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = max(path.stat().st_ctime_ns for path in package.rglob("*.*"))
    monkeypatch.setattr(code, "IMPORTED_NS", newest + 3_000_000_000)
    assert code.is_settled()
    monkeypatch.setattr(code, "IMPORTED_NS", newest + 1_000_000_000)
    assert not code.is_settled()
    os.utime(package / "models.toml", ns=(LONG_AGO, newest + 9_000_000_000))
    monkeypatch.setattr(code, "IMPORTED_NS", newest + 3_000_000_000)
    assert not code.is_settled()
