"""The plan of a film's sound: what follows from edit, timeline and clips, and its form for a worker."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, make_clip
from tests.media.edits import source
from vidpipe.media.edit import CUT, Bed, Edit, Join, Segment
from vidpipe.media.probe import probe
from vidpipe.media.sound.form import plan_from_json, plan_to_json
from vidpipe.media.sound.mix import mix
from vidpipe.media.sound.plan import Span, sound_plan
from vidpipe.media.timeline import Body, Fade, Placed, Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.media.sound.plan import SoundPlan

KINDS = (
    Kind(frames=24),
    Kind(frames=30, rate=30, sound=SoundKind(rate=44_100, layout="mono")),
    Kind(frames=24, sound=None),
    Kind(frames=24, sound=SoundKind(start=0.25, seconds=0.5), sound_first=True),
)


def planned(folder: Path) -> SoundPlan:
    """Return the plan of four clips: a crossfade, then cuts; the first is spoken over, the last is held."""
    folder.mkdir(exist_ok=True)
    paths = [make_clip(folder / f"{number}.mp4", kind) for number, kind in enumerate(KINDS)]
    infos = [probe(path, path.name) for path in paths]
    (folder / "voice.wav").write_bytes(b"RIFF")
    voice = source(folder / "voice.wav")
    joins = (Join("crossfade", 0.25), CUT, CUT, CUT)
    segments = [Segment(source(path), join) for path, join in zip(paths, joins, strict=True)]
    segments[0] = Segment(segments[0].clip, joins[0], voice=voice)
    edit = Edit(tuple(segments), (64, 36), audio=True, loudness=-23.0, music=Bed(voice, -12.0, 10.0))
    placed = (
        Placed(0, 24, 24, 0, 6, voice_start=12_000, voice_samples=20_000, voice_tempo=1.2),
        Placed(18, 24, 24, 6, 0),
        Placed(42, 23, 23, 0, 0),
        Placed(65, 36, 24, 0, 0),
    )
    parts = (Body(0, 0, 18), Fade(0, 18, 6, "fade"), Body(1, 6, 24), Body(2, 0, 23), Body(3, 0, 36))
    return sound_plan(edit, Timeline(placed, parts), infos)


def test_the_plan_holds_every_part_of_the_timeline_in_samples(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    assert plan.spans == (
        Span(0, 0, 36_000, fades=False),
        Span(0, 36_000, 12_000, fades=True),
        Span(1, 12_000, 36_000, fades=False),
        Span(2, 0, 46_000, fades=False),
        Span(3, 0, 72_000, fades=False),
    )
    assert plan.samples == 101 * 2_000
    assert [(scene.begins_hard, scene.ends_hard) for scene in plan.scenes] == [
        (True, False),
        (False, True),
        (True, True),
        (True, True),
    ]
    assert [(scene.samples, scene.clip_samples) for scene in plan.scenes[2:]] == [(46_000, 46_000), (72_000, 48_000)]
    assert plan.scenes[2].track.stream is None
    assert plan.scenes[3].track.stream == 0
    assert plan.scenes[0].voice is not None
    assert (plan.scenes[0].voice.start, plan.scenes[0].voice.tempo) == (12_000, 1.2)


def test_a_plan_goes_through_json_and_comes_back_the_same(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


@pytest.mark.parametrize("damage", [None, [], {}, {"scenes": 3}, {"scenes": [], "spans": [[1]], "loudness": None}])
def test_what_is_no_plan_is_refused(damage: object) -> None:
    with pytest.raises((ValueError, KeyError)):
        plan_from_json(damage)  # type: ignore[arg-type]


def test_a_planned_film_sounds_as_long_as_its_timeline(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    scenes = tuple(replace(scene, voice=None) for scene in plan.scenes)
    plain = replace(plan, scenes=scenes, loudness=None, music=None)
    whole = np.concatenate(list(mix(plain, tmp_path / "cache")), axis=1)
    assert whole.shape == (2, 101 * 2_000)
    loud = np.abs(whole[0]) > 0.05
    assert loud[:80_000].mean() > 0.8
    assert not whole[:, 84_000 + 300 : 130_000 - 300].any()
    first = 130_000 + int(np.flatnonzero(loud[130_000:])[0])
    assert abs(first - 142_000) < 1_024  # the last clip's sound begins late
    assert not loud[167_500:].any()
