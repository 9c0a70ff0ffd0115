"""The spec: every key that a job file may have, as frozen values.

A model here says what a key may hold. What several keys say together, and what the chosen models offer, is judged in
`checks`, so that all of it can be told at once and with places.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from vidpipe.spec.transitions import TRANSITIONS
from vidpipe.words import did_you_mean, is_portable, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
NAME_RULE = "1 to 64 of a-z, 0-9, dot, underscore and hyphen, the first a letter or digit"
LONGEST_NOTE = 2_000
MOST_REFERENCES = 14
MOST_RETRIES = 10
LARGEST_SEED = 2**32 - 1
KEEP = "keep"
SOFTEST, LOUDEST = -40, -5
"""The limits of a film's loudness in LUFS."""

StitchMode = Literal["cut", "crossfade"]
Afterwards = Literal["still", "skip", "fail"]
Captions = Literal["none", "sidecar", "burned"]
AspectRatio = Literal["16:9", "9:16"]
Resolution = Literal["720p", "1080p", "4k"]
ImageSize = Literal["1K", "2K", "4K"]


def _mode_mapping(value: object) -> object:
    return _mapping(value, "mode", get_args(StitchMode))


def _then_mapping(value: object) -> object:
    return _mapping(value, "then", get_args(Afterwards))


def _file_mapping(value: object) -> object:
    """Write the short form, a path, as the mapping that it stands for."""
    return {"file": value} if isinstance(value, str) else value


def _loudness(value: object) -> object:
    if isinstance(value, str) and value != KEEP:
        raise ValueError(f"must be a number of LUFS, such as -16, or {KEEP} (got {shown(value)})")
    return value


def _in_range(value: object) -> object:
    """Hold a loudness to its limits, which a field of numbers or a word cannot have."""
    if isinstance(value, float) and not value >= SOFTEST:  # which NaN is not, either
        raise PydanticKnownError("greater_than_equal", {"ge": SOFTEST})
    if isinstance(value, float) and value > LOUDEST:
        raise PydanticKnownError("less_than_equal", {"le": LOUDEST})
    return value


def _mapping(value: object, key: str, words: Sequence[str]) -> object:
    """Write the short form, a word, as the mapping that it stands for."""
    if isinstance(value, str):
        return {key: value}
    if value is not None and not isinstance(value, dict | BaseModel):
        raise ValueError(f"must be {', '.join(words)} or a mapping (got {shown(value)})")
    return value


def _transition(value: object) -> object:
    if isinstance(value, str) and value not in TRANSITIONS:
        raise ValueError(
            f"there is no transition {shown(value)} (`vidpipe schema` lists them){did_you_mean(value, TRANSITIONS)}"
        )
    return value


def _dollars(value: object) -> object:
    """Take a number as it was written: 0.1 is ten cents, not the nearest binary fraction."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value


def is_name(text: str) -> bool:
    """Tell whether a text can name a job or a reference."""
    return re.fullmatch(NAME_PATTERN, text) is not None and is_portable(text)


def _name(text: str) -> str:
    if re.fullmatch(NAME_PATTERN, text) and not is_portable(text):
        raise ValueError(f"{shown(text)} can be no folder's name on Windows: choose another")
    if not is_name(text):
        lower = text.strip().lower().replace(" ", "-")
        hint = f"; did you mean {lower}?" if is_name(lower) else ""
        raise ValueError(f"must be {NAME_RULE} (got {shown(text)}){hint}")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": NAME_PATTERN})]
Note = Annotated[str, Field(max_length=LONGEST_NOTE, json_schema_extra={"pattern": r"\S"}), AfterValidator(_not_blank)]
FilePath = Annotated[str, Field(max_length=1_000, json_schema_extra={"minLength": 1}), AfterValidator(_not_blank)]
ModelName = Annotated[
    str,
    Field(examples=["google:veo-3.1-generate-001", "animatic:move"], json_schema_extra={"pattern": r"^[^:\s]+:\S+$"}),
]


class Part(BaseModel):
    """What all parts of a spec keep to: nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


TransitionName = Annotated[
    str, BeforeValidator(_transition, json_schema_input_type=str), Field(json_schema_extra={"enum": [*TRANSITIONS]})
]


class Stitch(Part):
    """How clips become a film."""

    mode: StitchMode = Field("cut", description="`cut` joins clips as they are; `crossfade` blends each into the next.")
    seconds: float = Field(0.5, ge=0.1, le=30, description="Length of a crossfade, at most half a clip (0.5).")
    transition: TransitionName = Field(
        "fade", description="How a crossfade looks: a name of FFmpeg's xfade filter (fade)."
    )
    drop_shared_frame: bool = Field(
        False,
        description="At a cut into a scene that continues the one before, show the shared picture once (false).",
    )


class Music(Part):
    """One bed of music under the whole film."""

    file: FilePath = Field(description="A WAV, MP3, M4A, FLAC or Ogg file, relative to the spec, inside the project.")
    gain_db: float = Field(-12.0, ge=-60, le=20, description="How much louder it is made, in decibels (-12).")
    duck: float = Field(
        10.0, ge=0, le=40, description="By how many decibels it steps back where the clips or a voice are heard (10)."
    )


class OnRefused(Part):
    """What to do when a provider's safety filter refuses a scene."""

    retries: int = Field(1, ge=0, le=MOST_RETRIES, description="How often a refused request is sent again (1).")
    then: Afterwards = Field(
        "still",
        description="Then hold the scene's keyframes as a `still`, `skip` the scene, or `fail` the job (still).",
    )


class ReferencePicture(Part):
    """A picture that conditions the keyframes: a character, a place, a thing."""

    name: Name = Field(description=f"What prompts call it: {NAME_RULE}.")
    image: FilePath = Field(description="A PNG, JPEG or WebP file, relative to the spec and inside the project.")
    description: Annotated[str, Field(max_length=LONGEST_NOTE)] = Field("", description="Who or what it shows.")


class Models(Part):
    """Models for single steps, written `provider:model`."""

    text: ModelName | None = Field(None, description="Writes the storyboard (the provider's default).")
    image: ModelName | None = Field(None, description="Draws the keyframes (the provider's default).")
    video: ModelName | None = Field(None, description="Films the clips (the provider's default).")
    speech: ModelName | None = Field(None, description="Speaks the narration (the provider's default).")


class Spec(Part):
    """A film: its script, its look, and how it is made."""

    name: Name = Field(
        "", description=f"Name of the job and of its directory (the file's name without its ending): {NAME_RULE}."
    )
    script: str | None = Field(None, description="The text that the film tells. Either this or `script_file`.")
    script_file: FilePath | None = Field(
        None, description="A text file beside the spec, inside the project, that holds the script."
    )
    style: Note = Field("cinematic", description="How the film looks, in your own words (cinematic).")
    scenes: int = Field(5, ge=1, le=100, description="How many scenes the storyboard has, 1 to 100 (5).")
    seconds: int = Field(
        4, ge=1, le=60, description="Length of a clip in seconds; what the video model offers, 4, 6 or 8 for Veo (4)."
    )
    aspect_ratio: AspectRatio = Field("16:9", description="Shape of the film: `16:9` wide or `9:16` tall (16:9).")
    resolution: Resolution = Field("720p", description="Size of the film; what the video model offers (720p).")
    audio: bool = Field(True, description="Clips have sound, where the video model makes any (true).")
    seed: int | None = Field(
        None, ge=0, le=LARGEST_SEED, description="Fixes the video model's randomness, where it takes a seed (none)."
    )
    negative_prompt: Note | None = Field(
        None, description="What clips should not show, where the video model takes it (none)."
    )
    image_size: ImageSize = Field("2K", description="Size asked of the picture model: `1K`, `2K` or `4K` (2K).")
    stitch: Annotated[Stitch, BeforeValidator(_mode_mapping)] = Field(
        Stitch(), description="How clips become a film: `cut`, `crossfade`, or a mapping with its details (cut)."
    )
    loudness: Annotated[
        float | Literal["keep"],
        BeforeValidator(_loudness),
        AfterValidator(_in_range),
        WithJsonSchema({"anyOf": [{"type": "number", "minimum": SOFTEST, "maximum": LOUDEST}, {"const": KEEP}]}),
    ] = Field(-16.0, description="Loudness of the whole film in LUFS (EBU R128), or `keep` to leave it as it is (-16).")
    music: Annotated[Music, BeforeValidator(_file_mapping)] | None = Field(
        None, description="Music under the whole film: a file, or a mapping with its details (none)."
    )
    narration: bool = Field(
        False, description="Ask the storyboard for words that a voice speaks over each scene (false)."
    )
    voice: Note | None = Field(None, description="The voice that speaks, as the speech model names it (its default).")
    captions: Captions = Field(
        "sidecar",
        description="Narration to be read: `sidecar` files beside the film, `burned` into it, or `none` (sidecar).",
    )
    references: Annotated[tuple[ReferencePicture, ...], Field(strict=False, max_length=MOST_REFERENCES)] = Field(
        (), description="Pictures that condition the keyframes: characters, places, things."
    )
    provider: str = Field(
        "animatic", description="Who makes the film: `animatic` offline and free, `google` for money (animatic)."
    )
    models: Models = Field(Models(), description="Models for single steps, instead of the provider's defaults.")
    on_refused: Annotated[OnRefused, BeforeValidator(_then_mapping)] = Field(
        OnRefused(), description="What to do when a safety filter refuses a scene: a word or a mapping (still)."
    )
    budget: Annotated[
        Decimal, BeforeValidator(_dollars), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000})
    ] = Field(Decimal(20), ge=0, le=1_000_000, description="Most US dollars that this job may ever cost (20).")
    output: FilePath | None = Field(
        None, description="Also place the film here: a path inside the project, `{name}` stands for the job's name."
    )
