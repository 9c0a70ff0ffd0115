"""Sound as loud as it is heard: the K-weighting of ITU-R BS.1770-4, done by FFmpeg's biquad filter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.filter import Graph

from vidpipe.media.frame import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.filter.context import FilterContext
    from numpy.typing import NDArray

LEAD = 4_800
"""Samples, 0.1 s, after which the filters have forgotten how they began (their slowest pole fades by 1e-10 in it)."""

_SHELF = {
    "b0": 1.53512485958697,
    "b1": -2.69169618940638,
    "b2": 1.19839281085285,
    "a0": 1.0,
    "a1": -1.69065929318241,
    "a2": 0.73248077421585,
}
_HIGH_PASS = {"b0": 1.0, "b1": -2.0, "b2": 1.0, "a0": 1.0, "a1": -1.99004745483398, "a2": 0.99007225036621}
"""Both at 48 kHz: tables 1 and 2 of annex 1."""


def k_weighted(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return sound (2, n) as it counts in its loudness, beginning from silence."""
    if not samples.any():
        return samples
    stages = [
        ("biquad", ":".join(f"{name}={value}" for name, value in stage.items()) + ":precision=f64")
        for stage in (_SHELF, _HIGH_PASS)
    ]
    return filtered(samples, stages)


def filtered(samples: NDArray[np.float32], stages: list[tuple[str, str]]) -> NDArray[np.float32]:
    """Return float32 (2, n) at 48 kHz after a chain of FFmpeg's audio filters, each a name and its arguments."""
    graph = Graph()
    graph.threads = 1
    base = Fraction(1, SAMPLE_RATE)
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=base)
    form = ("aformat", "sample_fmts=fltp")
    nodes = [source, *(graph.add(name, arguments) for name, arguments in [*stages, form]), graph.add("abuffersink")]
    graph.link_nodes(*nodes).configure()
    parts: list[NDArray[np.float32]] = []
    for place in range(0, samples.shape[1], SAMPLE_RATE):
        part = np.ascontiguousarray(samples[:, place : place + SAMPLE_RATE], np.float32)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, place, base
        source.push(frame)
        parts += _pulled(nodes[-1])
    source.push(None)
    parts += _pulled(nodes[-1])
    return np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)


def _pulled(sink: FilterContext) -> Iterator[NDArray[np.float32]]:
    while True:
        try:
            frame = sink.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        assert isinstance(frame, av.AudioFrame)
        yield frame.to_ndarray().astype(np.float32, copy=False)
