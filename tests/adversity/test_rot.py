"""A bit that a disk has flipped: size and times tell nothing, `--verify` does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.judge import Action, State
from vidpipe.engine.store import Store
from vidpipe.errors import Exit
from vidpipe.files import stamp

if TYPE_CHECKING:
    from tests.project import Project


def flip(toy: Project, target: str) -> None:
    """Flip one bit of a file below the file system's notice: the stamp that was recorded is that of the file."""
    path, record = toy.path(target), toy.record(target)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    Store(toy.layout()).write_record(replace(record, stamp=stamp(path), recorded_ns=stamp(path)[1] + 10_000_000_000))


@pytest.mark.parametrize("target", ["voice 0", "start 0", "clip 0", "film"])
def test_a_flipped_bit_shows_with_verify_and_only_with_it(toy: Project, target: str) -> None:
    toy.spec(scenes=1, narration=True, audio=True)
    toy.done()
    flip(toy, target)
    assert toy.plan().state(target) is State.UP_TO_DATE  # docs/on-disk.md says so
    sent = len(toy.server.requests)
    assert toy.plan(verify=True).state(target) is State.BROKEN
    ran = toy.run(verify=True)
    assert ran.exit is Exit.FAILED
    assert "delete it to have it made again" in ran.reasons(target)
    assert len(toy.server.requests) == sent


def test_a_flipped_bit_in_the_storyboard_shows_at_once(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    flip(toy, "storyboard")
    assert toy.plan().state("storyboard") in {State.EDITED, State.BROKEN}


def test_a_damaged_clip_that_is_deleted_comes_back_without_a_second_payment(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    spent, whole = toy.spent(), toy.bytes("clip 0")
    flip(toy, "clip 0")
    toy.path("clip 0").unlink()
    toy.done(verify=True)
    assert (toy.bytes("clip 0"), toy.spent()) == (whole, spent)


def test_an_archived_take_with_a_flipped_bit_does_not_come_back_and_is_fetched_again_for_nothing(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    clip, first = toy.bytes("clip 0"), toy.layout().content(toy.record("clip 0").digest)
    toy.edit_scene(0, video_motion_prompt="other")
    toy.done()
    content = bytearray(first.read_bytes())
    content[-5] ^= 1
    first.write_bytes(content)
    toy.edit_scene(0, video_motion_prompt="motion 0.")
    ran = toy.run()
    assert ran.outcomes["clip 0"].action is Action.FETCHED
    assert (toy.bytes("clip 0"), toy.server.calls, ran.result.cost) == (clip, (1, 2, 2), Decimal(0))
