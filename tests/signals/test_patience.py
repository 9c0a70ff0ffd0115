"""A vendor that says nothing more: a signal does not wait for him, unless what he owes was paid for."""

from __future__ import annotations

from signal import SIGINT
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback.deeds import Hang
from tests.signals.begun import begin
from tests.signals.soundness import all_is_written_down, is_sound, next_run_finishes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio

BUCKET = '[google]\noutput_gcs_uri = "gs://films/drafts"\n'


@pytest.mark.parametrize(
    ("mode", "kind", "settings"),
    [("vertex", "poll", ""), ("api-key", "poll", ""), ("api-key", "download", ""), ("vertex", "download", BUCKET)],
    ids=["poll", "poll with a key", "download with a key", "download from a bucket"],
)
def test_a_run_that_waits_for_what_costs_nothing_ends_though_no_answer_ever_comes(
    studio: Studio, papers: Path, kind: Any, settings: str
) -> None:
    studio.spec(scenes=1)
    (studio.root / "vidpipe.toml").write_text(settings)
    studio.vendor.on(kind, Hang(), times=None)
    run = begin(papers, "run", "--json", inside=lambda line: line.report_signals())
    studio.vendor.wait(lambda: studio.vendor.sent(kind) > 0)
    run.kill(SIGINT)
    run.expect(b"s")
    assert run.ended() == 130, run.out + run.err
    assert "goes on at the provider" in run.told
    assert run.left() == set()
    all_is_written_down(studio)
    is_sound(studio)
    next_run_finishes(studio)
