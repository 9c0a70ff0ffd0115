"""What was paid for when Ctrl-C comes is taken in, put in place or polled by the next run, and never paid again."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.steps.films import WHOLE
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from tests.project import Project
    from tests.steps.turns import Interruption


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_picture_that_arrives_after_ctrl_c_is_put_in_place_and_not_paid_again(
    toy: Project, interruption: Interruption, number: signal.Signals
) -> None:
    toy.spec()
    toy.server.on("image", interruption.deed(number), holding="end 1.")
    ran = toy.run()
    assert ran.exit in {Exit.INTERRUPTED, Exit.TERMINATED}
    assert toy.server.count("image") == 3
    toy.done()
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == WHOLE


def test_a_clip_that_is_submitted_when_ctrl_c_comes_is_polled_by_the_next_run(
    toy: Project, interruption: Interruption
) -> None:
    toy.spec()
    toy.server.on("video", interruption.deed(signal.SIGINT), holding="motion 1.")
    assert toy.run().exit is Exit.INTERRUPTED
    toy.done()
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == WHOLE


def test_ctrl_c_while_a_paid_picture_is_being_put_in_place_does_not_lose_it(
    toy: Project, monkeypatch: pytest.MonkeyPatch, interruption: Interruption
) -> None:
    from vidpipe.engine import commit, placing

    toy.spec()
    real = commit.commit

    def interrupted(*args: object) -> object:
        if "end.png" in args[3].target and toy.server.count("image") == 2:  # type: ignore[attr-defined]
            interruption.send(signal.SIGINT)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(placing, "commit", interrupted)
    assert toy.run().exit is Exit.INTERRUPTED
    toy.done()
    assert toy.server.calls == (1, 4, 3)
