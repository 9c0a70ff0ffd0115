"""Options and argument types that several commands share; like all of the command line, without any heavy import."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from decimal import Decimal

    from click.shell_completion import CompletionItem


Command = TypeVar("Command", bound=Callable[..., Any])

UNTIL = ("storyboard", "narration", "keyframes", "clips")
STEPS = ("storyboard", "narration", "keyframe", "clip", "film")


class Step(click.Choice[str]):
    """A step by its name; singular and plural are the same."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the step as the choices spell it."""
        forms = {form.rstrip("s"): form for form in self.choices}
        known = forms.get(value.lower().rstrip("s"), value) if isinstance(value, str) else value
        return super().convert(known, param, ctx)


class Dollars(click.ParamType[Any]):
    """An amount in US dollars, exact to the last digit."""

    name = "USD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the amount as it was written."""
        from decimal import Decimal, InvalidOperation

        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            self.fail(f"{value!r} is no amount: write dollars as in 2.50, or 0 to spend nothing", param, ctx)
        return amount


class Folder(click.Path):
    """A folder, which need not be there yet; an empty name counts as none, as that of a variable does."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path as a Path, None for an empty one."""
        import os
        from pathlib import Path

        name = os.fsdecode(super().convert(value, param, ctx))
        return Path(name) if name.strip() else None


class PathsLike(click.ParamType[Any]):
    """A text that is completed from what lies on disk."""

    name = "text"

    def __init__(self, found: Callable[[str, click.Context], list[str]]) -> None:
        self._found = found

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as it is."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return what fits, or leave it to the shell."""
        from click.shell_completion import CompletionItem

        from vidpipe.completion import plain

        try:
            found = [item for item in plain(self._found(incomplete, ctx)) if item.startswith(incomplete)]
        except OSError:
            found = []
        return [CompletionItem(item) for item in found] or [CompletionItem(incomplete, type="file")]


def _specs(incomplete: str, _ctx: click.Context) -> list[str]:
    from vidpipe.completion import specs

    return specs(incomplete)


def _jobs(incomplete: str, ctx: click.Context) -> list[str]:
    from vidpipe.completion import jobs, specs

    return [*jobs(ctx.params.get("directory")), *specs(incomplete)]


def _targets(_incomplete: str, ctx: click.Context) -> list[str]:
    from vidpipe.completion import targets

    return targets(str(ctx.params.get("job") or ""), ctx.params.get("directory"))


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
    type=Folder(),
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
