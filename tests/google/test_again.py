"""What is bought again, and what is not: new takes, changes that are taken back, and vidpipe's own changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.steps import prompts

if TYPE_CHECKING:
    import pytest

    from tests.google.studio import Studio


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
