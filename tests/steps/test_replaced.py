"""What the next run makes after files of a finished film were replaced, put in place, deleted or damaged."""

from __future__ import annotations

import pytest

from tests.project import Project, long
from tests.toy import CLIP, NEXT_PICTURE, STORYBOARD, clip_of, picture_of
from vidpipe.commands.accept import accept
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.providers.base import (
    VideoRequest,
)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_replaced_keyframe_is_kept_and_what_depends_on_it_is_made(pier: Project, kind: str) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "navy").save(pier.path("end 1"), kind)
    hand = pier.bytes("end 1")
    planned = pier.plan()
    assert planned.state("end 1") is State.EDITED
    ran = pier.done()
    assert ran.adopted == {"end 1"}
    assert ran.made == {"end 2", "clip 1", "clip 2", "film"}
    assert pier.bytes("end 1") == hand
    sent = [request for _, request in pier.server.requests if isinstance(request, VideoRequest)][-2:]
    assert {picture.media_type for request in sent for picture in (request.first, request.last)} == {
        "image/png",
        f"image/{kind.lower()}",
    }
    pier.rests()


def test_a_replaced_clip_is_kept_and_the_film_is_made(pier: Project) -> None:
    pier.path("clip 1").write_bytes(clip_of("by hand"))
    ran = pier.done()
    assert (ran.adopted, ran.made) == ({"clip 1"}, {"film"})
    assert pier.bytes("clip 1") == clip_of("by hand")
    assert pier.server.calls == (1, 4, 3)
    pier.rests()


def test_a_hand_made_file_that_goes_back_to_what_vidpipe_made_is_not_the_users_any_more(pier: Project) -> None:
    made = pier.bytes("clip 1")
    pier.path("clip 1").write_bytes(clip_of("by hand"))
    pier.done()
    pier.path("clip 1").write_bytes(made)
    ran = pier.done()
    assert (ran.adopted, ran.restored | ran.made) == ({"clip 1"}, {"film"})
    assert pier.record("clip 1").origin == "vidpipe"
    pier.spec(style="noir")
    assert "clip 1" in pier.done().made
    pier.rests()


def test_a_file_put_in_place_before_vidpipe_made_one_is_adopted(toy: Project) -> None:
    toy.spec()
    toy.path("start 0").parent.mkdir(parents=True)
    toy.path("start 0").write_bytes(picture_of("by hand"))
    planned = toy.plan()
    assert (planned.state("start 0"), planned.outcomes["start 0"].action) == (State.ADOPTED, Action.ADOPTED)
    ran = toy.done()
    assert ran.adopted == {"start 0"}
    assert toy.bytes("start 0") == picture_of("by hand")
    assert toy.server.calls == (1, 3, 3)
    assert planned.result.cost - STORYBOARD > ran.result.cost - 2 * STORYBOARD
    toy.rests()


def test_a_deleted_film_is_stitched_again_and_nothing_else(pier: Project) -> None:
    film = pier.bytes("film")
    pier.path("film").unlink()
    assert pier.done().made == {"film"}
    assert pier.bytes("film") == film
    assert pier.server.calls == (1, 4, 3)
    pier.rests()


def test_a_deleted_clip_is_fetched_from_its_operation_for_nothing(pier: Project) -> None:
    clip = pier.bytes("clip 1")
    pier.path("clip 1").unlink()
    ran = pier.done()
    assert ran.acted(Action.FETCHED) == {"clip 1"}
    assert pier.bytes("clip 1") == clip
    assert ran.made == set()
    assert pier.server.calls == (1, 4, 3)
    assert ran.result.cost == 0
    pier.rests()


def test_a_deleted_clip_whose_operation_is_gone_is_made_again_at_its_price(pier: Project) -> None:
    pier.server.operations.clear()
    pier.path("clip 1").unlink()
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"clip 1"}
    assert planned.acted(Action.MAYBE) == {"film"}
    ran = pier.done()
    assert ran.made == {"clip 1", "film"}
    assert planned.result.cost == ran.result.cost == CLIP
    assert pier.server.calls == (1, 4, 4)
    pier.rests()


def test_a_deleted_keyframe_is_made_again_and_the_plan_shows_the_tail_as_maybe(pier: Project) -> None:
    pier.path("end 1").unlink()
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"end 1"}
    assert planned.acted(Action.MAYBE) == {"end 2", "clip 1", "clip 2", "film"}
    assert planned.result.cost == 2 * NEXT_PICTURE + 2 * CLIP
    ran = pier.done()
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    assert ran.result.cost == planned.result.cost
    pier.rests()


def test_a_deleted_keyframe_that_comes_back_bit_for_bit_touches_nothing_else(toy: Project) -> None:
    toy.server.deterministic = True
    toy.spec()
    toy.done()
    toy.path("end 1").unlink()
    assert toy.done().made == {"end 1"}
    assert toy.server.calls == (1, 5, 3)
    toy.rests()


def test_accepting_the_tail_before_a_keyframe_is_remade_keeps_it(pier: Project) -> None:
    files = pier.files()
    pier.path("end 1").unlink()
    (loaded,) = pier.load()
    accept(loaded, ["keyframes/scene-002-end.png", "clips/*"])
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"end 1"}
    assert planned.result.cost == NEXT_PICTURE
    ran = pier.done()
    assert ran.made == {"end 1"}
    assert ran.adopted >= {"end 2", "clip 1", "clip 2"}
    for name in ("end 2", "clip 1", "clip 2", "film"):
        assert pier.bytes(name) == files[long(name)]
    assert pier.record("clip 1").origin == "vidpipe"
    pier.rests()


@pytest.mark.parametrize("target", ["end 1", "clip 2", "film"])
def test_a_damaged_file_is_broken_and_stops_the_job_before_anything_is_spent(pier: Project, target: str) -> None:
    pier.path(target).write_bytes(pier.bytes(target)[:100])
    pier.edit_scene(0, video_motion_prompt="faster.")
    before, sent = pier.snapshot(), len(pier.server.requests)
    ran = pier.run()
    assert ran.exit is Exit.FAILED
    assert ran.state(target) is State.BROKEN
    assert long(target) in ran.reasons(target)
    assert pier.changes(before) == set()
    assert len(pier.server.requests) == sent


def test_an_unreadable_record_is_broken_and_nothing_is_spent(pier: Project) -> None:
    path = pier.layout().record(long("clip 1"))
    path.write_text("{")
    before = pier.snapshot()
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.FAILED, State.BROKEN)
    assert shown_path(path) in ran.reasons("clip 1")
    assert pier.changes(before) == set()
