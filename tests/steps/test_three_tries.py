"""A storyboard that does not validate is asked for three times at most, and every time is paid for and kept."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.toy import STORYBOARD, TOKENS, Toy
from vidpipe.errors import Exit
from vidpipe.providers.base import TextReply

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def test_a_storyboard_that_does_not_validate_is_asked_for_again_at_a_lower_temperature(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, temperatures = Toy.write, []

    async def odd(self: Toy, request: object) -> TextReply:
        reply = await write(self, request)  # type: ignore[arg-type]
        temperatures.append(request.temperature)  # type: ignore[attr-defined]
        return reply if len(temperatures) == 3 else replace(reply, text=reply.text[:-9])

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    ran = toy.done(until="storyboard")
    assert temperatures == [0.7, 0.55, 0.4]
    assert ran.result.cost == toy.spent() == 3 * STORYBOARD
    assert toy.record("storyboard").cost == 3 * STORYBOARD


def test_a_storyboard_that_does_not_validate_is_not_asked_for_again_after_ctrl_c(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    async def odd(_self: Toy, request: object) -> TextReply:
        asked.append(request)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.02)
        return TextReply("Here is your storyboard!", *TOKENS)

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    assert toy.run().exit is Exit.INTERRUPTED
    assert len(asked) == 1


def test_three_storyboards_that_do_not_validate_fail_the_job_and_are_kept_in_the_log(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(_self: Toy, _request: object) -> TextReply:
        return TextReply("Here is your storyboard!", *TOKENS)

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    ran = toy.run()
    assert (ran.exit, toy.spent()) == (Exit.FAILED, 3 * STORYBOARD)
    assert "3 replies in a row were no storyboard" in ran.reasons("storyboard")
    assert toy.layout().log.read_text().count("Here is your storyboard!") == 3
