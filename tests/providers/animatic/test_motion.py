"""Which way the camera moves, and that it moves like one."""

import numpy as np
import pytest

from vidpipe.providers.animatic.motion import (
    DRIFT,
    HOLD,
    PAN_LEFT,
    PAN_RIGHT,
    PULL_BACK,
    PUSH_IN,
    TILT_DOWN,
    TILT_UP,
    Move,
    choose_move,
    presence,
    window,
)

MOVES = [HOLD, DRIFT, PUSH_IN, PULL_BACK, PAN_LEFT, PAN_RIGHT, TILT_UP, TILT_DOWN]
MOVING = [move for move in MOVES if move is not HOLD]
TIMES = [number / 95 for number in range(96)]


@pytest.mark.parametrize(
    ("words", "move"),
    [
        ("Slow push in on the lighthouse", PUSH_IN),
        ("slow push-in", PUSH_IN),
        ("dolly in towards the door", PUSH_IN),
        ("The camera zooms in gently", PUSH_IN),
        ("the camera moves closer", PUSH_IN),
        ("The camera pulls back to reveal the bay", PULL_BACK),
        ("slow pull-back", PULL_BACK),
        ("dolly out", PULL_BACK),
        ("zooms out", PULL_BACK),
        ("Pan left across the harbour", PAN_LEFT),
        ("camera pans slowly to the right", PAN_RIGHT),
        ("a slow pan", PAN_RIGHT),
        ("tracking shot from left to right", PAN_RIGHT),
        ("tracking shot from right to left", PAN_LEFT),
        ("Slow pan right along the left bank", PAN_RIGHT),
        ("Slow pan left, past the right arm of the river", PAN_LEFT),
        ("pan from the left to the right", PAN_RIGHT),
        ("Tilt up to the sky", TILT_UP),
        ("tilt down from the top, then up", TILT_DOWN),
        ("the camera slowly rises", TILT_UP),
        ("the camera tilts downward", TILT_DOWN),
        ("gentle drift", DRIFT),
        ("Static camera; only the water moves", HOLD),
        ("Hold on her face", HOLD),
        ("hold", HOLD),
        ("A locked-off shot", HOLD),
        ("Patient hold on the pier", HOLD),
        ("", DRIFT),
        ("She holds a lantern, the still water shines", DRIFT),
    ],
)
def test_the_words_choose_the_move(words: str, move: Move) -> None:
    assert choose_move(words) is move


def test_of_two_moves_the_one_named_first_counts() -> None:
    assert choose_move("Pan left, then push in") is PAN_LEFT
    assert choose_move("Push in, then pan left") is PUSH_IN


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_move_opens_and_ends_on_the_full_picture(move: Move) -> None:
    for size in ((1280, 720), (720, 1280), (3840, 2160)):
        assert window(move, 0.0, 4, size) == (0, 0, *size)
        assert window(move, 1.0, 4, size) == (0, 0, *size)
    assert presence(move, 0.0) == 0.0
    assert presence(move, 1.0) == 1.0


@pytest.mark.parametrize("seconds", [1, 4, 8, 60])
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_the_window_stays_in_the_picture_keeps_its_shape_and_never_cuts_a_caption(move: Move, seconds: int) -> None:
    for time in TIMES:
        left, top, right, bottom = window(move, time, seconds, (1600, 900))
        assert 0 <= left < right <= 1600
        assert 0 <= top < bottom <= 900
        assert (right - left) / (bottom - top) == pytest.approx(16 / 9)
        assert left <= 0.055 * 1600
        assert 1600 - right <= 0.09 * 1600
        assert 900 - bottom <= 0.047 * 900


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_neither_speed_nor_dissolve_ever_jumps(move: Move) -> None:
    boxes = np.array([window(move, time, 4, (1280, 720)) for time in TIMES])
    assert np.abs(np.diff(boxes, axis=0)).max() < 5
    assert np.abs(np.diff(boxes, 2, axis=0)).max() < 0.5
    shares = np.array([presence(move, time) for time in TIMES])
    assert np.diff(shares).min() >= 0
    assert np.abs(np.diff(shares, 2)).max() < 0.005


@pytest.mark.parametrize("move", MOVING, ids=lambda move: move.name)
def test_a_move_can_be_seen_and_rests_at_both_ends(move: Move) -> None:
    boxes = np.array([window(move, time, 4, (1280, 720)) for time in TIMES])
    assert np.abs(boxes - boxes[0]).max() > 40
    speed = np.abs(np.diff(boxes, axis=0)).max(axis=1)
    assert max(speed[0], speed[-1]) < 0.3 * speed.max()


def test_a_hold_does_not_move() -> None:
    assert {window(HOLD, time, 8, (1280, 720)) for time in TIMES} == {(0, 0, 1280, 720)}


@pytest.mark.parametrize(
    ("move", "axis", "sign"), [(PAN_LEFT, 0, -1), (PAN_RIGHT, 0, 1), (TILT_UP, 1, -1), (TILT_DOWN, 1, 1)]
)
def test_a_pan_or_tilt_travels_its_way_in_the_middle(move: Move, axis: int, sign: int) -> None:
    def centre(time: float) -> float:
        box = window(move, time, 4, (1280, 720))
        return (box[axis] + box[axis + 2]) / 2

    middle = [centre(0.4 + 0.2 * number / 20) * sign for number in range(21)]
    assert min(np.diff(middle)) > 0
    assert middle[-1] - middle[0] > 0.01 * (1280, 720)[axis]


def test_a_push_in_takes_its_time_to_come_near_and_a_pull_back_to_leave() -> None:
    def narrowest(move: Move) -> float:
        return min(
            TIMES, key=lambda time: window(move, time, 4, (1280, 720))[2] - window(move, time, 4, (1280, 720))[0]
        )

    assert narrowest(PUSH_IN) > 0.6
    assert narrowest(PULL_BACK) < 0.4
