"""The fingerprint: named parts in two groups, so that why is a diff, and upgrading vidpipe costs nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vidpipe.engine.fingerprint import SHOWN, Fingerprint, Json, differences, stands_for

OWN: dict[str, Json] = {"step": "clip"}


def reasons(old: Fingerprint, new: Fingerprint) -> list[tuple[str, bool]]:
    return [(difference.reason, difference.own) for difference in differences(old, new)]


def test_the_order_of_parts_makes_no_difference() -> None:
    one = Fingerprint({"a": 1, "b": [1, {"c": 2, "d": 3}]}, {"e": 1, "f": 2})
    two = Fingerprint({"b": [1, {"d": 3, "c": 2}], "a": 1}, {"f": 2, "e": 1})
    assert one.key == two.key
    assert differences(one, two) == ()


def test_the_key_tells_the_groups_and_the_types_apart() -> None:
    keys = {
        Fingerprint({"a": 1}, {}).key,
        Fingerprint({}, {"a": 1}).key,
        Fingerprint({"a": "1"}, {}).key,
        Fingerprint({"a": None}, {}).key,
        Fingerprint({"a": True}, {}).key,
    }
    assert len(keys) == 5


def test_a_users_change_is_told_apart_from_vidpipes_own() -> None:
    old = Fingerprint({"prompt": "a"}, {**OWN, "recipe_version": 1})
    new = Fingerprint({"prompt": "b"}, {**OWN, "recipe_version": 2})
    assert reasons(old, new) == [("prompt changed: a -> b", False), ("recipe version changed: 1 -> 2", True)]


def test_naming_the_default_model_changes_nothing() -> None:
    default, named = Fingerprint({}, {**OWN, "model": "veo-1"}), Fingerprint({"model": "veo-1"}, OWN)
    assert differences(default, named) == differences(named, default) == ()
    assert stands_for(default, named, exact=True)


def test_naming_another_model_is_the_users_change() -> None:
    assert reasons(Fingerprint({}, {**OWN, "model": "veo-1"}), Fingerprint({"model": "veo-2"}, OWN)) == [
        ("model changed: veo-1 -> veo-2", False)
    ]


def test_taking_a_named_model_back_is_the_users_change() -> None:
    assert reasons(Fingerprint({"model": "veo-2"}, OWN), Fingerprint({}, {**OWN, "model": "veo-1"})) == [
        ("model changed: veo-2 -> veo-1", False)
    ]


def test_another_default_model_is_vidpipes_own_change() -> None:
    assert reasons(Fingerprint({}, {**OWN, "model": "veo-1"}), Fingerprint({}, {**OWN, "model": "veo-2"})) == [
        ("model changed: veo-1 -> veo-2", True)
    ]


def test_parts_that_come_and_go_are_named() -> None:
    assert reasons(Fingerprint({"seed": 7}), Fingerprint({"negative_prompt": "fog"})) == [
        ("negative_prompt added", False),
        ("seed removed", False),
    ]


def test_long_texts_and_lists_are_not_quoted() -> None:
    long = "x" * (SHOWN + 1)
    assert reasons(Fingerprint({"a": long, "b": "x y", "c": [1]}), Fingerprint({"a": "z", "b": "z", "c": [2]})) == [
        ("a changed", False),
        ("b changed", False),
        ("c changed", False),
    ]


def test_an_input_that_is_not_known_yet_is_no_difference() -> None:
    old, planned = Fingerprint({"first": "a" * 64, "prompt": "a"}), Fingerprint({"first": None, "prompt": "a"})
    assert differences(old, planned) == ()
    assert (old.known, planned.known) == (True, False)
    assert reasons(old, Fingerprint({"first": None, "prompt": "b"})) == [("prompt changed: a -> b", False)]


PARTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1, 2, "x", True]), max_size=3)
FINGERPRINTS = st.builds(
    lambda user, own: Fingerprint(user, {name: value for name, value in own.items() if name not in user}), PARTS, PARTS
)


@given(FINGERPRINTS, FINGERPRINTS)
def test_standing_for_another_agrees_with_the_differences(one: Fingerprint, two: Fingerprint) -> None:
    found = differences(one, two)
    assert stands_for(one, two, exact=True) == (not found)
    assert stands_for(one, two) == all(difference.own for difference in found)


def test_what_another_step_made_never_stands_in() -> None:
    assert not stands_for(Fingerprint({}, {"step": "clip"}), Fingerprint({}, {"step": "keyframe"}))


def test_what_is_accepted_serves_as_well_but_is_not_asked_for_and_not_recorded() -> None:
    loud, quiet = Fingerprint({"sound": True}, OWN), Fingerprint({"sound": False}, OWN, accepts={"sound": True})
    assert differences(loud, quiet) == ()
    assert stands_for(loud, quiet, serving=True)
    assert not stands_for(loud, quiet)
    assert reasons(Fingerprint({"sound": 1.5}, OWN), quiet) != []
    assert reasons(quiet, loud) == [("sound changed: false -> true", False)]
    assert quiet.to_json() == Fingerprint({"sound": False}, OWN).to_json()
    assert quiet.key == Fingerprint({"sound": False}, OWN).key
    assert quiet.key != loud.key
