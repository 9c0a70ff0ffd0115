"""What waits for its turn holds no pictures meanwhile, and looks at them once more before it buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.steps.films import cut_board
from tests.toy import picture_of
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit
from vidpipe.providers.base import ImageRequest, NotAcceptedError, VideoRequest
from vidpipe.steps import clip, keyframe

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def test_pictures_are_read_when_their_clips_turn_has_come_and_not_for_all_scenes_at_once(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    toy.spec(scenes=6)
    toy.done(until="keyframes")
    built, ahead = [], []
    request = clip._request

    def counted(*args: object) -> VideoRequest:
        built.append(args)
        return request(*args)  # type: ignore[arg-type]

    def submitted() -> None:
        ahead.append(len(built) - toy.server.sent("video"))

    monkeypatch.setattr(clip, "_request", counted)
    toy.server.on("video", submitted, times=None)
    toy.done()
    assert len(built) == 6
    assert max(ahead) == 0


def test_a_frame_that_is_repainted_while_its_clip_waits_for_its_turn_costs_nothing(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    toy.spec()
    toy.done(until="keyframes")
    waits: list[int] = []

    def repaint() -> None:
        (first,) = (request for _, request in toy.server.requests if isinstance(request, VideoRequest))
        waits.append(max({0, 1, 2} - {int(first.motion_prompt[-2])}))
        toy.path(f"end {waits[0]}").write_bytes(picture_of("by hand"))

    toy.server.on("poll", repaint)
    ran = toy.run()
    assert (ran.exit, ran.outcomes[f"clip {waits[0]}"].action) == (Exit.DECISION, Action.BLOCKED)
    assert toy.server.sent("video") == 2


def test_pictures_are_read_when_a_keyframes_turn_has_come_and_not_for_all_scenes_at_once(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    toy.spec(scenes=6)
    cut_board(toy)
    built, ahead = [], []
    request = keyframe._request

    def counted(*args: object) -> ImageRequest:
        built.append(args)
        return request(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(keyframe, "_request", counted)
    toy.server.on("image", lambda: ahead.append(len(built) - toy.server.sent("image")), times=None)
    toy.done(until="keyframes")
    assert len(built) == 12
    assert max(ahead) == 0


def test_a_reference_that_is_replaced_while_keyframes_wait_for_their_turn_costs_nothing(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    mara = toy.root / "specs" / "mara.png"
    mara.write_bytes(picture_of("mara"))
    toy.spec(references=[{"name": "mara", "image": "mara.png"}])
    cut_board(toy)
    toy.server.on("image", lambda: mara.write_bytes(picture_of("another")))
    ran = toy.run(until="keyframes")
    assert ran.exit is Exit.DECISION
    assert "mara.png was changed during the run" in ran.said
    assert toy.server.sent("image") == 1
    statuses = [request.status for request in toy.ledger().requests.values() if request.kind == "image"]
    assert statuses == ["settled"]


def test_a_picture_that_is_sent_again_is_built_of_the_bytes_that_were_hashed(toy: Project) -> None:
    mara = toy.root / "specs" / "mara.png"
    mara.write_bytes(picture_of("mara"))
    toy.spec(scenes=1, references=[{"name": "mara", "image": "mara.png"}])

    def repaint() -> NotAcceptedError:
        mara.write_bytes(picture_of("another"))
        return NotAcceptedError("429", retry=True)

    toy.server.on("image", repaint)
    assert toy.run(until="keyframes").exit is Exit.DECISION
    assert (toy.server.sent("image"), toy.server.count("image")) == (1, 0)
