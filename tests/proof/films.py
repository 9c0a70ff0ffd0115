"""Mechanisms behind the second promise, no stale film and no lost hand, and how to do without each of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.crash.mutants import no_pending
from tests.proof.removal import Removal, gives, put
from vidpipe.engine import commit, judge
from vidpipe.engine.kind import Kind
from vidpipe.engine.pending import Pending, write_pending
from vidpipe.files import remove_file

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from vidpipe.engine.judge import Disk
    from vidpipe.engine.record import Record
    from vidpipe.engine.store import Store


def no_last_look(patch: pytest.MonkeyPatch) -> None:
    """Put a draft in its place whatever stands there by now."""

    def blind(store: Store, kind: Kind, draft: Path, record: Record, judged: Disk) -> Record:
        write_pending(store, Pending(record, draft.name, judged.digest))
        return commit.install(store, draft, record)

    patch.setattr("vidpipe.engine.placing.commit", blind)


def no_archive_for_drafts(patch: pytest.MonkeyPatch) -> None:
    """Throw a draft away that is not to take its target's place."""

    def thrown_away(store: Store, draft: Path, record: Record) -> None:
        draft.unlink()
        remove_file(store.layout.pending(record.target))

    patch.setattr(commit, "set_aside", thrown_away)


def archived_unseen(patch: pytest.MonkeyPatch) -> None:
    """Archive what stands there now under the digest of what stood there when it was judged."""

    def archive(store: Store, _kind: Kind, path: Path, digest: str) -> None:
        content = store.layout.content(digest)
        content.parent.mkdir(parents=True, exist_ok=True)
        content.write_bytes(path.read_bytes())

    patch.setattr(commit, "archive_file", archive)


def times_are_evidence(patch: pytest.MonkeyPatch) -> None:
    """Take another time stamp for another content."""
    proved = Kind._proved

    def with_time(self: Kind, path: Path, record: Record | None, *, unchanged: bool) -> str:
        digest = proved(self, path, record, unchanged=unchanged)
        moved = record is not None and record.stamp is not None and path.stat().st_mtime_ns != record.stamp[1]
        return hashlib.sha256(digest.encode()).hexdigest() if moved else digest

    patch.setattr(Kind, "_proved", with_time)


def verify_reads_nothing(patch: pytest.MonkeyPatch) -> None:
    """Let `--verify` believe in time stamps too."""
    look = Kind.look

    def believing(self: Kind, path: Path, record: Record | None, **named: Any) -> Disk:
        return look(self, path, record, **{**named, "verify": False})

    patch.setattr(Kind, "look", believing)


def hands_count_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """Take whatever is not as recorded for something that is to be made again."""
    patch.setattr(judge, "_judge_edited", lambda _case: judge.Judgement(judge.State.STALE, ("differs",)))


FILMS = (
    Removal(
        "What a killed run left unsynced is durable before anything rests on it",
        "who takes the lock syncs",
        "tests/test_lock_sync.py::test_who_takes_the_lock_syncs_the_ledger_and_every_name_before_anything_else",
        gives("vidpipe.lock._make_sure", None),
    ),
    Removal(
        "A crash leaves nothing to clean up",
        "what a killed run left is work",
        "tests/crash/test_litter.py::test_what_a_killed_run_was_writing_is_cleared_away_though_nothing_is_left_to_make",
        gives("vidpipe.planning._left_behind", False),
    ),
    Removal(
        "A crash is never taken for a hand edit",
        "what is pending is settled before anything is judged",
        "tests/steps/test_disks.py::test_a_clip_that_came_to_its_place_but_not_into_the_records_is_nobodys_edit",
        gives("vidpipe.workshop.settle", []),
    ),
    Removal(
        "A crash is never taken for a hand edit",
        "the pending record",
        "tests/steps/test_disks.py::test_a_clip_that_came_to_its_place_but_not_into_the_records_is_nobodys_edit",
        no_pending,
    ),
    Removal(
        "What you edited is not overwritten",
        "the last look",
        "tests/steps/test_hands.py::test_a_frame_that_is_put_in_place_while_the_first_one_is_drawn_stays_the_hands",
        no_last_look,
    ),
    Removal(
        "What you edited is not overwritten",
        "the new one goes into the archive",
        "tests/steps/test_conflicts.py::test_a_clip_that_is_replaced_while_it_is_filmed_anew_stays_and_the_one_that_was_paid_for_is_in_the_archive",
        no_archive_for_drafts,
    ),
    Removal(
        "What you edited is not overwritten",
        "what is archived is hashed once more",
        "tests/steps/test_conflicts.py::test_a_clip_that_is_replaced_while_it_is_filmed_anew_stays_and_the_one_that_was_paid_for_is_in_the_archive",
        archived_unseen,
    ),
    Removal(
        "What you made by hand is not made anew",
        "a file that no record speaks for is the user's",
        "tests/engine/test_judge.py::test_judging_never_says_to_replace_a_persons_file_unless_it_was_redone",
        hands_count_for_nothing,
    ),
    Removal(
        "Time stamps deceive nobody",
        "the two seconds",
        "tests/engine/test_kind.py::test_a_stamp_that_is_not_over_two_seconds_older_than_its_recording_is_not_trusted",
        put("vidpipe.engine.kind.RACY_NS", -(10**30)),
    ),
    Removal(
        "Time stamps deceive nobody",
        "the two seconds, in a run",
        "tests/adversity/test_clock.py::test_a_stamp_is_believed_only_if_its_file_was_recorded_over_two_seconds_after_its_change",
        put("vidpipe.engine.kind.RACY_NS", -(10**30)),
    ),
    Removal(
        "A damaged file is found",
        "--verify reads everything",
        "tests/adversity/test_rot.py::test_a_flipped_bit_shows_with_verify_and_only_with_it[clip 0]",
        verify_reads_nothing,
    ),
    Removal(
        "A film is the one that was planned",
        "the finished film is counted",
        "tests/media/test_verify.py::test_a_film_that_is_not_what_was_planned_is_refused",
        gives("tests.media.test_verify.verify_film", None),
    ),
    Removal(
        "A refusal never shortens a film silently",
        "a refused scene marks the film incomplete",
        "tests/steps/test_refusals.py::test_a_refused_clip_is_tried_again_once_then_held_as_a_still_and_the_film_is_incomplete",
        put("vidpipe.steps.film.Finished.complete", property(lambda _self: True)),
    ),
    Removal(
        "A job directory can be moved, copied and restored",
        "time stamps are no evidence",
        "tests/steps/test_rerun.py::test_touching_every_file_makes_nothing_and_writes_nothing",
        times_are_evidence,
    ),
    Removal(
        "A directory belongs to one spec and to no older vidpipe",
        "a newer format is refused",
        "tests/steps/test_disks.py::test_a_job_directory_of_a_newer_vidpipe_is_refused_and_left_alone",
        gives("vidpipe.engine.store.Store.check_format", None),
    ),
    Removal(
        "A directory belongs to one spec and to no older vidpipe",
        "another spec's claim",
        "tests/steps/test_disks.py::test_a_second_spec_that_claims_a_job_directory_is_refused",
        gives("vidpipe.workshop._claims", False),
    ),
    Removal(
        "A directory belongs to one spec and to no older vidpipe",
        "one name in a batch",
        "tests/test_batch.py::test_two_specs_of_one_name_are_refused_together",
        gives("vidpipe.spec.load.clashes", []),
    ),
    Removal(
        "`output` replaces only what vidpipe put there",
        "the digests that were placed",
        "tests/test_side_files.py::test_an_output_is_placed_once_and_replaced_only_if_vidpipe_put_it_there",
        gives("vidpipe.steps.side_files.obstacle", None),
    ),
    Removal(
        "A draft touches no paid work",
        "a directory of its own",
        "tests/test_batch.py::test_a_draft_is_made_in_a_directory_of_its_own_and_never_touches_paid_work",
        put("vidpipe.workshop.DRAFT", ""),
    ),
)
