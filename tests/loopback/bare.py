"""The bare SDK in front of the loopback server: what an adapter would ask, and nothing else."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials

from tests.loopback.media import picture
from vidpipe.spec.board import board_schema

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.loopback.server import Loopback


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
