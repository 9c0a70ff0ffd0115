"""`run`, `plan` and `status` as a user meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.golden_file import matches_golden
from vidpipe.providers.base import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import CommandLine


def test_the_life_of_a_film_reads_well_from_plan_to_status(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=1)  # of two, either may be first
    told = []
    for arguments in (["plan"], ["run"], ["run"], ["status"]):
        said = vidpipe(*arguments)
        assert said.code == 0
        told.append(f"$ vidpipe {' '.join(arguments)}\n{said.err}{said.out}")
    vidpipe.project.edit_scene(0, video_motion_prompt="pan left")
    for arguments in (["plan", "specs/pier.yaml"], ["why", "pier", "clips/scene-000.mp4"], ["run"], ["status", "pier"]):
        said = vidpipe(*arguments)
        told.append(f"$ vidpipe {' '.join(arguments)}\n{said.err}{said.out}")
    matches_golden("life", "\n".join(told), varying=True)


def test_a_conflict_exits_3_names_both_ways_out_and_either_of_them_works(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free")
    vidpipe.project.spec("other", provider="free")
    assert vidpipe("run").code == 0
    vidpipe.project.edit_scene(1, video_motion_prompt="pan left")
    assert vidpipe("run", "-q").code == 0
    vidpipe.project.spec(provider="free", script="Another script altogether.")
    said = vidpipe("run")
    assert said.code == 3
    matches_golden("conflict", said.err + said.out, varying=True)
    assert "  vidpipe accept runs/pier storyboard.json\n" in said.out
    assert vidpipe("accept", "runs/pier", "storyboard.json").code == 0
    assert vidpipe("run").code == 0
    vidpipe.project.spec(provider="free", script="A third script.")
    assert vidpipe("run").code == 3
    assert vidpipe("redo", "runs/pier", "storyboard.json").code == 0
    assert vidpipe("run").code == 0


def test_json_is_one_object_whatever_happens(vidpipe: CommandLine) -> None:
    spec = vidpipe.project.spec(provider="free", scenes=1)
    assert [job["state"] for job in vidpipe("plan", "--json").json["jobs"]] == ["planned"]
    made = vidpipe("run", "--json").json
    assert (made["exit"], made["jobs"][0]["dir"], made["jobs"][0]["film"]) == (0, "runs/pier", "runs/pier/film.mp4")
    assert {target["action"] for target in made["jobs"][0]["targets"]} == {"made"}
    assert {target["action"] for target in vidpipe("run", "--json").json["jobs"][0]["targets"]} == {"none"}
    assert vidpipe("status", "--json", "pier").json["jobs"][0]["spec"] == "specs/pier.yaml"
    spec.write_text("scenes: 0\nscript: x\nscence: 2\n")
    bad = vidpipe("run", "--json")
    assert (bad.code, bad.json["exit"]) == (2, 2)
    assert [(error["line"], error["key"]) for error in bad.json["errors"]] == [(1, "scenes"), (3, "scence")]
    for arguments in (["run", "--jsno", "--json"], ["frob", "--json"], ["why", "nobody", "film.mp4", "--json"]):
        assert vidpipe(*arguments).json["exit"] == 2


def test_arguments_that_are_no_specs_are_targets(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free")
    vidpipe.project.spec("other", provider="free")
    assert vidpipe("run", "specs/pier.yaml", "storyboard.json").code == 0
    assert not (vidpipe.project.root / "runs" / "other").exists()
    planned = vidpipe("plan", "--json", "clips/scene-00[01].mp4", "specs/pier.yaml").json["jobs"]
    assert len(planned) == 1
    would = [target["name"] for target in planned[0]["targets"] if target["action"] == "make"]
    assert [name for name in would if name.startswith("clips/")] == ["clips/scene-000.mp4", "clips/scene-001.mp4"]


def test_steps_are_named_in_singular_or_plural(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free")
    assert vidpipe("run", "--until", "keyframe").code == 0
    assert not (vidpipe.project.root / "runs/pier/clips").exists()
    assert vidpipe("run").code == 0
    forced = vidpipe("plan", "--json", "--force", "clips").json["jobs"][0]["targets"]
    assert [target["name"] for target in forced if target["action"] == "make"] == [
        f"clips/scene-00{scene}.mp4" for scene in range(3)
    ]


def test_money_stays_within_max_cost_and_the_message_says_what_would_do(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=1)
    said = vidpipe("run", "--max-cost", "0")
    assert (said.code, vidpipe.project.server.calls) == (3, (0, 0, 0))
    assert "--max-cost" in said.out
    assert vidpipe("run", "--max-cost", "5", "--json").json["cost_usd"] == pytest.approx(0.7105, abs=0.001)


def test_a_refused_scene_leaves_a_film_and_exit_code_4(vidpipe: CommandLine) -> None:
    vidpipe.project.server.on("poll", Refused("a child", ("123",)), holding="motion 1", times=2)
    vidpipe.project.spec()
    said = vidpipe("run")
    assert said.code == 4
    assert "a child (support codes: 123)" in said.out
    assert "--retry-refused" in said.out
    assert vidpipe("run").code == 4
    assert vidpipe("plan").code == 0
    assert vidpipe("run", "--retry-refused").code == 0


def test_one_failing_job_does_not_stop_the_others(vidpipe: CommandLine) -> None:
    vidpipe.project.spec("a", provider="free", scenes=1)
    vidpipe.project.spec("b", provider="free", scenes=1)
    assert vidpipe("run", "--until", "storyboard").code == 0
    vidpipe.project.path("storyboard", "a").write_text('{"scenes": [\n')
    said = vidpipe("run", "-q")
    assert said.code == 1
    assert "storyboard.json:2:1" in said.out
    assert said.out.splitlines()[-1].startswith("2 jobs: 1 done, 1 failed;")
    assert not said.err


def test_after_a_failure_fail_fast_begins_nothing_more(vidpipe: CommandLine) -> None:
    vidpipe.project.spec("a", provider="free", scenes=1)
    vidpipe.project.spec("b", provider="free", scenes=1)
    vidpipe.project.server.on("text", ValueError("a bug"))
    assert vidpipe("run", "-j", "1", "--fail-fast").code == 1
    assert not (vidpipe.project.root / "runs" / "b" / "film.mp4").exists()
    vidpipe.project.server.on("image", ValueError("a bug"))
    assert vidpipe("run", "-j", "1", "-k").code == 1
    assert (vidpipe.project.root / "runs" / "b" / "film.mp4").exists()


def test_plan_exits_0_and_with_exit_code_1_if_there_is_work(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free", scenes=1)
    assert (vidpipe("plan").code, vidpipe("plan", "--exit-code").code) == (0, 1)
    assert vidpipe("plan", "--exit-code", "--json").json["exit"] == 1
    assert vidpipe("run", "-n").out == vidpipe("plan").out
    assert not (vidpipe.project.root / "runs").exists()
    vidpipe("run")
    assert (vidpipe("plan", "--exit-code").code, vidpipe("run", "-n").code) == (0, 0)
    vidpipe.project.path("storyboard").write_text("{")
    assert (vidpipe("plan").code, vidpipe("status").code, vidpipe("plan", "--exit-code").code) == (0, 0, 1)
    assert vidpipe("plan", "clips/scene-999.mp4").code in {0, 2}


def test_a_target_that_no_scene_has_is_refused(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(provider="free", scenes=1)
    vidpipe("run")
    for command in ("run", "plan"):
        said = vidpipe(command, "clips/scene-999.mp4")
        assert said.code == 2
        assert "no target matches" in said.out


def test_drafts_are_made_beside_the_paid_job(vidpipe: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.spec.load.default_model", lambda _provider, kind: _free(kind))
    vidpipe.project.spec(scenes=1)
    said = vidpipe("run", "--draft")
    assert said.code == 0
    assert "pier@draft" in said.out
    assert vidpipe.project.server.calls == (1, 2, 1)
    assert vidpipe("status", "pier@draft").out.startswith("pier@draft: done")
    assert vidpipe("status", "--draft", "specs/pier.yaml").out.startswith("pier@draft: done")
    assert "take 1" in vidpipe("takes", "pier@draft", "storyboard.json").out


def _free(kind: str) -> object:
    from vidpipe.providers.registry import default_model

    return default_model("free", kind)  # type: ignore[arg-type]


def test_bad_options_are_refused_with_a_hint(vidpipe: CommandLine) -> None:
    for arguments, words in [
        (["run", "--max-cost", "much"], "'much' is no amount: write dollars as in 2.50"),
        (["run", "--max-cost", "-1"], "no amount"),
        (["run", "--max-cost", "nan"], "no amount"),
        (["run", "-j", "0"], "not in the range"),
        (["run", "--until", "film"], "is not one of"),
        (["run", "--dry-rn"], "vidpipe run --help"),
        (["rnu"], "did you mean run?"),
        ([], "Usage: vidpipe"),
    ]:
        said = vidpipe(*arguments)
        assert (said.code, said.out) == (2, "")
        assert words in said.err


def test_without_specs_the_folder_to_make_is_named(vidpipe: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "specs").rmdir()
    assert vidpipe("run").err == "specs: there is no such folder: name a spec, or write one with `vidpipe init NAME`\n"


def test_a_broken_file_is_told_with_the_way_out(vidpipe: CommandLine) -> None:
    vidpipe.project.spec(scenes=1)
    assert vidpipe("run").code == 0
    vidpipe.project.path("start 0").write_bytes(b"broken")
    said = vidpipe("run")
    assert said.code == 1
    assert "keyframes/scene-000-start.png: broken: " in said.out
    assert (
        "to go on: replace what is broken, or delete it; `vidpipe plan` then tells what making it anew costs"
        in said.out
    )
