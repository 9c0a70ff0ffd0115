"""The frame grid of every film that vidpipe makes: sizes, frame rate and sample rate, as plain numbers."""

from __future__ import annotations

FRAME_RATE = 24
SAMPLE_RATE = 48_000
SAMPLES_PER_FRAME = SAMPLE_RATE // FRAME_RATE
TIMESCALE = 12_288
"""Ticks a second of a video track, what Veo writes too: 512 a frame, so a copied packet keeps an exact time."""

_LONG_AND_SHORT = {"720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}


def frame_size(aspect_ratio: str, resolution: str) -> tuple[int, int]:
    """Return (width, height) in pixels, both even; raises ValueError for a name that no spec can hold."""
    if resolution not in _LONG_AND_SHORT:
        raise ValueError(f"resolution {resolution!r}: must be one of {', '.join(_LONG_AND_SHORT)}")
    long, short = _LONG_AND_SHORT[resolution]
    if aspect_ratio == "16:9":
        return long, short
    if aspect_ratio == "9:16":
        return short, long
    raise ValueError(f"aspect ratio {aspect_ratio!r}: must be 16:9 or 9:16")
