"""Films that several tests begin with, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.toy import CLIP, FIRST_PICTURE, NEXT_PICTURE, STORYBOARD
from vidpipe.engine.judge import State
from vidpipe.errors import Exit
from vidpipe.providers.base import RefusedError, ReplyLostError, Running

if TYPE_CHECKING:
    import pytest

    from tests.project import Project

ALL = {"storyboard", "start 0", "end 0", "end 1", "end 2", "clip 0", "clip 1", "clip 2", "film"}
"""Every target of a film of three scenes that continue each other."""
VOICES = {"voice 0", "voice 1", "voice 2"}
"""What is spoken in such a film, where narration is wanted."""
WHOLE = STORYBOARD + FIRST_PICTURE + 3 * NEXT_PICTURE + 3 * CLIP
"""What the silent film costs, in USD."""


def cut_board(toy: Project) -> dict[str, Any]:
    """Have a storyboard written, let each of its scenes open on a picture of its own, and return it."""
    toy.done(until="storyboard")
    value = toy.board()
    for scene in value["scenes"]:
        scene["continuity"] = "cut"
    toy.write_board(value)
    return value


def repeat_scene(toy: Project, count: int) -> None:
    """Have a storyboard written, and put its first scene in it that many times: all of one fingerprint."""
    value = cut_board(toy)
    toy.write_board({**value, "scenes": value["scenes"][:1] * count})


def lose_clip(toy: Project) -> None:
    """Make a film but for clip 1: the vendor took its request in, perhaps, and the reply is lost."""
    toy.spec()
    toy.server.on("video", ReplyLostError("connection reset"), holding="motion 1.")
    ran = toy.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.DECISION, State.LOST)
    assert "connection reset" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 3
    assert ran.result.cost == WHOLE


def refuse_clip(toy: Project, **keys: object) -> None:
    """Write a spec whose clip 1 the vendor will refuse, however often it is asked for."""
    toy.spec(**keys)
    toy.server.on("video", RefusedError("violence", ("58061214",)), holding="motion 1.", times=None)


def still_filming(toy: Project, monkeypatch: pytest.MonkeyPatch, scene: int = 1, **keys: object) -> None:
    """Make a film but for one clip, whose operation still runs when the run, which waits for nothing, ends."""
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec(**keys)
    toy.server.on("poll", Running(), holding=f"motion {scene}.")
    toy.run()
