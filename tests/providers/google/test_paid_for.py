"""What may have been paid for is never written off because its answer is not understood."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from google.genai import types

from vidpipe.providers.base import ReplyLostError, Running
from vidpipe.providers.google.client import Timeouts
from vidpipe.providers.google.image import picture_in
from vidpipe.providers.google.omni import Omni

if TYPE_CHECKING:
    from vidpipe.providers.google.line import Line


def test_a_delivered_picture_that_cannot_be_read_counts_as_bought_and_not_as_refused() -> None:
    part = types.Part.from_bytes(data=b"GIF89a and so on", mime_type="image/gif")
    with pytest.raises(ReplyLostError, match="not a PNG, JPEG or WebP picture"):
        picture_in(types.Candidate(content=types.Content(parts=[part])))


@pytest.mark.parametrize("status", ["in_progress", "queued", "requires_action", "a state of next year"])
def test_an_interaction_in_a_state_that_is_no_end_is_waited_for(status: str) -> None:
    class Asked:
        timeouts = Timeouts(poll=1)

        def hide(self, text: str) -> str:
            return text

        async def ask(self, *_given: object) -> SimpleNamespace:
            return SimpleNamespace(status=status)

    assert asyncio.run(Omni(cast("Line", Asked())).poll("interaction")) == Running()
