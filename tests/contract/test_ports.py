"""The contract of the ports (vidpipe/providers/base.py): every provider runs this suite."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.toy import Server, Toy
from vidpipe.media.picture import check_picture, media_type
from vidpipe.media.verify import check_clip
from vidpipe.providers.animatic import open_provider
from vidpipe.providers.base import Done, ImageRequest, Picture, Style, TextRequest, VideoRequest
from vidpipe.spec.board import board_schema, reply_board

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vidpipe.providers.base import Provider

SIZE = (1280, 720)
STYLE = Style("ink and paper", "ink #101418, slate #38444f, fog #9fb0ba, paper #f2ead8", "slow")
TEXT = TextRequest(
    system="",
    prompt="",
    schema=board_schema(3),
    temperature=0.7,
    script="A boat leaves the harbour. The fog comes in. A bell rings twice.",
    style="ink",
    scenes=3,
    seconds=1,
)
PICTURE = ImageRequest(
    prompt="A boat in the fog",
    frame_prompt="A boat in the fog",
    scene_description="A boat leaves the harbour.",
    style=STYLE,
    first=None,
    references=(),
    seconds=1,
    aspect_ratio="16:9",
    image_size="1K",
    size=SIZE,
)


@pytest.fixture(params=["animatic", "toy"])
def provider(request: pytest.FixtureRequest) -> Provider:
    makers: dict[str, Callable[[], Provider]] = {
        "animatic": lambda: open_provider(None),
        "toy": lambda: Toy(Server()),
    }
    return makers[request.param]()


def drawn(provider: Provider, request: ImageRequest) -> Picture:
    return asyncio.run(provider.image("draw").draw(request))


def clip_request(provider: Provider) -> VideoRequest:
    first = drawn(provider, PICTURE)
    last = drawn(provider, replace(PICTURE, first=first, frame_prompt="The boat is gone"))
    return VideoRequest(
        prompt="The boat drifts off",
        motion_prompt="The boat drifts off",
        first=first,
        last=last,
        seconds=1,
        aspect_ratio="16:9",
        resolution="720p",
        size=SIZE,
        audio=True,
        seed=None,
        negative_prompt=None,
    )


def test_a_text_model_writes_a_storyboard_that_validates_with_the_wanted_number_of_scenes(provider: Provider) -> None:
    reply = asyncio.run(provider.text("script").write(TEXT))
    assert len(reply_board(reply.text, 3).scenes) == 3


def test_an_image_model_delivers_a_picture_of_the_type_that_it_names(provider: Provider) -> None:
    picture = drawn(provider, PICTURE)
    check_picture(picture.data, "picture")
    assert media_type(picture.data) == picture.media_type


def test_an_image_model_takes_the_picture_that_the_wanted_one_continues_into_account(provider: Provider) -> None:
    first = drawn(provider, PICTURE)
    other = drawn(provider, replace(PICTURE, frame_prompt="A city at night", scene_description="A city at night."))
    continued = {drawn(provider, replace(PICTURE, frame_prompt="The end", first=each)).data for each in (first, other)}
    assert len(continued) == 2


def test_a_video_model_films_a_whole_clip_by_submit_poll_and_fetch(provider: Provider, tmp_path: Path) -> None:
    request = clip_request(provider)

    async def film() -> None:
        port = provider.video("move")
        operation = await port.submit(request)
        done = await port.poll(operation)
        assert isinstance(done, Done)
        await port.fetch(done, tmp_path / "clip.mp4")

    asyncio.run(film())
    info = check_clip(tmp_path / "clip.mp4", "clip.mp4")
    assert info.frames == 24


def test_fetching_a_result_again_gives_the_same_bytes(provider: Provider, tmp_path: Path) -> None:
    request = clip_request(provider)

    async def film() -> None:
        port = provider.video("move")
        done = await port.poll(await port.submit(request))
        assert isinstance(done, Done)
        for name in ("one.mp4", "two.mp4"):
            await port.fetch(done, tmp_path / name)

    asyncio.run(film())
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
