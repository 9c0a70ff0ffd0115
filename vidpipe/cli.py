"""The command line: arguments become one call of a command, and what it answers becomes an exit code. Click only.

Importing click is most of what `vidpipe --help` costs; a command's module is imported when that command is called.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

import click

from vidpipe import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "vidpipe"
COMMANDS = {
    "run": ("cli_run", "Make everything that is not up to date"),
    "plan": ("cli_run", "Tell what a run would make, why and for how much"),
    "preview": ("cli_media", "Show the film as it stands, as a free animatic"),
    "status": ("cli_run", "Tell the state of every target"),
    "why": ("cli_job", "Tell why a target is what it is"),
    "accept": ("cli_job", "Keep targets as they are on disk"),
    "redo": ("cli_job", "Ask for a new take of targets"),
    "takes": ("cli_job", "List the takes of a target"),
    "restore": ("cli_job", "Bring an earlier take back"),
    "adopt": ("cli_job", "Name the operation behind a lost request"),
    "check": ("cli_project", "Validate specs"),
    "models": ("cli_project", "List models with what they offer and cost"),
    "schema": ("cli_project", "Print the JSON Schema of a spec"),
    "probe": ("cli_media", "Tell what video files are"),
    "init": ("cli_project", "Write a first spec"),
    "doctor": ("cli_doctor", "Tell whether films can be made here"),
    "clean": ("cli_project", "Remove temporary files, caches, orphans, old takes"),
}
"""Each command with its module and one line of help, in the order in which one meets them."""


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"vidpipe.{COMMANDS[cmd_name][0]}"), cmd_name)
        command.short_help = COMMANDS[cmd_name][1]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a command line; an unknown one is refused with the likely one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from vidpipe.words import did_you_mean, shown_text

            ctx.fail(f"there is no command {shown_text(args[0])}{did_you_mean(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def vidpipe() -> None:
    """Make films from YAML job files the way make makes programs.

    A spec becomes a storyboard, keyframes, clips and a film: plain files in a job directory. Edit any of them and run
    again, and exactly what depends on the change is made anew.

    Exit codes: 0 done, 1 a target failed or is broken, 2 usage or invalid spec, 3 needs a decision, 4 done but
    incomplete, 75 busy, 130 or 143 interrupted.
    """
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is slow to import, and every path that is shown needs the answer
    except FileNotFoundError as error:
        from vidpipe.errors import UsageError

        raise UsageError("the current folder is not there any more: go to one that is (cd), then try again") from error


def invoke(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Raises VidpipeError, OSError or KeyboardInterrupt."""
    try:
        code = vidpipe.main(list(arguments), prog_name=NAME, standalone_mode=False)
    except click.ClickException as error:
        from vidpipe.errors import UsageError

        raise UsageError(_told(error)) from error
    except click.Abort as error:
        cause = error.__cause__
        raise (cause if isinstance(cause, KeyboardInterrupt) else KeyboardInterrupt()) from error
    return code if isinstance(code, int) else 0


def _told(error: click.ClickException) -> str:
    """Return what is wrong with a command line, and where its rules are told."""
    message = error.format_message().rstrip(".")
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"name a command\n\n{message}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message[:1].lower()}{message[1:]} (see {context.command_path if context else NAME} --help)"
