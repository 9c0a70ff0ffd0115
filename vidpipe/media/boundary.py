"""Whether a clip ends on the picture that the next one begins with: only such a picture may be shown once for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

    from vidpipe.media.pieces import Clip

MOST_DIFFERENCE = 8.0
"""Mean difference of two small pictures, of 255, up to which they count as one. Neighbouring frames of Veo's
clips stay below 4; clips of different scenes are beyond 20."""
_LONG_SIDE = 64


def meet(before: Clip, after: Clip) -> bool:
    """Say whether the last frame of one clip and the first of the next show the same picture.

    Raises BrokenFileError where one cannot be decoded, SourceChangedError where it is another file by now.
    """
    shown = before.info.width, before.info.height
    width, height = (max(2, _LONG_SIDE * side // max(shown) // 2 * 2) for side in shown)
    last = before.info.film_frames - 1
    first, second = (
        _small(next(clip.frames((width, height), start, clip.info.film_frames)))
        for clip, start in ((before, last), (after, 0))
    )
    return float(np.abs(first - second).mean()) <= MOST_DIFFERENCE


def _small(frame: VideoFrame) -> NDArray[np.float32]:
    """Return brightness and colours at one resolution, so that each counts as much as the others."""
    return frame.reformat(format="yuv444p").to_ndarray().astype(np.float32)
