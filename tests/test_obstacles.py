"""What stands in the way of a plan is told before anything is spent, and only where it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.toy import Toy, models
from vidpipe.errors import Exit, UsageError
from vidpipe.obstacles import kind_of
from vidpipe.providers import registry
from vidpipe.providers.base import Running
from vidpipe.providers.registry import ProviderEntry

if TYPE_CHECKING:
    from tests.project import Project
    from vidpipe.providers.catalogue import Model

PAST = date(2020, 1, 1)


def retire(toy: Project, monkeypatch: pytest.MonkeyPatch, kind: str, by: str, day: date = PAST) -> None:
    """Let the default model of a kind be retired."""

    def gone(model: Model) -> Model:
        is_it = model.kind == kind and model.id.endswith("-1")
        return replace(model, retired_on=day, retired_by=by) if is_it else model  # type: ignore[arg-type]

    entry = ProviderEntry("toy", tuple(map(gone, models("toy", paid=True))), lambda _settings: Toy(toy.server))
    monkeypatch.setitem(registry.PROVIDERS, "toy", entry)


def test_an_id_that_its_vendor_retired_is_refused_before_anything_is_sent(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    retire(toy, monkeypatch, "video", "vendor")
    told = "toy:film-1 was retired by its vendor on 2020-01-01: set models.video: toy:film-2"
    planned, ran = toy.plan(), toy.run()
    assert told in planned.said
    assert planned.exit is Exit.DONE
    assert told in ran.said
    assert ran.exit is Exit.USAGE
    assert toy.server.calls == (0, 0, 0)


def test_a_model_that_is_retired_tomorrow_films_today(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()
    retire(toy, monkeypatch, "video", "vendor", date(2999, 1, 1))
    toy.done()


def test_a_third_partys_date_only_warns(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()
    retire(toy, monkeypatch, "video", "third party")
    assert "toy:film-1 may be gone: a third party says that it was retired on 2020-01-01" in toy.done().said


@pytest.mark.parametrize("kind", ["text", "image", "video"])
def test_a_finished_film_never_cares(toy: Project, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    toy.spec()
    toy.done()
    retire(toy, monkeypatch, kind, "vendor")
    toy.rests()


def test_only_the_models_of_what_is_to_be_made_count(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec()
    toy.done()
    retire(toy, monkeypatch, "text", "vendor")
    toy.edit_scene(0, video_motion_prompt="Faster.")
    toy.done()


def test_a_model_that_cannot_be_called_stops_the_run_before_the_storyboard(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_port(_self: Toy, model: str) -> Toy:
        raise UsageError(f"{model} is out of reach: set something")

    toy.spec()
    monkeypatch.setattr(Toy, "video", no_port)
    assert "film-1 is out of reach: set something" in toy.plan().said
    ran = toy.run()
    assert "film-1 is out of reach: set something" in ran.said
    assert ran.exit is Exit.USAGE
    assert toy.server.calls == (0, 0, 0)
    toy.done(until="keyframes")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("storyboard.json", "text"),
        ("narration/scene-000.wav", "speech"),
        ("keyframes/scene-000-end.png", "image"),
        ("clips/scene-000.mp4", "video"),
        ("clips/scene-000-still.mp4", None),
        ("film.mp4", None),
    ],
)
def test_every_target_has_the_kind_of_model_that_is_paid_for_it(target: str, kind: str | None) -> None:
    assert kind_of(target) == kind


def test_an_operation_that_runs_is_waited_for_though_its_model_was_retired_meanwhile(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    with monkeypatch.context() as impatient:
        impatient.setenv("VIDPIPE_WAIT_SECONDS", "0")
        toy.server.on("poll", Running())
        assert toy.run().exit is Exit.DECISION
    retire(toy, monkeypatch, "video", "vendor")
    toy.done()
    assert toy.server.count("video") == 1
