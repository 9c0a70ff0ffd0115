"""An index that is damaged, strange or of another format is no answer, and no error."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vidpipe.index.form import Index

if TYPE_CHECKING:
    from tests.index.deeds import Job

INDEX = "made/pier/.vidpipe/index.json"
TOLD = {"cost_usd", "orphans", "targets", "outputs"}
"""What an index says of its own; whoever can forge it can forge records as well."""
KEYS = tuple(part.name for part in fields(Index))
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_a_strange_index_is_no_answer_and_no_error(job: Job, key: str, value: object) -> None:
    path = job.file(INDEX)
    whole = path.read_bytes()
    told = json.loads(whole)
    path.write_text(json.dumps(told | {key: value}))
    assert job.ask() is None or value == told[key] or key in TOLD
    path.write_text(json.dumps({name: told[name] for name in told if name != key}))
    assert job.ask() is None
    path.write_bytes(whole)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff", b'{"format":3}', b" " * (5 << 20)]
)
def test_a_damaged_index_is_no_answer_and_no_error(job: Job, data: bytes) -> None:
    job.file(INDEX).write_bytes(data)
    assert job.ask() is None


def test_an_index_of_another_format_is_no_answer(job: Job) -> None:
    told = json.loads(job.file(INDEX).read_bytes())
    job.file(INDEX).write_text(json.dumps(told))
    assert job.ask() is not None
    job.file(INDEX).write_text(json.dumps(told | {"format": 3}))
    assert job.ask() is None


def test_an_index_cannot_speak_of_targets_that_are_not_there(job: Job) -> None:
    told = json.loads(job.file(INDEX).read_bytes())
    for change in ({"targets": [*told["targets"], "clips/scene-009.mp4"]}, {"film": "clips/film.mp4"}):
        job.file(INDEX).write_text(json.dumps(told | change))
        assert job.ask() is None
