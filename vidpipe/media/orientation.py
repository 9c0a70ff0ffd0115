"""How a stored picture is to be turned and mirrored, by the display matrix of its track."""

from __future__ import annotations

import math
import struct

_MATRIX = struct.Struct("=9i")


def orientation(matrix: bytes | None) -> tuple[int, bool]:
    """Return (degrees, mirrored): mirror the stored picture left to right, or not, then turn it against the clock.

    `matrix` is FFmpeg's (libavutil/display.h), the one of ISO/IEC 14496-12, section 6.2.2: a stored point (p, q), with
    q downwards, is shown at (a p + c q + x, b p + d q + y). The first column of the picture's axes is the one that
    mirroring changes, so the second tells the angle.
    """
    if matrix is None or len(matrix) != _MATRIX.size:
        return 0, False
    a, b, _, c, d, *_ = _MATRIX.unpack(matrix)
    area = a * d - b * c
    if area == 0:
        return 0, False
    return round(math.degrees(math.atan2(c, d))) % 360, area < 0
