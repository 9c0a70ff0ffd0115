"""A provider for tests behind the very ports of the real ones: priced, scriptable, and quick.

The `Server` is the vendor: it outlives the `Toy` objects that speak to it as a vendor outlives processes, remembers
every request, counts what it took in (and so would bill), and misbehaves as a test scripts it.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from PIL import Image

from vidpipe.files import write_draft
from vidpipe.media.encode import Encoder
from vidpipe.media.wav import wav
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    ImageRequest,
    Picture,
    Poll,
    Refused,
    Running,
    Speech,
    SpeechRequest,
    TextReply,
    TextRequest,
    VideoRequest,
)
from vidpipe.providers.catalogue import Model
from vidpipe.providers.registry import ProviderEntry

Port = Literal["text", "image", "video", "speech", "poll", "fetch"]
Deed = BaseException | Running | Refused | Failed | Gone | Callable[[], object] | None
"""What a scripted call does: raise, answer a poll, or run something (and await what that returns); None is as usual."""

TEXT_PRICES = {"in": Decimal(1), "out": Decimal(2)}
IMAGE_PRICES = {"1K": Decimal("0.10"), "2K": Decimal("0.10"), "input": Decimal("0.01")}
VIDEO_PRICES = {"720p": Decimal("0.50")}
SPEECH_PRICES = {"in": Decimal(10), "out": Decimal(20)}
CLIP = VIDEO_PRICES["720p"]
"""The price of one second of film, which is a clip in most tests."""
FIRST_PICTURE = IMAGE_PRICES["2K"]
NEXT_PICTURE = IMAGE_PRICES["2K"] + IMAGE_PRICES["input"]
TOKENS = (100, 200)
SPOKEN = (20, 50)
SPEECH = (SPOKEN[0] * SPEECH_PRICES["in"] + SPOKEN[1] * SPEECH_PRICES["out"]) / 1_000_000
STORYBOARD = (TOKENS[0] * TEXT_PRICES["in"] + TOKENS[1] * TEXT_PRICES["out"]) / 1_000_000
COLOURS = ((60, 90, 200), (110, 200, 90), (160, 60, 140), (210, 128, 128))


def models(provider: str, *, paid: bool) -> tuple[Model, ...]:
    """Return the toy's models; the second picture and video models are there to be chosen instead of the defaults."""
    each = (TEXT_PRICES, IMAGE_PRICES, VIDEO_PRICES, SPEECH_PRICES)
    text, image, video, speech = (prices if paid else {} for prices in each)
    draw = Model(
        id="draw-1", provider=provider, kind="image", paid=paid, prices=image, image_sizes=("1K", "2K"), in_flight=8
    )
    film = Model(
        id="film-1",
        provider=provider,
        kind="video",
        paid=paid,
        prices=video,
        seconds=tuple(range(1, 9)),
        resolutions=("720p",),
        audio="optional",
        seed=True,
        in_flight=8,
    )
    write = Model(id="write-1", provider=provider, kind="text", paid=paid, prices=text, in_flight=8)
    speak = Model(id="speak-1", provider=provider, kind="speech", paid=paid, prices=speech, voices=("Ada",))
    return write, draw, replace(draw, id="draw-2"), film, replace(film, id="film-2"), speak


@dataclass(slots=True)
class Rule:
    """A deed for calls of one port whose prompt (or operation) holds a text, `times` times (None: always)."""

    port: Port
    deed: Deed
    holding: str = ""
    times: int | None = 1

    def takes(self, port: Port, text: str) -> bool:
        """Whether this rule answers a call, which uses it up."""
        if port != self.port or self.holding not in text or self.times == 0:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass(slots=True)
class Operation:
    """A clip that the vendor is filming, or has."""

    request: VideoRequest
    serial: int


@dataclass(slots=True)
class Server:
    """The vendor behind the toy: deterministic if told so, else no two answers are alike."""

    deterministic: bool = False
    rules: list[Rule] = field(default_factory=list)
    accepted: list[tuple[Port, str]] = field(default_factory=list)
    requests: list[tuple[Port, object]] = field(default_factory=list)
    operations: dict[str, Operation] = field(default_factory=dict)
    opened: int = 0

    def on(self, port: Port, deed: Deed, *, holding: str = "", times: int | None = 1) -> None:
        """Script what the next calls of a port do, those only whose prompt (or operation) holds a text."""
        self.rules.append(Rule(port, deed, holding, times))

    def count(self, port: Port) -> int:
        """Return how many requests of a port were taken in, which a vendor bills."""
        return sum(taken == port for taken, _ in self.accepted)

    @property
    def calls(self) -> tuple[int, int, int]:
        """Return how many storyboards, pictures and clips were taken in."""
        return self.count("text"), self.count("image"), self.count("video")

    def sent(self, port: Port) -> int:
        """Return how many requests of a port arrived, refused ones included."""
        return sum(arrived == port for arrived, _ in self.requests)

    async def play(self, port: Port, text: str, request: object) -> Running | Refused | Failed | Gone | None:
        """Take a call in as scripted: raises, or returns what a poll is to answer, or None for the usual answer."""
        self.requests.append((port, request))
        rule = next((rule for rule in self.rules if rule.takes(port, text)), None)
        deed = rule.deed if rule else None
        if isinstance(deed, BaseException):
            raise deed
        if deed is None or isinstance(deed, Running | Refused | Failed | Gone):
            return deed
        done = deed()
        if inspect.isawaitable(done):
            done = await done
        if isinstance(done, BaseException):
            raise done
        return None

    def begin(self, operation: Operation) -> str:
        """Begin an operation and return its name."""
        name = f"operations/{len(self.operations) + 1}"
        self.operations[name] = operation
        return name

    def accept(self, port: Port, text: str) -> int:
        """Take a request in, which is what a vendor bills, and return its serial number (0 where all are alike)."""
        self.accepted.append((port, text))
        return 0 if self.deterministic else len(self.accepted)


def picture_of(seed: object) -> bytes:
    """Return a small PNG that is told apart by its seed."""
    digest = hashlib.sha256(repr(seed).encode()).digest()
    image = Image.frombytes("RGB", (16, 9), (digest * 14)[: 16 * 9 * 3])
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def voice_of(seed: object, seconds: float = 0.1) -> bytes:
    """Return a quiet WAV file that is told apart by its seed."""
    digest = hashlib.sha256(repr(seed).encode()).digest()
    samples = b"".join(bytes((digest[number % 32] % 100, 0)) for number in range(round(24_000 * seconds)))
    return wav(samples, 24_000)


def clip_of(seed: object, seconds: int = 1, *, audio: bool = False) -> bytes:
    """Return a valid MP4 of 1280x720 that is told apart by its seed: its colour, and a box that players pass over."""
    digest = hashlib.sha256(repr(seed).encode()).digest()
    box = (8 + len(digest)).to_bytes(4, "big") + b"free" + digest
    return _clip(digest[0] % len(COLOURS), seconds, audio=audio) + box


@cache
def _clip(colour: int, seconds: int, *, audio: bool) -> bytes:
    y, u, v = COLOURS[colour]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        planes = [
            np.full(shape, level, np.uint8) for level, shape in ((y, (720, 1280)), (u, (360, 640)), (v, (360, 640)))
        ]
        with Encoder(path, (1280, 720), audio=audio) as encoder:
            for _ in range(24 * seconds):
                encoder.write_planes(planes[0], planes[1], planes[2])
            if audio:
                encoder.write_audio(np.zeros((2, 48_000 * seconds), np.float32))
        return path.read_bytes()


class Toy:
    """One process's door to the vendor: all of the ports at once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        server.opened += 1

    def text(self, model: str) -> Toy:
        """Return the writer."""
        return self

    def image(self, model: str) -> Toy:
        """Return the painter."""
        return self

    def video(self, model: str) -> Toy:
        """Return the camera."""
        return self

    def speech(self, model: str) -> Toy:
        """Return the speaker."""
        return self

    async def close(self) -> None:
        """Let go of nothing."""

    async def write(self, request: TextRequest) -> TextReply:
        """Write a storyboard whose prompts name what they are for."""
        await self.server.play("text", request.prompt, request)
        self.server.accept("text", request.prompt)
        spoken = request.narration
        return TextReply(json.dumps(board(request.script, request.style, request.scenes, spoken=spoken)), *TOKENS)

    async def draw(self, request: ImageRequest) -> Picture:
        """Draw a small picture that depends on all that was asked."""
        await self.server.play("image", request.prompt, request)
        serial = self.server.accept("image", request.prompt)
        return Picture(picture_of((request, serial)), "image/png")

    async def speak(self, request: SpeechRequest) -> Speech:
        """Say nothing for a tenth of a second, in a way that is told apart by what was asked."""
        await self.server.play("speech", request.text, request)
        serial = self.server.accept("speech", request.text)
        return Speech(voice_of((request, serial)), *SPOKEN)

    async def submit(self, request: VideoRequest) -> str:
        """Begin an operation."""
        await self.server.play("video", request.prompt, request)
        serial = self.server.accept("video", request.prompt)
        return self.server.begin(Operation(request, serial))

    async def poll(self, operation: str) -> Poll:
        """Tell how an operation stands; it is done at once unless the test says otherwise."""
        known = self.server.operations.get(operation)
        scripted = await self.server.play("poll", known.request.prompt if known else operation, operation)
        if scripted is not None:
            return scripted
        return Done(operation) if known else Gone()

    async def fetch(self, done: Done, path: Path) -> None:
        """Write the clip."""
        operation = self.server.operations[done.result]
        await self.server.play("fetch", operation.request.prompt, done)
        request = operation.request
        clip = clip_of((request, operation.serial), request.seconds, audio=request.audio)
        write_draft(path, clip)  # a few kilobytes, and no other thread to wake up for them


def board(script: str, style: str, scenes: int, *, spoken: bool = False) -> dict[str, object]:
    """Return a storyboard as JSON whose every prompt names its scene and its part, and if wanted words to be spoken."""
    words = script.split(maxsplit=1)[0] if script.split() else "nothing"
    return {
        "style_guide": {"visual_style": style, "color_palette": f"{style} colours", "camera_style": "calm"},
        "scenes": [
            {
                "scene_index": number,
                "scene_description": f"{words}: scene {number}.",
                "start_frame_prompt": f"start {number}.",
                "end_frame_prompt": f"end {number}.",
                "video_motion_prompt": f"motion {number}.",
                "transition_notes": "",
                "continuity": "continue",
                **({"narration": f"words {number}."} if spoken else {}),
            }
            for number in range(scenes)
        ],
    }


def entry(server: Server, name: str = "toy", *, paid: bool = True) -> ProviderEntry:
    """Return the toy as the registry knows it."""
    return ProviderEntry(name, models(name, paid=paid), lambda _settings: Toy(server))
