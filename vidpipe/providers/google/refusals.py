"""What a safety filter's refusal looks like in Google's answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vidpipe.providers.base import Refused, RefusedError
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.genai.types import Candidate, GenerateContentResponse

LONGEST_REASON = 500
REFUSING = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "RECITATION",
        "MODEL_ARMOR",
        "ESCALATION",
        "PUP_LIMITED_DISABLED",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "IMAGE_OTHER",
        "NO_IMAGE",
    }
)
"""Finish reasons that stand for a refusal."""
FILTERED = re.compile(
    r"support codes?\b|usage guidelines|responsible ai|safety (?:filter|setting|polic|reason)|\bsafety\b.*\bblocked|"
    r"blocked.*\bsafety\b|prohibited (?:content|use)|content polic|PROHIBITED_CONTENT",
    re.IGNORECASE,
)
"""Words by which a refusal is told from another error, where only the message tells."""
SUPPORT_CODES = re.compile(r"support codes?:?\s*(\d[\d,\s]*)\.?", re.IGNORECASE)


def refused(message: str, codes: Iterable[str] = ()) -> Refused:
    """Return a refusal; the support codes that its message names stand beside it, not in it."""
    text = redacted(" ".join(message.split()))
    named = [code for match in SUPPORT_CODES.finditer(text) for code in re.findall(r"\d+", match[1])]
    reason = " ".join(SUPPORT_CODES.sub("", text).split())[:LONGEST_REASON]
    return Refused(reason or text, tuple(dict.fromkeys([*map(redacted, codes), *named])))


def is_filtered(message: str) -> bool:
    """Whether an error's message is that of a safety filter."""
    return FILTERED.search(message) is not None


def raise_if_refused(response: GenerateContentResponse) -> Candidate | None:
    """Return the first candidate of an answer, if any. Raises RefusedError where prompt or answer are blocked."""
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        said = feedback.block_reason_message or f"the prompt was blocked ({feedback.block_reason.value})"
        told = refused(said, (feedback.block_reason.value,))
        raise RefusedError(told.reason, told.codes)
    candidate = response.candidates[0] if response.candidates else None
    reason = candidate.finish_reason.value if candidate and candidate.finish_reason else ""
    if candidate is None or reason not in REFUSING:
        return candidate
    blocked = [rating.category.value for rating in candidate.safety_ratings or () if rating.blocked and rating.category]
    said = candidate.finish_message or f"the answer was blocked ({reason})"
    told = refused(said, (reason, *blocked))
    raise RefusedError(told.reason, told.codes)
