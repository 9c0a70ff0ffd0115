"""The names of transitions are FFmpeg's own."""

from __future__ import annotations

import av.error
import av.filter
import pytest

from vidpipe.spec.transitions import TRANSITIONS


@pytest.mark.parametrize("name", TRANSITIONS)
def test_every_transition_is_one_of_the_xfade_filter(name: str) -> None:
    av.filter.Graph().add("xfade", f"transition={name}")


def test_another_name_is_refused_by_the_filter() -> None:
    with pytest.raises(av.error.FFmpegError):
        av.filter.Graph().add("xfade", "transition=disolve")
