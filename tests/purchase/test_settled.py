"""A clip that was paid for and deleted: it is fetched again, and bought anew only where that certainly cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.purchase.desk import Camera, Desk
from vidpipe.errors import Exit, WaitingError
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Refused,
    ReplyLostError,
    Running,
    Unclear,
)

if TYPE_CHECKING:
    from pathlib import Path

BUSY = NotAcceptedError("503", retry=True)
CUT = ReplyLostError("reset")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return the desk of a job that has bought its clip, and whose clip is not there any more."""
    desk = Desk(tmp_path)
    making = desk.film(Camera([Done("x")]))
    assert making.placed is not None
    making.placed()
    (tmp_path / "draft").unlink()
    return desk


def test_it_is_fetched_for_nothing(desk: Desk) -> None:
    camera = Camera([BUSY, Done("x")], fetches=[CUT])
    assert desk.film(camera).fetched
    assert (camera.submits, [status for status, _ in desk.stories]) == (0, ["settled"])


@pytest.mark.parametrize(
    "camera",
    [
        Camera([Running()]),
        Camera([Unclear("{}")]),
        Camera([Gone("another key?")] * 2),
        Camera([BUSY] * 5),
        Camera([CUT] * 5),
        Camera([NotAcceptedError("401")]),
        Camera([Done("x")], fetches=[NotAcceptedError("403")]),
        Camera([Done("x")], fetches=[BUSY] * 5),
        Camera([Done("x")], fetches=[CUT] * 5),
    ],
    ids=repr,
)
def test_nothing_is_sent_where_it_cannot_be_fetched_now(desk: Desk, camera: Camera) -> None:
    with pytest.raises(WaitingError, match=r"cannot be fetched again now: .*; run again .*, or `vidpipe redo JOB"):
        desk.film(camera)
    assert WaitingError.exit_code is Exit.DECISION
    assert (camera.submits, [status for status, _ in desk.stories]) == (0, ["settled"])
    assert desk.run(Camera([Done("x")])) == b"clip"


@pytest.mark.parametrize(
    "camera",
    [
        Camera([Gone(), Gone(), Done("x")]),
        Camera([Failed("no"), Done("x")]),
        Camera([Refused("no"), Done("x")]),
        Camera([Done("x"), Done("x")], fetches=[NotThereError("404")]),
    ],
    ids=repr,
)
def test_it_is_bought_anew_where_its_provider_certainly_has_it_no_more(desk: Desk, camera: Camera) -> None:
    assert desk.run(camera) == b"clip"
    assert (camera.submits, [status for status, _ in desk.stories]) == (1, ["settled", "submitted"])
