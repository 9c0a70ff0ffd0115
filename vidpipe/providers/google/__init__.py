"""Google's models: Gemini for storyboards, keyframes and speech, Veo on Vertex AI or Omni with an API key for clips.

`google.genai` takes a second or two to import, so it is imported when a call is about to be made and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import UsageError
from vidpipe.providers.catalogue import built_in_models
from vidpipe.providers.google.access import Access
from vidpipe.providers.google.client import Clients, Timeouts
from vidpipe.providers.google.image import Painter
from vidpipe.providers.google.line import Line
from vidpipe.providers.google.omni import Omni
from vidpipe.providers.google.speech import Speaker
from vidpipe.providers.google.text import Writer
from vidpipe.providers.google.veo import Veo

if TYPE_CHECKING:
    from vidpipe.providers.base import ImageModel, SpeechModel, TextModel, VideoModel
    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.registry import ProviderSettings

NAME = "google"


class Google:
    """The provider: hands out one port per model; handing one out raises UsageError where the model cannot be called.

    That is decided from settings and environment alone: no credentials at all, a model of Vertex AI with an API key.
    """

    def __init__(self, settings: ProviderSettings, timeouts: Timeouts) -> None:
        self._access = Access(settings)
        self._clients = Clients(timeouts, self._access.secrets())
        self._settings = settings
        self._models = settings.models or tuple(model for model in built_in_models() if model.provider == NAME)
        self._videos: dict[str, VideoModel] = {}

    def text(self, model: str) -> TextModel:
        """Return the storyboard model of that id. Raises UsageError where it cannot be called."""
        return Writer(self._line(model))

    def image(self, model: str) -> ImageModel:
        """Return the picture model of that id. Raises UsageError where it cannot be called."""
        return Painter(self._line(model))

    def video(self, model: str) -> VideoModel:
        """Return the video model of that id, the same one each time. Raises UsageError where it cannot be called."""
        if model not in self._videos:
            line = self._line(model)
            self._videos[model] = Omni(line) if line.key else Veo(line, self._settings.output_gcs_uri)
        return self._videos[model]

    def speech(self, model: str) -> SpeechModel:
        """Return the speech model of that id. Raises UsageError where it cannot be called."""
        return Speaker(self._line(model))

    async def close(self) -> None:
        """Let go of all sockets."""
        await self._clients.close()

    def _line(self, model_id: str) -> Line:
        model = next((model for model in self._models if model.id == model_id), None)
        if model is None:
            raise UsageError(f"google has no model {model_id} that vidpipe knows; `vidpipe models` lists them")
        route = self._access.route(model, self._others(model))
        return Line(self._clients, model, route, self._others(model))

    def _others(self, model: Model) -> tuple[Model, ...]:
        """Return the models that could take a model's place, those first of whose end nobody speaks."""
        alike = [other for other in self._models if other.kind == model.kind and other.id != model.id]
        here = (other for other in alike if other.retired_by != "vendor")
        return tuple(sorted(here, key=lambda other: other.retired_on is not None))


def open_provider(settings: ProviderSettings, timeouts: Timeouts = Timeouts()) -> Google:  # noqa: B008 (frozen)
    """Return the google provider; no socket is opened and nothing of Google's is imported."""
    return Google(settings, timeouts)
