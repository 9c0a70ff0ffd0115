"""What a shell offers while a command line is typed: no name that it, or the terminal, would take for more than one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import get_completion_class
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpipe.cli import vidpipe
from vidpipe.completion import plain

if TYPE_CHECKING:
    from tests.hostile.conftest import Yard

NAMES = (
    "$(touch owned)",
    "`id`",
    "a;b",
    "a b",
    "a\nplain,other",
    "\x1b[2J",
    "\u202eb",
    "a|b",
    "a&b",
    "~root",
    "=ls",
    "a*b",
    "'a",
    '"a',
    "a\\b",
    "a>b",
    "!!",
    "#a",
)


def offered(monkeypatch: pytest.MonkeyPatch, shell: str, *words: str) -> str:
    """Return what a shell is told when the last of some words is being typed."""
    monkeypatch.setenv("COMP_WORDS", shlex.join(("vidpipe", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    known = get_completion_class(shell)
    assert known is not None
    return known(vidpipe, {}, "vidpipe", "_VIDPIPE_COMPLETE").complete()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_name_that_a_shell_would_not_take_as_it_is_is_offered(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, name: str, shell: str
) -> None:
    monkeypatch.chdir(yard.root / "specs")
    (yard.root / "specs" / f"{name}.yaml").write_text("")
    (yard.root / "specs" / name).mkdir()
    (yard.job / "clips" / f"{name}.mp4").write_bytes(b"")
    told = [
        offered(monkeypatch, shell, "run", ""),
        offered(monkeypatch, shell, "status", ""),
        offered(monkeypatch, shell, "takes", "../runs/pier", "clips/"),
    ]
    assert [text.count(".yaml") for text in told] == [1, 1, 0], told
    assert told[2].count(".mp4") == 1, told[2]
    assert not any(name in text for text in told), told


@given(st.text(max_size=12))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_what_is_offered_is_one_printable_word(text: str) -> None:
    for name in plain([text]):
        assert name.isprintable()
        assert not name.isascii() or shlex.quote(name) == name
        assert not name.startswith(("-", "~", "="))


def test_names_in_any_script_are_offered() -> None:
    names = ["pier.yaml", "caf\u00e9.yaml", "\u6d77/\u6ce2.yaml", "pier@draft", "a-b_c+d,e.yml"]
    assert plain(names) == names
