"""No text that reaches a screen can steer it: whatever a stranger, a file's name or a provider says is written out.

vidpipe writes no HTML; what it writes as JSON is plain ASCII (tests/report/test_jsonout.py).
"""

from __future__ import annotations

import json
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

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u2066\u200f\u061c\r</script>\u2028\x00\x7f\U000e0041"
"""Titles, clearing, colours, bidirectional overrides, a line that overwrites itself, markup, tags."""
SAFE = EVIL.replace("\x00", "")
NAME = EVIL.replace("/", "").replace("\x00", "")


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
    "key", ["style", "script", "name", "output", "negative_prompt", "provider", "aspect_ratio", EVIL, "budget"]
)
def test_a_spec_cannot_steer(yard: Yard, key: str) -> None:
    path = yard.root / "specs" / "pier.yaml"
    spec = path.read_text()
    kept = "".join(f"{line}\n" for line in spec.splitlines() if not line.startswith(f"{key}:"))
    path.write_text(f"{kept}{json.dumps(key)}: {json.dumps(EVIL)}\n")
    assert say_all(yard, ("check",), ("plan", "-v"), ("why", "pier", "storyboard.json"))


@pytest.mark.parametrize(
    "field", ["visual_style", "scene_description", "video_motion_prompt", "transition_notes", "continuity", EVIL]
)
def test_a_storyboard_cannot_steer(yard: Yard, field: str) -> None:
    board = yard.project.board()
    for part in (board["style_guide"], board["scenes"][0]):
        if field in part or field == EVIL:
            part[field] = f"evil {EVIL}"
    (yard.job / "storyboard.json").write_text(json.dumps(board))
    told = say_all(yard, ("plan", "-v"), ("status", "-v"), ("why", "pier", "*"), ("run", "-v"))
    assert told


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
    assert "\\x1b]0;owned" in told


def test_a_model_of_the_project_cannot_steer(yard: Yard) -> None:
    evil = EVIL.replace("\U000e0041", "")  # two escapes in JSON, which TOML does not take
    table = {"id": f"evil{evil}", "kind": "video", "provider": evil, evil: evil}
    lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()]
    word = json.dumps(evil)
    (yard.root / "vidpipe.toml").write_text(f"[{word}]\nx = {word}\n[google]\nmode = {word}\n[limits.{word}]\n")
    (yard.root / "models.toml").write_text("[[model]]\n" + "\n".join(lines) + "\n")
    told = say_all(yard, ("models",), ("check",), ("doctor",))
    (yard.root / "models.toml").unlink()
    assert "\\x1b" in told + say_all(yard, ("check",), ("doctor",))


def test_the_name_of_a_file_cannot_steer(yard: Yard) -> None:
    (yard.job / "clips" / f"{NAME}.mp4").write_bytes(b"x")
    (yard.job / "keyframes" / f"{NAME}.png").write_bytes(b"x")
    (yard.private / "records" / f"{NAME}.json").write_text("{}")
    told = say_all(yard, ("status", "-v"), ("clean", "--orphans", "--archive"))
    assert "\\x1b]0;owned" in told
    (yard.root / "specs" / f"{NAME}.yaml").write_text("script: x\nname: quay\nprovider: toy\nscenes: 0\n")
    assert "\\x1b]0;owned" in say_all(yard, ("check",), ("run",))


@pytest.mark.parametrize(
    "command", ["run", "status", "why", "redo", "takes", "init", "clean", "nothing", "--jobs", "doctor"]
)
def test_a_command_line_cannot_steer_what_it_was_copied_into(yard: Yard, command: str) -> None:
    for arguments in ((NAME, SAFE), (f"--{SAFE}",)):
        check(yard(command, *arguments))


@given(st.text(max_size=30))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_is_shown_is_printable_and_showing_it_twice_changes_nothing(text: str) -> None:
    shown = visible(text)
    assert all(char.isprintable() or char in JOINERS or unicodedata.category(char) == "Zs" for char in shown)
    assert visible(shown) == shown


def test_nothing_here_writes_html() -> None:
    package = Path(__file__).parents[2] / "vidpipe"
    for path in package.rglob("*.py"):
        if path.name != "mp4.py":  # which tells an HTML page that was saved as a clip
            assert "<html" not in path.read_text().lower(), f"{path}: </script> in a text has to be looked at now"
