"""Narration by Google's speech models: cents, but each of them in the books, and none of them twice."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.modes import BOTH
from tests.loopback.deeds import Block, Cut, Do, Say, busy
from tests.loopback.speech import camel
from vidpipe.engine.layout import Layout
from vidpipe.media.wav import read_wav

if TYPE_CHECKING:
    from tests.google.studio import Studio

VOICES = {"voice 0", "voice 1"}


@BOTH
def test_every_scene_is_spoken_once_and_other_words_for_one_are_exactly_one_more_call(studio: Studio) -> None:
    vendor = studio.vendor
    studio.spec(narration=True, audio=True)
    planned = studio.plan()
    studio.run()
    assert (vendor.calls, vendor.count("speech")) == ((1, 3, 2), 2)
    assert vendor.most_alike == 1
    assert studio.spent() == vendor.bill()
    assert sum(Decimal(str(planned.targets[name]["price_usd"])) for name in VOICES) >= vendor.bill("speech")
    for scene in range(2):
        found = read_wav(studio.path(f"voice {scene}").read_bytes(), "voice")
        assert (found.rate, found.frames) == (24_000, 24_000 * len("words 0.") // 14)
    studio.rests()
    studio.edit_scene(1, narration="A gull cries, far out.")
    assert studio.run().acted() >= {"voice 1", "film"}
    assert (vendor.calls, vendor.count("speech")) == ((1, 3, 2), 3)
    assert studio.spent() == vendor.bill()
    studio.rests()


@BOTH
def test_the_voice_that_the_spec_names_speaks(studio: Studio) -> None:
    studio.spec(narration=True, audio=True, voice="Puck", models={"speech": "google:gemini-3.1-flash-tts-preview"})
    studio.run("--until", "narration")
    bodies: list[Any] = [body for kind, body in studio.vendor.bodies if kind == "speech"]
    voice = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Puck"}}}
    assert [camel(body["generationConfig"]["speechConfig"]) for body in bodies] == [voice] * 2
    assert studio.vendor.bill("speech") == studio.spent() - studio.vendor.bill("text")


def test_a_voice_that_the_vendor_does_not_know_fails_its_scenes_and_costs_nothing(studio: Studio) -> None:
    studio.spec(narration=True, audio=True, voice="Kora")
    ran = studio.run("--until", "narration", code=1)
    assert "google:gemini-3.8-flash-tts: answered 400 INVALID_ARGUMENT: Voice name Kora is not supported" in ran.told
    assert studio.vendor.count("speech") == 0
    assert studio.spent() == studio.vendor.bill()


@BOTH
@pytest.mark.parametrize("deed", [Cut(), Say("", "OTHER")], ids=repr)
def test_a_lost_reply_and_one_without_sound_are_asked_for_again_and_counted(studio: Studio, deed: Cut | Say) -> None:
    studio.vendor.on("speech", deed, holding="words 1.")
    studio.spec(narration=True, audio=True)
    studio.run("--until", "narration")
    assert sorted(studio.statuses("speech")) == ["settled", "settled", "unknown"]
    assert studio.vendor.count("speech") == 3
    assert studio.spent() >= studio.vendor.bill()


def test_a_full_quota_is_waited_for_and_not_paid_for(studio: Studio) -> None:
    studio.vendor.on("speech", busy(), times=2)
    studio.spec(narration=True, audio=True)
    studio.run("--until", "narration")
    assert sorted(studio.statuses("speech")) == ["rejected", "rejected", "settled", "settled"]
    assert studio.spent() == studio.vendor.bill()


@BOTH
def test_refused_words_leave_the_scene_silent_and_the_film_incomplete(studio: Studio) -> None:
    studio.vendor.on("speech", Block("prompt", "PROHIBITED_CONTENT"), holding="words 1.", times=None)
    studio.spec(narration=True, audio=True)
    ran = studio.run(code=4)
    assert "PROHIBITED_CONTENT" in ran.told
    assert studio.path("film").exists()
    assert (studio.vendor.count("speech"), len(studio.vendor.blocked)) == (1, 2)
    sent = len(studio.vendor.arrived)
    assert studio.run(code=4).job["state"] == "incomplete"
    assert len(studio.vendor.arrived) == sent
    studio.edit_scene(1, narration="Gentler words.")
    studio.run()
    assert studio.spent() == studio.vendor.bill()


@BOTH
def test_what_was_in_place_but_not_settled_when_a_run_was_killed_is_settled_at_its_tokens(studio: Studio) -> None:
    studio.spec(narration=True, audio=True)
    studio.run("--until", "narration")
    path = Layout(studio.directory()).ledger
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if json.loads(line)["entry"] != "settled"]
    path.write_bytes(b"".join(kept))
    assert studio.spent() > studio.vendor.bill()
    studio.edit_scene(1, narration="A gull cries, far out.")
    studio.run("--until", "narration")
    assert studio.statuses("text") == ["settled"]
    assert studio.statuses("speech") == ["settled"] * 3
    assert studio.spent() == studio.vendor.bill()


def test_voices_are_spoken_while_clips_are_filmed(studio: Studio) -> None:
    studio.vendor.on("speech", Do(lambda: studio.vendor.wait(lambda: studio.vendor.count("image") >= 1)), times=2)
    studio.spec(narration=True, audio=True)
    studio.run("--until", "clips")
    assert (studio.vendor.calls, studio.vendor.count("speech")) == ((1, 3, 2), 2)


def test_a_killed_run_pays_for_no_voice_twice(studio: Studio) -> None:
    studio.spec(narration=True, audio=True)
    studio.run("--until", "storyboard")
    studio.vendor.on("image", Do(lambda: None))
    studio.kill(lambda: studio.vendor.count("speech") == 2 and studio.vendor.count("image") >= 2)
    before = studio.vendor.count("speech")
    studio.run()
    assert studio.vendor.count("speech") - before <= 2
    assert studio.spent() >= studio.vendor.bill()
    studio.rests()
