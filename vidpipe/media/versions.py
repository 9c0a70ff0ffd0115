"""Which FFmpeg the installed PyAV carries."""

from __future__ import annotations

import av


def ffmpeg_version() -> str:
    """Return the version of FFmpeg's libraries: `8.1.2`."""
    return str(av.ffmpeg_version_info)
