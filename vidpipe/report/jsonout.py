"""The JSON documents of `--json` (docs/json.md): one object, ASCII only, so that nothing in it steers a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vidpipe.errors import Exit, worst
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.answers import Cleaning, Take, Why
    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Outcome
    from vidpipe.errors import Problem
    from vidpipe.providers.catalogue import Model
    from vidpipe.report.listings import TakeLine
    from vidpipe.results import BatchResult, JobResult

SCHEMA = 1

Document = dict[str, "Json"]


def written(document: Document) -> str:
    """Return a document as one line of JSON."""
    return json.dumps(document, ensure_ascii=True, allow_nan=False)


def of_batch(result: BatchResult, code: Exit, *, plan: bool = False) -> Document:
    """Return the document of a run, a plan or a status."""
    jobs: list[Json] = [_job(job, plan=plan) for job in result.jobs]
    return _head(code) | {"cost_usd": float(result.cost), "jobs": jobs}


def _job(job: JobResult, *, plan: bool) -> Document:
    targets: list[Json] = [_target(outcome) for outcome in job.targets]
    value: Document = {
        "name": job.name,
        "spec": shown_path(job.spec),
        "dir": shown_path(job.directory),
        "state": job.state.value,
        "film": _path(job.film),
        "cost_usd": float(job.cost),
        "targets": targets,
    }
    value |= {"planned_usd": float(job.planned), "worst_case_usd": float(job.worst_case)} if plan else {}
    value |= {"side_files": list(job.side_files)} if job.side_files else {}
    return value | ({"messages": list(job.messages)} if job.messages else {})


def _target(outcome: Outcome) -> Document:
    return {
        "name": outcome.name,
        "state": outcome.state.value,
        "action": outcome.action.value,
        "reasons": list(outcome.reasons),
        "price_usd": float(outcome.price),
    }


def of_problems(problems: Sequence[Problem], code: Exit = Exit.DONE) -> Document:
    """Return the document of specs that cannot be made; without problems, that of specs that can."""
    errors: list[Json] = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "key": problem.key,
            "message": problem.message,
        }
        for problem in problems
    ]
    return _head(code) | {"errors": errors}


def of_messages(messages: Sequence[str]) -> Document:
    """Return the document of a command that only says what it did."""
    return _head(Exit.DONE) | {"messages": list(messages)}


def of_why(answers: Sequence[Why]) -> Document:
    """Return the document of `why`."""
    targets: list[Json] = [_why(answer) for answer in answers]
    first = answers[0] if answers else None
    return _head(Exit.DONE) | {
        "job": first.job if first else None,
        "dir": shown_path(first.directory) if first else None,
        "targets": targets,
    }


def _why(answer: Why) -> Document:
    parts: list[Json] = [
        {"name": part.name, "change": part.change.value, "old": part.old, "new": part.new, "own": part.own}
        for part in answer.parts
    ]
    requests: list[Json] = [
        {
            "id": entry.id,
            "model": entry.model,
            "status": entry.status,
            "cost_usd": float(entry.spent),
            "operation": entry.operation,
            "story": entry.story,
        }
        for entry in answer.requests
    ]
    return _target(answer.outcome) | {
        "fingerprint": parts,
        "record": _take(answer.take) if answer.take else None,
        "requests": requests,
        "marks": list(answer.marks),
    }


def _take(take: Take) -> Document:
    return {
        "take": take.number,
        "made_by": take.made_by,
        "digest": take.digest,
        "cost_usd": float(take.cost),
    }


def of_takes(found: Sequence[TakeLine]) -> Document:
    """Return the document of `takes`."""
    told: list[Json] = [
        {
            "target": take.target,
            "take": take.take,
            "digest": take.digest,
            "made_by": take.made_by,
            "cost_usd": float(take.cost),
            "model": take.model or None,
            "live": take.live,
            "available": take.available,
        }
        for take in found
    ]
    return _head(Exit.DONE) | {"takes": told}


def of_cleaning(found: Sequence[Cleaning]) -> Document:
    """Return the document of `clean`."""
    jobs: list[Json] = [
        {
            "name": job.job,
            "dir": shown_path(job.directory),
            "removed": job.done,
            "files": [
                {
                    "path": shown_path(item.path),
                    "reason": item.reason,
                    "bytes": item.size,
                    "cost_usd": float(item.cost),
                }
                for item in job.removals
            ],
            "kept": list(job.kept),
            "problem": job.problem or None,
        }
        for job in found
    ]
    return _head(worst(job.exit_code for job in found)) | {"jobs": jobs}


def of_models(found: Sequence[Model]) -> Document:
    """Return the document of `models`."""
    told: list[Json] = [_model(model) for model in found]
    return _head(Exit.DONE) | {"models": told}


def _model(model: Model) -> Document:
    return {
        "name": model.name,
        "kind": model.kind,
        "paid": model.paid,
        "prices_usd": {name: float(price) for name, price in model.prices_on().items()},
        "as_of": model.as_of.isoformat() if model.as_of else None,
        "seconds": list(model.seconds),
        "seconds_at": {name: list(lengths) for name, lengths in model.seconds_at.items()},
        "resolutions": list(model.resolutions),
        "aspect_ratios": list(model.aspect_ratios),
        "image_sizes": list(model.image_sizes),
        "audio": model.audio,
        "seed": model.seed,
        "negative_prompt": model.negative_prompt,
        "voices": list(model.voices),
        "aliases": list(model.aliases),
        "retired_on": model.retired_on.isoformat() if model.retired_on else None,
        "retired_by": model.retired_by,
    }


def _head(code: Exit) -> Document:
    return {"schema": SCHEMA, "exit": int(code)}


def _path(path: Path | None) -> str | None:
    return shown_path(path) if path else None
