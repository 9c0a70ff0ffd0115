"""The command line: arguments become one call of a command, and what it answers becomes an exit code. Click only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from vidpipe import __version__, cli_doctor, cli_job, cli_project, cli_run
from vidpipe.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "vidpipe"


class InOrder(click.Group):
    """A group that lists its commands in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


class Help(UsageError):
    """The help of a command line that names no command."""


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def vidpipe() -> None:
    """Make films from YAML job files the way make makes programs.

    A spec becomes a storyboard, keyframes, clips and a film, plain files in a job directory. Edit any of them and run
    again: exactly what depends on the change is made anew.
    """


for module_commands in (
    (cli_run.run, cli_run.plan, cli_run.status, cli_job.why),
    (cli_job.accept, cli_job.redo, cli_job.takes, cli_job.restore, cli_job.adopt),
    (cli_project.check, cli_project.models, cli_project.schema, cli_project.init, cli_doctor.doctor, cli_project.clean),
):
    for command in module_commands:
        vidpipe.add_command(command)


def invoke(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code. Raises VidpipeError, OSError or KeyboardInterrupt."""
    try:
        code = vidpipe.main(list(arguments), prog_name=NAME, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        raise Help(error.format_message()) from error
    except click.UsageError as error:
        raise UsageError(_told(error)) from error
    except click.ClickException as error:
        raise UsageError(error.format_message()) from error
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return code if isinstance(code, int) else os.EX_OK


def _told(error: click.UsageError) -> str:
    """Return what is wrong with a command line, and where its rules are told."""
    message = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx else NAME
    return f"{message[:1].lower()}{message[1:]}; `{path} --help` tells what can be said"
