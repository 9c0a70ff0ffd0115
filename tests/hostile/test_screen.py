"""No text that reaches a screen can steer it: whatever a stranger, a file's name or a provider says is written out.

vidpipe writes no HTML; what it writes as JSON is plain ASCII (tests/report/test_jsonout.py).
"""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpipe.providers.base import Failed, NotAcceptedError, Refused, RefusedError, ReplyLostError
from vidpipe.words import JOINERS, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.conftest import Yard
    from tests.hostile.watch import Watched

EVILS = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\x9d0;owned\x9c",
    "\r\b\x7f\x85\x0b\x01\x9f",
    "\u202egnp.exe\u2066\u200f\u061c\u2028\u2029<script>\U000e0041",
)
"""Titles, clearing, colours; a line that overwrites itself; bidirectional overrides, other ends of lines, markup, tags.

None holds a NUL, which specs and storyboards refuse before they show anything of a value.
"""
NAME = "".join(EVILS)
EVIL = f"{NAME}</script>\x00"
"""What a provider may say: anything."""


def written(text: str) -> str:
    """Return how a text has to be shown."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def quoted(text: str) -> str:
    """Quote a text for YAML and TOML, which take no halves of surrogate pairs as JSON has them."""
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'


def check(done: Watched) -> None:
    """Hold every character that was printed against what a terminal would do with it."""
    steering = {char for char in done.told if not (char.isprintable() or char in JOINERS or char == "\n")}
    assert steering == set(), f"{steering!r} in {done.told!r}"


def say_all(yard: Yard, *commands: tuple[str, ...], prepare: Callable[[], None] = lambda: None) -> str:
    """Run command lines, the first one for programs as well, and return all that they said for people."""
    told = ""
    for number, command in enumerate(commands):
        for form in ((), ("--json",)) if number == 0 else ((),):
            done = yard(*command, *form, prepare=prepare)
            check(done)
            told += done.told if not form else ""
            if form:
                json.loads(done.out)
                assert done.out.isascii()
    return told


@pytest.mark.parametrize(
    "key", ["style", "script", "name", "output", "negative_prompt", "provider", "aspect_ratio", "budget", "EVIL"]
)
def test_a_spec_cannot_steer(yard: Yard, key: str) -> None:
    path = yard.root / "specs" / "pier.yaml"
    spec = path.read_text()
    kept = "".join(f"{line}\n" for line in spec.splitlines() if not line.startswith(f"{key}:"))
    for evil in EVILS:
        value = f"films/{evil}.mp4" if key == "output" else evil
        path.write_text(f"{kept}{quoted(evil) if key == 'EVIL' else key}: {quoted(value)}\n")
        told = say_all(yard, ("check",), ("why", "pier", "storyboard.json"), ("plan", "-v"))
        # A script is shown by its digest, and what a model does not take by its key.
        assert (written(evil) in told) == (key not in {"script", "negative_prompt"}), told


@pytest.mark.parametrize(
    "field", ["visual_style", "scene_description", "video_motion_prompt", "transition_notes", "continuity", "EVIL"]
)
def test_a_storyboard_cannot_steer(yard: Yard, field: str) -> None:
    path = yard.job / "storyboard.json"
    kept = path.read_text()
    for evil in EVILS:
        board = json.loads(kept)
        for part in (board["style_guide"], board["scenes"][0]):
            if field in part or field == "EVIL":
                part[evil if field == "EVIL" else field] = evil
        path.write_text(json.dumps(board))
        told = say_all(yard, ("status", "-v"), ("why", "pier", "*"), ("run", "-v"))
        assert (written(evil) in told) == (field != "transition_notes"), told  # which no target is made from


@pytest.mark.parametrize(
    ("kind", "deed"),
    [
        ("image", RefusedError(f"evil {EVIL}", (EVIL,))),
        ("image", NotAcceptedError(f"evil {EVIL}")),
        ("image", ReplyLostError(f"evil {EVIL}")),
        ("video", RefusedError(f"evil {EVIL}", (EVIL,))),
        ("video", NotAcceptedError(f"evil {EVIL}")),
        ("video", ReplyLostError(f"evil {EVIL}")),
        ("poll", Failed(f"evil {EVIL}")),
        ("poll", Refused(f"evil {EVIL}", (EVIL,))),
        ("poll", NotAcceptedError(f"evil {EVIL}")),
        ("fetch", NotAcceptedError(f"evil {EVIL}")),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_provider_cannot_steer(yard: Yard, kind: str, deed: Exception) -> None:
    yard.project.edit_scene(0, video_motion_prompt="Faster.", end_frame_prompt="Later.")
    prepare: Callable[[], None] = lambda: yard.project.server.on(kind, deed, times=None)  # type: ignore[arg-type] # noqa: E731
    told = say_all(yard, ("run", "-v"), prepare=prepare) + say_all(yard, ("status", "-v"), ("why", "pier", "*"))
    for evil in EVILS:
        assert written(evil) in told


def test_a_model_of_the_project_cannot_steer(yard: Yard) -> None:
    for evil in EVILS:
        word = quoted(evil)
        (yard.root / "vidpipe.toml").write_text(f"[{word}]\nx = {word}\n[google]\nmode = {word}\n[limits.{word}]\n")
        assert written(evil) in say_all(yard, ("check",), ("doctor",))
        (yard.root / "vidpipe.toml").write_text("")
        lines = [f'kind = "video"\n{quoted(key)} = {word}\n' for key in ("id", "provider", evil)]
        (yard.root / "models.toml").write_text("".join(f"[[models]]\n{line}" for line in lines))
        assert written(evil) in say_all(yard, ("models",), ("check",), ("doctor",))
        (yard.root / "models.toml").unlink()


def test_the_name_of_a_file_cannot_steer(yard: Yard) -> None:
    shutil.copy(yard.job / "clips" / "scene-000.mp4", yard.root / f"{NAME}.mp4")
    (yard.root / f"{NAME}.mov").write_bytes(b"x")
    for ending in ("mp4", "mov", "mkv"):
        assert written(NAME) in say_all(yard, ("probe", f"{NAME}.{ending}"))
    (yard.job / "clips" / f"{NAME}.mp4").write_bytes(b"x")
    (yard.job / "keyframes" / f"{NAME}.png").write_bytes(b"x")
    (yard.private / "records" / f"{NAME}.json").write_text("{}")
    told = say_all(yard, ("status", "-v"), ("clean", "--orphans", "--archive"))
    assert written(f"clips/{NAME}.mp4") in told
    assert written(f"keyframes/{NAME}.png") in told
    (yard.root / "specs" / f"{NAME}.yaml").write_text("script: x\nname: quay\nprovider: toy\nscenes: 0\n")
    assert written(f"specs/{NAME}.yaml") in say_all(yard, ("check",), ("run",))


@pytest.mark.parametrize(
    "command", ["run", "status", "why", "redo", "takes", "init", "clean", "probe", "run --jobs", "", "doctor"]
)
def test_a_command_line_cannot_steer_what_it_was_copied_into(yard: Yard, command: str) -> None:
    for evil in EVILS:
        told = ""
        for arguments in ((evil, evil), (f"--{evil}",)):
            done = yard(*command.split(), *arguments)
            check(done)
            told += done.told
        assert written(evil) in told, told


@given(st.text(max_size=30))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_is_shown_is_printable_and_showing_it_twice_changes_nothing(text: str) -> None:
    shown = visible(text)
    assert all(char.isprintable() or char in JOINERS or unicodedata.category(char) == "Zs" for char in shown)
    assert visible(shown) == shown


def test_nothing_here_writes_html() -> None:
    package = Path(__file__).parents[2] / "vidpipe"
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert len(files) > 100
    assert [path.name for path in files if path.suffix in {".html", ".htm", ".j2", ".svg"}] == []
    known = {
        "mp4.py": (b'b"<!doctype html"', b'b"<html"'),  # tells an HTML page that was saved as a clip
        "prompts.py": (b"<script>",),  # tells a model where the script begins
    }
    for path in files:
        text = path.read_bytes().lower()
        for words in known.get(path.name, ()):
            text = text.replace(words, b"")
        found = [mark for mark in (b"<html", b"<!doctype", b"<script", b"text/html", b".html") if mark in text]
        assert found == [], f"{path}: </script> in a text has to be looked at now"
