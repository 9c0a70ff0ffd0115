"""The commands about specs, models and the room that jobs take."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from vidpipe.cli_options import SPEC, dir_option, draft_option, jobs_argument, json_option, quiet_option
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command()
@click.argument("specs", type=SPEC, nargs=-1, metavar="[SPEC]...")
@json_option
def check(specs: Sequence[str], as_json: bool) -> None:
    """Tell whether every SPEC can be made, and everything that is wrong with it; without any, specs/ is meant."""
    from pathlib import Path

    from vidpipe.commands.check import check as look
    from vidpipe.report.jsonout import of_problems
    from vidpipe.report.measures import count

    loaded = look([Path(spec) for spec in specs])
    are = "is" if len(loaded) == 1 else "are"
    show(as_json, lambda: of_problems([]), lambda: [f"{count(len(loaded), 'spec')} {are} fine"])


@click.command()
@click.argument("provider", required=False)
@json_option
def models(provider: str | None, as_json: bool) -> None:
    """List the models of all providers, or of one PROVIDER: what they offer, what they cost, until when."""
    from vidpipe.commands.models import models as look
    from vidpipe.report.jsonout import of_models
    from vidpipe.report.listings import models as told

    found = look(provider)
    show(as_json, lambda: of_models(found), lambda: told(found, voice_of()))


@click.command()
def schema() -> None:
    """Print the JSON Schema of a spec, for completion and checks in an editor."""
    from vidpipe.commands.schema import schema as text
    from vidpipe.report.stream import say

    say(sys.stdout, text().rstrip("\n"))


@click.command()
@click.argument("name")
@json_option
def init(name: str, as_json: bool) -> None:
    """Write specs/NAME.yaml, a first spec that makes a film as it stands."""
    from pathlib import Path

    from vidpipe.commands.init import init as write
    from vidpipe.place import shown_path
    from vidpipe.report.jsonout import of_messages

    spec = shown_path(write(name, Path()))
    messages = [f"{spec} is written", f"make the film: vidpipe run {spec}"]
    show(as_json, lambda: of_messages(messages), lambda: messages)


@click.command()
@jobs_argument
@click.option("--orphans", is_flag=True, help="Also keyframes and clips that no scene of the storyboard uses any more.")
@click.option("--archive", is_flag=True, help="Also the content of earlier takes, what was free first.")
@click.option("--yes", "remove", is_flag=True, help="Remove it; without this, only tell what would go.")
@draft_option
@dir_option
@json_option
@quiet_option
def clean(
    jobs: Sequence[str],
    orphans: bool,
    archive: bool,
    remove: bool,
    draft: bool,
    directory: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Tell which temporary files and caches of jobs can go, and remove them with --yes.

    Never a file that a run uses, or would bring back, and no orphan or earlier take of your own hand. Without any SPEC
    or JOB, specs/ is meant.
    """
    from vidpipe.commands.clean import clean as sweep
    from vidpipe.errors import worst
    from vidpipe.report.jsonout import of_cleaning
    from vidpipe.report.listings import cleaning as told

    found = sweep(jobs, directory=directory, draft=draft, orphans=orphans, archive=archive, remove=remove)
    show(as_json, lambda: of_cleaning(found), lambda: told(found, voice_of(quiet)))
    return int(worst(job.exit_code for job in found))
