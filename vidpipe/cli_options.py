"""Options and argument types that several commands share; like all of the command line, without any heavy import."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])

UNTIL = ("storyboard", "keyframes", "clips")
STEPS = ("storyboard", "keyframe", "clip", "film")
SPEC_ENDINGS = (".yaml", ".yml")


class Step(click.Choice[str]):
    """A step by its name; singular and plural are the same."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the step as the choices spell it."""
        forms = {form.rstrip("s"): form for form in self.choices}
        known = forms.get(value.lower().rstrip("s"), value) if isinstance(value, str) else value
        return super().convert(known, param, ctx)


class Dollars(click.ParamType):
    """An amount in US dollars, exact to the last digit."""

    name = "USD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the amount as it was written."""
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            self.fail(f"{value!r} is no amount: write dollars as in 2.50, or 0 to spend nothing", param, ctx)
        return amount


class PathsLike(click.ParamType):
    """A text that is completed from what lies on disk."""

    name = "text"

    def __init__(self, found: Callable[[str, click.Context], list[str]]) -> None:
        self._found = found

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as it is."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return what fits, or leave it to the shell."""
        try:
            found = [item for item in self._found(incomplete, ctx) if item.startswith(incomplete)]
        except OSError:
            found = []
        return [CompletionItem(item) for item in found] or [CompletionItem(incomplete, type="file")]


def _specs(incomplete: str, _ctx: click.Context) -> list[str]:
    folder, _, _ = incomplete.rpartition("/")
    entries = sorted(Path(folder or ("/" if incomplete.startswith("/") else ".")).iterdir())
    prefix = f"{folder}/" if incomplete.count("/") else ""
    specs = [prefix + path.name for path in entries if path.suffix in SPEC_ENDINGS]
    return specs + [f"{prefix}{path.name}/" for path in entries if path.is_dir() and not path.name.startswith(".")]


def _jobs(incomplete: str, ctx: click.Context) -> list[str]:
    runs = Path(ctx.params.get("directory") or os.environ.get("VIDPIPE_DIR") or "runs")
    jobs = sorted(path.parent.parent.name for path in runs.glob("*/.vidpipe/job.json"))
    return [*jobs, *_specs(incomplete, ctx)]


def _targets(_incomplete: str, ctx: click.Context) -> list[str]:
    job = str(ctx.params.get("job") or "")
    folder = Path(job) if Path(job, ".vidpipe").is_dir() else Path("runs", Path(job).stem)
    found = [
        *folder.glob("storyboard.json"),
        *folder.glob("keyframes/*"),
        *folder.glob("clips/*"),
        *folder.glob("film.mp4"),
    ]
    return [path.relative_to(folder).as_posix() for path in sorted(found)]


SPEC = PathsLike(_specs)
JOB = PathsLike(_jobs)
TARGET = PathsLike(_targets)


def options(*each: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Put several options on a command, in their order."""

    def decorate(command: Command) -> Command:
        for option in reversed(each):
            command = option(command)
        return command

    return decorate


dir_option = click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    help="Where the job directories lie, relative to the current folder (runs/ in the project).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout (docs/json.md).")
draft_option = click.option("--draft", is_flag=True, help="Mean the job's offline draft, NAME@draft.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Tell only errors and the last line.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Tell every reason and event.")

job_argument = click.argument("job", type=JOB)
target_argument = click.argument("target", type=TARGET)
targets_argument = click.argument("targets", type=TARGET, nargs=-1, required=True)
jobs_argument = click.argument("jobs", type=JOB, nargs=-1, metavar="[SPEC|JOB]...")
