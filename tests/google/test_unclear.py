"""An operation that has ended with something nobody understands: it may be a clip, so nothing is bought instead."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.modes import BOTH, KEYED
from tests.google.studio import PRICES
from tests.loopback import omni, veo
from tests.loopback.deeds import Do, Expire, Fail, Working
from tests.toy import clip_of

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Answer


def answer_oddly(changed: pytest.MonkeyPatch) -> None:
    """Let the vendor deliver clips in a shape that is not known."""
    changed.setattr(veo, "_response", lambda *_given, **_named: {"frames": ["gs://films/1"]})
    changed.setattr(omni, "_video", lambda *_given, **_named: {"type": "text", "text": "See frames."})


@pytest.fixture
def odd(studio: Studio) -> Studio:
    """Return a studio whose one clip was bought, and came in a shape that is not known."""
    with pytest.MonkeyPatch.context() as changed:
        answer_oddly(changed)
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


def stand_in(studio: Studio) -> None:
    """Put a clip of the user's own in the place of the one that was bought."""
    studio.path("clip 0").parent.mkdir(exist_ok=True)
    studio.path("clip 0").write_bytes(clip_of("mine", 4))


@BOTH
def test_an_odd_answer_for_which_a_clip_stands_in_is_given_up_once_and_can_be_asked_for_again(odd: Studio) -> None:
    (film,) = odd.vendor.operations.values()
    with odd.monkeypatch.context() as changed:
        answer_oddly(changed)
        stand_in(odd)
        told = odd.run().err
        assert "is given up: its result is not understood: {" in told
        assert f"`vidpipe adopt JOB clips/scene-000.mp4 {film.name}`" in told
        assert odd.statuses("video") == ["abandoned"]
        odd.rests()
    assert odd("adopt", "pier", "clips/scene-000.mp4", film.name).code == 0
    odd.run()
    archived = [path.read_bytes() for path in odd.directory().rglob("*") if path.is_file()]
    assert film.film() in archived, "what was paid for is not in the archive"
    assert odd.vendor.calls == (1, 2, 1)
    assert odd.spent() == odd.vendor.bill()
    odd.rests()


@KEYED
def test_a_clip_that_is_taken_away_before_it_is_fetched_comes_to_rest_once_there_is_a_new_take(studio: Studio) -> None:
    studio.vendor.on("poll", Do(studio.vendor.stored.clear))
    studio.spec(scenes=1)
    told = studio.film(code=3).told
    assert "cannot fetch the clip of operation" in told
    assert "`vidpipe redo JOB clips/scene-000.mp4` asks for a new take, which costs $0.40" in told
    assert studio("redo", "pier", "clips/scene-000.mp4").code == 0
    assert "is given up: the clip is not there any more" in studio.run().err
    assert sorted(studio.statuses("video")) == ["gone", "settled"]
    assert studio.vendor.calls == (1, 2, 2)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


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


@KEYED
def test_an_operation_that_another_key_began_is_not_given_up_and_nothing_is_bought_instead(studio: Studio) -> None:
    studio.monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    studio.vendor.on("poll", Working())
    studio.spec(scenes=1)
    studio.film(code=3)
    operations = dict(studio.vendor.operations)
    studio.vendor.operations.clear()
    for _ in range(2):
        ran = studio.film(code=3)
        assert ran.job["state"] == "waiting"
        assert "(another key or project?)" in ran.told
        assert "run again as it was begun, or `vidpipe redo JOB clips/scene-000.mp4`" in ran.told
        assert "which costs $0.40" in ran.told
        assert studio.statuses("video") == ["submitted"]
    studio.vendor.operations |= operations
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@KEYED
def test_an_operation_that_no_key_knows_any_more_comes_to_rest_once_something_stands_in_for_it(studio: Studio) -> None:
    studio.vendor.on("poll", Expire())
    studio.spec(scenes=1)
    studio.film(code=3)
    stand_in(studio)
    assert "is given up: the provider does not know it any more (another key or project?)" in studio.run().err
    assert studio.statuses("video") == ["gone"]
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


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
