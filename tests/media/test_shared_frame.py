"""The last frame of a clip is left out exactly where the next clip shows it again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import Kind, frame_digests, luma
from tests.media.edits import SIZE, Cutting

if TYPE_CHECKING:
    from vidpipe.media.edit import Edit


def continued(first: int, frames: int) -> Kind:
    """Return a clip whose pictures are those of one made with seed 0, from `first` on."""
    return Kind(size=SIZE, frames=frames, first=first, options={"crf": "28"})


def dropping_first(edit: Edit) -> Edit:
    """Ask that the first clip loses the frame it shares with the next one."""
    return replace(edit, segments=(replace(edit.segments[0], drop_last=True), *edit.segments[1:]))


def test_the_shared_frame_is_shown_once_and_the_sound_keeps_step(cutting: Cutting) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), continued(23, 24))
    report = cutting(dropping_first(cutting.edit(clips, audio=True)))
    assert (report.frames, report.dropped, report.normalised) == (47, ("scene-0.mp4",), ())
    assert report.unlike == ()
    assert frame_digests(cutting.film)[23:] == frame_digests(cutting.folder / "scene-1.mp4")
    shown, original = luma(cutting.film), luma(cutting.folder / "scene-0.mp4")
    assert np.abs(np.array(shown[:23], float) - np.array(original[:23], float)).mean() < 3
    with av.open(str(cutting.film)) as container:
        assert container.streams.audio[0].duration == 47 * 2000


@pytest.mark.parametrize("after", [Kind(size=SIZE, frames=24, seed=1), continued(0, 24), Kind(size=(72, 128), seed=4)])
def test_a_last_frame_that_the_next_clip_does_not_show_again_is_kept(cutting: Cutting, after: Kind) -> None:
    clips = cutting.clips(Kind(size=SIZE, frames=24), after)
    report = cutting(dropping_first(cutting.edit(clips)))
    assert (report.dropped, report.unlike) == ((), ("scene-0.mp4",))
    assert frame_digests(cutting.film)[:24] == frame_digests(clips[0].path)


def test_whether_two_clips_share_a_frame_is_found_out_once(cutting: Cutting) -> None:
    first, same, other = cutting.clips(Kind(size=SIZE, frames=24), continued(23, 24), Kind(size=SIZE, seed=3))
    pairs = dropping_first(cutting.edit([first, same])), dropping_first(cutting.edit([first, other]))
    for edit, dropped in zip(pairs, (1, 0), strict=True):
        for tasks in (1, 0):
            cutting.workers.done.clear()
            assert len(cutting(edit).dropped) == dropped
            assert cutting.workers.count("meet") == tasks
    cutting.workers.done.clear()
    cutting(cutting.edit([first, same]))
    assert cutting.workers.count("meet") == 0, "nobody asked for it"
