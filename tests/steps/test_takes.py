"""Takes: a new one is bought once and no more, and every earlier one comes back for nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.project import Project, long
from tests.steps.films import ALL, lose_clip, repeat_scene
from tests.toy import CLIP, clip_of
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import restore, takes
from vidpipe.engine.judge import State
from vidpipe.errors import Exit
from vidpipe.providers.base import NotAcceptedError, Running

if TYPE_CHECKING:
    import pytest


def test_redoing_a_clip_forgets_no_lost_request_of_another_style(toy: Project) -> None:
    lose_clip(toy)
    toy.spec(style="noir")
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    toy.done()
    sent = toy.server.sent("video")
    toy.spec()
    assert toy.run().state("clip 1") is State.LOST
    assert toy.server.sent("video") == sent


def test_redoing_a_clip_in_one_style_costs_nothing_in_another(toy: Project) -> None:
    toy.spec()
    toy.done()
    toy.spec(style="noir")
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    toy.done()
    calls = toy.server.calls
    toy.spec()
    assert toy.done().made == set()
    assert toy.server.calls == calls


def test_redoing_a_clip_that_another_scene_shares_buys_one_more(toy: Project) -> None:
    toy.spec()
    repeat_scene(toy, 2)
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    assert toy.done().made == {"clip 1", "film"}
    assert toy.server.calls == (1, 2, 2)
    assert toy.bytes("clip 0") != toy.bytes("clip 1")
    toy.rests()


def test_three_scenes_of_one_fingerprint_try_one_after_the_other_where_the_first_attempt_fails(toy: Project) -> None:
    toy.spec()
    repeat_scene(toy, 3)
    toy.server.on("video", NotAcceptedError("400"))
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert toy.server.count("video") == 1


def test_a_redone_clip_gets_one_new_take_and_the_first_one_comes_back_for_nothing(pier: Project) -> None:
    first, film = pier.bytes("clip 1"), pier.bytes("film")
    (loaded,) = pier.load()
    redo(loaded, ["clips/scene-001.mp4"])
    assert pier.plan().result.cost == CLIP
    ran = pier.done()
    assert ran.made == {"clip 1", "film"}
    assert pier.server.calls == (1, 4, 4)
    assert ran.result.cost == CLIP
    assert pier.bytes("clip 1") != first
    pier.rests()
    lines = takes(loaded, "clips/scene-001.mp4")
    assert [line.live for line in lines] == [False, True]
    restore(loaded, "clips/scene-001.mp4", str(lines[0].take))
    assert pier.bytes("clip 1") == first
    ran = pier.done()
    assert ran.made | ran.restored == {"film"}
    assert ran.result.cost == 0
    assert (pier.bytes("clip 1"), pier.bytes("film")) == (first, film)
    pier.rests()


def test_a_style_that_is_changed_and_changed_back_costs_nothing_the_second_time(pier: Project) -> None:
    files = pier.files()
    pier.spec(style="noir")
    assert pier.done().made == ALL
    calls = pier.server.calls
    assert calls == (2, 8, 6)
    pier.spec()
    assert pier.plan().result.cost == 0
    ran = pier.done()
    assert (ran.restored, ran.made) == (ALL, set())
    assert pier.server.calls == calls
    after = pier.files()
    assert json.loads(after.pop("film.json"))["cost_usd"] > json.loads(files.pop("film.json"))["cost_usd"]
    assert after == files
    pier.rests()


def test_two_targets_that_want_one_fingerprint_share_one_making(toy: Project) -> None:
    toy.spec()
    repeat_scene(toy, 3)
    planned = toy.plan()
    ran = toy.done()
    assert toy.server.calls == (1, 2, 1)
    assert planned.result.cost == ran.result.cost
    assert len(ran.made) == 4
    assert len(ran.restored) == 6
    assert toy.bytes("clip 0") == toy.bytes("clip 1") == toy.bytes("clip 2")
    toy.rests()


def test_forcing_a_step_makes_all_of_its_targets_again(pier: Project) -> None:
    ran = pier.done(force=frozenset({"clip"}))
    assert ran.made == {"clip 0", "clip 1", "clip 2", "film"}
    assert pier.server.calls == (1, 4, 6)
    pier.rests()


def test_forcing_a_step_leaves_the_users_own_files_alone(pier: Project) -> None:
    pier.path("clip 0").write_bytes(clip_of("by hand"))
    pier.done()
    pier.path("clip 1").write_bytes(clip_of("by hand as well"))
    ran = pier.done(force=frozenset({"clip"}))
    assert (ran.made, ran.adopted) == ({"clip 2", "film"}, {"clip 1"})
    assert pier.bytes("clip 0") == clip_of("by hand")
    assert pier.bytes("clip 1") == clip_of("by hand as well")
    pier.rests()


def test_of_two_operations_for_one_clip_the_run_that_puts_one_in_place_keeps_the_other_as_well(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.", times=2)
    toy.run()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    toy.run()
    assert [request.open for request in toy.ledger().requests.values()].count(True) == 2
    assert toy.done().made == {"clip 1", "film"}
    assert all(request.status == "settled" for request in toy.ledger().requests.values())
    toy.rests()
