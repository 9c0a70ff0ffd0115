"""An operation is asked about where it runs, and every answer is told for what it is, without asking twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Block, Cut, Deed, Expire, Fail, Garble, Hang, Reject, Working, busy, unavailable
from tests.providers.google.conftest import VEO
from tests.providers.google.filming import polling, submitting
from vidpipe.media.verify import check_clip
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Refused, Running
from vidpipe.providers.google.client import Clients, Timeouts

if TYPE_CHECKING:
    from pathlib import Path

    from google.genai import Client

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google
    from vidpipe.providers.google.access import Route


def test_an_operation_is_taken_up_by_its_name_alone_in_another_process_and_region(vertex: Rig, tmp_path: Path) -> None:
    name = vertex.run(submitting(vertex), location="europe-west4")
    assert "/locations/europe-west4/" in name

    async def resume(google: Google) -> None:
        port = google.video(VEO)
        await port.fetch(Done(name), tmp_path / "clip.mp4")

    vertex.run(resume, location="us-central1")
    assert check_clip(tmp_path / "clip.mp4", "clip.mp4").frames == 96
    assert vertex.vendor.count("video") == 1


def test_an_operation_is_asked_about_where_it_runs(vertex: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Clients.of

    async def spy(self: Clients, route: Route) -> Client:
        asked.append(route.location)
        return await find(self, route)

    name = vertex.run(submitting(vertex), location="europe-west4")
    monkeypatch.setattr(Clients, "of", spy)
    assert isinstance(vertex.run(lambda google: google.video(VEO).poll(name), location="us-central1"), Done)
    assert asked == ["europe-west4"]


def test_an_operation_at_work_is_running(either: Rig) -> None:
    either.vendor.on("poll", Working())
    assert isinstance(either.run(polling(either)), Running)


def test_a_forgotten_operation_is_gone(either: Rig) -> None:
    either.vendor.on("poll", Expire())
    assert isinstance(either.run(polling(either)), Gone)


def test_a_filtered_clip_is_refused_with_its_support_codes(either: Rig) -> None:
    either.vendor.on("video", Block())
    told = either.run(polling(either))
    assert isinstance(told, Refused)
    assert set(told.codes) == ({"15236754", "29310472"} if either.film == VEO else {"17301594"})
    assert told.reason.startswith("Veo could not generate" if either.film == VEO else "The video was blocked")
    assert "upport codes" not in told.reason


@pytest.mark.parametrize(("code", "transient"), [(4, True), (8, True), (13, True), (14, True), (3, False), (9, False)])
def test_an_operation_fails_for_a_while_or_for_good_by_its_code(vertex: Rig, code: int, transient: bool) -> None:
    vertex.vendor.on("poll", Fail(code, "It could not be done."))
    assert vertex.run(polling(vertex)) == Failed(f"It could not be done. (code {code})", transient)


def test_a_filter_that_speaks_through_an_operations_error_is_a_refusal(vertex: Rig) -> None:
    vertex.vendor.on("poll", Fail(3, "The prompt violates the usage guidelines. Support codes: 58061214, 90789179"))
    told = vertex.run(polling(vertex))
    assert isinstance(told, Refused)
    assert told.codes == ("58061214", "90789179")


def test_an_interaction_that_fails_says_what_was_received(keyed: Rig) -> None:
    keyed.vendor.on("poll", Fail(13, "Something broke."))
    told = keyed.run(polling(keyed))
    assert isinstance(told, Failed)
    assert "Something broke." in told.message


BAD_POLLS: dict[str, Deed] = {
    "cut": Cut(),
    "reset": Cut(reset=True),
    "hang": Hang(),
    "503": unavailable(503),
    "429": busy(),
    "garbled": Garble(),
}


@pytest.mark.parametrize("deed", BAD_POLLS.values(), ids=BAD_POLLS)
def test_a_poll_without_an_answer_may_be_repeated(either: Rig, deed: Deed) -> None:
    either.vendor.on("poll", deed)
    timeouts = Timeouts(poll=0.3) if isinstance(deed, Hang) else None
    with pytest.raises(NotAcceptedError) as caught:
        either.run(polling(either), timeouts=timeouts)
    assert caught.value.retry
    assert either.vendor.sent("poll") == 1


def test_a_poll_that_is_not_allowed_is_not_repeated(either: Rig) -> None:
    either.vendor.on("poll", Reject(403, "PERMISSION_DENIED"))
    with pytest.raises(NotAcceptedError) as caught:
        either.run(polling(either))
    assert not caught.value.retry
