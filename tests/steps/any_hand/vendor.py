"""The vendor as an accountant sees it: every request that left vidpipe, what became of it, and what it brought."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.toy import (
    CLIP,
    FIRST_PICTURE,
    NEXT_PICTURE,
    STORYBOARD,
    Port,
    Server,
    Toy,
    board,
    clip_of,
    models,
)
from vidpipe.providers.base import (
    Failed,
    Gone,
    ImageRequest,
    NotAcceptedError,
    NotThereError,
    Refused,
    RefusedError,
    TextRequest,
    VideoRequest,
)
from vidpipe.providers.registry import ProviderEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from vidpipe.providers.base import Done, Picture, Poll, TextReply

Key = tuple[object, ...]
"""What something is made from, in the words of the documents: prompts, settings, and the pictures by content."""


def sha(data: bytes) -> str:
    """Return the hex sha256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def canonical(data: bytes) -> str:
    """Return what a storyboard says, whatever its layout."""
    return json.dumps(json.loads(data), sort_keys=True)


@dataclass(slots=True)
class Sent:
    """One paid request: when it was sent, its price, and its fate, which is `lost` until an answer says otherwise.

    `released` says that nobody waits for it any more: it failed, is gone, or was given up by a person's word.
    """

    port: Port
    request: object
    day: int
    price: Decimal
    number: int
    fate: str = "lost"
    operation: str = ""
    released: bool = False
    abandoned: bool = False


@dataclass(slots=True)
class Books:
    """All that was sent, and what each delivered file was made from. A `frozen` vendor hears nothing any more."""

    server: Server
    sent: list[Sent] = field(default_factory=list)
    made: dict[str, list[Key]] = field(default_factory=dict)
    day: int = 0
    frozen: bool = False

    def of(self, port: Port) -> list[Sent]:
        """Return the requests of a port."""
        return [each for each in self.sent if each.port == port]

    def operation(self, name: str) -> Sent | None:
        """Return the request behind an operation."""
        return next((each for each in self.sent if each.operation == name), None)

    def deliver(self, digest: str, key: Key) -> None:
        """Remember what a file was made from."""
        self.made.setdefault(digest, []).append(key)

    @contextmanager
    def sending(self, port: Port, request: object, price: Decimal) -> Iterator[Sent]:
        """Note a request and its fate."""
        if self.frozen:
            raise NotAcceptedError("the process that asks is dead")
        each = Sent(port, request, self.day, price, len(self.sent))
        self.sent.append(each)
        try:
            yield each
        except NotAcceptedError:
            each.fate = "rejected"
            raise
        except RefusedError:
            each.fate = "refused"
            raise
        each.fate = "accepted"


def picture_key(request: ImageRequest) -> Key:
    """Return what a keyframe was made from."""
    style = (request.style.visual_style, request.style.color_palette, request.style.camera_style)
    words = (request.frame_prompt, request.scene_description, *style)
    if request.first is None:
        return ("start", *words)
    return ("end", *words, request.seconds, sha(request.first.data))


def clip_key(request: VideoRequest) -> Key:
    """Return what a clip was made from, with its whole prompt in the place of the words that went into that."""
    return (request.motion_prompt, request.seconds, sha(request.first.data), sha(request.last.data), request.prompt)


class Watched(Toy):
    """The toy whose every request is noted."""

    def __init__(self, books: Books) -> None:
        super().__init__(books.server)
        self.books = books

    async def write(self, request: TextRequest) -> TextReply:
        """Write a storyboard."""
        with self.books.sending("text", request, STORYBOARD):
            reply = await super().write(request)
            said = json.dumps(board(request.script, request.style, request.scenes)).encode()
            self.books.deliver(canonical(said), ("board", request.style, request.scenes, request.seconds))
            return reply

    async def draw(self, request: ImageRequest) -> Picture:
        """Draw a picture."""
        with self.books.sending("image", request, NEXT_PICTURE if request.first else FIRST_PICTURE):
            picture = await super().draw(request)
            self.books.deliver(sha(picture.data), picture_key(request))
            return picture

    async def submit(self, request: VideoRequest) -> str:
        """Begin to film."""
        with self.books.sending("video", request, CLIP * request.seconds) as sent:
            sent.operation = await super().submit(request)
            known = self.server.operations[sent.operation]
            clip = clip_of((request, known.serial), request.seconds, audio=request.audio)
            self.books.deliver(sha(clip), clip_key(request))
            return sent.operation

    async def poll(self, operation: str) -> Poll:
        """Tell how an operation stands."""
        if self.books.frozen:
            raise NotAcceptedError("the process that asks is dead")
        poll = await super().poll(operation)
        sent = self.books.operation(operation)
        if sent is not None and isinstance(poll, Refused):
            sent.fate = "refused"
        elif sent is not None and isinstance(poll, Failed | Gone):
            sent.released = True
        return poll

    async def fetch(self, done: Done, path: Path) -> None:
        """Hand a clip over."""
        if self.books.frozen:
            raise NotAcceptedError("the process that asks is dead")
        try:
            await super().fetch(done, path)
        except NotThereError:
            sent = self.books.operation(done.result)
            assert sent is not None
            sent.released = True
            raise


def watched(books: Books) -> ProviderEntry:
    """Return the watched toy as the registry knows it."""
    return ProviderEntry("toy", models("toy", paid=True), lambda _settings: Watched(books))
