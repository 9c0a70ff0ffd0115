"""The AAC track of every file that vidpipe writes.

Sound joined as AAC packets drifts by 30 ms a clip, because every AAC stream is padded at both ends. A film's sound is
therefore always decoded, mixed (`sound`), and encoded once.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from vidpipe.media.frame import SAMPLE_RATE

if TYPE_CHECKING:
    from av.container import OutputContainer
    from numpy.typing import NDArray

_AAC = {"aac_coder": "fast", "b": "256k", "flags": "+bitexact"}


class SoundTrack:
    """The AAC track of a file that is being written, encoded as one stream from the first sample to the last."""

    def __init__(self, container: OutputContainer) -> None:
        self.samples = 0
        self._container = container
        self._stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options=_AAC)
        self._stream.codec_context.time_base = Fraction(1, SAMPLE_RATE)

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append float32 (2, n) at 48 kHz, full scale 1.0. Raises ValueError for any other form."""
        if samples.ndim != 2 or samples.shape[0] != 2 or samples.dtype != np.float32:
            raise ValueError(f"sound must be float32 of shape (2, n), got {samples.dtype} {samples.shape}")
        if samples.shape[1] == 0:
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self.samples
        frame.time_base = Fraction(1, SAMPLE_RATE)
        self._container.mux(self._stream.encode(frame))
        self.samples += samples.shape[1]

    def finish(self) -> None:
        """Write what the encoder still holds; call it once, before the container is closed."""
        self._container.mux(self._stream.encode(None))
