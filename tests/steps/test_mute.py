"""A machine without a voice makes the film all the same, and what was spoken elsewhere or later stays in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.index.settled import let_code_settle, let_sources_settle
from tests.steps.films import VOICES
from tests.toy import Toy, models
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.index import fresh_job
from vidpipe.providers import registry
from vidpipe.providers.base import NoVoiceError
from vidpipe.providers.registry import ProviderEntry

if TYPE_CHECKING:
    from tests.project import Project


class Mute(Toy):
    """A provider that cannot speak on this machine until something is installed."""

    installed = False

    def speech(self, model: str) -> Toy:
        """Raises NoVoiceError where nothing is installed."""
        if not Mute.installed:
            raise NoVoiceError("no tongue is installed")
        return self


@pytest.fixture
def mute(toy: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose films are free, and spoken only once `Mute.installed` is set."""
    entry = ProviderEntry("free", models("free", paid=False), lambda _settings: Mute(toy.server))
    monkeypatch.setitem(registry.PROVIDERS, "free", entry)
    monkeypatch.setattr(Mute, "installed", False)
    toy.spec(provider="free", narration=True, audio=True)
    return toy


def test_a_machine_without_a_voice_makes_the_film_all_the_same_and_says_so_once(mute: Project) -> None:
    ran = mute.done()
    assert ran.job.messages == ("narration: no tongue is installed",)
    assert not VOICES & set(ran.outcomes)
    assert ran.exit is Exit.DONE
    assert mute.path("film").exists()
    assert mute.plan().would == set()
    assert mute.plan().job.messages == ("narration: no tongue is installed",)
    mute.rests()


def test_a_voice_that_is_installed_later_speaks_and_the_film_is_remade(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_sources_settle(mute.root / "specs/pier.yaml")
    let_code_settle(monkeypatch)
    mute.done()
    assert fresh_job("pier", environ={}) is None, "an index would keep the voice from ever being heard"
    monkeypatch.setattr(Mute, "installed", True)
    assert mute.done().made == {*VOICES, "film"}
    assert fresh_job("pier", environ={}) is not None
    mute.rests()


def test_a_spoken_film_stays_spoken_on_a_machine_without_a_voice(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mute, "installed", True)
    mute.done()
    monkeypatch.setattr(Mute, "installed", False)
    ran = mute.done()
    assert (ran.did, ran.job.messages) == (set(), ())


def test_words_that_change_where_nobody_can_speak_leave_the_old_voice_alone_and_out_of_the_film(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mute, "installed", True)
    mute.done()
    old = mute.bytes("voice 1")
    monkeypatch.setattr(Mute, "installed", False)
    mute.edit_scene(1, narration="Other words.")
    ran = mute.done()
    assert (ran.made, ran.state("voice 1")) == ({"film"}, State.STALE)
    assert ran.outcomes["voice 1"].action is Action.NONE
    assert mute.bytes("voice 1") == old
    mute.rests()


def test_a_provider_that_cannot_speak_lets_the_animatic_do_it(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    dumb = tuple(model for model in models("dumb", paid=False) if model.kind != "speech")
    monkeypatch.setitem(registry.PROVIDERS, "dumb", ProviderEntry("dumb", dumb, lambda _settings: Toy(toy.server)))
    monkeypatch.setenv("PATH", "/nowhere")
    toy.spec(provider="dumb", narration=True, audio=True)
    assert toy.load()[0].speech_model.name == "animatic:speak"
    assert "espeak-ng is not installed" in toy.done().said
