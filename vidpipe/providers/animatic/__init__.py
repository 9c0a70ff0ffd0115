"""The animatic: an offline, free, deterministic provider that writes, draws and films by itself.

An animatic is what film people cut from still frames before they shoot. It is the default, the preview of a paid job,
and the test double of every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe.providers.animatic.camera import Camera
    from vidpipe.providers.base import ImageModel, Provider, SpeechModel, TextModel, VideoModel


class Animatic:
    """The provider; its models are made when they are asked for, because they import Pillow, numpy and PyAV."""

    def __init__(self) -> None:
        self._camera: Camera | None = None

    def text(self, model: str) -> TextModel:
        """Return the writer."""
        from vidpipe.providers.animatic.writer import Writer

        return Writer()

    def image(self, model: str) -> ImageModel:
        """Return the painter."""
        from vidpipe.providers.animatic.painter import Painter

        return Painter()

    def video(self, model: str) -> VideoModel:
        """Return the camera, always the same one, because it alone knows the names it has given."""
        from vidpipe.providers.animatic.camera import Camera

        if self._camera is None:
            self._camera = Camera()
        return self._camera

    def speech(self, model: str) -> SpeechModel:
        """Return the speaker. Raises NoVoiceError where espeak-ng is not installed."""
        from vidpipe.providers.animatic.speaker import open_speaker

        return open_speaker()

    async def close(self) -> None:
        """Make the renders that are under way stop at their next frame."""
        if self._camera is not None:
            self._camera.close()


def open_provider(settings: object) -> Provider:
    """Return the animatic; it has no settings, so `settings` is not looked at."""
    return Animatic()
