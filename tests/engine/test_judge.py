"""The rerun rule, row by row: what a target is, from its record, its file, the wanted fingerprint and the ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.judge import Disk, Judgement, Situation, Standing, State, eligible, judge
from vidpipe.engine.record import Record

WANTED = Fingerprint({"prompt": "a sea"}, {"step": "clip", "prompt_template": "t1"})
USERS = Fingerprint({"prompt": "a forest"}, WANTED.own)
OWNS = Fingerprint(WANTED.user, {"step": "clip", "prompt_template": "t2"})
BOTH = Fingerprint(USERS.user, OWNS.own)
UNKNOWN = Fingerprint({"prompt": "a sea", "first frame": None}, WANTED.own)
"""A plan's: an input is still to be made."""

MADE = Record("clips/scene-000.mp4", "a" * 64, 3, "vidpipe", WANTED)
HANDS = replace(MADE, origin="user")
AS_RECORDED, CHANGED, MISSING = Disk(MADE.digest), Disk("b" * 64), Disk()
DAMAGED = Disk(damage="clips/scene-000.mp4: the file is cut off")


def case(record: Record | None = MADE, disk: Disk = AS_RECORDED, wanted: Fingerprint = WANTED) -> Situation:
    return Situation(record, disk, wanted)


@pytest.mark.parametrize(
    ("situation", "state"),
    [
        # The table of the design, in its order
        (case(), State.UP_TO_DATE),
        (case(wanted=USERS), State.STALE),
        (replace(case(wanted=OWNS), paid=True), State.OUTDATED),
        (case(wanted=OWNS), State.STALE),
        (case(disk=CHANGED), State.EDITED),
        (case(disk=CHANGED, wanted=OWNS), State.EDITED),
        (case(disk=CHANGED, wanted=USERS), State.CONFLICT),
        (case(record=HANDS, wanted=USERS), State.CONFLICT),
        (case(disk=DAMAGED), State.BROKEN),
        (case(record=None, disk=DAMAGED), State.BROKEN),
        (case(disk=MISSING), State.MISSING),
        (case(record=None), State.ADOPTED),
        (replace(case(record=None, disk=MISSING), standing=Standing.OPEN), State.INTERRUPTED),
        (replace(case(record=None, disk=MISSING), standing=Standing.UNKNOWN), State.LOST),
        (replace(case(record=None, disk=MISSING), standing=Standing.REFUSED), State.REFUSED),
        (case(record=None, disk=MISSING), State.MISSING),
        (replace(case(record=None, disk=MISSING), standing=Standing.SETTLED), State.MISSING),
        # What is a person's is never remade, whatever vidpipe changed
        (case(record=HANDS), State.UP_TO_DATE),
        (case(record=HANDS, wanted=OWNS), State.UP_TO_DATE),
        (replace(case(record=HANDS, wanted=OWNS), paid=True, upgrade=True), State.UP_TO_DATE),
        (case(record=HANDS, wanted=BOTH), State.CONFLICT),
        (case(record=HANDS, disk=CHANGED), State.EDITED),
        # --upgrade
        (replace(case(wanted=OWNS), paid=True, upgrade=True), State.STALE),
        (replace(case(), paid=True, upgrade=True), State.UP_TO_DATE),
        (replace(case(wanted=BOTH), paid=True), State.STALE),
        # What the ledger knows counts for whatever has to be made again, and for nothing else
        (replace(case(wanted=USERS), standing=Standing.OPEN), State.INTERRUPTED),
        (replace(case(wanted=USERS), standing=Standing.UNKNOWN), State.LOST),
        (replace(case(wanted=USERS), standing=Standing.REFUSED), State.REFUSED),
        (replace(case(disk=MISSING), standing=Standing.OPEN), State.INTERRUPTED),
        (replace(case(), standing=Standing.OPEN), State.UP_TO_DATE),
        (replace(case(disk=CHANGED), standing=Standing.REFUSED), State.EDITED),
        (replace(case(disk=CHANGED, wanted=USERS), standing=Standing.OPEN), State.CONFLICT),
        (replace(case(wanted=OWNS), paid=True, standing=Standing.UNKNOWN), State.OUTDATED),
        (replace(case(disk=DAMAGED), standing=Standing.OPEN), State.BROKEN),
        # A file that is back at what vidpipe made once
        (replace(case(record=HANDS, disk=CHANGED), known=replace(MADE, digest="b" * 64)), State.UP_TO_DATE),
        (replace(case(record=HANDS, disk=CHANGED, wanted=USERS), known=replace(MADE, digest="b" * 64)), State.STALE),
        (replace(case(record=None), known=MADE), State.UP_TO_DATE),
        (
            replace(case(record=HANDS, disk=CHANGED, wanted=USERS), known=replace(HANDS, digest="b" * 64)),
            State.CONFLICT,
        ),
        # redo
        (replace(case(), redone=MADE.digest, since=3), State.STALE),
        (replace(case(record=HANDS, wanted=USERS), redone=MADE.digest, since=3), State.STALE),
        (replace(case(disk=CHANGED, wanted=USERS), redone=CHANGED.digest, since=3), State.STALE),
        (replace(case(), redone=MADE.digest, since=2), State.UP_TO_DATE),
        (replace(case(disk=CHANGED), redone=MADE.digest, since=3), State.EDITED),
        (replace(case(disk=MISSING), redone=MADE.digest, since=3), State.MISSING),
        (replace(case(), redone=MADE.digest, since=3, standing=Standing.OPEN), State.INTERRUPTED),
        (replace(case(record=None), redone=MADE.digest, since=3), State.STALE),
        # accept
        (replace(case(wanted=USERS), accepted=MADE.digest), State.ADOPTED),
        (replace(case(record=HANDS, wanted=USERS), accepted=MADE.digest), State.ADOPTED),
        (replace(case(disk=CHANGED, wanted=USERS), accepted=CHANGED.digest), State.ADOPTED),
        (replace(case(disk=CHANGED, wanted=USERS), accepted=MADE.digest), State.CONFLICT),
        (replace(case(wanted=USERS), accepted=CHANGED.digest), State.STALE),
        (replace(case(disk=MISSING), accepted=MADE.digest), State.MISSING),
        (replace(case(), accepted=MADE.digest), State.UP_TO_DATE),
        (replace(case(wanted=USERS), accepted=MADE.digest, standing=Standing.OPEN), State.ADOPTED),
    ],
)
def test_a_target_is_what_the_table_says(situation: Situation, state: State) -> None:
    judgement = judge(situation)
    assert judgement.state is state
    assert not judgement.maybe


@pytest.mark.parametrize(
    ("situation", "state"),
    [
        (case(wanted=UNKNOWN), State.UP_TO_DATE),
        (case(record=HANDS, wanted=UNKNOWN), State.UP_TO_DATE),
        (case(disk=CHANGED, wanted=UNKNOWN), State.EDITED),
        (replace(case(wanted=UNKNOWN), accepted=MADE.digest), State.ADOPTED),
        (replace(case(wanted=Fingerprint(UNKNOWN.user, OWNS.own)), paid=True), State.OUTDATED),
    ],
)
def test_what_hangs_on_an_input_that_is_still_to_be_made_is_a_maybe(situation: Situation, state: State) -> None:
    judgement = judge(situation)
    assert (judgement.state, judgement.maybe) == (state, True)


def test_what_differs_for_certain_is_stale_however_an_unknown_input_turns_out() -> None:
    judgement = judge(case(wanted=Fingerprint({**USERS.user, "first frame": None}, WANTED.own)))
    assert (judgement.state, judgement.maybe) == (State.STALE, False)


def test_every_state_but_up_to_date_gives_its_reason() -> None:
    assert judge(case(wanted=USERS)).reasons == ("prompt changed",)
    assert judge(replace(case(wanted=OWNS), paid=True)).reasons == (
        "prompt template changed: t1 -> t2 (by vidpipe itself)",
    )
    assert judge(case(disk=CHANGED, wanted=USERS)).reasons == ("edited by hand", "prompt changed")
    assert judge(case(disk=DAMAGED)).reasons == (DAMAGED.damage,)
    assert judge(case(wanted=UNKNOWN)).reasons == ("first frame is to be made first",)


def test_the_record_that_speaks_for_the_file_is_told() -> None:
    assert judge(case()).origin is MADE
    assert judge(case(disk=CHANGED)).origin is None
    known = replace(MADE, digest="b" * 64, take=1)
    assert judge(replace(case(record=HANDS, disk=CHANGED), known=known)).origin is known


SITUATIONS = st.builds(
    Situation,
    record=st.sampled_from([None, MADE, HANDS]),
    disk=st.sampled_from([AS_RECORDED, CHANGED, MISSING, DAMAGED]),
    wanted=st.sampled_from([WANTED, USERS, OWNS, BOTH, UNKNOWN]),
    known=st.sampled_from([None, replace(MADE, digest="b" * 64, take=1)]),
    paid=st.booleans(),
    upgrade=st.booleans(),
    redone=st.sampled_from([None, MADE.digest, CHANGED.digest]),
    since=st.sampled_from([-1, 2, 3]),
    accepted=st.sampled_from([None, MADE.digest, CHANGED.digest]),
    standing=st.sampled_from(Standing),
)


@given(SITUATIONS)
def test_judging_never_says_to_replace_a_persons_file_unless_it_was_redone(situation: Situation) -> None:
    judgement = judge(situation)
    theirs = situation.disk.digest is not None and (
        situation.known is None and (situation.record is None or situation.record.digest != situation.disk.digest)
    )
    if theirs and situation.redone != situation.disk.digest:
        assert judgement.state in {State.EDITED, State.CONFLICT, State.ADOPTED}


@given(SITUATIONS)
def test_only_a_missing_file_is_called_missing_and_only_damage_broken(situation: Situation) -> None:
    judgement = judge(situation)
    assert (judgement.state is State.BROKEN) == (situation.disk.damage is not None)
    if judgement.state is State.MISSING:
        assert situation.disk.missing
    assert isinstance(judgement, Judgement)
    assert judgement.reasons or judgement.state is State.UP_TO_DATE


# Which earlier takes may stand in


@pytest.mark.parametrize(
    ("made_of", "since", "paid", "upgrade", "may"),
    [
        (WANTED, -1, False, False, True),
        (WANTED, 2, False, False, True),
        (WANTED, 3, False, False, False),
        (USERS, -1, True, False, False),
        (OWNS, -1, True, False, True),
        (OWNS, -1, False, False, False),
        (OWNS, -1, True, True, False),
        (WANTED, -1, True, True, True),
        (Fingerprint(WANTED.user, {**WANTED.own, "step": "keyframe"}), -1, True, False, False),
    ],
)
def test_an_earlier_take_stands_in_where_it_is_what_is_wanted(
    made_of: Fingerprint, since: int, paid: bool, upgrade: bool, may: bool
) -> None:
    take = replace(MADE, fingerprint=made_of)
    assert eligible(take, WANTED, since=since, paid=paid, upgrade=upgrade) is may


def test_no_take_stands_in_for_what_is_not_known_yet() -> None:
    assert not eligible(MADE, UNKNOWN, since=-1, paid=True, upgrade=False)
