"""Whatever a storyboard says of narration and of transitions: a film that can be planned, or told what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests import toy as vendor
from tests.hostile.odd import VALUES
from vidpipe.errors import Exit
from vidpipe.media.captions.cues import cues
from vidpipe.spec.board import BrokenBoardError, board_digest, board_json, parse_board, reply_board

if TYPE_CHECKING:
    from tests.project import Project
    from vidpipe.spec.board import Scene

TEXTS = st.text(max_size=40) | st.sampled_from(
    ["</script>", "\x1b[2J", "\u202e", "\ud800", "\0", "a" * 2_001, "-->", "WEBVTT\n\n", "1\n00:00:00,000 --> x", "<b>"]
)
TRANSITIONS = st.one_of(
    VALUES,
    TEXTS,
    st.sampled_from(["cut", "crossfade", "wipe"]),
    st.fixed_dictionaries(
        {},
        optional={
            "mode": st.sampled_from(["cut", "crossfade"]) | VALUES,
            "seconds": st.floats() | st.integers() | VALUES,
            "transition": st.sampled_from(["fade", "dissolve", "nothing"]) | VALUES,
            "x": VALUES,
        },
    ),
)
JARGON = ("pydantic", "validation error", "Traceback", "_type", "<class")

a_little = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
a_few = settings(a_little, max_examples=25)


def board(**scene: object) -> bytes:
    """Return a storyboard of two scenes, of which the first one has these fields as well."""
    value: Any = vendor.board("Waves", "plain", 2)
    value["scenes"][0] |= scene
    return json.dumps(value).encode()


def is_sound(scene: Scene) -> bool:
    """Whether a film can be cut from what a scene says."""
    own = scene.transition
    if own is not None and own.seconds is not None and not 0.1 <= own.seconds <= 30:
        return False
    return scene.narration is None or len(scene.narration) <= 2_000


@given(TEXTS | VALUES, TRANSITIONS)
@example("words", {"mode": "crossfade", "seconds": float("nan")})
@example("words", {"mode": "crossfade", "seconds": float("inf")})
@example("words", {"mode": "crossfade", "seconds": True})
@example("\ud800", "cut")
@example("\x7f\x9b", "cut")
@a_little
def test_a_persons_storyboard_can_be_used_and_written_or_is_told(narration: object, transition: object) -> None:
    try:
        found = parse_board(board(narration=narration, transition=transition), "storyboard.json")
    except BrokenBoardError as error:
        assert not any(word in str(error) for word in JARGON)  # noqa: PT017
        str(error).encode()
        return
    assert all(is_sound(scene) for scene in found.scenes)
    assert parse_board(board_json(found), "again") == found
    assert board_digest(found)
    for caption in cues(found.scenes[0].narration or "", 0, 48):
        assert "\x1b" not in caption.text
        caption.text.encode()


@given(TEXTS | VALUES, TRANSITIONS, st.booleans())
@example("</script>", "cut", True)
@example("\x7f\x9b", "cut", True)
@a_little
def test_a_vendors_storyboard_can_be_used_and_written_or_is_told(
    narration: object, transition: object, spoken: bool
) -> None:
    reply = board(narration=narration, transition=transition).decode()
    try:
        found = reply_board(reply, 2, narration=spoken)
    except ValueError as error:
        assert str(error)  # noqa: PT017
        return
    assert all(is_sound(scene) for scene in found.scenes)
    assert parse_board(board_json(found), "again") == found


@pytest.fixture
def written(toy: Project) -> Project:
    """Return a project whose storyboard is written."""
    toy.spec(scenes=2, audio=True, captions="sidecar")
    toy.done(until="storyboard")
    return toy


@given(TEXTS, TRANSITIONS)
@example("words", {"mode": "crossfade", "seconds": 30})
@a_few
def test_a_plan_of_any_narration_and_transition_ends_well_or_with_a_message(
    written: Project, narration: str, transition: object
) -> None:
    written.path("storyboard").write_bytes(board(narration=narration, transition=transition))
    sent = len(written.server.requests)
    planned = written.plan()
    assert planned.exit in {Exit.DONE, Exit.FAILED, Exit.DECISION}
    assert "a bug in vidpipe" not in planned.said
    assert len(written.server.requests) == sent
