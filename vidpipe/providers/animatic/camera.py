"""Film a clip from two stills: one eased move of the camera, a dissolve on the way, a quiet bed of sound."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from vidpipe.errors import StoppedError
from vidpipe.media.encode import Encoder
from vidpipe.media.frame import FRAME_RATE, SAMPLES_PER_FRAME
from vidpipe.media.picture import cover, open_picture
from vidpipe.media.planes import Planes, to_planes
from vidpipe.providers.animatic.motion import Box, Move, choose_move, presence, window
from vidpipe.providers.animatic.sound import sound_bed
from vidpipe.providers.base import Done, Gone, NotAcceptedError, Poll, VideoRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_KEPT = 8
"""How many finished requests can be fetched again; each holds two pictures."""


def film(request: VideoRequest, path: Path, *, stop: Callable[[], bool] | None = None) -> None:
    """Write the clip as MP4; equal requests give equal bytes.

    `stop` is asked before every frame. Raises StoppedError if it says so, BrokenFileError for a damaged picture, and
    OSError where the file cannot be written; after any of these the file is absent or empty.
    """
    first = to_planes(cover(open_picture(request.first.data, "the first picture of the clip"), request.size))
    last = to_planes(cover(open_picture(request.last.data, "the last picture of the clip"), request.size))
    sound = sound_bed(request.prompt, request.seconds, request.seed or 0) if request.audio else None
    with Encoder(path, request.size, audio=request.audio) as encoder:
        for number, frame in enumerate(frames(first, last, choose_move(request.motion_prompt), request.seconds)):
            if stop is not None and stop():
                raise StoppedError
            encoder.write_planes(frame.y, frame.u, frame.v)
            if sound is not None:
                encoder.write_audio(sound[:, number * SAMPLES_PER_FRAME : (number + 1) * SAMPLES_PER_FRAME])


def frames(first: Planes, last: Planes, move: Move, seconds: int) -> Iterator[Planes]:
    """Yield every frame of a clip; the first is exactly `first`, the last exactly `last`."""
    count = seconds * FRAME_RATE
    for number in range(count):
        time = number / (count - 1)
        mixed = _mix(first, last, presence(move, time))
        yield _through(mixed, window(move, time, seconds, first.size))


def _mix(first: Planes, last: Planes, share: float) -> Planes:
    weight = round(share * 256)
    if weight == 0:
        return first
    if weight == 256:
        return last

    def mix(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
        # Image.blend() cuts fractions off, which darkens a dissolve by half a level from its first frame on
        total = one * np.uint16(256 - weight) + other * np.uint16(weight) + np.uint16(128)
        return (total >> 8).astype(np.uint8)

    return Planes(mix(first.y, last.y), mix(first.u, last.u), mix(first.v, last.v))


def _through(planes: Planes, box: Box) -> Planes:
    """Scale the part in `box` to the full frame, at fractions of a pixel: whole ones would make a slow move tremble."""
    left, top, right, bottom = box
    half = (left / 2, top / 2, right / 2, bottom / 2)
    return Planes(_scaled(planes.y, box), _scaled(planes.u, half), _scaled(planes.v, half))


def _scaled(plane: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    image = Image.fromarray(plane)
    return np.asarray(image.resize(image.size, Image.Resampling.BICUBIC, box=box))  # a full box is copied bit for bit


class Camera:
    """The video model of the animatic: an operation is done when it is submitted, and rendered when it is fetched.

    Its names mean nothing to another process: there a poll answers Gone, and nothing is lost, because it was free.
    """

    def __init__(self) -> None:
        self._requests: OrderedDict[str, VideoRequest] = OrderedDict()
        self._fetched: list[str] = []
        self._closed = threading.Event()

    async def submit(self, request: VideoRequest) -> str:
        """Keep the request and return a name for it."""
        operation = f"animatic-{uuid.uuid4().hex}"
        self._requests[operation] = request
        return operation

    async def poll(self, operation: str) -> Poll:
        """Answer Done, or Gone for a name of another process."""
        return Done(operation) if operation in self._requests else Gone()

    async def fetch(self, done: Done, path: Path) -> None:
        """Render the clip to `path` in a thread; cancelled, it waits until that thread has let go of the file.

        Raises what `film` raises, and NotAcceptedError for a name that is not known (any more).
        """
        request = self._requests.get(done.result)
        if request is None:
            raise NotAcceptedError(f"the animatic holds no request named {done.result}; submit it again")
        given_up = threading.Event()

        def stop() -> bool:
            return given_up.is_set() or self._closed.is_set()

        rendering = asyncio.ensure_future(asyncio.to_thread(film, request, path, stop=stop))
        try:
            await asyncio.shield(rendering)
        except asyncio.CancelledError:
            given_up.set()
            await asyncio.wait([rendering])
            if not rendering.cancelled():
                rendering.exception()  # somebody has looked: asyncio need not warn
            raise
        self._forget_oldest(done.result)

    def close(self) -> None:
        """Make every render that is under way stop at its next frame."""
        self._closed.set()

    def _forget_oldest(self, fetched: str) -> None:
        if fetched not in self._fetched:
            self._fetched.append(fetched)
        while len(self._fetched) > _KEPT:
            del self._requests[self._fetched.pop(0)]
