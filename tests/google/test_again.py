"""What is bought again, and what is not: new takes, changes that are taken back, and vidpipe's own changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH
from tests.loopback.deeds import Cut, Reject, Working, unavailable
from vidpipe.steps import prompts

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.loopback.deeds import Deed


def test_a_new_take_of_a_clip_is_exactly_one_more_paid_call(studio: Studio) -> None:
    studio.spec()
    studio.run()
    before = studio.path("clip 1").read_bytes()
    assert studio("redo", "pier", "clips/scene-001.mp4").code == 0
    assert studio.run().acted() == {"clip 1", "film"}
    assert studio.vendor.calls == (1, 3, 3)
    assert studio.path("clip 1").read_bytes() != before
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_a_style_that_is_changed_and_changed_back_costs_nothing_the_second_time(studio: Studio) -> None:
    studio.spec(scenes=1)
    studio.run()
    first = studio.path("film").read_bytes()
    studio.spec(scenes=1, style="noir")
    studio.run()
    assert studio.vendor.calls == (2, 4, 2)
    studio.spec(scenes=1)
    sent = len(studio.vendor.arrived)
    studio.run()
    assert studio.spent() == studio.vendor.bill()
    assert len(studio.vendor.arrived) == sent
    assert studio.path("film").read_bytes() == first


def test_other_prompt_templates_of_a_new_vidpipe_cost_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.spec(scenes=1)
    studio.run()
    for name in ("STORYBOARD_SYSTEM", "STORYBOARD", "START_FRAME", "END_FRAME", "CLIP"):
        monkeypatch.setattr(prompts, name, getattr(prompts, name) + "\nPlease.")
    ran = studio.run()
    assert {target["state"] for target in ran.targets.values()} >= {"outdated"}
    assert studio.vendor.calls == (1, 2, 1)
    studio.rests()
    studio.run("--upgrade")
    assert studio.vendor.calls == (2, 4, 2)
    assert studio.spent() == studio.vendor.bill()


def test_a_clip_that_was_deleted_is_fetched_from_its_operation_for_nothing(studio: Studio) -> None:
    studio.spec(scenes=1)
    studio.run()
    studio.path("clip 0").unlink()
    ran = studio.run()
    assert ran.targets["clip 0"]["action"] in {"fetched", "restored"}
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@BOTH
@pytest.mark.parametrize("deed", [unavailable(), Reject(403, "PERMISSION_DENIED"), Cut(), Working()], ids=repr)
def test_a_clip_that_was_deleted_is_not_bought_anew_because_it_cannot_be_fetched_now(
    studio: Studio, deed: Deed
) -> None:
    studio.spec(scenes=1)
    studio.run()
    studio.path("clip 0").unlink()
    studio.vendor.on("poll", deed, times=5)
    told = studio.run(code=3).told
    assert "cannot be fetched again now" in told
    assert "`vidpipe redo JOB clips/scene-000.mp4` asks for a new take, which costs $" in told
    assert studio.vendor.sent("video") == 1
    studio.vendor.rules.clear()
    assert studio.run().targets["clip 0"]["action"] == "fetched"
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(("deed", "clips"), [(unavailable(), 1), (Reject(403, "FORBIDDEN"), 1), (None, 2)], ids=repr)
def test_a_clip_that_was_deleted_is_bought_anew_only_if_it_is_not_in_the_bucket_any_more(
    studio: Studio, deed: Deed | None, clips: int
) -> None:
    (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    studio.spec(scenes=1)
    studio.run()
    studio.path("clip 0").unlink()
    if deed is None:
        studio.vendor.stored.clear()
    else:
        studio.vendor.on("download", deed, times=5)
    assert (studio.plan().targets["clip 0"]["price_usd"], studio("run").code) == (1.6, 3 if deed else 0)
    assert studio.vendor.calls == (1, 2, clips)
    assert studio.spent() == studio.vendor.bill()
