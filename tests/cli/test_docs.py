"""The pages about the command line name everything that there is."""

from __future__ import annotations

from pathlib import Path

import click

from vidpipe.cli import COMMANDS, vidpipe
from vidpipe.engine.judge import Action, State
from vidpipe.errors import EXIT_ORDER
from vidpipe.providers.registry import models_of
from vidpipe.report.jsonout import of_models
from vidpipe.results import JobState

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text(encoding="utf-8")
JSON = (DOCS / "json.md").read_text(encoding="utf-8")


def test_every_command_and_option_is_described() -> None:
    context = click.Context(vidpipe)
    for name in COMMANDS:
        assert f"| `{name}" in CLI
        command = vidpipe.get_command(context, name)
        assert command is not None
        options = [option for part in command.params if isinstance(part, click.Option) for option in part.opts]
        assert [option for option in options if option not in CLI] == [], name


def test_every_command_says_what_it_is_for_within_a_terminals_width() -> None:
    assert all(line and len(line) < 60 for _, line in COMMANDS.values())


def test_every_exit_code_is_described() -> None:
    assert all(f"| {int(code)}" in CLI or f", {int(code)} |" in CLI for code in EXIT_ORDER)


def test_every_state_and_action_is_described() -> None:
    assert [word.value for word in (*JobState, *State, *Action) if f"`{word.value}`" not in JSON] == []


def test_every_key_of_a_model_is_described() -> None:
    (row,) = [line for line in JSON.splitlines() if line.startswith("| `models` |")]
    (model, *_) = models_of("google", "video")
    shown = of_models([model])["models"]
    assert isinstance(shown, list)
    assert isinstance(shown[0], dict)
    assert [key for key in shown[0] if f"`{key}`" not in row] == []
