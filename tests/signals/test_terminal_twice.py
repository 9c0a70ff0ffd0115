"""A second Ctrl-C on a real terminal waits for nobody, and one that comes late changes nothing of what was told."""

from __future__ import annotations

import os
from signal import SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.signals.gate import Gate
from tests.signals.soundness import is_sound
from tests.signals.terminal import CTRL_C, on_terminal

if TYPE_CHECKING:
    from tests.google.studio import Studio

HEARD = b"\x1b[9m\x1b[0m"
TELLS_OF_SIGNALS = f"""
import os, vidpipe.batch, vidpipe.workshop
vidpipe.batch.ECHO_SECONDS = 0.0
stop = vidpipe.workshop.Run.stop
def heard(*given):
    stop(*given)
    os.write(2, {HEARD!r})
vidpipe.workshop.Run.stop = heard
"""
"""Every signal counts for itself, and the first one is answered with codes that no eye sees."""
ENDS_LATE = """
import atexit, os
def held():
    os.write(2, b"<leaving>")
    open("../gate").read()
atexit.register(held)
"""
"""Once everything is done and told, its process does not come to an end."""
PLANS_FOR_EVER = f"""
{TELLS_OF_SIGNALS}
import vidpipe.planning
def held(*given, **named):
    os.write(2, b"<planning>")
    open("../gate").read()
vidpipe.planning.open_job = held
"""
"""A thread that cannot be interrupted, as one that hashes a large file, is in the way of the end."""


@pytest.mark.parametrize("keys", [True, False], ids=["typed", "sent"])
def test_a_second_ctrl_c_leaves_the_terminal_as_it_was_and_says_what_it_leaves_behind(
    studio: Studio, keys: bool
) -> None:
    """The first one waits for the answer that was paid for; the second one does not."""
    studio.spec(scenes=1)
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed)
    terminal = on_terminal("run", prelude=TELLS_OF_SIGNALS)

    def interrupt() -> None:
        terminal.type(CTRL_C) if keys else os.kill(terminal.pid, SIGTERM)

    terminal.expect(b"storyboard.json")
    studio.vendor.wait(lambda: studio.vendor.sent("text") > 0)
    interrupt()
    terminal.expect(HEARD)
    assert terminal.hides_cursor()
    interrupt()
    assert terminal.ended() == (130 if keys else 143)
    gate.open()
    studio.vendor.wait(lambda: studio.vendor.count("text") == 1)  # nobody waits for the answer any more
    assert terminal.left() == set()
    assert not terminal.hides_cursor()
    assert terminal.unchanged
    told = terminal.lines[-3:]
    assert told[0] == "vidpipe: stopped at once; what was made is kept, and the next run goes on from here"
    assert told[1].startswith(
        "vidpipe: pier: storyboard.json: the request under way may have been accepted, and then costs $0.0"
    )
    assert told[2] == ""
    terminal.close()
    is_sound(studio)


@pytest.mark.usefixtures("gate")
def test_ctrl_c_after_the_summary_changes_nothing_of_it() -> None:
    terminal = on_terminal("run", "--until", "storyboard", prelude=ENDS_LATE)
    terminal.expect(b"<leaving>")
    terminal.type(CTRL_C)
    assert terminal.ended() == 0
    assert terminal.lines[0].startswith("pier  partial  $0.00")
    assert "Traceback" not in terminal.shown.decode()
    assert not terminal.hides_cursor()
    assert terminal.unchanged
    terminal.close()
    assert terminal.left() == set()


@pytest.mark.usefixtures("gate")
def test_a_second_ctrl_c_does_not_wait_for_a_thread_that_is_reading() -> None:
    terminal = on_terminal("run", prelude=PLANS_FOR_EVER)
    terminal.expect(b"<planning>")
    terminal.type(CTRL_C)
    terminal.expect(HEARD)
    terminal.type(CTRL_C)
    assert terminal.ended() == 130
    assert "vidpipe: stopped at once" in "\n".join(terminal.lines)
    assert "Traceback" not in terminal.shown.decode()
    terminal.close()
