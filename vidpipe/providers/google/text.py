"""Storyboards by Gemini's structured output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.base import TextReply
from vidpipe.providers.google.refusals import raise_if_refused
from vidpipe.redact import without_learnt

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import GenerateContentResponse

    from vidpipe.providers.base import TextRequest
    from vidpipe.providers.google.line import Line


class Writer:
    """One storyboard model."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def write(self, request: TextRequest) -> TextReply:
        """Ask once for a storyboard; a cut or empty reply is returned as it is, and no JSON.

        A secret that is repeated in it is hidden, whatever becomes of the storyboard.
        Raises RefusedError, NotAcceptedError or ReplyLostError.
        """

        async def send(client: AsyncClient) -> GenerateContentResponse:
            from google.genai.types import GenerateContentConfig

            config = GenerateContentConfig(
                system_instruction=request.system,
                temperature=request.temperature if self._line.model.temperature else None,
                response_mime_type="application/json",
                response_json_schema=dict(request.schema),
            )
            return await client.models.generate_content(
                model=self._line.model.id, contents=request.prompt, config=config
            )

        response = await self._line.buy(send)
        candidate = raise_if_refused(response)
        parts = (candidate.content.parts or ()) if candidate and candidate.content else ()
        text = without_learnt("".join(part.text for part in parts if part.text and not part.thought))
        usage = response.usage_metadata
        if usage is None:
            return TextReply(text)
        tokens_out = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        return TextReply(text, usage.prompt_token_count or 0, tokens_out)
