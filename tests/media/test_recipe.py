"""What has to be encoded, and the key that it is kept under: of all that decides its pictures and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.edits import SIZE, fade, info
from vidpipe.media.edit import CUT, Edit, Join, Segment, Source
from vidpipe.media.placing import timeline
from vidpipe.media.recipe import Recipe, Side, recipes
from vidpipe.media.samples import Probed, Samples
from vidpipe.media.timeline import Caption, Fade, Timeline

VERSIONS = {"av": "1"}
WHOLE = Recipe(SIZE, 12, Side("aa", 12, 96), Side("bb", 0, 48), "fade", (Caption(1, 5, "Words."),))
JOINS = st.one_of(st.just(CUT), st.builds(fade, st.floats(0.1, 3)))
SEGMENTS = st.builds(
    Segment,
    clip=st.sampled_from([Source("a.mp4", Path("a.mp4"), "aa"), Source("b.mp4", Path("b.mp4"), "bb")]),
    join=JOINS,
    caption=st.sampled_from(["", "The lamp goes out."]),
    drop_last=st.booleans(),
)


def probed(frames: int) -> Probed:
    column = tuple(range(frames))
    return Probed(info(frames), Samples(column, column, column, column))


def planned(edit: Edit, lengths: list[int]) -> tuple[Timeline, tuple[Recipe | None, ...]]:
    clips = [probed(frames) for frames in lengths]
    line = timeline(edit, [clip.info for clip in clips], [None] * len(clips))
    return line, recipes(edit, line, clips)


def clip(name: str, join: Join = CUT, *, drop_last: bool = False, caption: str = "") -> Segment:
    return Segment(Source(f"{name}.mp4", Path(f"{name}.mp4"), name * 2), join, drop_last=drop_last, caption=caption)


def test_a_recipe_goes_through_json_and_keeps_its_key() -> None:
    again = Recipe.from_json(WHOLE.to_json())
    assert again == WHOLE
    assert again.key(VERSIONS, "look") == WHOLE.key(VERSIONS, "look")


CHANGES = {
    "size": (64, 64),
    "frames": 11,
    "first": Side("aa", 12, 95),
    "second": Side("bc", 0, 48),
    "transition": "radial",
    "captions": (Caption(1, 6, "Words."),),
}


def test_everything_of_a_recipe_is_in_its_key() -> None:
    assert CHANGES.keys() == {field.name for field in fields(Recipe)}
    changed = [replace(WHOLE, **{name: value}) for name, value in CHANGES.items()]  # type: ignore[arg-type]
    keys = {recipe.key(VERSIONS, "look") for recipe in [WHOLE, *changed]}
    keys |= {WHOLE.key({"av": "2"}, "look"), WHOLE.key(VERSIONS, "another look")}
    assert len(keys) == len(changed) + 3


def test_the_look_of_captions_counts_only_where_there_are_some() -> None:
    plain = replace(WHOLE, captions=())
    assert plain.key(VERSIONS, "look") == plain.key(VERSIONS, "another look")


def test_whole_clips_are_copied_and_bodies_and_fades_are_encoded() -> None:
    edit = Edit((clip("a"), clip("b", fade(0.5)), clip("c"), clip("d")), SIZE, audio=False)
    _, found = planned(edit, [96, 96, 48, 24])
    assert found == (
        None,
        Recipe(SIZE, 84, Side("bb", 0, 96)),
        Recipe(SIZE, 12, Side("bb", 84, 96), Side("cc", 0, 48), "fade"),
        Recipe(SIZE, 36, Side("cc", 12, 48)),
        None,
    )


def test_a_clip_without_its_shared_frame_is_encoded_alone() -> None:
    edit = Edit((clip("a", drop_last=True), clip("b")), SIZE, audio=False)
    assert planned(edit, [96, 96])[1] == (Recipe(SIZE, 95, Side("aa", 0, 95)), None)


def test_what_is_held_after_a_dropped_frame_is_the_one_before_it() -> None:
    edit = Edit((clip("a", drop_last=True), clip("b")), SIZE, audio=True)
    line = timeline(edit, [info(96), info(96)], [4.5, None])
    assert recipes(edit, line, [probed(96), probed(96)]) == (Recipe(SIZE, 120, Side("aa", 0, 95)), None)


def test_a_clip_of_another_size_or_without_samples_is_encoded() -> None:
    edit = Edit((clip("a"), clip("b")), (64, 64), audio=False)
    assert None not in planned(edit, [24, 24])[1]
    line, _ = planned(replace(edit, size=SIZE), [24, 24])
    unusual = Probed(info(24), Samples())
    assert recipes(replace(edit, size=SIZE), line, [probed(24), unusual]) == (None, Recipe(SIZE, 24, Side("bb", 0, 24)))
    assert unusual.why_encoded(SIZE) == "its frames are stored in an unusual way"


@pytest.mark.parametrize("burn", [True, False])
def test_captions_are_drawn_into_the_parts_in_which_they_stand(burn: bool) -> None:
    edit = Edit((clip("a"), clip("b", caption="The lamp goes out.")), SIZE, audio=False, burn=burn)
    copied, captioned = planned(edit, [24, 48])[1]
    assert copied is None
    if burn:
        assert captioned is not None
        assert [caption.text for caption in captioned.captions] == ["The lamp goes out."]
        assert captioned.captions[0].start == 0
    else:
        assert captioned is None


@given(st.lists(st.tuples(SEGMENTS, st.integers(1, 120)), min_size=1, max_size=8), st.booleans())
def test_recipes_show_every_frame_of_every_clip_where_the_timeline_has_it(
    scenes: list[tuple[Segment, int]], burn: bool
) -> None:
    edit = Edit(tuple(segment for segment, _ in scenes), SIZE, audio=False, burn=burn)
    line, found = planned(edit, [frames for _, frames in scenes])
    place = 0
    for part, recipe in zip(line.parts, found, strict=True):
        placed = line.segments[part.segment]
        if recipe is None:
            assert (part.start, part.frames) == (0, scenes[part.segment][1])
        else:
            digest = edit.segments[part.segment].clip.digest
            assert (recipe.frames, recipe.first) == (part.frames, Side(digest, part.start, placed.clip_frames))
            assert (recipe.second is not None) == isinstance(part, Fade)
            stand = {placed.start + part.start + caption.start for caption in recipe.captions}
            spans = [caption for each in line.segments for caption in each.captions]
            assert all(any(span.start <= frame < span.stop for span in spans) for frame in stand)
        assert place == placed.start + part.start
        place += part.frames
