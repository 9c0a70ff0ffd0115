"""A job: one spec being made in its own job directory, with the models it uses and the money it may spend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.engine.build import Build
from vidpipe.engine.order import Input
from vidpipe.events import Said, TargetEnded, TargetStarted, ignore
from vidpipe.files import sha256_file
from vidpipe.providers.registry import provider_entry
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.look import Settings
    from vidpipe.engine.order import Outcome
    from vidpipe.engine.store import Store
    from vidpipe.events import Sink
    from vidpipe.providers.base import Provider
    from vidpipe.providers.catalogue import Kind, Model
    from vidpipe.purchase.books import Purchases
    from vidpipe.spec.load import Loaded
    from vidpipe.spec.settings import Settings as ProjectSettings


class Providers:
    """The providers that a run has opened: one for all jobs of a project, since a project says how to reach it."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, str], Provider] = {}

    def of(self, model: Model, settings: ProjectSettings) -> Provider:
        """Return the provider of a model as a project reaches it, opened at the first asking."""
        key = (settings.root, model.provider)
        if key not in self._open:
            self._open[key] = provider_entry(model.provider).open(settings.provider(model.provider))
        return self._open[key]

    async def close(self) -> None:
        """Let go of everything that was opened."""
        for provider in self._open.values():
            await provider.close()


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference picture of the spec with the digest of its bytes."""

    name: str
    description: str
    path: Path
    digest: str

    def as_input(self) -> Input:
        """Return this picture as the input of a keyframe."""
        return Input(f"reference:{self.name}", self.path.name, self.path, self.digest)


async def no_gate() -> None:
    """Let everything through: nothing of this job costs money, or nothing is being made."""


@dataclass(slots=True)
class Context:
    """What a job shares with the run that it belongs to."""

    providers: Providers
    report: Sink = ignore
    log: Callable[[str, dict[str, Json]], None] = lambda _event, _facts: None
    gate: Callable[[], Awaitable[None]] = no_gate
    references: tuple[Reference, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Unset:
    """Why captions cannot be set in type: `stop` where that is certain, `warning` while nobody has written them yet."""

    stop: str = ""
    warning: str = ""


class Job(Build):
    """One spec in its job directory: what the steps work with.

    `side_files` names those of the film that are not as they have to be. `silence` says what this machine lacks to
    speak what is still to be spoken; it is empty where nothing is. `unset` says the same of the letters that are to be
    drawn into the film, and `unplayable` what is wrong with the music.
    """

    def __init__(
        self, loaded: Loaded, store: Store, purchases: Purchases, settings: Settings, context: Context
    ) -> None:
        super().__init__(store, purchases, settings)
        self.loaded = loaded
        self.spec = loaded.spec
        self.purchases = purchases
        self.context = context
        self.side_files: tuple[str, ...] = ()
        self.silence = ""
        self.unset = Unset()
        self.unplayable = ""
        self.name = store.layout.root.name

    @property
    def directory(self) -> Path:
        """The job directory."""
        return self.store.layout.root

    def model(self, kind: Kind) -> Model:
        """Return the model that makes this kind of thing."""
        loaded = self.loaded
        models = {"text": loaded.text_model, "image": loaded.image_model, "video": loaded.video_model}
        return (models | {"speech": loaded.speech_model})[kind]

    def model_parts(self, kind: Kind) -> tuple[dict[str, Json], dict[str, Json]]:
        """Return the fingerprint parts that name a model: the user's, and vidpipe's own where it is a default."""
        model = self.model(kind)
        provider: dict[str, Json] = {"provider": model.provider}
        named = f"models.{kind}" in self.loaded.named
        return (provider | {"model": model.id}, {}) if named else (provider, {"model": model.id})

    def provider(self, model: Model) -> Provider:
        """Return the provider of a model."""
        return self.context.providers.of(model, self.loaded.settings)

    async def buy_in(self) -> None:
        """Wait for leave to buy pictures and clips. Raises BudgetError where the rest of the job does not fit."""
        await self.context.gate()

    def log(self, event: str, **facts: Json) -> None:
        """Keep something in the job's log that nobody needs to read now."""
        self.context.log(event, facts)

    def say(self, message: str) -> None:
        """Tell the user something about this job."""
        self.context.report(Said(self.name, message))

    def started(self, name: str, reasons: tuple[str, ...]) -> None:
        """Report that a target is being made."""
        self.context.report(TargetStarted(self.name, name, reasons))

    def ended(self, outcome: Outcome) -> None:
        """Report what became of a target."""
        self.context.report(TargetEnded(self.name, outcome))

    def crashed(self, name: str, report: str) -> None:
        """Keep the traceback of a bug where it can be found."""
        self.log("bug", target=name, traceback=redacted(report))


def read_references(loaded: Loaded) -> tuple[Reference, ...]:
    """Hash the reference pictures of a spec. Raises OSError where one is gone."""
    return tuple(
        Reference(item.name, item.description, item.path, sha256_file(item.path)) for item in loaded.references
    )
