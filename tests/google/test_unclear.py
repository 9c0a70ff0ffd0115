"""An operation that has ended with something nobody understands: it may be a clip, so nothing is bought instead."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.studio import PRICES
from tests.loopback import omni, veo
from tests.loopback.deeds import Expire, Fail, Working

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Answer

BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])


@pytest.fixture
def odd(studio: Studio) -> Studio:
    """Return a studio whose one clip was bought, and came in a shape that is not known."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(veo, "_response", lambda *_given, **_named: {"frames": ["gs://films/1"]})
        changed.setattr(omni, "_video", lambda *_given, **_named: {"type": "text", "text": "See frames."})
        studio.spec(scenes=1)
        for _ in range(2):
            ran = studio.film(code=3)
            assert ran.job["state"] == "waiting"
            assert "is finished, but its result is not understood: {" in ran.told
            received = '"done": true' if studio.mode == "vertex" else "See frames."
            assert received in ran.told
            assert "vidpipe redo JOB clips/scene-000.mp4" in ran.told
            assert studio.statuses("video") == ["submitted"]
        assert studio.vendor.calls == (1, 2, 1)
        assert studio.spent() == studio.vendor.bill()
    return studio


@BOTH
def test_a_later_run_that_understands_the_result_has_its_clip_without_buying_it_again(odd: Studio) -> None:
    odd.film()
    assert odd.path("clip 0").read_bytes() == next(iter(odd.vendor.operations.values())).film()
    assert odd.vendor.calls == (1, 2, 1)
    assert odd.spent() == odd.vendor.bill()


@BOTH
def test_a_clip_that_somebody_fetches_and_puts_in_its_place_is_adopted(odd: Studio) -> None:
    odd.path("clip 0").parent.mkdir(exist_ok=True)
    odd.path("clip 0").write_bytes(next(iter(odd.vendor.operations.values())).film())
    assert odd.run().targets["clip 0"]["action"] == "adopted"
    assert odd.path("film").exists()
    assert odd.vendor.calls == (1, 2, 1)


@BOTH
def test_a_new_take_is_exactly_one_more_paid_call(odd: Studio) -> None:
    assert odd("redo", "pier", "clips/scene-000.mp4").code == 0
    odd.film()
    assert odd.vendor.calls == (1, 2, 2)
    assert odd.spent() == odd.vendor.bill()


def forget_once(studio: Studio) -> None:
    """Let the vendor not know an operation when he is asked about it for the first time from now on."""
    module, name = {"vertex": (veo, "fetch"), "api-key": (omni, "get")}[studio.mode]
    operations, answer, asked = studio.vendor.operations, getattr(module, name), set[str]()

    def forget(vendor: Vendor, *given: Any) -> Answer:
        operation = given[1]["operationName"] if studio.mode == "vertex" else given[0]
        kept = None if operation in asked else operations.pop(operation)
        asked.add(operation)
        try:
            found: Answer = answer(vendor, *given)
        finally:
            if kept is not None:
                operations[operation] = kept
        return found

    studio.monkeypatch.setattr(module, name, forget)


@BOTH
def test_one_404_does_not_make_an_operation_gone(studio: Studio) -> None:
    forget_once(studio)
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.sent("poll") == 2
    assert studio.statuses("video") == ["settled"]
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


def test_one_404_does_not_keep_a_clip_that_is_not_wanted_any_more_out_of_the_archive(studio: Studio) -> None:
    vendor = studio.vendor
    vendor.on("poll", Working(), times=None)
    studio.spec(scenes=1)
    with studio.monkeypatch.context() as impatient:
        impatient.setenv("VIDPIPE_WAIT_SECONDS", "0")
        studio.film(code=3)
    vendor.rules.clear()
    (old,) = vendor.operations.values()
    forget_once(studio)
    studio.edit_scene(0, video_motion_prompt="A storm comes up.")
    studio.run()
    archived = [path.read_bytes() for path in studio.directory().rglob("*") if path.is_file()]
    assert old.film() in archived, "what was paid for is not in the archive"
    assert vendor.calls == (1, 2, 2)


@BOTH
def test_an_operation_that_is_gone_says_what_else_may_be_the_reason(studio: Studio) -> None:
    studio.vendor.on("poll", Expire())
    studio.spec(scenes=1)
    told = studio.film(code=1).told
    assert studio.vendor.sent("poll") == 2
    assert ("another key or project?" in told) == (studio.mode == "api-key")


@pytest.mark.parametrize(
    ("code", "advice"),
    [(14, "calls a new request reasonable"), (3, "the same request will probably fail again, so change its prompt")],
)
def test_a_failure_tells_run_and_why_whether_to_ask_anew_and_for_how_much(
    studio: Studio, code: int, advice: str
) -> None:
    studio.vendor.on("poll", Fail(code, "It could not be done."))
    studio.spec(scenes=1)
    told = studio.film(code=1).told
    why = studio("why", "--json", "pier", "clips/*").out
    for text in (told, why):
        assert advice in text
        assert f"which costs ${Decimal(PRICES['vertex']):.2f}" in text
