"""Twenty runs at once: one works on a job, the others say who does, or wait and find it done; nothing is paid twice."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from tests.signals.gate import Gate
from tests.together.crowd import CROWD, crowd, ended_first, made, specs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio

HOST = socket.gethostname()
JOBS = ("ash", "birch", "cedar", "elm", "fir")


def test_one_of_twenty_runs_works_and_the_others_name_it_and_exit_with_75(studio: Studio, papers: Path) -> None:
    (spec,) = specs(studio, "pier")
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed)
    runs = crowd(papers, [["run", "--json", spec]] * CROWD)
    others = ended_first(runs, CROWD - 1)
    (worker,) = (run for run in runs if run not in others)
    gate.open()
    assert worker.ended() == 0, worker.out
    assert {run.ended() for run in others} == {75}
    for run in others:
        assert run.json["jobs"][0]["state"] == "busy"
        assert f"another run holds this job (pid {worker.pid} on {HOST}); wait for it with --wait" in run.told
    assert studio.vendor.calls == (1, 2, 1)
    assert made(runs, "pier") == [worker.pid]
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_twenty_runs_that_wait_find_done_what_one_of_them_made(studio: Studio, papers: Path) -> None:
    (spec,) = specs(studio, "pier")
    runs = crowd(papers, [["run", "--json", "--wait", spec]] * CROWD)
    assert {run.ended() for run in runs} == {0}
    assert studio.vendor.calls == (1, 2, 1)
    assert len(made(runs, "pier")) == 1
    assert sum(run.json["cost_usd"] > 0 for run in runs) == 1
    studio.rests()


def test_twenty_overlapping_batches_make_every_job_once(studio: Studio, papers: Path) -> None:
    paths = specs(studio, *JOBS)
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed, times=None)
    batches = [[paths[(first + place) % len(JOBS)] for place in range(3)] for first in range(CROWD)]
    runs = crowd(papers, [["run", "--json", *batch] for batch in batches])
    studio.vendor.wait(lambda: studio.vendor.sent("text") == len(JOBS))
    others = ended_first(runs, CROWD - len(JOBS))  # at most five runs can have one of the five jobs each
    gate.open()
    codes = {run.pid: run.ended() for run in runs}
    assert set(codes.values()) <= {0, 75}
    for run in runs:
        busy = [job for job in run.json["jobs"] if job["state"] == "busy"]
        assert codes[run.pid] == (75 if busy else 0), run.out
        for job in busy:
            said = job["messages"][-1]
            assert int(said.partition("another run holds this job (pid ")[2].partition(f" on {HOST})")[0]) in codes
    assert all(codes[run.pid] == 75 for run in others)
    assert studio.vendor.calls == (5, 10, 5)
    assert studio.vendor.most_alike == 1
    assert [len(made(runs, job)) for job in JOBS] == [1] * len(JOBS)
    assert sum(studio.spent(job) for job in JOBS) == studio.vendor.bill()
    studio.rests()


def test_twenty_overlapping_batches_that_wait_all_end_with_every_film(studio: Studio, papers: Path) -> None:
    paths = specs(studio, *JOBS[:3])
    turned = [paths, paths[::-1], paths[1:] + paths[:1]]
    runs = crowd(papers, [["run", "--json", "--wait", *turned[number % 3]] for number in range(CROWD)])
    assert {run.ended() for run in runs} == {0}
    assert studio.vendor.calls == (3, 6, 3)
    assert [len(made(runs, job)) for job in JOBS[:3]] == [1, 1, 1]
    studio.rests()
