"""A person's hand while a run is at work: it survives, it is announced, and nothing is recorded that is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.project import Project, long
from tests.steps.films import repeat_scene
from tests.toy import clip_of, picture_of
from vidpipe.commands.takes import restore, takes
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.events import Said

if TYPE_CHECKING:
    import pytest

HAND = picture_of("by hand")


def is_archived(project: Project, data: bytes) -> bool:
    """Whether the archive holds these bytes."""
    return data in [path.read_bytes() for path in (project.layout().archive / "content").iterdir()]


def test_a_frame_that_is_repainted_while_it_is_made_again_stays_the_hands(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").write_bytes(HAND), holding="a gull.")
    ran = pier.run()
    assert ran.exit is Exit.DECISION
    assert (ran.state("end 1"), ran.outcomes["end 1"].action) == (State.CONFLICT, Action.BLOCKED)
    assert "edited while it was being made" in ran.reasons("end 1")
    assert pier.bytes("end 1") == HAND
    assert pier.record("end 1").digest not in {"", HAND}
    again = pier.run()
    assert (again.exit, again.state("end 1"), pier.bytes("end 1")) == (Exit.DECISION, State.CONFLICT, HAND)


def test_the_paid_draft_of_a_frame_that_was_repainted_meanwhile_can_be_brought_back_for_nothing(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").write_bytes(HAND), holding="a gull.")
    pier.run()
    pictures = pier.server.count("image")
    (loaded,) = pier.load()
    newest = takes(loaded, long("end 1"))[-1]
    assert (newest.made_by, newest.available, newest.live) == ("vidpipe", True, False)
    restore(loaded, long("end 1"), str(newest.take))
    ran = pier.done()
    assert "end 1" not in ran.made
    assert pier.server.count("image") == pictures + 1  # the frame after it
    assert is_archived(pier, HAND)
    pier.rests()


def test_a_frame_that_is_put_in_place_while_the_first_one_is_drawn_stays_the_hands(toy: Project) -> None:
    toy.spec()

    def paint() -> None:
        toy.path("end 1").parent.mkdir(exist_ok=True)
        toy.path("end 1").write_bytes(HAND)

    toy.server.on("image", paint, holding="end 1.")
    assert toy.run().exit is Exit.DECISION
    assert toy.bytes("end 1") == HAND
    ran = toy.done()
    assert ran.adopted == {"end 1"}
    assert ran.made == {"end 2", "clip 1", "clip 2", "film"}
    toy.rests()


def test_a_frame_that_is_deleted_while_it_is_made_again_is_restored_from_the_paid_draft(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").unlink(), holding="a gull.")
    assert pier.run().exit is Exit.DECISION
    pictures = pier.server.count("image")
    ran = pier.done()
    assert "end 1" in ran.restored
    assert pier.server.count("image") == pictures + 1  # the frame after it
    pier.rests()


def test_a_frame_that_is_repainted_while_its_clip_is_filmed_is_announced_and_taken_in_by_the_next_run(
    toy: Project,
) -> None:
    toy.spec()
    toy.server.on("poll", lambda: toy.path("end 2").write_bytes(HAND), holding="motion 2.")
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "keyframes/scene-002-end.png was changed during the run" in ran.said
    assert toy.bytes("end 2") == HAND
    assert toy.record("clip 2").fingerprint.user["last frame"] == toy.record("end 2").digest
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"end 2"}, {"clip 2", "film"})
    toy.rests()


def test_a_storyboard_that_is_edited_during_a_run_is_announced_and_taken_in_by_the_next_run(toy: Project) -> None:
    toy.spec()
    toy.server.on("poll", lambda: toy.edit_scene(0, video_motion_prompt="by hand."), holding="motion 2.")
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "storyboard.json was changed during the run" in ran.said
    assert toy.board()["scenes"][0]["video_motion_prompt"] == "by hand."
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"storyboard"}, {"clip 0", "film"})
    toy.rests()


def test_a_clip_that_is_replaced_while_the_film_is_stitched_never_gets_into_it_unseen(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vidpipe.steps import film

    toy.spec()
    stitch = film._stitch

    def replaced(*args: object) -> object:
        toy.path("clip 1").write_bytes(clip_of("by hand"))
        monkeypatch.setattr(film, "_stitch", stitch)
        return stitch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(film, "_stitch", replaced)
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "clips/scene-001.mp4 was changed during the run" in ran.said
    assert not toy.path("film").exists()
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"clip 1"}, {"film"})
    toy.rests()


def test_a_file_that_is_moved_in_with_an_old_time_during_a_run_is_noticed(toy: Project) -> None:
    import os

    toy.spec()

    def move() -> None:
        spare = toy.root / "spare.png"
        spare.write_bytes(HAND)
        os.utime(spare, (1, 1))
        spare.replace(toy.path("end 0"))

    toy.server.on("poll", move, holding="motion 2.")
    assert toy.run().exit is Exit.DECISION
    assert toy.done().adopted == {"end 0"}


def test_a_target_that_is_edited_while_it_waits_for_a_shared_making_stays_the_hands(toy: Project) -> None:
    toy.spec()
    repeat_scene(toy, 2)

    def put() -> None:
        other = "clip 1" if not toy.path("clip 1").exists() else "clip 0"
        for name in ("clip 0", "clip 1"):
            if not toy.path(name).exists() and name == other:
                toy.path(name).parent.mkdir(exist_ok=True)
                toy.path(name).write_bytes(clip_of("by hand"))

    toy.server.on("poll", put)
    toy.run()
    assert clip_of("by hand") in {toy.bytes("clip 0"), toy.bytes("clip 1")}


def test_deleting_a_spec_while_it_is_made_does_not_hurt_the_run(toy: Project) -> None:
    path = toy.spec()
    toy.server.on("image", path.unlink, holding="end 1.")
    assert toy.done().made >= {"film"}
    toy.spec()
    toy.rests()


def test_what_is_said_during_a_run_reaches_the_one_who_listens(pier: Project) -> None:
    pier.path("clip 1").write_bytes(odd_clip())
    heard: list[object] = []
    pier.run(report=heard.append)
    assert any(isinstance(event, Said) and "encoded anew" in event.message for event in heard)


def test_a_clip_that_is_longer_than_was_asked_for_is_named(pier: Project) -> None:
    pier.path("clip 1").write_bytes(clip_of("long", 2))
    heard: list[object] = []
    pier.run(report=heard.append)
    said = [event.message for event in heard if isinstance(event, Said)]
    assert [message for message in said if "lasts" in message] == [
        "clips/scene-001.mp4 lasts 2.0 s, and the spec asks for 1"
    ]


def odd_clip() -> bytes:
    """Return a clip of another size than the film's."""
    import io

    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(24):
            container.mux(stream.encode(av.VideoFrame(64, 36, "yuv420p")))
        container.mux(stream.encode(None))
    return buffer.getvalue()
