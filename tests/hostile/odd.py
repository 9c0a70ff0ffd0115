"""Values and bytes that nobody foresaw, and how many of them a test tries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FINGERPRINT = {"user": {"prompt": "x"}, "own": {"step": "clip"}}
RECORD = {
    "target": "clips/scene-000.mp4",
    "digest": "0" * 64,
    "take": 1,
    "origin": "vidpipe",
    "cost_usd": "0.50",
    "fingerprint": FINGERPRINT,
    "provenance": {},
    "stamp": [1, 2, 3, 4],
    "recorded_ns": 5,
}
"""A record that makes sense."""
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["../x", "/etc/passwd", "-1", "NaN", "1e99999", "sNaN", "-0", "0x10", "a/../b", "\ud800", "٣", "1_0"]
    ),
)
VALUES: SearchStrategy[object] = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
HURTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12)
"""Places of bytes, and what they are exchanged for."""

a_little = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
a_few = settings(a_little, max_examples=40)


def hurt(data: bytes, places: list[tuple[int, int]]) -> bytes:
    """Return data with some bytes exchanged."""
    spoilt = bytearray(data)
    for place, value in places:
        spoilt[place % len(spoilt)] = value
    return bytes(spoilt)
