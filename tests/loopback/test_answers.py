"""The real SDK understands the loopback server in both modes, and is billed for what it asks."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import httpx2
from google.oauth2.service_account import Credentials as ServiceAccount
from PIL import Image

from tests.loopback.deeds import (
    Working,
)
from tests.loopback.media import clip
from tests.loopback.oauth import SCOPE, service_account
from vidpipe.media.verify import check_clip
from vidpipe.spec.board import reply_board

if TYPE_CHECKING:
    from tests.loopback.server import Loopback
    from tests.loopback.vendor import Vendor
from tests.loopback.bare import FRAMES, Bare


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
