"""What the vendor offers and what he charges: his own list, so that vidpipe's data file is held against another one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

GLOBAL = frozenset({"global"})
REGIONS = frozenset({"us-central1", "europe-west4"})
KEYED = frozenset({"a key"})
"""Stands for a place where a model is reached with an API key."""

RATIOS = frozenset({"16:9", "9:16"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One model: where it is served, what it takes, and its prices in USD (per million tokens, picture or second)."""

    kind: Literal["text", "image", "video", "speech"]
    places: frozenset[str]
    prices: Mapping[str, Decimal] = field(hash=False)
    seconds: frozenset[int] = frozenset()
    whole_seconds_at: frozenset[str] = frozenset()
    """Resolutions that only come with the greatest length."""
    bare: bool = False
    """Speech comes as bare samples; otherwise it is a WAV file, any voice has an id, and a temperature is refused."""

    def takes(self, seconds: int, resolution: str) -> bool:
        """Whether a clip of that length is offered at that resolution."""
        longest = resolution not in self.whole_seconds_at or seconds == max(self.seconds)
        return resolution in self.prices and seconds in self.seconds and longest


def _prices(**prices: str) -> dict[str, Decimal]:
    return {name.lstrip("_"): Decimal(price) for name, price in prices.items()}


_VEO = frozenset({4, 6, 8})
_LONG = frozenset({"1080p", "4k"})

OFFERS = {
    "gemini-3.8-flash": Offer("text", GLOBAL | KEYED, _prices(tokens_in="0.75", tokens_out="3.75")),
    "gemini-3.1-pro-preview": Offer("text", GLOBAL | KEYED, _prices(tokens_in="2", tokens_out="12")),
    "gemini-3-pro-image": Offer("image", GLOBAL | KEYED, _prices(_1K="0.134", _2K="0.134", _4K="0.24", input="0.0011")),
    "gemini-3.1-flash-image": Offer(
        "image", GLOBAL | KEYED, _prices(_512="0.045", _1K="0.067", _2K="0.101", _4K="0.151", input="0")
    ),
    "gemini-3.8-flash-tts": Offer("speech", GLOBAL | KEYED, _prices(tokens_in="0.50", tokens_out="9")),
    "gemini-3.8-flash-lite-tts": Offer("speech", GLOBAL | KEYED, _prices(tokens_in="0.50", tokens_out="6")),
    "gemini-3.1-flash-tts-preview": Offer("speech", GLOBAL | KEYED, _prices(tokens_in="1", tokens_out="20"), bare=True),
    "veo-3.1-generate-001": Offer("video", REGIONS, _prices(_720p="0.40", _1080p="0.40", _4k="0.60"), _VEO, _LONG),
    "veo-3.1-fast-generate-001": Offer("video", REGIONS, _prices(_720p="0.10", _1080p="0.12", _4k="0.30"), _VEO, _LONG),
    "veo-3.1-lite-generate-001": Offer("video", REGIONS, _prices(_720p="0.05", _1080p="0.08"), _VEO, _LONG),
    "gemini-omni-1.1-flash": Offer(
        "video",
        KEYED,
        _prices(_360p="0.03", _720p="0.10", _1080p="0.15", _4k="0.30"),
        frozenset(range(3, 11)),
    ),
}
