"""Replies of a provider that are too large, too deep, or no answer at all end in an error, and no request too many."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from tests import toy
from tests.toy import Toy, clip_of
from vidpipe.providers.base import Picture, TextReply

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.conftest import Yard
    from vidpipe.providers.base import Done, ImageRequest, TextRequest, VideoRequest

TRIES = 3
BIG = 10 << 20
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    """Return a PNG that says it is of a size, with nearly no pixels in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return PNG + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def board(**changes: object) -> str:
    return json.dumps(toy.board("Waves beat", "plain", 1) | changes)


def padded(size: int) -> str:
    value = toy.board("Waves", "plain", 1)
    value["style_guide"]["visual_style"] = "x" * size  # type: ignore[index]
    return json.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "x" * BIG,
        padded(BIG),
        "[" * 500_000,
        '{"scenes":' * 100_000,
        board(scenes=[{}] * 100_000),
        board(scenes=[0] * 3),
        '{"scenes": ' + "9" * 100_000 + "}",
        board(style_guide={"visual_style": "\ud800", "color_palette": "", "camera_style": ""}),
        "",
        "\x00",
        "null",
        "NaN",
    ],
    ids=[
        *("10 MB", "10 MB of style", "deep list", "deep object", "many scenes", "no scenes", "long number"),
        *("half a pair", "nothing", "NUL", "null", "NaN"),
    ],
)
def test_a_reply_that_is_no_storyboard_is_asked_for_thrice_and_no_more(yard: Yard, text: str) -> None:
    async def write(self: Toy, request: TextRequest) -> TextReply:
        await self.server.play("text", "", request)
        return TextReply(text, 10, 10)

    def prepare() -> None:
        Toy.write = write  # type: ignore[method-assign]

    yard.project.spec(scenes=1, style="noir")
    (yard.job / "storyboard.json").unlink()
    done = yard("run", prepare=prepare)
    assert (done.code, yard.requests()) == (1, TRIES), done.told
    assert "no storyboard" in done.told
    assert len(done.told) < 20_000
    assert not (yard.job / "storyboard.json").exists()


@pytest.mark.parametrize(
    "data",
    [
        png(30_000, 30_000),
        png(2**31 - 1, 2**31 - 1),
        png(0, 0),
        png(16, 9, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * (64 << 20)))),
        png(16, 9, chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"x" * (64 << 20)))),
        PNG + bytes(300 << 20),
        b"\xff\xd8\xff" + bytes(1 << 20),
        b"RIFF\xff\xff\xff\xffWEBP" + bytes(1 << 20),
    ],
    ids=["30000x30000", "largest", "no size", "text bomb", "profile bomb", "300 MB", "no JPEG", "no WebP"],
)
def test_a_picture_that_is_none_fails_its_target_after_one_request(yard: Yard, data: bytes) -> None:
    async def draw(self: Toy, request: ImageRequest) -> Picture:
        await self.server.play("image", request.prompt, request)
        return Picture(data, "image/png")

    def prepare() -> None:
        Toy.draw = draw  # type: ignore[method-assign]

    yard.project.edit_scene(0, end_frame_prompt="Later.")
    before = (yard.job / "keyframes" / "scene-000-end.png").read_bytes()
    done = yard("run", prepare=prepare)
    assert (done.code, yard.requests()) == (1, 1), done.told
    assert (yard.job / "keyframes" / "scene-000-end.png").read_bytes() == before
    assert [*yard.private.joinpath("tmp").iterdir()] == []


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + bytes(1000), b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n",
     clip_of(1)[:500], b"\0\0\0\x18ftypisom" + b"\xff" * 5000, bytes(64 << 20)],
    ids=["zip", "playlist", "list of files", "cut off", "noise", "zeros"],
)  # fmt: skip
def test_a_clip_that_is_none_waits_for_a_decision_and_stays_paid_once(yard: Yard, data: bytes) -> None:
    async def fetch(self: Toy, done: Done, path: Path) -> None:
        path.write_bytes(data)  # noqa: ASYNC240

    def prepare() -> None:
        Toy.fetch = fetch  # type: ignore[method-assign]

    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    done = yard("run", prepare=prepare)
    assert done.code == 3, done.told
    assert "vidpipe redo" in done.told
    assert yard("run", prepare=prepare).code == 1  # this vendor forgets with the process: the operation is gone
    assert yard.tally.read_text().count("v") == 1


@pytest.mark.parametrize(
    "name",
    [
        *("https://elsewhere.example/operations/1", "../../operations/1", "operations/1?key=x", "operations%2f1"),
        *("a b", "\x1b[2J", "", "x" * 9000),
    ],
)
def test_an_operation_with_a_name_that_leads_elsewhere_is_never_asked_for(yard: Yard, name: str) -> None:
    async def submit(self: Toy, request: VideoRequest) -> str:
        await self.server.play("video", request.prompt, request)
        return name

    def prepare() -> None:
        Toy.submit = submit  # type: ignore[method-assign]

    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    for _ in range(2):
        done = yard("run", prepare=prepare)
        assert done.code == 3, done.told
        assert "\x1b" not in done.told
    assert yard.tally.read_text() == "v"
