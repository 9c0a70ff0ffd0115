"""What stands in the way of a plan, looked for before anything is spent: models out of reach, letters without a font.

Only targets that would be made anew count: a finished job never cares which of its models are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.errors import UsageError
from vidpipe.lower_prices import cheaper_than_shipped
from vidpipe.providers.catalogue import KINDS
from vidpipe.providers.registry import models_of
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from vidpipe.engine.order import Outcome
    from vidpipe.job import Job
    from vidpipe.providers.catalogue import Kind, Model

STILL = "-still.mp4"
FEW = 3


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stops a run, and what somebody should know who starts it all the same."""

    stops: tuple[str, ...]
    warnings: tuple[str, ...]


def obstacles(job: Job, outcomes: Mapping[str, Outcome], day: date | None = None) -> Obstacles:
    """Return what stands in the way of the outcomes of a plan on a day (None: today); no socket is opened."""
    today = day or datetime.now(UTC).date()
    needed = {kind_of(outcome.name) for outcome in outcomes.values() if _is_anew(outcome)}
    stops = [stop for stop in (job.unset.stop, job.unplayable) if stop]
    warnings = [warning for warning in (job.silence, job.unset.warning) if warning]
    for kind in KINDS:
        model = job.model(kind)
        if kind not in needed or not model.paid:
            continue
        if model.is_retired(today):
            stops.append(f"{model.name} was retired by its vendor on {model.retired_on}: set {_instead(job, model)}")
            continue
        if model.retired_on is not None and model.retired_on <= today:
            told = f"{model.name} may be gone: a {model.retired_by} says that it was retired on {model.retired_on}"
            warnings.append(f"{told}; others: {_instead(job, model)}")
        warnings += cheaper_than_shipped(model, today)
        stop = _unreachable(job, model)
        if stop:
            stops.append(stop)
    return Obstacles(tuple(dict.fromkeys(stops)), tuple(warnings))


def kind_of(target: str) -> Kind | None:
    """Return the kind of model that makes a target, None where no paid one has a part in it."""
    if target == "storyboard.json":
        return "text"
    if target.startswith("keyframes/"):
        return "image"
    if target.startswith("narration/"):
        return "speech"
    return "video" if target.startswith("clips/") and not target.endswith(STILL) else None


def _is_anew(outcome: Outcome) -> bool:
    return outcome.action in {Action.MAKE, Action.MAYBE} and outcome.state is not State.INTERRUPTED


def _unreachable(job: Job, model: Model) -> str:
    """Say why a model cannot be called as things are; a provider tells it when it is to hand out the port."""
    try:
        provider = job.provider(model)
        ports: dict[Kind, Callable[[str], object]] = {"text": provider.text, "image": provider.image}
        ports |= {"video": provider.video, "speech": provider.speech}
        ports[model.kind](model.id)
    except UsageError as error:
        return str(error)
    return ""


def _instead(job: Job, model: Model) -> str:
    models = models_of(model.provider, model.kind, job.loaded.settings.file.models)
    others = sorted(models, key=lambda other: other.retired_on is not None)
    names = [other.name for other in others if other.id != model.id and other.retired_by != "vendor"]
    return f"models.{model.kind}: {listing(names[:FEW])}" if names else f"another models.{model.kind}"
