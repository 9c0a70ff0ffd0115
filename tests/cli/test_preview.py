"""`vidpipe preview`: the film as it stands, free, from what the job has; the job itself is only read."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image

from tests.toy import clip_of
from vidpipe.commands.preview import film_of, folder_of
from vidpipe.commands.preview_place import Place
from vidpipe.lock import hold

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import CommandLine
    from tests.project import Project

FRAMES = ["keyframes/scene-000-start.png", "keyframes/scene-000-end.png", "keyframes/scene-001-end.png"]
CLIPS = ["clips/scene-000.mp4", "clips/scene-001.mp4"]


def previewed(vidpipe: CommandLine, *arguments: str) -> tuple[list[str], list[str]]:
    """Make the preview of the job `pier`; return what it shows of the job, and what was drawn."""
    said = vidpipe("preview", "--json", *arguments)
    assert said.code == 0, said.out + said.err
    (one,) = said.json["previews"]
    assert one["film"] == "runs/pier.preview.mp4"
    return one["real"], one["drawn"]


def colour_at(film: Path, second: float) -> tuple[int, ...]:
    """Return the mean RGB of the film's picture at a time."""
    with av.open(str(film)) as container:
        frame = next(one for one in container.decode(video=0) if one.time is not None and one.time >= second)
        return tuple(int(value) for value in frame.to_ndarray(format="rgb24").mean(axis=(0, 1)))


def is_near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return bool(np.abs(np.subtract(found, wanted)).max() < 12)


def paint(path: Path, colour: tuple[int, int, int]) -> None:
    Image.new("RGB", (1280, 720), colour).save(path)


def test_before_the_first_run_everything_is_drawn_and_no_job_begins(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=2)
    assert previewed(vidpipe) == ([], ["storyboard.json", *FRAMES, *CLIPS])
    assert vidpipe.project.server.requests == []
    assert not vidpipe.project.layout().root.exists()


def test_what_is_paid_for_is_shown_what_is_missing_is_drawn_and_the_job_is_only_read(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=2)
    vidpipe("run", "--until", "keyframes")
    paint(project.path("end 0"), (200, 30, 30))
    vidpipe("run", "--until", "keyframes")
    before, sent = job_of(project), len(project.server.requests)
    assert previewed(vidpipe, "pier") == (["storyboard.json", *FRAMES], CLIPS)
    assert job_of(project) == before
    assert len(project.server.requests) == sent
    film = film_of(project.load()[0])
    assert is_near(colour_at(film, 23 / 24), (200, 30, 30)), "scene 0 ends on the painted picture"


def test_an_edit_shows_in_the_next_preview_and_what_is_gone_is_drawn_again(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=2)
    vidpipe("run", "--until", "keyframes")
    film = film_of(project.load()[0])
    for colour in ((20, 160, 40), (30, 30, 190)):
        paint(project.path("end 1"), colour)
        previewed(vidpipe)
        assert is_near(colour_at(film, 47 / 24), colour)
    project.path("end 1").unlink()
    real, drawn = previewed(vidpipe)
    assert FRAMES[2] in drawn
    assert FRAMES[2] not in real
    assert not is_near(colour_at(film, 47 / 24), (30, 30, 190))
    project.edit_scene(1, end_frame_prompt="A gull lands.")
    assert "storyboard.json" in previewed(vidpipe)[0]
    copied = json.loads((folder_of(project.load()[0]) / "storyboard.json").read_bytes())
    assert copied["scenes"][1]["end_frame_prompt"] == "A gull lands."


def test_clips_that_are_there_are_shown_but_not_those_that_a_run_would_make_anew(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=2)
    vidpipe("run")
    assert previewed(vidpipe) == (["storyboard.json", *FRAMES, *CLIPS], [])
    project.edit_scene(1, video_motion_prompt="The camera falls.")
    assert previewed(vidpipe) == (["storyboard.json", *FRAMES, CLIPS[0]], [CLIPS[1]])


def test_a_job_that_a_run_works_on_can_be_previewed(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=1)
    vidpipe("run", "--until", "storyboard")
    with hold(project.layout()):
        assert previewed(vidpipe)[0] == ["storyboard.json"]


def test_a_damaged_picture_is_drawn_over_and_a_damaged_storyboard_is_told(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=2)
    vidpipe("run", "--until", "keyframes")
    project.path("end 1").write_bytes(b"no picture")
    assert FRAMES[2] in previewed(vidpipe)[1]
    project.path("storyboard").write_text("{", encoding="utf-8")
    said = vidpipe("preview")
    assert said.code == 1
    assert "storyboard.json:1:" in said.out


def test_what_stops_one_preview_is_its_own_result_and_the_others_are_made(
    vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = vidpipe.project
    for name in ("a", "b", "c", "d"):
        project.spec(name, provider="free", scenes=1)
    assert vidpipe("run", "--until", "storyboard").code == 0
    project.path("storyboard", "b").write_text("{", encoding="utf-8")
    publish = Place.publish

    def refused(place: Place, scratch: Path) -> Path:
        if place.film.name.startswith("c."):
            raise OSError(errno.ENOSPC, "No space left on device", str(place.film))
        return publish(place, scratch)

    monkeypatch.setattr(Place, "publish", refused)
    said = vidpipe("preview", "--json")
    assert said.code == said.json["exit"] == 1
    told = [(one["name"], one["state"], one["film"]) for one in said.json["previews"]]
    assert told == [
        ("a", "done", "runs/a.preview.mp4"),
        ("b", "failed", None),
        ("c", "failed", None),
        ("d", "done", "runs/d.preview.mp4"),
    ]
    assert "storyboard.json:1:" in said.json["previews"][1]["messages"][0]
    assert said.json["previews"][2]["messages"] == ["runs/c.preview.mp4: No space left on device"]


def test_a_person_is_told_where_the_film_is_and_what_of_it_is_real(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=2)
    vidpipe("run", "--until", "keyframes")
    assert vidpipe("preview", "-q").out.splitlines() == [
        "pier  runs/pier.preview.mp4",
        "  from the job: storyboard, 3 keyframes",
        "  drawn: 2 clips",
    ]


def test_what_is_told_meanwhile_is_of_the_preview_and_calls_nothing_of_the_job_adopted(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=2)
    vidpipe("run", "--until", "keyframes")
    told = [line.split("  ") for line in vidpipe("preview").err.splitlines()]
    assert {line[0] for line in told} == {"preview of pier"}
    assert sorted(line[1:3] for line in told[:-1]) == [[CLIPS[0], "made"], [CLIPS[1], "made"], ["film.mp4", "made"]]
    assert told[-1][1] == "done"
    (shown,) = [line for line in vidpipe("preview", "-v").err.splitlines() if FRAMES[0] in line]
    assert shown == f"preview of pier  {FRAMES[0]}  up to date  (shown as the job has it)"
    vidpipe.project.path("clip 0").parent.mkdir()
    vidpipe.project.path("clip 0").write_bytes(clip_of("by hand"))
    assert "adopted" not in vidpipe("preview").err
    assert "adopted" in vidpipe("run").err, "which is what a run does with it"


def test_a_clip_made_by_hand_that_is_in_conflict_is_shown_and_that_is_said(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=2)
    vidpipe("run")
    project.path("clip 1").write_bytes(clip_of("by hand"))
    vidpipe("run")
    project.edit_scene(1, video_motion_prompt="The camera falls.")
    assert previewed(vidpipe) == (["storyboard.json", *FRAMES, *CLIPS], [])
    shown = folder_of(project.load()[0]) / CLIPS[1]
    assert shown.read_bytes() == clip_of("by hand")
    assert vidpipe("preview", "--json").json["previews"][0]["conflicts"] == [CLIPS[1]]
    told = vidpipe("preview", "-q").out
    assert "  in conflict, shown as it is (`vidpipe why` says more): clips/scene-001.mp4" in told


def test_a_file_that_stands_in_the_place_of_a_preview_stays_and_nothing_is_drawn(vidpipe: CommandLine) -> None:
    project = vidpipe.project
    project.spec(scenes=1)
    (loaded,) = project.load()
    film = film_of(loaded)
    film.parent.mkdir(exist_ok=True)
    film.write_bytes(b"mine")
    said = vidpipe("preview")
    assert said.code == 3
    assert "runs/pier.preview.mp4 was not put there by vidpipe" in said.err
    assert "move it away or delete it" in said.err
    assert film.read_bytes() == b"mine"
    assert not folder_of(loaded).exists()
    film.unlink()
    film.mkdir()
    assert "runs/pier.preview.mp4 is a folder; move it away" in vidpipe("preview").err


def test_a_preview_that_somebody_edited_stays_and_vidpipes_own_is_no_stranger_after_a_clean(
    vidpipe: CommandLine,
) -> None:
    project = vidpipe.project
    project.spec(scenes=1)
    vidpipe("run", "--until", "keyframes")
    previewed(vidpipe)
    film = film_of(project.load()[0])
    before = film.read_bytes()
    vidpipe("clean", "--yes")
    assert not folder_of(project.load()[0]).exists()
    paint(project.path("end 0"), (200, 30, 30))
    previewed(vidpipe)
    assert film.read_bytes() != before
    film.write_bytes(film.read_bytes() + b"edited")
    assert vidpipe("preview").code == 3
    assert film.read_bytes().endswith(b"edited")


def job_of(project: Project) -> dict[str, tuple[bytes, int, int]]:
    """Return every file and folder of the job `pier` as it is."""
    return {path: kept for path, kept in project.snapshot().items() if path.startswith("runs/pier/")}
