"""The commands that make films, and those that tell what making them would come to."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from vidpipe.cli_options import (
    SPEC,
    STEPS,
    UNTIL,
    Dollars,
    Step,
    dir_option,
    draft_option,
    jobs_argument,
    json_option,
    options,
    quiet_option,
    verbose_option,
)
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.options import RunOptions

MOST_JOBS = 256
"""As many as VIDPIPE_JOBS and run.jobs may say."""

making = options(
    click.argument("arguments", type=SPEC, nargs=-1, metavar="[SPEC|TARGET]..."),
    click.option("-j", "--jobs", type=click.IntRange(1, MOST_JOBS), metavar="N", help="Work on N jobs at once (4)."),
    click.option(
        "-k/ ",
        "--keep-going/--fail-fast",
        "keep_going",
        default=True,
        help="After a failure, go on with all that does not need it (so by default), or begin nothing more.",
    ),
    click.option("--until", type=Step(UNTIL), help="Stop after this step, to look before spending."),
    click.option(
        "--draft", is_flag=True, help="Make an offline, free animatic of the spec in runs/NAME@draft instead."
    ),
    click.option("--max-cost", type=Dollars(), metavar="USD", help="Most that this run may cost; 0: spend nothing."),
    click.option("--force", type=Step(STEPS), multiple=True, help="Make every target of this step anew; repeatable."),
    click.option("--upgrade", is_flag=True, help="Make anew what only vidpipe's own changes have outdated."),
    click.option(
        "--on-lost",
        type=click.Choice(["resubmit", "abandon"]),
        help="A request whose reply was lost: send it again, paying again, or count it as refused.",
    ),
    click.option("--retry-refused", is_flag=True, help="Ask again for what a safety filter has refused."),
    click.option("--verify", is_flag=True, help="Hash every file instead of trusting time stamps."),
    click.option("--wait", is_flag=True, help="Wait for a job that another run is working on."),
    dir_option,
    json_option,
    quiet_option,
    verbose_option,
)


@click.command()
@click.option("-n", "--dry-run", is_flag=True, help="Only plan: tell what would be made, why and for how much.")
@making
def run(dry_run: bool, **given: Any) -> int:
    """Make films: everything of each SPEC that is not up to date.

    A SPEC is a YAML file or a folder of them; without any, specs/ is meant. Every other argument is a TARGET, such as
    clips/scene-003.mp4 or 'keyframes/*': then only those targets of every spec are made, with what they need.
    """
    return _plan(exit_code=False, **given) if dry_run else _run(**given)


@click.command()
@making
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything is not up to date.")
def plan(exit_code: bool, **given: Any) -> int:
    """Tell what a run would make, why and for how much; write nothing.

    Arguments are those of run.
    """
    return _plan(exit_code=exit_code, **given)


@click.command()
@jobs_argument
@draft_option
@click.option("--verify", is_flag=True, help="Hash every file instead of trusting time stamps.")
@dir_option
@json_option
@quiet_option
@verbose_option
def status(
    jobs: Sequence[str], draft: bool, verify: bool, directory: Path | None, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """Tell the state of every target; write nothing.

    Takes specs, folders of specs, job directories and names of jobs; without any, specs/ is meant.
    """
    from vidpipe.commands.status import status as look
    from vidpipe.report.jsonout import of_batch
    from vidpipe.report.status import status as told

    result = look(jobs, directory=directory, draft=draft, verify=verify)
    code = result.exit_code
    show(as_json, lambda: of_batch(result, code, plan=True), lambda: told(result, voice_of(quiet, verbose)))
    return code


def _run(
    arguments: Sequence[str],
    directory: Path | None,
    jobs: int | None,
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **asked: Any,
) -> int:
    from vidpipe.commands.run import run as make
    from vidpipe.report.jsonout import of_batch
    from vidpipe.report.progress import Progress
    from vidpipe.report.summary import summary

    voice = voice_of(quiet, verbose)
    progress = Progress(sys.stderr, voice)
    started = time.monotonic()
    result = make(arguments, _asked(**asked), directory=directory, jobs=jobs, watch=progress.watch)
    seconds, code = time.monotonic() - started, result.exit_code
    show(as_json, lambda: of_batch(result, code), lambda: summary(result, voice, seconds, progress.said), code=code)
    return code


def _plan(
    arguments: Sequence[str],
    directory: Path | None,
    jobs: int | None,
    *,
    exit_code: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **asked: Any,
) -> int:
    from vidpipe.commands.plan import plan as look
    from vidpipe.report.jsonout import of_batch
    from vidpipe.report.plan import plan as told

    result = look(arguments, _asked(**asked), directory=directory, jobs=jobs, tell_work=exit_code)
    code = result.exit_code
    show(as_json, lambda: of_batch(result, code, plan=True), lambda: told(result, voice_of(quiet, verbose)))
    return code


def _asked(*, keep_going: bool, force: Sequence[str], **same: Any) -> RunOptions:
    """Return what was asked of a run; most options are called what the run calls them."""
    from vidpipe.options import RunOptions

    return RunOptions(fail_fast=not keep_going, force=frozenset(force), **same)
