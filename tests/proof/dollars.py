"""Mechanisms behind the first promise, no dollar twice, and how to do without each of them."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.crash.mutants import intent_late, operation_late, resent
from tests.proof.removal import Removal, gives, gives_later, put
from vidpipe import ledger
from vidpipe.engine import fingerprint, judge
from vidpipe.engine.kind import Kind
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError
from vidpipe.ledger import lines
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

    from vidpipe.engine.fingerprint import Fingerprint, Json
    from vidpipe.engine.record import Record


def ledger_without_sync(patch: pytest.MonkeyPatch) -> None:
    """Append to the ledger as to any file."""

    def append(path: Path, entry: Mapping[str, Json], **_named: bool) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    patch.setattr(ledger, "append_line", append)


def lost_is_resent(patch: pytest.MonkeyPatch) -> None:
    """Take a lost reply for one that may be asked for again, whatever it costs."""
    run = RetryPolicy.run
    patch.setattr(RetryPolicy, "run", lambda self, call, **_named: run(self, call, resend_lost=True))


def sdk_retries(patch: pytest.MonkeyPatch) -> None:
    """Leave the SDK's own retries on, in a hurry."""
    from google.genai import types

    options = types.HttpRetryOptions
    patch.setattr(types, "HttpRetryOptions", lambda **_given: options(attempts=3, initial_delay=0.01, max_delay=0.01))


def own_changes_count(patch: pytest.MonkeyPatch) -> None:
    """Take vidpipe's own parts for the user's."""
    found = fingerprint.differences

    def differences(recorded: Fingerprint, wanted: Fingerprint) -> tuple[fingerprint.Difference, ...]:
        return tuple(replace(each, own=False) for each in found(recorded, wanted))

    patch.setattr(judge, "differences", differences)


def damaged_record_counts_as_none(patch: pytest.MonkeyPatch) -> None:
    """Go on as if there were no record where it cannot be read."""
    read = Store.record

    def record(self: Store, name: str) -> Record | None:
        try:
            return read(self, name)
        except BrokenFileError:
            return None

    patch.setattr(Store, "record", record)


def damaged_lines_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    """Read of a ledger what can be read."""
    parsed = lines._parsed

    def entries(path: Path) -> list[tuple[int, dict[str, object]]]:
        found = path.read_bytes().splitlines() if path.exists() else []
        return [(number, value) for number, line in enumerate(found, 1) if (value := parsed(line))]

    patch.setattr(ledger, "read_entries", entries)


def unreadable_takes_are_lost(patch: pytest.MonkeyPatch) -> None:
    """Take what cannot be read for what is not there."""
    real = Kind.holds

    def holds(self: Kind, path: Path, digest: str) -> bool:
        try:
            return real(self, path, digest)
        except OSError:
            return False

    patch.setattr(Kind, "holds", holds)


DOLLARS = (
    Removal(
        "At most one paid request per clip",
        "the intent is written before the request is sent",
        "tests/steps/test_ledger.py::test_every_request_is_in_the_ledger_before_it_is_sent",
        intent_late,
    ),
    Removal(
        "At most one paid request per clip",
        "entries are synced",
        "tests/test_ledger.py::test_entries_are_synced_before_the_request_is_returned",
        ledger_without_sync,
    ),
    Removal(
        "At most one paid request per clip",
        "a lost reply blocks the clip in the next run",
        "tests/steps/test_lost.py::test_a_clip_whose_reply_was_lost_is_never_sent_again_by_itself",
        resent,
    ),
    Removal(
        "What was never sent is not called lost",
        "an intent that cannot be made durable is taken back",
        "tests/purchase/test_film.py::test_a_clip_that_cannot_be_written_down_is_neither_sent_nor_counted",
        gives("vidpipe.ledger.lines._taken_back", nullcontext()),
    ),
    Removal(
        "An operation that was bought is found again",
        "its name is written before it is polled",
        "tests/steps/test_ledger.py::test_an_operation_is_in_the_ledger_before_it_is_polled",
        operation_late,
    ),
    Removal(
        "An operation that was bought is found again",
        "the next run polls what is open",
        "tests/steps/test_operations.py::test_an_operation_that_still_runs_is_waited_for_by_the_next_run",
        put("vidpipe.ledger.request.Request.open", property(lambda _self: False)),
    ),
    Removal(
        "An operation stands for what was asked of it and for nothing else",
        "a request is bound to its fingerprint",
        "tests/steps/test_operations.py::test_an_operation_whose_prompt_changed_is_not_taken_for_the_new_clip_and_its_result_is_kept",
        gives("vidpipe.ledger.stands_for", True),
    ),
    Removal(
        "A storyboard, picture or voice is asked for again only where its reply was lost",
        "what has its place is settled by the next run",
        "tests/google/test_narration.py::test_what_was_in_place_but_not_settled_when_a_run_was_killed_is_settled_at_its_tokens",
        gives("vidpipe.workshop.settle_placed", None),
    ),
    Removal(
        "What the disk cannot read is not bought anew",
        "an error of reading is no lack of a take",
        "tests/steps/test_unreadable.py"
        "::test_an_archived_take_that_cannot_be_read_is_an_error_of_its_target_and_nothing_is_bought[end 1]",
        unreadable_takes_are_lost,
    ),
    Removal(
        "No retry but ours",
        "our own retry leaves alone what was perhaps accepted",
        "tests/purchase/test_lost.py::test_a_clip_whose_reply_is_lost_in_whatever_way_is_never_sent_again",
        lost_is_resent,
    ),
    Removal(
        "No retry but ours",
        "the SDK's retries are off",
        "tests/providers/google/test_text.py::test_what_perhaps_was_accepted_is_not_sent_again_by_the_sdk",
        sdk_retries,
    ),
    Removal(
        "No retry but ours",
        "a redirect of what orders something is not followed",
        "tests/providers/google/test_redirect.py"
        "::test_what_orders_something_is_never_sent_on_and_counts_as_lost[vertex-other-307]",
        gives_later("vidpipe.providers.google.transport.refuse_redirect", None),
    ),
    Removal(
        "Runs side by side pay once",
        "the lock",
        "tests/test_lock.py::test_a_run_that_finds_its_job_held_exits_75_and_names_the_holder",
        gives("vidpipe.conduct.hold", nullcontext()),
    ),
    Removal(
        "What came back is not bought again",
        "earlier takes are restored",
        "tests/steps/test_takes.py::test_a_style_that_is_changed_and_changed_back_costs_nothing_the_second_time",
        gives("vidpipe.engine.store.Store.restorable", []),
    ),
    Removal(
        "What came back is not bought again",
        "a settled operation is asked for its result",
        "tests/steps/test_replaced.py::test_a_deleted_clip_is_fetched_from_its_operation_for_nothing",
        gives_later("vidpipe.purchase.film.fetch_again", None),
    ),
    Removal(
        "Upgrading vidpipe costs nothing",
        "what vidpipe itself changed only outdates",
        "tests/steps/test_rerun.py::test_changed_templates_outdate_what_was_paid_for_and_remake_nothing",
        own_changes_count,
    ),
    Removal(
        "A new take is exactly one more call",
        "earlier takes and requests do not come back for it",
        "tests/steps/test_takes.py::test_a_redone_clip_gets_one_new_take_and_the_first_one_comes_back_for_nothing",
        gives("vidpipe.engine.look.Looker._floor", (-1, 0, None)),
    ),
    Removal(
        "Damage spends nothing",
        "a record that cannot be read is broken",
        "tests/steps/test_replaced.py::test_an_unreadable_record_is_broken_and_nothing_is_spent",
        damaged_record_counts_as_none,
    ),
    Removal(
        "Damage spends nothing",
        "a line of the ledger that cannot be read is damage",
        "tests/steps/test_disks.py::test_a_damaged_book_of_one_job_does_not_stop_another",
        damaged_lines_are_passed_over,
    ),
)
