"""Choose a shot: where the frame's words do not say, each new scene of one place is seen from a little elsewhere."""

from __future__ import annotations

import re

from vidpipe.providers.animatic.drawing.chance import Chance
from vidpipe.providers.animatic.drawing.view import Shot

_WORD = re.compile(r"[a-z]+")
_CLOSE = frozenset(["close", "closer", "closeup", "detail", "near", "nearer", "face"])
_MEDIUM = frozenset(["medium", "waist", "half"])
_WIDE = frozenset(["wide", "wider", "establishing", "further", "farther", "whole", "extent", "panorama", "distance"])
WIDE = Shot()
_SHOTS = (Shot(1.10, -0.05), Shot(1.30, 0.04), Shot(1.18, -0.09), Shot(1.34, -0.02), Shot(1.05, 0.07), Shot(1.24, 0.10))


def shot_for(text: str, frame_prompt: str, before: Shot) -> Shot:
    """Return the shot of a new scene in a place that was last seen in the shot `before`."""
    words = set(_WORD.findall(frame_prompt[:2000].lower()))
    fitting: tuple[Shot, ...] = _SHOTS
    if words & _WIDE:
        fitting = (Shot(1.0, -0.04), Shot(1.04, 0.05), WIDE)
    elif words & _CLOSE:
        fitting = tuple(shot for shot in _SHOTS if shot.closeness > 1.2)
    elif words & _MEDIUM:
        fitting = tuple(shot for shot in _SHOTS if 1.05 < shot.closeness < 1.3)
    return Chance("shot", text).pick([shot for shot in fitting if shot != before])
