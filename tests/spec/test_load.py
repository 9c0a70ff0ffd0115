"""From files to specs: names, short forms, models, and what is handed on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.closed import never_opened
from tests.spec.loading import load, told_of
from vidpipe.errors import SpecError
from vidpipe.providers.catalogue import Model
from vidpipe.providers.registry import PROVIDERS, ProviderEntry
from vidpipe.spec.load import as_draft, load_specs


@pytest.mark.usefixtures("project")
def test_a_script_is_all_that_a_spec_needs() -> None:
    loaded = load("script: The tide comes in.\n")
    assert (loaded.spec.name, loaded.script) == ("pier", "The tide comes in.")
    assert (loaded.spec.scenes, loaded.spec.seconds, loaded.spec.stitch.mode) == (5, 4, "cut")
    models = (loaded.text_model, loaded.image_model, loaded.video_model)
    assert [model.name for model in models] == ["animatic:script", "animatic:draw", "animatic:move"]
    assert loaded.named == {"script"}


@pytest.mark.usefixtures("project")
def test_a_script_of_one_emoji_is_a_script() -> None:
    assert load("script: 🐈\n").script == "🐈"


@pytest.mark.usefixtures("project")
def test_quoted_and_block_texts_are_text_whatever_they_look_like() -> None:
    loaded = load("script: |\n  NO\nstyle: '1:30'\nnegative_prompt: \"010\"\n")
    assert (loaded.script, loaded.spec.style, loaded.spec.negative_prompt) == ("NO", "1:30", "010")


@pytest.mark.usefixtures("project")
def test_an_aspect_ratio_needs_no_quotes() -> None:
    assert load("script: a\naspect_ratio: 9:16\n").spec.aspect_ratio == "9:16"


@pytest.mark.usefixtures("project")
def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    Path("specs/pier.yaml").write_bytes(b"\xef\xbb\xbfscript: |\r\n  one\r\n  two\r\nscenes: 0\r\n")
    with pytest.raises(SpecError, match=r"^specs/pier\.yaml:4:9: scenes"):
        load_specs([Path("specs/pier.yaml")])


@pytest.mark.usefixtures("project")
def test_money_is_read_as_it_is_written() -> None:
    assert load("script: a\nbudget: 0.1\n").spec.budget == Decimal("0.1")


@pytest.mark.usefixtures("project")
def test_short_forms_stand_for_mappings() -> None:
    short = load("script: a\nstitch: crossfade\non_refused: skip\n").spec
    long = load("script: a\nstitch: {mode: crossfade}\non_refused: {then: skip, retries: 1}\n").spec
    assert (short.stitch, short.on_refused) == (long.stitch, long.on_refused)


@pytest.mark.usefixtures("project")
def test_a_crossfade_may_last_exactly_half_a_clip() -> None:
    assert load("script: a\nstitch: {mode: crossfade, seconds: 2}\n").spec.stitch.seconds == 2


@pytest.mark.usefixtures("project")
def test_a_file_name_in_capitals_makes_a_job_name_in_small_letters() -> None:
    assert load("script: a\n", name="Pier.yaml").spec.name == "pier"


@pytest.mark.usefixtures("project")
def test_a_file_name_that_makes_no_job_name_wants_a_name() -> None:
    with pytest.raises(SpecError, match=r"specs/Über uns\.yaml: name: the file's name makes no job name"):
        load("script: a\n", name="Über uns.yaml")
    assert load("name: about\nscript: a\n", name="Über uns.yaml").spec.name == "about"


@pytest.mark.usefixtures("project")
def test_specs_of_one_name_are_refused_together_whatever_their_case() -> None:
    Path("specs/Pier.yaml").write_text("script: a\n")
    Path("specs/other.yml").write_text("script: a\nname: pier\n")
    with pytest.raises(SpecError) as caught:
        load_specs([Path("specs/Pier.yaml"), Path("specs/other.yml")])
    assert str(caught.value).splitlines() == [
        "specs/Pier.yaml: name: the job name pier is also that of specs/other.yml: give each spec a name of its own",
        "specs/other.yml: name: the job name pier is also that of specs/Pier.yaml: give each spec a name of its own",
    ]


@pytest.mark.usefixtures("project")
def test_specs_of_one_output_are_refused_together_whatever_its_case() -> None:
    for name, output in (("a", "film"), ("b", "Film")):
        Path(f"specs/{name}.yaml").write_text(f"script: a\noutput: films/{output}.mp4\n")
    with pytest.raises(SpecError, match=r"(?s)a\.yaml: output: .*b\.yaml: output: "):
        load_specs([Path("specs/a.yaml"), Path("specs/b.yaml")])


def test_an_output_lies_in_the_project_and_carries_the_name(project: Path) -> None:
    assert load("script: a\noutput: films/{name}.mp4\n").output == project.resolve() / "films" / "pier.mp4"


def test_an_output_cannot_leave_the_project_through_a_link(project: Path) -> None:
    (project / "films").symlink_to(project.parent)
    message = "specs/pier.yaml:2:9: output: films/{name}.mp4 leads out of the project through a symbolic link"
    assert told_of("script: a\noutput: films/{name}.mp4\n") == message.replace("{name}", "pier")


@pytest.mark.usefixtures("project")
def test_a_draft_of_a_paid_spec_is_free_and_offline() -> None:
    loaded = load("script: a\nprovider: google\nseconds: 8\nresolution: 1080p\n")
    assert loaded.video_model.paid
    draft = as_draft(loaded)
    assert [m.provider for m in (draft.text_model, draft.image_model, draft.video_model)] == ["animatic"] * 3
    assert draft.spec == loaded.spec


@pytest.mark.usefixtures("project")
def test_what_a_third_party_does_not_say_about_its_models_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    models = tuple(Model(id=kind, provider="acme", kind=kind, paid=True) for kind in ("text", "image", "video"))
    monkeypatch.setitem(PROVIDERS, "acme", ProviderEntry("acme", models, never_opened))
    assert load("script: a\nprovider: acme\nseconds: 13\nresolution: 4k\n").video_model.name == "acme:video"


@pytest.mark.usefixtures("project")
def test_a_default_that_the_chosen_model_does_not_offer_names_the_key_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    models = tuple(
        Model(id=kind, provider="acme", kind=kind, paid=True, seconds=(5, 10)) for kind in ("text", "image", "video")
    )
    monkeypatch.setitem(PROVIDERS, "acme", ProviderEntry("acme", models, never_opened))
    assert told_of("script: a\nprovider: acme\n") == (
        "specs/pier.yaml:2:11: provider: acme:video makes clips of 5 or 10 seconds (got 4): write seconds"
    )
