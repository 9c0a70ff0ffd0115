"""Names of jobs, references and outputs: only those that every file system takes, no two that one of them mixes up."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpipe.spec.clashes import clashes
from vidpipe.spec.model import is_name

if TYPE_CHECKING:
    from tests.hostile.conftest import Yard

RESERVED = ("con", "nul", "aux", "prn", "com1", "lpt9", "nul.mp4", "con.x.y", "com¹", "conin$")

small = settings(max_examples=150, derandomize=True, deadline=None)


@pytest.mark.parametrize(
    "name", [*RESERVED, "pier.", "pier ", "Pier", "../pier", "pier/x", "pier@draft", ".pier", "-x", ""]
)
def test_a_job_name_is_one_that_every_file_system_takes(yard: Yard, name: str) -> None:
    assert not is_name(name)
    yard.project.spec(name=name)
    done = yard.refuses("run", saying="name")
    assert done.code == 2


@pytest.mark.parametrize("name", ["console", "nullity", "com10", "con-x", "a.b", "pier.2"])
def test_names_that_only_look_reserved_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "output",
    [
        "../pier.mp4",
        "/tmp/pier.mp4",
        "~/pier.mp4",
        "films/../../elsewhere/pier.mp4",
        "films/nul.mp4",
        "con/pier.mp4",
        "films./pier.mp4",
        "films /pier.mp4",
        "films/a:b.mp4",
        "films/\x1b[2J.mp4",
        "films/\u202e4pm.mp4",
        ".vidpipe/pier.mp4",
        ".git/hooks/pier.mp4",
        "runs/pier/clips/x.mp4",
        "runs/pier/clips/scene-000.mp4",
        "RUNS/pier/clips/scene-000.mp4",
        "Runs/x.mp4",
        "specs/pier.yaml",
        f"films/{'x' * 300}.mp4",
        f"{'x' * 300}/pier.mp4",
        "films/" + "\u6d77" * 80 + ".mp4",
        f"films/{'x' * 195}{{name}}.mp4",
        "specs/pier.yaml/pier.mp4",
        "specs/pier.yaml/films/pier.mp4",
    ],
    ids=lambda output: ascii(output)[1:40].replace("/", "_"),
)
def test_an_output_is_a_plain_file_inside_the_project(yard: Yard, output: str) -> None:
    yard.project.spec(output=output)
    done = yard.refuses("run", saying="output")
    assert done.code == 2
    assert "\x1b" not in done.told
    assert "\u202e" not in done.told


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_an_output_is_never_below_what_is_no_folder(yard: Yard, kind: str) -> None:
    films = yard.root / "films"
    os.mkfifo(films) if kind == "pipe" else films.write_text("")
    yard.project.spec(output="films/deep/pier.mp4")
    for command in ("check", "plan", "run"):
        yard.refuses(command, saying="lies below films, which is a file")


@pytest.mark.parametrize("output", ["caf\u00e9/x.mp4", "cafe\u0301/pier/x.mp4", "CAF\u00c9/x.mp4", "data/jobs/x.mp4"])
def test_an_output_does_not_lie_where_jobs_do_under_any_of_its_names(yard: Yard, output: str) -> None:
    (yard.root / "vidpipe.toml").write_text('[run]\ndir = "cafe\u0301"\n')
    (yard.root / "data" / "jobs").mkdir(parents=True)
    (yard.root / "cafe\u0301").symlink_to("data/jobs", target_is_directory=True)
    yard.project.spec(output=output)
    yard.refuses("check", saying="lies among the job directories")


def test_a_long_name_that_every_file_system_takes_is_an_output(yard: Yard) -> None:
    yard.project.spec(scenes=1, output=f"films/{'x' * 196}.mp4")
    done = yard("run")
    assert done.code == 0, done.told
    assert (yard.root / "films" / f"{'x' * 196}.mp4").is_file()


def test_outputs_that_one_file_system_takes_for_one_are_refused_together(yard: Yard) -> None:
    yard.project.spec("pier", output="films/caf\u00e9.mp4")
    yard.project.spec("quay", output="films/cafe\u0301.MP4".lower())
    yard.refuses("run", saying="is also the output of")


@given(st.text(max_size=8))
@small
def test_names_that_differ_in_case_or_normal_form_only_clash(text: str) -> None:
    def one(name: str) -> str:
        return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())

    forms = {text, text.upper(), *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))}
    outputs = [
        (Path(f"{number}.yaml"), f"job{number}", Path("films", f"x{form}x.mp4")) for number, form in enumerate(forms)
    ]
    problems = clashes(outputs)
    keys = [one(str(path)) for _, _, path in outputs]
    assert len(problems) == sum(keys.count(key) > 1 for key in keys)


@pytest.mark.parametrize(
    "image",
    [
        "../../elsewhere/deep/private.png",
        "/etc/hostname",
        "~/x.png",
        "/dev/zero",
        "/proc/self/environ",
        "a\0b",
        "link.png",
    ],
)
def test_a_picture_or_script_lies_inside_the_project(yard: Yard, image: str) -> None:
    (yard.root / "specs" / "link.png").symlink_to(yard.elsewhere / "deep" / "private.png")
    yard.project.spec(references=[{"name": "mara", "image": image}])
    assert yard.refuses("run", saying="references[0].image").code == 2
    yard.project.spec(script=None, script_file=image)
    assert yard.refuses("run", saying="script_file").code == 2
