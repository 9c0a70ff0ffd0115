"""The search for secrets finds what it is there for: in every folder of a test, in every form."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.google.leaks import CREDENTIALS, leaks

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "canary/key+0123456789=abc"
FORMS = (
    SECRET,
    "canary%2Fkey%2B0123456789%3Dabc",
    SECRET.encode().hex(),
    *(base64.b64encode(f"{before}{SECRET};".encode()).decode() for before in ("", ":", "x:", "user:")),
    base64.urlsafe_b64encode(f"?>{SECRET}".encode()).decode(),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["project/runs/log", "home/.cache/x", "tmp/x", "started"])
def test_a_secret_is_found_wherever_it_lies_and_however_it_is_written(tmp_path: Path, place: str, form: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"before {form} behind")
    assert leaks(tmp_path, [], [SECRET]) == [str(path)]
    assert leaks(tmp_path / "project" / "other", [f"said: {form}"], ["another", SECRET]) == [f"said: {form}"]


def test_credentials_lie_where_they_belong_and_other_words_are_none(tmp_path: Path) -> None:
    for name in CREDENTIALS:
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    assert leaks(tmp_path, ["a canary, and a key"], [SECRET]) == []
