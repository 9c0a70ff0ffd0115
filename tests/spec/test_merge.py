"""A spec over the [defaults] of its settings file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.spec.loading import load, told_of
from vidpipe.errors import SpecError
from vidpipe.spec.load import load_specs

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def test_a_spec_goes_before_the_defaults_and_those_before_what_is_built_in(project: Path) -> None:
    (project / "vidpipe.toml").write_text('[defaults]\nscenes = 7\nstyle = "noir"\nbudget = 0.1\n')
    loaded = load("script: a\nscenes: 3\n")
    assert (loaded.spec.scenes, loaded.spec.style, loaded.spec.seconds) == (3, "noir", 4)
    assert loaded.spec.budget == Decimal("0.1")
    assert loaded.named == {"script", "scenes", "style", "budget"}
    assert [source.name for source in loaded.sources] == ["pier.yaml", "vidpipe.toml"]


def test_models_are_laid_over_one_by_one(project: Path) -> None:
    (project / "vidpipe.toml").write_text(
        '[defaults]\nprovider = "google"\nmodels = {video = "google:veo-3.1-lite-generate-001"}\n'
    )
    loaded = load('script: a\nmodels: {image: "google:gemini-3.1-flash-image"}\n')
    assert loaded.video_model.id == "veo-3.1-lite-generate-001"
    assert loaded.image_model.id == "gemini-3.1-flash-image"
    assert loaded.text_model.id == "gemini-3.8-flash"
    assert {"models.image", "models.video", "provider"} <= loaded.named


def test_a_spec_that_names_the_free_provider_stays_free_whatever_the_defaults(project: Path) -> None:
    (project / "vidpipe.toml").write_text(
        '[defaults]\nprovider = "google"\nmodels = {video = "google:veo-3.1-generate-001"}\n'
    )
    loaded = load("script: a\nprovider: animatic\n")
    assert not any(model.paid for model in (loaded.text_model, loaded.image_model, loaded.video_model))


def test_a_default_that_does_not_fit_is_told_where_it_stands(project: Path) -> None:
    (project / "vidpipe.toml").write_text('[defaults]\nprovider = "google"\nseconds = 5\n')
    assert told_of("script: a\n") == (
        "vidpipe.toml:3:11: defaults.seconds: google:veo-3.1-generate-001 makes clips of 4, 6 or 8 seconds (got 5)"
    )


def test_a_default_in_an_inline_table_is_told_where_it_stands(project: Path) -> None:
    (project / "vidpipe.toml").write_text('[defaults]\nmodels = {video = "google:veo-9"}\n')
    assert told_of("script: a\n").startswith("vidpipe.toml:2:10: defaults.models.video: there is no video model")


def test_the_problems_of_a_settings_file_are_told_once_for_all_its_specs(project: Path) -> None:
    (project / "vidpipe.toml").write_text("[defaults]\nscenes = 0\n")
    for name in ("a", "b"):
        (project / "specs" / f"{name}.yaml").write_text("script: a\n")
    with pytest.raises(SpecError) as caught:
        load_specs([Path("specs/a.yaml"), Path("specs/b.yaml")])
    assert str(caught.value) == "vidpipe.toml:2:10: defaults.scenes: must be at least 1 (got 0)"


def test_references_of_the_defaults_lie_beside_the_settings_file(project: Path) -> None:
    (project / "mara.png").write_bytes(PNG)
    (project / "vidpipe.toml").write_text('[defaults]\nreferences = [{name = "mara", image = "mara.png"}]\n')
    assert load("script: a\n").references[0].path == (project / "mara.png").resolve()
