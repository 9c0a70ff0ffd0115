"""The index against the engine: whatever somebody does, it never answers where the engine would say anything else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.index.deeds import DEEDS, SPEC, Job
from tests.toy import Server
from vidpipe.commands.run import run
from vidpipe.index import fresh
from vidpipe.options import RunOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

HARMLESS = {
    "a hidden file appears",
    "a note appears in the job directory",
    "the repository disappears",  # vidpipe.toml still says where the project begins
    "specs/pier.yaml is touched",
    "specs/pier.yaml is exchanged for an equal copy",
    "specs/pier.txt is touched",
    "specs/pier.txt is exchanged for an equal copy",
    "specs/mara.png is touched",
    "specs/mara.png is exchanged for an equal copy",
    "vidpipe.toml is touched",
    "vidpipe.toml is exchanged for an equal copy",
}
"""Deeds that leave every source and every file of the job what it was, or are of no interest to anybody."""


def test_the_index_answers_for_a_finished_job_just_as_the_engine_does(job: Job) -> None:
    answer = job.ask()
    assert answer is not None
    assert answer == job.judged()
    assert answer[0].cost > 0


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_makes_the_index_say_anything_that_the_engine_would_not(job: Job, deed: str) -> None:
    DEEDS[deed](job)
    answer, judged = job.ask(), job.judged()
    assert answer in (None, judged)
    assert (answer is not None) == (deed in HARMLESS)
