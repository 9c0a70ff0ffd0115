"""The tables of vidpipe.toml and the environment variables that override them, as frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from vidpipe.providers.addresses import location_fault, model_id_fault, project_fault
from vidpipe.spec.model import FilePath, Part

if TYPE_CHECKING:
    from collections.abc import Callable

Seconds = Annotated[float, Field(ge=0, le=86_400)]
InFlight = Annotated[int, Field(ge=1, le=1_000)]
PerMinute = Annotated[int, Field(ge=1, le=100_000)]
Jobs = Annotated[int, Field(ge=1, le=256)]
Word = Annotated[str, Field(max_length=200)]


def _held_to(fault: Callable[[str], str]) -> AfterValidator:
    """Refuse a text in the words of `fault`, which has none for a good one."""

    def judged(text: str) -> str:
        if message := fault(text):
            raise ValueError(message)
        return text

    return AfterValidator(judged)


Location = Annotated[str, _held_to(location_fault)]
ProjectId = Annotated[str, _held_to(project_fault)]
ModelId = Annotated[str, _held_to(model_id_fault)]


class LimitTable(Part):
    """`[limits."provider:model"]`: how fast one model may be asked."""

    in_flight: InFlight | None = Field(None, description="Requests at once.")
    per_minute: PerMinute | None = Field(None, description="Requests a minute.")
    pause_seconds: Seconds | None = Field(None, description="Least time between two requests.")


class RunTable(Part):
    """`[run]`: where and how jobs are made."""

    dir: FilePath | None = Field(None, description="The folder of the job directories, inside the project (runs).")
    jobs: Jobs | None = Field(None, description="Jobs at once.")


class ProviderTable(Part):
    """A provider's own table: what vidpipe itself reads of it; a third party's may hold more."""

    poll_seconds: Seconds | None = Field(None, description="Time between two polls of an operation (10).")
    wait_seconds: Seconds | None = Field(None, description="Then a clip is left to the next run (900).")


class GoogleTable(ProviderTable):
    """`[google]`: how to reach it. Credentials never stand here."""

    mode: Literal["vertex", "api-key"] | None = Field(None, description="Default: whichever credentials are there.")
    project: ProjectId | None = Field(None, description="Project of Google Cloud.")
    location: Location | None = Field(None, description="Location of Google Cloud.")
    locations: dict[ModelId, Location] = Field({}, description="Locations of single models, by their id.")
    output_gcs_uri: Annotated[str, Field(max_length=1_000)] | None = Field(
        None, description="Veo writes clips under this gs:// address, and vidpipe fetches them."
    )


class Environment(Part):
    """The VIDPIPE_* variables, by the rest of their names; they hold for all models and providers."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False, allow_inf_nan=False)

    dir: FilePath | None = None
    jobs: Jobs | None = None
    poll_seconds: Seconds | None = None
    wait_seconds: Seconds | None = None
    in_flight: InFlight | None = None
    per_minute: PerMinute | None = None
    pause_seconds: Seconds | None = None
