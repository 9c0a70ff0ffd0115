"""Captions lie beside the film as files, are burned into it, or are not there at all; a person's files stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vidpipe.errors import Exit
from vidpipe.media.captions import choice
from vidpipe.providers.base import ImageRequest, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

SAID = "Waves beat on the old pier."


@pytest.fixture
def told(toy: Project) -> Project:
    """Return a finished job whose first scene has words, with a copy of its film."""
    toy.spec(output="films/{name}.mp4", captions="none")
    toy.run(until="storyboard")
    toy.edit_scene(0, narration=SAID)
    toy.spec(output="films/{name}.mp4")
    toy.done()
    return toy


def files(project: Project) -> dict[str, Path]:
    """Return the four caption files by a short name, be they there or not."""
    beside, copies = project.layout().root / "film", project.root / "films/pier"
    found = {"srt": beside.with_suffix(".srt"), "vtt": beside.with_suffix(".vtt")}
    return found | {"copy srt": copies.with_suffix(".srt"), "copy vtt": copies.with_suffix(".vtt")}


def there(project: Project) -> set[str]:
    return {name for name, path in files(project).items() if path.exists()}


def spec(project: Project, captions: str) -> None:
    project.spec(output="films/{name}.mp4", captions=captions)


def test_captions_lie_beside_the_film_and_beside_its_copy(told: Project) -> None:
    assert there(told) == {"srt", "vtt", "copy srt", "copy vtt"}
    found = files(told)
    assert SAID in found["srt"].read_text(encoding="utf-8")
    assert found["vtt"].read_bytes().startswith(b"WEBVTT\n\n00:00:00.000 --> ")
    assert found["srt"].read_bytes() == found["copy srt"].read_bytes()
    assert found["vtt"].read_bytes() == found["copy vtt"].read_bytes()
    told.rests()


def test_a_film_without_words_has_no_caption_files(toy: Project) -> None:
    toy.spec(output="films/{name}.mp4")
    toy.done()
    assert there(toy) == set()
    toy.rests()


@pytest.mark.parametrize("name", ["srt", "vtt", "copy srt", "copy vtt"])
def test_a_caption_file_that_is_gone_is_written_again_and_nothing_is_made(told: Project, name: str) -> None:
    path = files(told)[name]
    before = path.read_bytes()
    path.unlink()
    ran = told.done()
    assert ran.did == set()
    assert path.read_bytes() == before
    told.rests()


@pytest.mark.parametrize("name", ["srt", "copy vtt"])
def test_a_file_that_somebody_edited_stays_and_that_is_said(told: Project, name: str) -> None:
    path = files(told)[name]
    path.write_text("mine", encoding="utf-8")
    told.rests()
    told.edit_scene(0, narration="Other words.")
    ran = told.done()
    assert path.read_text(encoding="utf-8") == "mine"
    assert path.name in str(told.heard)
    assert "stays as it is" in str(told.heard)
    assert ran.did == {"storyboard"}
    others = [other for short, other in files(told).items() if short != name]
    assert all("Other words." in other.read_text(encoding="utf-8") for other in others)
    told.rests()


def test_captions_that_are_turned_off_are_removed_but_not_those_of_somebody_else(told: Project) -> None:
    files(told)["vtt"].write_text("mine", encoding="utf-8")
    spec(told, "none")
    told.done()
    assert there(told) == {"vtt"}
    told.rests()
    spec(told, "sidecar")
    told.done()
    assert there(told) == {"srt", "vtt", "copy srt", "copy vtt"}
    assert files(told)["vtt"].read_text(encoding="utf-8") == "mine"


def test_other_words_make_other_captions_of_the_same_film(told: Project) -> None:
    before = told.bytes("film")
    told.edit_scene(0, narration="Ebb and flow.")
    told.edit_scene(2, narration="The tide is out.")
    assert told.done().did == {"storyboard"}
    assert told.bytes("film") == before
    for path in files(told).values():
        assert "Ebb and flow." in (text := path.read_text(encoding="utf-8"))
        assert "The tide is out." in text
    assert "00:00:02,000 --> " in files(told)["srt"].read_text(encoding="utf-8"), "the third scene begins there"
    told.rests()


def test_captions_beside_the_film_that_come_and_go_leave_the_film_as_it_is(told: Project) -> None:
    before = {name: path.read_bytes() for name, path in files(told).items()}
    for captions, wanted in (("none", set()), ("sidecar", set(before))):
        spec(told, captions)
        planned = told.plan()
        assert planned.would == set(), planned.said
        assert told.done().did == set()
        assert there(told) == wanted
        told.rests()
    assert {name: path.read_bytes() for name, path in files(told).items()} == before


def test_captions_skip_a_scene_that_the_film_leaves_out(told: Project) -> None:
    told.edit_scene(2, narration="The tide is out.")
    told.server.on("video", RefusedError("violence", ("1",)), holding="motion 1.", times=None)
    told.edit_scene(1, video_motion_prompt="motion 1. Again.", narration="Nobody reads this.")
    told.spec(output="films/{name}.mp4", on_refused="skip")
    told.run()
    text = files(told)["srt"].read_text(encoding="utf-8")
    assert "Nobody reads this." not in text
    assert text.index(SAID) < text.index("00:00:01,000 --> ") < text.index("The tide is out.")


def test_words_that_are_taken_away_take_the_files_with_them(told: Project) -> None:
    told.edit_scene(0, narration="")
    told.done()
    assert there(told) == set()


def test_a_folder_in_the_place_of_a_caption_file_is_left_alone(told: Project) -> None:
    path = files(told)["srt"]
    path.unlink()
    path.mkdir()
    told.rests()


def test_a_strangers_caption_file_is_never_replaced(toy: Project) -> None:
    toy.spec(captions="none")
    toy.run(until="storyboard")
    toy.edit_scene(0, narration=SAID)
    mine = files(toy)["srt"]
    mine.write_text("mine", encoding="utf-8")
    toy.spec()
    toy.done()
    assert mine.read_text(encoding="utf-8") == "mine"
    assert there(toy) == {"srt", "vtt"}


def test_burned_captions_are_in_the_picture_and_not_beside_it(told: Project) -> None:
    before = told.bytes("film")
    spec(told, "burned")
    assert told.done().made == {"film"}
    assert told.bytes("film") != before
    assert there(told) == set()
    told.rests()


def test_provenance_tells_of_captions_only_in_their_own_files(told: Project) -> None:
    assert SAID not in (told.layout().root / "film.json").read_text(encoding="utf-8")


@pytest.fixture
def _no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "font_files", lambda _environ: [])


@pytest.mark.usefixtures("_no_fonts")
def test_letters_without_a_font_stop_a_run_before_anything_is_spent(toy: Project) -> None:
    toy.spec(captions="burned")
    toy.run(until="storyboard")
    toy.edit_scene(1, narration="Волны бьют старый причал.")
    sent = toy.server.calls
    planned, ran = toy.plan(), toy.run()
    assert "CYRILLIC CAPITAL LETTER VE" in planned.said
    assert "CYRILLIC CAPITAL LETTER VE" in ran.said
    assert "captions: sidecar" in ran.said
    assert ran.exit is Exit.USAGE
    assert toy.server.calls == sent
    toy.spec(captions="sidecar")
    toy.done()


@pytest.mark.usefixtures("_no_fonts")
def test_what_does_not_need_the_film_is_made_all_the_same(toy: Project) -> None:
    toy.spec(captions="burned")
    toy.run(until="storyboard")
    toy.edit_scene(1, narration="Волны")
    toy.done(until="keyframes")


@pytest.mark.usefixtures("_no_fonts")
def test_the_letters_of_the_script_are_a_warning_while_there_is_no_storyboard(toy: Project) -> None:
    toy.spec(captions="burned", narration=True, script="Волны бьют старый причал.")
    assert "CYRILLIC CAPITAL LETTER VE" in toy.plan().said


def test_a_finished_film_does_not_care_for_fonts_that_are_gone(told: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    spec(told, "burned")
    told.done()
    monkeypatch.setattr(choice, "style_for", lambda *_: pytest.fail("a font was looked for"))
    told.rests()


def test_free_pictures_of_a_scene_with_narration_are_drawn_without_words_whatever_becomes_of_its_captions(
    toy: Project,
) -> None:
    toy.spec(provider="free", captions="none")
    toy.run(until="storyboard")
    toy.edit_scene(1, narration=SAID)
    toy.done()
    drawn = [request.lettered for _, request in toy.server.requests if isinstance(request, ImageRequest)]
    assert (drawn.count(True), drawn.count(False)) == (3, 1)
    toy.spec(provider="free", captions="burned")
    assert toy.done().made == {"film"}


def test_free_pictures_that_a_paid_model_films_have_no_words_in_them(toy: Project) -> None:
    toy.spec(models={"image": "free:draw-1"})
    toy.done()
    drawn = [request.lettered for _, request in toy.server.requests if isinstance(request, ImageRequest)]
    assert drawn == [False] * 4


def test_letters_of_a_storyboard_that_was_just_written_stop_the_run_before_the_first_picture(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_for_words(texts: list[str], _environ: object) -> None:
        if any(text.startswith("words") for text in texts):
            raise choice.NoFontError("no font for these")

    monkeypatch.setattr(choice, "style_for", none_for_words)
    toy.spec(captions="burned", narration=True)
    ran = toy.run()
    assert "no font for these" in ran.said
    assert ran.exit is Exit.USAGE
    assert toy.server.calls == (1, 0, 0)
