"""The commands about single targets, and the small ones, as a user meets them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.cli.lost import lose_clip
from tests.golden_file import matches_golden

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


def test_a_new_take_is_made_once_and_the_first_one_comes_back_for_nothing(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=1)
    vidpipe("run")
    first = vidpipe.project.bytes("clip 0")
    assert vidpipe("redo", "pier", "clips/*").code == 0
    assert vidpipe("run", "--json").json["cost_usd"] == 0.5
    listed = vidpipe("takes", "pier", "clips/scene-000.mp4")
    assert [line.split()[:2] for line in listed.out.splitlines()] == [["take", "4"], ["take", "6"]]
    takes = vidpipe("takes", "pier", "clips/scene-000.mp4", "--json").json["takes"]
    assert [(take["live"], take["cost_usd"]) for take in takes] == [(False, 0.5), (True, 0.5)]
    restored = vidpipe("restore", "pier", "clips/scene-000.mp4", "4")
    assert restored.out == "clips/scene-000.mp4: take 4 is back, for nothing\n"
    assert vidpipe.project.bytes("clip 0") == first
    assert vidpipe("run", "--json").json["cost_usd"] == 0.0
    missing = vidpipe("restore", "pier", "clips/scene-000.mp4", "99", "--json")
    assert (missing.code, missing.json["errors"][0]["message"][:38]) == (2, "clips/scene-000.mp4: there is no take ")


def test_a_lost_clip_names_the_ways_out_and_adopt_is_one(vidpipe: CommandLine) -> None:
    lose_clip(vidpipe.project)
    said = vidpipe("run")
    assert said.code == 3
    assert all(way in said.out for way in ("--on-lost resubmit", "--on-lost abandon"))
    assert "adopt" in vidpipe("run").out
    assert vidpipe("adopt", "pier", "clips/scene-000.mp4", "two words").code == 2
    adopted = vidpipe("adopt", "pier", "clips/scene-000.mp4", "operations/9", "--json")
    assert adopted.json["messages"][0].startswith("clips/scene-000.mp4: operations/9 is its operation now")
    assert vidpipe("run").code == 0
    assert vidpipe.project.server.count("video") == 0


def test_the_small_commands_say_what_they_did(vidpipe: CommandLine) -> None:
    told = []
    for arguments in (
        ["init", "pier"],
        ["init", "pier"],
        ["init", "No Name"],
        ["check"],
        ["check", "specs/gone.yaml"],
        ["clean"],
        ["why", "pier", "film.mp4"],
        ["takes", "specs/pier.yaml", "film.mp4"],
        ["accept", "specs/pier.yaml", "film.mp4"],
        ["redo", "specs/pier.yaml", "flim.mp4"],
        ["models", "nobody"],
        ["why", "specs/pier.yaml"],
    ):
        said = vidpipe(*arguments)
        told.append(f"$ vidpipe {' '.join(arguments)}\n{said.err}{said.out}[exit {said.code}]\n")
    matches_golden("small-commands", "\n".join(told))


def test_the_models_are_listed_with_prices_and_their_date(vidpipe: CommandLine) -> None:
    matches_golden("models", vidpipe("models", "google").out)
    listed = vidpipe("models", "--json").json["models"]
    assert {"name", "kind", "paid", "prices_usd", "as_of", "seconds", "retired_on"} <= set(listed[0])
    assert listed[0]["name"] == "animatic:script"


def test_clean_says_what_would_go_and_then_removes_it(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free", scenes=1)
    vidpipe("run")
    rubbish = vidpipe.project.layout().scratch / "abc.png"
    rubbish.write_bytes(b"1234")
    (vidpipe.project.layout().index).unlink(missing_ok=True)
    shutil.rmtree(vidpipe.project.layout().cache)
    told = "runs/pier/.vidpipe/tmp/abc.png  temporary  4 B\n"
    assert vidpipe("clean").out == f"{told}1 file, 4 B: --yes removes them\n"
    assert vidpipe("clean", "--json").json["jobs"][0]["files"][0]["bytes"] == 4
    assert vidpipe("clean", "--yes").out == f"{told}1 file removed, 4 B\n"
    assert not rubbish.exists()
    assert vidpipe("clean").out == "nothing to remove\n"


def test_schema_prints_json(vidpipe: CommandLine) -> None:
    import json

    assert json.loads(vidpipe("schema").out)["properties"]["scenes"]
