"""The contract of the ports (vidpipe/providers/base.py): every provider runs this suite."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

import pytest

from tests.loopback.oauth import service_account
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from tests.toy import Server, Toy
from vidpipe.media.picture import check_picture, media_type
from vidpipe.media.verify import check_clip
from vidpipe.media.wav import read_wav
from vidpipe.providers.animatic import open_provider
from vidpipe.providers.base import Done, ImageRequest, Picture, SpeechRequest, Style, TextRequest, VideoRequest
from vidpipe.providers.registry import ProviderSettings, provider_entry
from vidpipe.spec.board import board_schema, reply_board

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from vidpipe.providers.base import Provider

T = TypeVar("T")

SIZE = (1280, 720)
STYLE = Style("ink and paper", "ink #101418, slate #38444f, fog #9fb0ba, paper #f2ead8", "slow")
TEXT = TextRequest(
    system="You write storyboards.",
    prompt="Style: ink\n<script>\nA boat leaves the harbour.\n</script>",
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


@dataclass(frozen=True, slots=True)
class Case:
    """A provider, how to open it in the loop that uses it, and the ids of its models."""

    open: Callable[[], Provider]
    text: str = "script"
    image: str = "draw"
    video: str = "move"
    speech: str = "speak"
    seconds: int = 1

    def run(self, deed: Callable[[Provider], Awaitable[T]]) -> T:
        """Open the provider, do something with it, and close it."""

        async def work() -> T:
            provider = self.open()
            try:
                return await deed(provider)
            finally:
                await provider.close()

        return asyncio.run(work())


@pytest.fixture
def _loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let both of Google's services be on the loopback, with credentials for both."""
    vendor = Vendor()
    with Loopback(vendor) as server:
        (tmp_path / "account.json").write_text(service_account(server.base), encoding="utf-8")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "account.json"))
        monkeypatch.setenv("GEMINI_API_KEY", vendor.key)
        for name in ("GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"):
            monkeypatch.delenv(name, raising=False)
        for name in ("GOOGLE_VERTEX_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "STORAGE_EMULATOR_HOST"):
            monkeypatch.setenv(name, server.base)
        yield
    assert vendor.problems == []


def _google(mode: Literal["vertex", "api-key"], video: str, output_gcs_uri: str | None = None) -> Case:
    settings = ProviderSettings(mode=mode, output_gcs_uri=output_gcs_uri)
    opener = provider_entry("google").open
    return Case(lambda: opener(settings), "gemini-3.8-flash", "gemini-3-pro-image", video, "gemini-3.8-flash-tts", 4)


@pytest.fixture(params=["animatic", "toy", "google on vertex", "google with a bucket", "google with a key"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param.startswith("google"):
        request.getfixturevalue("_loopback")
    makers: dict[str, Callable[[], Case]] = {
        "animatic": lambda: Case(lambda: open_provider(None)),
        "toy": lambda: Case(lambda: Toy(server), speech="speak-1"),
        "google on vertex": lambda: _google("vertex", "veo-3.1-generate-001"),
        "google with a bucket": lambda: _google("vertex", "veo-3.1-generate-001", "gs://films/takes"),
        "google with a key": lambda: _google("api-key", "gemini-omni-1.1-flash"),
    }
    server = Server()
    return makers[request.param]()


def drawn(case: Case, request: ImageRequest) -> Picture:
    return case.run(lambda provider: provider.image(case.image).draw(request))


def clip_request(case: Case) -> VideoRequest:
    first = drawn(case, PICTURE)
    last = drawn(case, replace(PICTURE, first=first, frame_prompt="The boat is gone"))
    return VideoRequest(
        prompt="The boat drifts off",
        motion_prompt="The boat drifts off",
        first=first,
        last=last,
        seconds=case.seconds,
        aspect_ratio="16:9",
        resolution="720p",
        size=SIZE,
        audio=True,
        seed=None,
        negative_prompt=None,
    )


def test_a_text_model_writes_a_storyboard_that_validates_with_the_wanted_number_of_scenes(case: Case) -> None:
    reply = case.run(lambda provider: provider.text(case.text).write(TEXT))
    assert len(reply_board(reply.text, 3).scenes) == 3


def test_a_text_model_writes_words_for_a_voice_where_they_are_wanted_and_only_there(case: Case) -> None:
    wanted = replace(TEXT, schema=board_schema(3, narration=True), narration=True)
    reply = case.run(lambda provider: provider.text(case.text).write(wanted))
    scenes = reply_board(reply.text, 3, narration=True).scenes
    assert any(scene.narration for scene in scenes)
    assert '"narration"' not in case.run(lambda provider: provider.text(case.text).write(TEXT)).text


def test_a_speech_model_speaks_into_a_whole_wav_file_in_its_own_voice(case: Case) -> None:
    if case.speech == "speak" and shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    request = SpeechRequest("A boat leaves the harbour.", None)
    speech = case.run(lambda provider: provider.speech(case.speech).speak(request))
    found = read_wav(speech.data, "speech")
    assert found.seconds > 0
    assert found.start + found.size == len(speech.data)


def test_an_image_model_delivers_a_picture_of_the_type_that_it_names(case: Case) -> None:
    picture = drawn(case, PICTURE)
    check_picture(picture.data, "picture")
    assert media_type(picture.data) == picture.media_type


def test_an_image_model_takes_the_picture_that_the_wanted_one_continues_into_account(case: Case) -> None:
    first = drawn(case, PICTURE)
    other = drawn(case, replace(PICTURE, frame_prompt="A city at night", scene_description="A city at night."))
    continued = {drawn(case, replace(PICTURE, frame_prompt="The end", first=each)).data for each in (first, other)}
    assert len(continued) == 2


def test_a_video_model_films_a_whole_clip_by_submit_poll_and_fetch(case: Case, tmp_path: Path) -> None:
    request = clip_request(case)

    async def film(provider: Provider) -> None:
        port = provider.video(case.video)
        operation = await port.submit(request)
        done = await port.poll(operation)
        assert isinstance(done, Done)
        await port.fetch(done, tmp_path / "clip.mp4")

    case.run(film)
    info = check_clip(tmp_path / "clip.mp4", "clip.mp4")
    assert info.frames == 24 * case.seconds


def test_fetching_a_result_again_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    request = clip_request(case)

    async def film(provider: Provider) -> None:
        port = provider.video(case.video)
        done = await port.poll(await port.submit(request))
        assert isinstance(done, Done)
        for name in ("one.mp4", "two.mp4"):
            await port.fetch(done, tmp_path / name)

    case.run(film)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()
