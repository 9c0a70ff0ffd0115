"""A pytest plugin that runs each test once for every removal that it is to find, and notes how it ended.

The mechanism is gone from before the test's fixtures are made until after they are torn down. Nothing of this is
reported as a failed test: what each came to is written as JSON to the file that `--removals` names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol

from tests.proof.removals import REMOVALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.proof.removal import Removal

FOUND = "found"
BUGS = ("AttributeError", "ImportError", "NameError", "TypeError", "a bug in vidpipe")
"""What a removal that does not fit the code any more looks like, instead of a test that missed something."""

ended: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file that the outcome is written to."""
    parser.addoption("--removals", type=Path)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run an item once for each of its removals, in place of running it."""
    wanted = [each for each in REMOVALS if each.runs in {item.nodeid, item.nodeid.partition("[")[0]}]
    for each in wanted:
        item._initrequest()  # type: ignore[attr-defined]
        ended[each.key] = _better(ended.get(each.key), _without(each, item, nextitem))
    return True


def _without(removal: Removal, item: pytest.Item, nextitem: pytest.Item | None) -> str:
    with pytest.MonkeyPatch.context() as patch:
        try:
            removal.remove(patch)
        except Exception as error:
            return f"cannot be removed: {type(error).__name__}: {error}"
        return _outcome(runtestprotocol(item, log=False, nextitem=nextitem))


def _outcome(reports: Sequence[pytest.TestReport]) -> str:
    for report in reports:
        if report.failed:
            told = report.longreprtext
            bug = next((word for word in BUGS if f"E   {word}" in told or (word == BUGS[-1] and word in told)), None)
            if report.when == "call" and bug is None:
                return FOUND
            return f"goes wrong in its {report.when} ({bug or 'no failed test'}): {told[-2000:]}"
    return "stays green"


def _better(before: str | None, now: str) -> str:
    """One of several parameters that notices is enough."""
    return FOUND if FOUND in {before, now} else now


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what every removal came to."""
    path: Path = session.config.getoption("--removals")
    path.write_text(json.dumps(ended, indent=1), encoding="utf-8")
