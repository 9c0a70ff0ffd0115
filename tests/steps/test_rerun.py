"""What the next run makes of a finished film where spec, vidpipe or nothing changed: the rerun rule, priced.

The vendor gives no two equal answers, so whatever is made again for nothing would show.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.project import Project
from tests.steps.films import ALL
from tests.toy import entry
from vidpipe.engine.judge import State
from vidpipe.providers import registry
from vidpipe.steps import keyframe, prompts

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_first_run_makes_every_target_once_and_pays_for_each_once(toy: Project) -> None:
    toy.spec()
    ran = toy.done()
    assert ran.made == ALL
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == ran.result.cost == ran.job.cost


def test_nothing_was_done_so_nothing_is_made_and_no_file_is_written(pier: Project) -> None:
    pier.rests()


def test_touching_every_file_makes_nothing_and_writes_nothing(pier: Project) -> None:
    for path in pier.root.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    pier.rests()
    for path in pier.root.rglob("*"):
        path.touch()
    pier.rests()


def test_comments_and_another_order_of_keys_in_the_spec_make_nothing(pier: Project) -> None:
    path = pier.spec()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("# a film about a pier\n" + "".join(reversed(lines)))
    pier.rests()


@pytest.mark.parametrize("way", [shutil.copytree, shutil.move])
def test_a_job_directory_that_was_copied_or_moved_elsewhere_makes_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch, way: Callable[..., object]
) -> None:
    elsewhere = pier.root.parent / f"{pier.root.name}-elsewhere"
    way(pier.root, elsewhere)
    monkeypatch.chdir(elsewhere)
    Project(elsewhere, pier.server).rests()


def test_a_job_that_is_renamed_with_its_directory_makes_nothing(pier: Project) -> None:
    pier.spec(name="pier", script="Waves beat on the old pier.")
    (pier.root / "specs/pier.yaml").rename(pier.root / "specs/jetty.yaml")
    spec = (pier.root / "specs/jetty.yaml").read_text().replace("name: pier", "name: jetty")
    (pier.root / "specs/jetty.yaml").write_text(spec)
    pier.layout().root.rename(pier.layout("jetty").root)
    ran = pier.done("jetty")
    assert ran.did == set()
    pier.rests("jetty")


def test_a_copied_job_directory_with_a_spec_of_its_own_makes_nothing_when_the_first_spec_is_gone(pier: Project) -> None:
    shutil.copytree(pier.layout().root, pier.layout("jetty").root)
    (pier.root / "specs/pier.yaml").rename(pier.root / "specs/jetty.yaml")
    assert pier.done("jetty").did == set()


def test_changed_templates_outdate_what_was_paid_for_and_remake_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    monkeypatch.setattr(prompts, "END_FRAME", prompts.END_FRAME + "\nSlowly.")
    monkeypatch.setattr(prompts, "STORYBOARD", prompts.STORYBOARD + "\nSlowly.")
    pier.rests()
    planned = pier.plan()
    outdated = {name for name, outcome in planned.outcomes.items() if outcome.state is State.OUTDATED}
    assert outdated == {"storyboard", "end 0", "end 1", "end 2", "clip 0", "clip 1", "clip 2"}
    assert "prompt template changed" in planned.reasons("clip 0")
    upgraded = pier.done(upgrade=True)
    assert {"storyboard", "end 0", "clip 0", "clip 2", "film"} <= upgraded.made
    assert pier.server.calls == (2, 7, 6)
    pier.rests()


def test_a_changed_default_model_outdates_what_was_paid_for_and_naming_it_changes_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = entry(pier.server)
    swapped = tuple(sorted(usual.models, key=lambda model: model.id != "film-2"))
    monkeypatch.setitem(registry.PROVIDERS, "toy", registry.ProviderEntry("toy", swapped, usual.open))
    pier.rests()
    assert pier.plan().state("clip 0") is State.OUTDATED
    pier.spec(models={"video": "toy:film-1"})
    pier.rests()
    pier.spec(models={"video": "toy:film-2"})
    assert pier.done().made == {"clip 0", "clip 1", "clip 2", "film"}
    pier.rests()


def test_a_free_provider_follows_changed_templates(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec(provider="free")
    toy.done()
    monkeypatch.setattr(keyframe, "RECIPE_VERSION", 2)
    ran = toy.done()
    assert ran.made == ALL - {"storyboard"}
    toy.rests()


def test_a_changed_stitch_makes_the_film_only(pier: Project) -> None:
    pier.spec(stitch={"mode": "crossfade", "seconds": 0.25})
    assert pier.done().made == {"film"}
    assert pier.server.calls == (1, 4, 3)
    pier.rests()
    pier.spec()
    assert pier.done().restored == {"film"}
    pier.rests()


def test_stopping_early_makes_no_more_than_was_asked_for(toy: Project) -> None:
    toy.spec()
    assert toy.done(until="storyboard").made == {"storyboard"}
    assert toy.done(until="keyframes").made == {"start 0", "end 0", "end 1", "end 2"}
    assert toy.done(targets=("clips/scene-001.mp4",)).made == {"clip 1"}
    assert toy.done(until="clips").made == {"clip 0", "clip 2"}
    assert toy.done().made == {"film"}
    assert toy.server.calls == (1, 4, 3)
    toy.rests()


def test_every_target_that_is_made_again_says_why_in_one_line_before_and_after(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="A gull lands.")
    pier.path("clip 0").unlink()
    planned = pier.plan()
    assert planned.would >= {"end 1", "end 2", "clip 0", "clip 1", "clip 2", "film"}
    ran = pier.done()
    for told in (planned, ran):
        for name in told.would:
            first, *_ = told.outcomes[name].reasons or ("",)
            assert first.strip(), name
            assert first.isprintable(), name
    assert "end_frame_prompt changed" in planned.reasons("end 1")
    assert "first frame" in ran.reasons("end 2")
    assert "the file was deleted" in ran.reasons("clip 0")
