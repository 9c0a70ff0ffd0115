"""The ports: what a step may ask of a model, and what every provider must keep to.

The steps know only these protocols and data classes. Retry, limits, prices and logging wrap a port at one layer; an
adapter sends one request per call and classifies the answer. The contract suite in `tests/contract` runs against
every provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Style:
    """The storyboard's style guide, part of every picture and motion prompt."""

    visual_style: str
    color_palette: str
    camera_style: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded still; `media_type` is that of its content: image/png, image/jpeg or image/webp."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that conditions the keyframes: a character, a place, a thing."""

    name: str
    description: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Ask for a storyboard; a language model reads `system` and `prompt`, which were built from the rest.

    With `narration`, every scene is to have words for a voice, which may be none.
    """

    system: str
    prompt: str
    schema: Mapping[str, object]
    temperature: float
    script: str
    style: str
    scenes: int
    seconds: int
    references: tuple[str, ...] = ()
    narration: bool = False


@dataclass(frozen=True, slots=True)
class TextReply:
    """The raw text of a reply (JSON, if the model did as asked) and the tokens it was billed for."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """Ask for one keyframe; `prompt` is what a picture model reads, the rest is what it was built from.

    `first` is the picture that the wanted one continues, `seconds` later; None asks for a picture from words alone.
    `size` is the video's (width, height) in pixels; a model may deliver another one. Captions will be drawn over a
    picture that is not `lettered`: a model that writes what it shows into its pictures leaves that out.
    """

    prompt: str
    frame_prompt: str
    scene_description: str
    style: Style
    first: Picture | None
    references: tuple[Reference, ...]
    seconds: int
    aspect_ratio: str
    image_size: str
    size: tuple[int, int]
    lettered: bool = True


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """Ask for one clip from the picture `first` to the picture `last`; `size` is (width, height) in pixels."""

    prompt: str
    motion_prompt: str
    first: Picture
    last: Picture
    seconds: int
    aspect_ratio: str
    resolution: str
    size: tuple[int, int]
    audio: bool
    seed: int | None
    negative_prompt: str | None


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """Ask for words to be spoken, exactly as they stand; `voice` is as the model names it, None for its default."""

    text: str
    voice: str | None


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken words: `data` is a whole WAV file; the tokens are what the model was billed for (0: it does not say)."""

    data: bytes
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """The operation is still working."""


@dataclass(frozen=True, slots=True)
class Done:
    """The operation has a result; `result` is for the same adapter's `fetch` and may be a URI or a name."""

    result: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A safety filter's refusal: data, not a crash."""

    reason: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The operation ended without a result; `transient` says that the vendor calls a new request reasonable."""

    message: str
    transient: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The provider does not know the operation: its result cannot be had.

    With a `hint`, which is what else may be the reason, it is not given up for that: whoever asks may only not be told.
    """

    hint: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The operation has ended, and its answer is not understood: it may hold a clip; `received` quotes what came."""

    received: str


Poll = Running | Done | Refused | Failed | Gone | Unclear


class RefusedError(Exception):
    """A safety filter refused a storyboard, a picture or words to be spoken."""

    def __init__(self, reason: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.refusal = Refused(reason, codes)


class NotAcceptedError(Exception):
    """The request was certainly not accepted, so nothing was bought.

    `retry` says that sending it again may help, `retry_after` how many seconds the provider asked to wait.
    """

    def __init__(self, message: str, *, retry: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry = retry
        self.retry_after = retry_after


class NotThereError(NotAcceptedError):
    """What a finished operation made is not there any more: fetching again will not help."""


class ReplyLostError(Exception):
    """The request may have been accepted, and the reply that would tell is lost: it counts as perhaps bought.

    `retry_after` is how many seconds the provider asked to wait before anything is sent again.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NoVoiceError(Exception):
    """A speech model needs what this machine lacks; the message says what, and how to get it."""


class TextModel(Protocol):
    """Writes storyboards."""

    async def write(self, request: TextRequest) -> TextReply:
        """Send the request once. Raises RefusedError, NotAcceptedError or ReplyLostError."""


class ImageModel(Protocol):
    """Draws keyframes."""

    async def draw(self, request: ImageRequest) -> Picture:
        """Send the request once. Raises RefusedError, NotAcceptedError or ReplyLostError."""


class VideoModel(Protocol):
    """Films clips as long-running operations."""

    async def submit(self, request: VideoRequest) -> str:
        """Start one operation and return its name, which outlives the process if the provider is paid.

        Raises RefusedError, NotAcceptedError or ReplyLostError.
        """

    async def poll(self, operation: str) -> Poll:
        """Ask once how an operation stands; safe to repeat. Raises NotAcceptedError where asking again may help."""

    async def fetch(self, done: Done, path: Path) -> None:
        """Write the result to `path` (MP4); safe to repeat. Raises NotAcceptedError where fetching again may help.

        Raises NotThereError where the result is certainly not there any more. To be opened with `files.create`: while
        the result is awaited, the folder may be exchanged for a link.
        """


class SpeechModel(Protocol):
    """Speaks narration."""

    async def speak(self, request: SpeechRequest) -> Speech:
        """Send the request once. Raises RefusedError, NotAcceptedError or ReplyLostError."""


class Provider(Protocol):
    """A vendor: hands out its models by their id without the provider's prefix. Creating one must not open a socket."""

    def text(self, model: str) -> TextModel:
        """Return the storyboard model of that id."""

    def image(self, model: str) -> ImageModel:
        """Return the picture model of that id."""

    def video(self, model: str) -> VideoModel:
        """Return the video model of that id."""

    def speech(self, model: str) -> SpeechModel:
        """Return the speech model of that id. Raises NoVoiceError where this machine cannot speak.

        It is asked of a provider only if one of its models is for speech.
        """

    async def close(self) -> None:
        """Let go of sockets and workers; called once at the end of a run."""
