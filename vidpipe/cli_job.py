"""The commands about single targets of one job: why they are what they are, and a person's decisions about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vidpipe.cli_options import (
    dir_option,
    draft_option,
    job_argument,
    json_option,
    options,
    target_argument,
    targets_argument,
    verbose_option,
)
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.spec.load import Loaded

shared = options(draft_option, dir_option, json_option)


@click.command()
@job_argument
@target_argument
@shared
@verbose_option
def why(job: str, target: str, draft: bool, directory: Path | None, as_json: bool, verbose: bool) -> None:
    """Tell why a TARGET of a JOB is what it is, and what a run would do.

    A JOB is a spec file, a job directory or a job's name. A TARGET may be a glob ('clips/*').
    """
    from vidpipe.commands.why import why as ask
    from vidpipe.report.jsonout import of_why
    from vidpipe.report.why import why as told

    loaded, is_draft = _job(job, directory, draft)
    answers = ask(loaded, target, draft=is_draft)
    show(as_json, lambda: of_why(answers), lambda: told(answers, voice_of(verbose=verbose)))


@click.command()
@job_argument
@targets_argument
@shared
def accept(job: str, targets: Sequence[str], draft: bool, directory: Path | None, as_json: bool) -> None:
    """Say that TARGETs on disk are what you want, whatever has changed.

    The way out of a conflict, and of a cascade: the next run takes them for what is then wanted.
    """
    from vidpipe.commands.accept import accept as keep

    loaded, is_draft = _job(job, directory, draft)
    _tell(as_json, keep(loaded, targets, draft=is_draft))


@click.command()
@job_argument
@targets_argument
@shared
def redo(job: str, targets: Sequence[str], draft: bool, directory: Path | None, as_json: bool) -> None:
    """Ask for a new take of TARGETs; the present ones are kept in the archive.

    The next run makes them, and pays for them where the model is paid.
    """
    from vidpipe.commands.redo import redo as mark

    loaded, is_draft = _job(job, directory, draft)
    _tell(as_json, mark(loaded, targets, draft=is_draft))


@click.command()
@job_argument
@target_argument
@shared
def takes(job: str, target: str, draft: bool, directory: Path | None, as_json: bool) -> None:
    """List the takes of a TARGET: everything that ever stood there.

    A TARGET may be a glob ('clips/*').
    """
    from vidpipe.commands.takes import takes as look
    from vidpipe.report.jsonout import of_takes
    from vidpipe.report.listings import takes as told

    loaded, is_draft = _job(job, directory, draft)
    found = look(loaded, target, draft=is_draft)
    show(as_json, lambda: of_takes(found), lambda: told(target, found))


@click.command()
@job_argument
@target_argument
@click.argument("take")
@shared
def restore(job: str, target: str, take: str, draft: bool, directory: Path | None, as_json: bool) -> None:
    """Bring an earlier TAKE of a TARGET back, for nothing.

    A TAKE is a number that takes lists, or the beginning of its digest. A TARGET may be a glob of which one has it.
    """
    from vidpipe.commands.takes import restore as bring_back

    loaded, is_draft = _job(job, directory, draft)
    _tell(as_json, [bring_back(loaded, target, take, draft=is_draft)])


@click.command()
@job_argument
@target_argument
@click.argument("operation")
@dir_option
@json_option
def adopt(job: str, target: str, operation: str, directory: Path | None, as_json: bool) -> None:
    """Name the OPERATION behind a TARGET's lost request.

    Its name is in the provider's own console; the next run goes on waiting for it instead of paying again.
    """
    from vidpipe.commands.adopt import adopt as bind

    loaded, is_draft = _job(job, directory, draft=False)
    _tell(as_json, [bind(loaded, target, operation, draft=is_draft)])


def _job(text: str, directory: Path | None, draft: bool) -> tuple[Loaded, bool]:
    """Return the job that a command line names, and whether its draft is meant."""
    from vidpipe.commands.find_job import find_job, names_draft
    from vidpipe.spec.settings import Flags

    return find_job(text, Flags(directory)), draft or names_draft(text)


def _tell(as_json: bool, messages: Sequence[str]) -> None:
    from vidpipe.report.escape import visible
    from vidpipe.report.jsonout import of_messages

    show(as_json, lambda: of_messages(messages), lambda: [visible(message) for message in messages])
