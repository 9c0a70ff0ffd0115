"""The loopback server is understood by the real SDK in both modes, counts what it takes in, and forgives nothing."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from google import genai
from google.genai import errors, types
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccount
from PIL import Image

from tests.loopback.deeds import (
    Block,
    Cut,
    Do,
    Expire,
    Fail,
    Garble,
    Hang,
    Say,
    Spoil,
    Truncate,
    Working,
    busy,
    unavailable,
)
from tests.loopback.media import clip, picture
from tests.loopback.oauth import SCOPE, service_account
from vidpipe.media.verify import check_clip
from vidpipe.spec.board import board_schema, reply_board

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.loopback.deeds import Kind
    from tests.loopback.server import Loopback
    from tests.loopback.vendor import Vendor

VEO, OMNI = "veo-3.1-generate-001", "gemini-omni-1.1-flash"
PROMPT = "Style: noir\n<script>\nA pier.\n</script>"
FRAMES = [picture(number, "16:9", "PNG") for number in (1, 2)]


class Bare:
    """The bare SDK in one mode, one event loop a call: what an adapter would ask, and nothing else."""

    def __init__(self, loopback: Loopback, mode: str, *, timeout: int = 5_000, **given: Any) -> None:
        options = types.HttpOptions(
            base_url=loopback.base,
            timeout=timeout,
            retry_options=types.HttpRetryOptions(attempts=1),
            client_args={"verify": False},  # no certificates are read where nothing is encrypted
            async_client_args={"verify": False},
        )
        if mode == "vertex":
            known: dict[str, Any] = {"project": "film-project", "location": "global"}
            known["credentials"] = Credentials(token=loopback.vendor.token)  # type: ignore[no-untyped-call]
            self.make = lambda: genai.Client(vertexai=True, http_options=options, **known | given)
        else:
            self.make = lambda: genai.Client(
                vertexai=False, http_options=options, **{"api_key": loopback.vendor.key} | given
            )

    def call(self, ask: Callable[[Any], Awaitable[Any]]) -> Any:
        """Ask with a client of its own."""

        async def asked() -> Any:
            client: genai.Client = self.make()  # type: ignore[no-untyped-call]
            try:
                return await ask(client.aio)
            finally:
                await client.aio.aclose()
                client.close()

        return asyncio.run(asked())

    def write(self, scenes: int = 2, **config: Any) -> types.GenerateContentResponse:
        """Ask for a storyboard."""
        settings = types.GenerateContentConfig(
            **{
                "system_instruction": "You are a director.",
                "temperature": 0.7,
                "response_mime_type": "application/json",
                "response_json_schema": board_schema(scenes),
            }
            | config
        )
        found: types.GenerateContentResponse = self.call(
            lambda aio: aio.models.generate_content(model="gemini-3.8-flash", contents=PROMPT, config=settings)
        )
        return found

    def draw(self, *pictures: bytes, media_type: str = "image/png") -> types.GenerateContentResponse:
        """Ask for a picture."""
        parts = [types.Part.from_bytes(data=data, mime_type=media_type) for data in pictures]
        settings = types.GenerateContentConfig(
            response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K")
        )
        found: types.GenerateContentResponse = self.call(
            lambda aio: aio.models.generate_content(
                model="gemini-3-pro-image", contents=[*parts, types.Part.from_text(text="A pier.")], config=settings
            )
        )
        return found

    def film(self, **changes: Any) -> types.GenerateVideosOperation:
        """Ask Veo for a clip."""
        config = {
            "last_frame": types.Image(image_bytes=FRAMES[1], mime_type="image/png"),
            "aspect_ratio": "16:9",
            "duration_seconds": 4,
            "resolution": "720p",
            "generate_audio": False,
            "number_of_videos": 1,
        } | changes
        image = types.Image(image_bytes=FRAMES[0], mime_type="image/png")
        source = types.GenerateVideosSource(prompt="Waves.", image=image)
        operation: types.GenerateVideosOperation = self.call(
            lambda aio: aio.models.generate_videos(
                model=VEO, source=source, config=types.GenerateVideosConfig(**config)
            )
        )
        return operation

    def poll(self, name: str | None) -> types.GenerateVideosOperation:
        """Ask how an operation stands."""
        operation: types.GenerateVideosOperation = self.call(
            lambda aio: aio.operations.get(types.GenerateVideosOperation.model_validate({"name": name}))
        )
        return operation

    def interact(self, *, frames: int = 2, **changes: Any) -> Any:
        """Ask Omni for a clip."""
        encoded = [base64.b64encode(data).decode() for data in FRAMES[:frames]]
        shape = {"aspect_ratio": "16:9", "duration": "4s", "resolution": "720p", "delivery": "uri"} | changes
        return self.call(
            lambda aio: aio.interactions.create(
                model=OMNI,
                input=[
                    {"type": "text", "text": "Waves."},
                    *({"type": "image", "data": data, "mime_type": "image/png"} for data in encoded),
                ],
                generation_config={"video_config": {"task": "image_to_video"}},
                response_format={"type": "video"} | shape,
                background=True,
            )
        )

    def look(self, name: str) -> Any:
        """Ask how an interaction stands."""
        return self.call(lambda aio: aio.interactions.get(name))


@pytest.fixture(params=["vertex", "api-key"])
def mode(request: pytest.FixtureRequest) -> str:
    """Return one mode after the other."""
    return str(request.param)


@pytest.fixture
def bare(loopback: Loopback, mode: str) -> Bare:
    """Return the SDK in both modes, one after the other."""
    return Bare(loopback, mode)


@pytest.fixture
def vertex(loopback: Loopback) -> Bare:
    """Return the SDK for Vertex AI, in a region that has Veo."""
    return Bare(loopback, "vertex", location="us-central1")


@pytest.fixture
def keyed(loopback: Loopback) -> Bare:
    """Return the SDK with an API key."""
    return Bare(loopback, "api-key")


@pytest.fixture
def breaches(vendor: Vendor) -> Iterator[list[str]]:
    """Return the breaches of the protocol, which this test is about."""
    yield vendor.problems
    vendor.problems.clear()


def test_a_storyboard_has_as_many_scenes_as_its_schema_says_and_is_billed_by_its_tokens(
    bare: Bare, vendor: Vendor
) -> None:
    reply = bare.write(scenes=3)
    board = reply_board(reply.text or "", 3)
    assert board.style_guide.visual_style == "noir"
    assert reply.usage_metadata is not None
    assert reply.usage_metadata.prompt_token_count == 1200
    assert vendor.calls == (1, 0, 0)
    assert vendor.bill() == Decimal("0.005775")


def test_a_picture_comes_after_thoughts_and_drafts_in_the_format_of_its_service(
    bare: Bare, vendor: Vendor, mode: str
) -> None:
    first, second = bare.draw(), bare.draw(FRAMES[0])
    found = []
    for reply in (first, second):
        inline = [part.inline_data for part in reply.parts or [] if part.inline_data and not part.thought]
        assert [blob.mime_type for blob in inline] == ["image/png" if mode == "vertex" else "image/jpeg"]
        with Image.open(BytesIO(inline[0].data or b"")) as image:
            assert image.size == (344, 192)
        found.append(inline[0].data)
    assert found[0] != found[1]
    assert vendor.calls == (0, 2, 0)
    assert vendor.bill() == Decimal("0.2691")


def test_veo_films_a_whole_clip(vertex: Bare, vendor: Vendor) -> None:
    vendor.on("poll", Working())
    operation = vertex.film()
    assert vertex.poll(operation.name).done is None
    done = vertex.poll(operation.name)
    assert done.done is True
    assert done.response is not None
    (video,) = done.response.generated_videos or []
    assert video.video is not None
    assert check_clip(video.video.video_bytes or b"", "clip").frames == 96
    assert vendor.calls == (0, 0, 1)
    assert vendor.bill() == Decimal("1.6")


def test_a_clip_in_a_bucket_is_fetched_with_the_same_token(vertex: Bare, vendor: Vendor, loopback: Loopback) -> None:
    done = vertex.poll(vertex.film(output_gcs_uri="gs://films/pier/").name)
    assert done.response is not None
    assert done.response.generated_videos is not None
    video = done.response.generated_videos[0].video
    assert video is not None
    assert video.video_bytes is None
    assert video.uri == "gs://films/pier/1/sample_0.mp4"
    address = f"{loopback.base}/storage/v1/b/films/o/pier%2F1%2Fsample_0.mp4"
    headers = {"authorization": f"Bearer {vendor.token}"}
    assert httpx2.get(f"{address}?alt=media", headers=headers).content == clip(1, 4, "720p", "16:9", audio=False)
    assert httpx2.get(address, headers=headers).json()["name"] == "pier/1/sample_0.mp4"
    assert httpx2.get(address, headers={"authorization": "Bearer old"}).status_code == 401


def test_omni_films_a_clip_that_is_fetched_through_a_redirect(keyed: Bare, vendor: Vendor) -> None:
    vendor.on("poll", Working())
    begun = keyed.interact()
    assert begun.status == "in_progress"
    assert keyed.look(begun.id).status == "in_progress"
    done = keyed.look(begun.id)
    assert done.status == "completed"
    film = keyed.call(lambda aio: aio.files.download(file=done.output_video.uri))
    assert film == clip(1, 4, "720p", "16:9", audio=True)
    assert vendor.bill() == Decimal("0.4")


def test_omni_delivers_a_small_clip_inline(keyed: Bare) -> None:
    done = keyed.look(keyed.interact(delivery="inline").id)
    assert base64.b64decode(done.output_video.data) == clip(1, 4, "720p", "16:9", audio=True)


def test_a_service_account_gets_its_token_from_the_server(loopback: Loopback, vendor: Vendor) -> None:
    account = ServiceAccount.from_service_account_info(  # type: ignore[no-untyped-call]
        json.loads(service_account(loopback.base)), scopes=[SCOPE]
    )
    Bare(loopback, "vertex", credentials=account).write()
    assert vendor.sent("token") == 1
    assert vendor.calls == (1, 0, 0)


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (busy(retry_info=37), errors.ClientError),
        (unavailable(), errors.ServerError),
        (Cut(accepted=False), httpx2.RemoteProtocolError),
        (Cut(accepted=False, reset=True), httpx2.ReadError),
    ],
)
def test_a_request_that_is_not_taken_in_is_not_billed(
    bare: Bare, vendor: Vendor, deed: Any, error: type[Exception]
) -> None:
    vendor.on("image", deed)
    with pytest.raises(error):
        bare.draw()
    assert vendor.calls == (0, 0, 0)
    assert vendor.sent("image") == 1


@pytest.mark.parametrize(
    "deed", [Cut(), Cut(reset=True), Garble(), Truncate(), unavailable(504, accepted=True)], ids=repr
)
def test_a_request_that_is_taken_in_is_billed_though_its_reply_is_lost(vertex: Bare, vendor: Vendor, deed: Any) -> None:
    vendor.on("video", deed)
    with pytest.raises((errors.ServerError, httpx2.TransportError, ValueError)):
        vertex.film()
    assert vendor.calls == (0, 0, 1)
    assert len(vendor.operations) == 1


def test_an_interaction_whose_reply_is_lost_is_billed_and_sent_only_once(keyed: Bare, vendor: Vendor) -> None:
    vendor.on("video", Cut())
    with pytest.raises(Exception, match=r"(?i)connection|disconnect"):
        keyed.interact()
    assert vendor.calls == (0, 0, 1)
    assert vendor.sent("video") == 1


def test_a_limit_says_when_to_come_again_in_three_ways(bare: Bare, vendor: Vendor) -> None:
    vendor.on("text", busy(retry_info=37))
    vendor.on("text", busy(retry_after=12))
    vendor.on("text", busy())
    told = []
    for _ in range(3):
        with pytest.raises(errors.ClientError) as found:
            bare.write()
        assert found.value.code == 429
        told.append((found.value.details["error"].get("details"), found.value.response.headers.get("retry-after")))
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37s"}
    assert told == [([info], None), (None, "12"), (None, None)]


def test_a_call_that_hangs_is_let_go_when_the_client_or_the_test_has_had_enough(
    loopback: Loopback, vendor: Vendor
) -> None:
    vendor.on("text", Hang(accepted=False))
    vendor.on("text", Hang())
    impatient = Hang()
    vendor.on("image", impatient)
    vendor.on("look", Do(impatient.released.set))
    bare = Bare(loopback, "api-key", timeout=200)
    for _ in range(2):
        with pytest.raises(httpx2.ReadTimeout):
            bare.write()
    assert vendor.calls == (1, 0, 0)

    async def release_and_draw(aio: Any) -> None:
        drawn = asyncio.create_task(asyncio.to_thread(Bare(loopback, "api-key").draw))
        await asyncio.to_thread(vendor.wait, lambda: vendor.count("image") == 1)
        await aio.models.get(model="gemini-3.8-flash")
        await drawn

    with pytest.raises(httpx2.RemoteProtocolError):
        Bare(loopback, "api-key").call(release_and_draw)


def test_refusals_cost_nothing(vertex: Bare, keyed: Bare, vendor: Vendor) -> None:
    for kind in ("text", "image"):
        vendor.on(kind, Block("prompt", "PROHIBITED_CONTENT"))
        vendor.on(kind, Block("reply"))
    replies = [keyed.write(), keyed.write(), keyed.draw(), keyed.draw()]
    assert [reply.prompt_feedback.block_reason if reply.prompt_feedback else None for reply in replies] == [
        types.BlockedReason.PROHIBITED_CONTENT,
        None,
        types.BlockedReason.PROHIBITED_CONTENT,
        None,
    ]
    finished = [reply.candidates[0].finish_reason for reply in replies if reply.candidates]
    assert finished == [types.FinishReason.SAFETY, types.FinishReason.IMAGE_SAFETY]
    vendor.on("video", Block(), times=2)
    clip = vertex.poll(vertex.film().name)
    assert clip.response is not None
    assert clip.response.generated_videos is None
    assert "Support codes: 15236754" in (clip.response.rai_media_filtered_reasons or [""])[0]
    assert keyed.look(keyed.interact().id).status == "failed"
    assert vendor.calls == (0, 0, 0)
    assert len(vendor.blocked) == 6


def test_operations_fail_and_expire(vertex: Bare, keyed: Bare, vendor: Vendor) -> None:
    vendor.on("poll", Fail(8, "Quota."))
    failed = vertex.film()
    assert vertex.poll(failed.name).error == {"code": 8, "message": "Quota."}
    vendor.on("poll", Expire())
    for _ in range(2):
        with pytest.raises(errors.ClientError) as found:
            vertex.poll(failed.name)
        assert found.value.code == 404
    vendor.on("poll", Expire())
    begun = keyed.interact()
    with pytest.raises(Exception, match="not found"):
        keyed.look(begun.id)


def test_a_storyboard_is_answered_with_any_text_that_a_test_wants(bare: Bare, vendor: Vendor) -> None:
    vendor.on("text", Say('{"scenes": [', "MAX_TOKENS"))
    reply = bare.write()
    assert reply.text == '{"scenes": ['
    assert reply.candidates is not None
    assert reply.candidates[0].finish_reason is types.FinishReason.MAX_TOKENS


def test_a_download_breaks_off_or_delivers_half_a_clip(keyed: Bare, vendor: Vendor) -> None:
    uri = keyed.look(keyed.interact().id).output_video.uri
    vendor.on("download", Truncate())
    vendor.on("download", Spoil())
    with pytest.raises(httpx2.RemoteProtocolError):
        keyed.call(lambda aio: aio.files.download(file=uri))
    whole = clip(1, 4, "720p", "16:9", audio=True)
    assert keyed.call(lambda aio: aio.files.download(file=uri)) == whole[: len(whole) // 2]


def test_every_third_call_of_a_kind_is_met_by_a_rule_that_says_so(bare: Bare, vendor: Vendor) -> None:
    vendor.on("image", unavailable(), times=None, every=3)
    told = []
    for _ in range(6):
        try:
            bare.draw()
            told.append(True)
        except errors.ServerError:
            told.append(False)
    assert told == [True, True, False] * 2


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda bare: bare.film(last_frame=None), "lastFrame"),
        (lambda bare: bare.film(duration_seconds=5), "no clips of 5 s at 720p"),
        (lambda bare: bare.film(resolution="1080p"), "no clips of 4 s at 1080p"),
        (lambda bare: bare.film(number_of_videos=2), "sampleCount"),
        (lambda bare: bare.film(aspect_ratio="4:3"), "aspectRatio"),
        (lambda bare: bare.film(generate_audio=None), "generateAudio"),
        (lambda bare: bare.film(pubsub_topic="projects/p/topics/t"), "pubsubTopic"),
        (lambda bare: bare.film(last_frame=types.Image(image_bytes=FRAMES[1], mime_type="image/jpeg")), "its content"),
    ],
)
def test_veo_understands_only_what_it_offers(
    vertex: Bare, vendor: Vendor, breaches: list[str], ask: Callable[[Bare], object], told: str
) -> None:
    with pytest.raises(errors.ClientError) as found:
        ask(vertex)
    assert found.value.code == 400
    assert told in breaches[0]
    assert vendor.calls == (0, 0, 0)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda bare: bare.interact(frames=1), "a first and a last frame"),
        (lambda bare: bare.interact(duration="12s"), "no clips of 12 s"),
        (lambda bare: bare.interact(duration="4"), "not written like 8s"),
        (lambda bare: bare.write(response_mime_type=None), "responseMimeType"),
        (lambda bare: bare.write(response_json_schema={"type": "object"}), "how many scenes"),
        (lambda bare: bare.draw(FRAMES[0], media_type="image/webp"), "its content is not"),
    ],
)
def test_the_api_key_service_understands_only_what_it_offers(
    keyed: Bare, vendor: Vendor, breaches: list[str], ask: Callable[[Bare], object], told: str
) -> None:
    with pytest.raises(Exception, match=r"400|INVALID"):
        ask(keyed)
    assert told in breaches[0]
    assert vendor.calls == (0, 0, 0)


def test_a_path_without_a_service_and_a_call_without_credentials_are_breaches(
    loopback: Loopback, breaches: list[str]
) -> None:
    assert httpx2.get(f"{loopback.base}/v1/unheard").status_code == 400
    assert httpx2.post(f"{loopback.base}/v1/models/gemini-3.8-flash:generateContent", json={}).status_code == 400
    assert len(breaches) == 2


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"mode": "api-key", "api_key": "wrong"}, 400, "API key not valid"),
        ({"mode": "vertex", "project": "another-project"}, 403, "denied on resource"),
        ({"mode": "vertex", "location": "us-central1"}, 404, "was not found or your project does not have access"),
        ({"mode": "vertex", "credentials": Credentials(token="old")}, 401, "invalid authentication"),  # type: ignore[no-untyped-call]
    ],
)
def test_who_may_not_come_in_is_told_as_the_services_tell_it(
    loopback: Loopback, vendor: Vendor, given: dict[str, Any], code: int, told: str
) -> None:
    with pytest.raises(errors.ClientError, match=told) as found:
        Bare(loopback, **given).write()
    assert found.value.code == code
    assert vendor.calls == (0, 0, 0)


def test_nothing_listens_once_the_server_is_closed(loopback: Loopback, vendor: Vendor) -> None:
    kinds: tuple[Kind, ...] = ("text", "image", "video")
    assert [vendor.sent(kind) for kind in kinds] == [0, 0, 0]
    loopback.__exit__(None, None, None)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", loopback.server_address[1]), timeout=1)
