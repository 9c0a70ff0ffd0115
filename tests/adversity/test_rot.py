"""A bit that a disk has flipped: size and times tell nothing, `--verify` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.judge import State
from vidpipe.engine.store import Store
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


@pytest.mark.parametrize(
    ("target", "state"), [("clip 0", State.EDITED), ("start 0", State.BROKEN), ("film", State.EDITED)]
)
def test_a_flipped_bit_shows_with_verify_and_only_with_it(toy: Project, target: str, state: State) -> None:
    toy.spec(scenes=1)
    toy.done()
    flip(toy, target)
    assert toy.plan().state(target) is State.UP_TO_DATE  # docs/on-disk.md says so
    sent = len(toy.server.requests)
    found = toy.plan(verify=True)
    assert found.state(target) is state
    assert len(toy.server.requests) == sent
