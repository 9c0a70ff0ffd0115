"""Lists for a person: models with their prices, the takes of a target, what cleaning removes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from vidpipe.budget import dollars
from vidpipe.place import shown_path
from vidpipe.report.columns import columns
from vidpipe.report.escape import visible
from vidpipe.report.measures import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from vidpipe.answers import Cleaning
    from vidpipe.providers.catalogue import Kind, Model
    from vidpipe.report.voice import Voice

STEPS: dict[Kind, str] = {"text": "storyboard", "image": "keyframes", "video": "clips", "speech": "narration"}
UNITS: dict[Kind, str] = {
    "text": "a million tokens",
    "image": "a picture",
    "video": "a second",
    "speech": "a million tokens",
}
FEW_VOICES = 4


class TakeLine(Protocol):
    """One take of a target, as `commands.takes` lists it."""

    @property
    def target(self) -> str:
        """Its target."""

    @property
    def take(self) -> int:
        """Its number."""

    @property
    def digest(self) -> str:
        """The sha256 of its content."""

    @property
    def made_by(self) -> str:
        """`vidpipe` or `user`."""

    @property
    def cost(self) -> Decimal:
        """What it cost, in USD."""

    @property
    def model(self) -> str:
        """The model that made it, without its provider; may be empty."""

    @property
    def live(self) -> bool:
        """Whether it is the one in use."""

    @property
    def available(self) -> bool:
        """Whether its content is in the archive."""


def models(found: Sequence[Model], voice: Voice) -> list[str]:
    """Return the lines that describe models: name and use, what they offer, prices and their date, retirement."""
    lines = []
    for model in found:
        lines.append(f"{voice.paint('bold', visible(model.name))}  {STEPS[model.kind]}")
        lines += [
            f"    {line}" for line in (_offers(model), _prices(model), _aliases(model), _retirement(model)) if line
        ]
    return lines


def _offers(model: Model) -> str:
    if model.kind == "video":
        return f"{model.offers()}; sound {model.audio}"
    if model.kind == "image":
        return "; ".join(", ".join(offered) for offered in (model.image_sizes, model.aspect_ratios) if offered)
    return _voices(model)


def _voices(model: Model) -> str:
    """Name the default voice of a speech model and the next few."""
    named = ", ".join(visible(voice) for voice in model.voices[:FEW_VOICES])
    more = len(model.voices) - FEW_VOICES
    return f"voices {named}{f' and {more} more' if more > 0 else ''}" if named else ""


def _prices(model: Model) -> str:
    if not model.paid:
        return "free, offline"
    unit = "a million" if "characters" in model.prices else UNITS[model.kind]
    since = f" (as of {model.as_of})" if model.as_of else ""
    told = [f"{unit}: {_priced(model.prices_on())}{since}"]
    told += [f"from {change.start}: {_priced(change.prices)}" for change in model.price_changes]
    return "; ".join(told)


def _priced(prices: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name} {dollars(price)}" for name, price in prices.items())


def _aliases(model: Model) -> str:
    return f"also called {', '.join(visible(alias) for alias in model.aliases)}" if model.aliases else ""


def _retirement(model: Model) -> str:
    if model.retired_on is None:
        return ""
    by = "the vendor" if model.retired_by == "vendor" else "a third party's word, so only a warning"
    return f"retired on {model.retired_on} ({by})"


def takes(target: str, found: Sequence[TakeLine]) -> list[str]:
    """Return the lines of the takes of `target`, oldest first; where it is a glob, each with the name of its target."""
    if not found:
        return [f"{visible(target)}: no take yet"]
    named = any(take.target != target for take in found)
    rows = [
        (
            *([visible(take.target)] if named else []),
            f"take {take.take}",
            "by you" if take.made_by == "user" else "by vidpipe",
            dollars(take.cost),
            visible(take.model),
            take.digest[:12],
            "in use" if take.live else "" if take.available else "content not kept",
        )
        for take in found
    ]
    return columns(rows, right=(3 if named else 2,))


def cleaning(found: Sequence[Cleaning], voice: Voice) -> list[str]:
    """Return the lines of a cleaning: what goes, why, and how much room that makes."""
    lines = []
    for job in found:
        removed = [
            (visible(shown_path(item.path)), item.reason, size(item.size), _paid(item.cost)) for item in job.removals
        ]
        if not voice.quiet:
            lines += columns(removed, right=(2, 3))
        lines += [f"{visible(job.job)}: {visible(said)}" for said in (*job.kept, job.problem) if said]
    removals = [item for job in found for item in job.removals]
    if not removals:
        return [*lines, *([] if any(job.problem for job in found) else ["nothing to remove"])]
    room = size(sum(item.size for item in removals))
    if all(job.done or not job.removals for job in found):
        return [*lines, f"{count(len(removals), 'file')} removed, {room}"]
    return [*lines, f"{count(len(removals), 'file')}, {room}: --yes removes them"]


def _paid(cost: Decimal) -> str:
    return f"{dollars(cost)} paid" if cost else ""


def size(amount: int) -> str:
    """Return a number of bytes as people read it: `812 B`, `1.4 MB`."""
    value, unit = float(amount), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
