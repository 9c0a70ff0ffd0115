"""Whatever people do to a job directory, in whatever order: no dollar twice, no stale film, no lost hand.

`ANY_HAND_EXAMPLES` and `ANY_HAND_STEPS` look for longer, and at random: `ANY_HAND_EXAMPLES=1000 pytest -n0 FILE`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests import toy
from tests.steps.any_hand.machine import AnyHand, Stage
from tests.steps.any_hand.stories import STORIES
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WILD = "ANY_HAND_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("ANY_HAND_EXAMPLES", "8"))
STEPS = int(os.environ.get("ANY_HAND_STEPS", "12"))
COLOURS = tuple((40 + 13 * number, 60 + 11 * number, 200 - 9 * number) for number in range(16))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return the world that the examples share: nobody waits for anything, and clips have colours enough."""
    monkeypatch.setattr(RetryPolicy, "wait", lambda _self, _state: 0.0)
    monkeypatch.setattr(toy, "COLOURS", COLOURS)
    monkeypatch.setenv("VIDPIPE_POLL_SECONDS", "0")
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    for name in ("DIR", "JOBS", "IN_FLIGHT", "PER_MINUTE", "PAUSE_SECONDS"):
        monkeypatch.delenv(f"VIDPIPE_{name}", raising=False)
    toy._clip.cache_clear()
    yield Stage(tmp_path, monkeypatch)
    toy._clip.cache_clear()


@pytest.mark.parametrize("story", STORIES)
def test_in_no_story_that_is_told_often_is_anything_bought_twice_stale_or_lost(stage: Stage, story: str) -> None:
    machine = AnyHand(stage)
    try:
        machine.run()
        for move, how in STORIES[story]:
            getattr(machine, move)(**how)
    finally:
        machine.teardown()


def test_whatever_hands_and_faults_do_nothing_is_bought_twice_stale_or_lost(stage: Stage) -> None:
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=not WILD,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if WILD else [Phase.generate],
    )
    machine = cast("type[RuleBasedStateMachine]", lambda: AnyHand(stage))  # what makes one is all that is asked for
    run_state_machine_as_test(machine, settings=profile)
