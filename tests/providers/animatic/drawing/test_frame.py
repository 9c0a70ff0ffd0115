"""What a keyframe shows: its words, its palette, the picture that it continues, its references."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.providers.animatic.drawing.samples import SAMPLES, SIZE, by_hand, encoded, levels, opened, request
from vidpipe.providers.animatic.drawing.frame import draw_frame
from vidpipe.providers.base import Picture, Reference

FOX = "A fox trots through the pine forest."


def png(data: bytes) -> Picture:
    return Picture(data, "image/png")


def small(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(opened(data).resize((48, 27)), dtype=np.float32)


def alike(one: bytes, other: bytes) -> float:
    """Return the correlation of two pictures' colours above the foreground."""
    upper = [np.asarray(opened(data).resize((64, 36)), dtype=np.float64)[:22] for data in (one, other)]
    return float(np.corrcoef(upper[0].ravel(), upper[1].ravel())[0, 1])


def test_different_words_give_different_compositions() -> None:
    pictures = {name: small(draw_frame(request(words, "slate"))) for name, (words, _) in SAMPLES.items()}
    for one, other in itertools.combinations(pictures, 2):
        assert np.abs(pictures[one] - pictures[other]).mean() > 6, (one, other)


def test_two_texts_about_one_place_are_composed_differently() -> None:
    one, other = (small(draw_frame(request(text))) for text in ("The sea at noon.", "At noon, the calm sea."))
    assert np.abs(one - other).mean() > 4


@pytest.mark.parametrize(("colours", "channel"), [("#200404 #802010 #f0a090", 0), ("#040820 #102c80 #90a8f0", 2)])
def test_the_palette_of_the_style_guide_rules_the_picture(colours: str, channel: int) -> None:
    for name in ("storm", "city", "farm", "room", "product", "winter"):
        mean = levels(draw_frame(request(SAMPLES[name][0], colours))).mean(axis=(0, 1))
        assert mean.argmax() == channel, name


def test_night_is_darker_than_noon() -> None:
    night, noon = (levels(draw_frame(request(f"The hills at {hour}."))).mean() for hour in ("night", "noon"))
    assert night < noon * 0.6


def test_an_end_frame_goes_on_from_its_start_frame() -> None:
    start = draw_frame(request(FOX))
    end = draw_frame(request(FOX, prompt="Moments later.", first=png(start)))
    assert end != start
    assert alike(start, end) > 0.93


def test_the_next_scene_in_the_same_place_shows_the_same_place() -> None:
    start = draw_frame(request("The lighthouse stood by the sea at dusk."))
    stays = draw_frame(request("She waited.", first=png(start)))
    elsewhere = draw_frame(request("She waited."))
    gone = [np.abs(small(start) - small(other))[:16].mean() for other in (stays, elsewhere)]
    assert gone[0] < gone[1] * 0.6


def test_the_next_scene_elsewhere_does_not_forget_the_picture_before() -> None:
    text = "The city wakes."
    fresh = levels(draw_frame(request(text)))
    after = levels(draw_frame(request(text, first=png(draw_frame(request("The mountains at night."))))))
    assert np.abs(after - fresh).mean() > 3


def test_new_words_of_the_end_frame_are_taken_in() -> None:
    start = draw_frame(request(FOX))
    plain = draw_frame(request(FOX, prompt="A little later.", first=png(start)))
    snow = draw_frame(request(FOX, prompt="Snow falls, and a bear-black crow has landed.", first=png(start)))
    assert np.abs(levels(plain) - levels(snow)).mean() > 2


@pytest.mark.parametrize("text", [FOX, "The street at noon.", "A boat on the sea.", "Night in the city."])
def test_a_painted_start_frame_is_recognised_in_the_end_frame(text: str) -> None:
    painted = {colour: encoded(by_hand(colour), kind) for colour, kind in (("red", "JPEG"), ("navy", "WEBP"))}
    ends = {colour: draw_frame(request(text, first=first)) for colour, first in painted.items()}
    for colour, other in (("red", "navy"), ("navy", "red")):
        own, wrong = alike(painted[colour].data, ends[colour]), alike(painted[other].data, ends[colour])
        assert own > 0.5, (colour, own)
        assert own > wrong + 0.2, (colour, own, wrong)


def test_what_a_hand_adds_to_a_start_frame_stays_in_the_end_frame() -> None:
    start = opened(draw_frame(request(FOX, size=(640, 360))))
    untouched = draw_frame(request(FOX, first=encoded(start), size=(640, 360)))
    ImageDraw.Draw(start).ellipse((300, 60, 380, 140), fill=(255, 0, 255))
    end = draw_frame(request(FOX, first=encoded(start), size=(640, 360)))
    red, green, blue = levels(end)[100, 340]
    assert min(red, blue) > green + 100
    elsewhere = np.abs(levels(end) - levels(untouched))[:, 460:]
    assert elsewhere.mean() < 2


def test_a_picture_of_ours_saved_by_another_program_still_goes_on() -> None:
    start = draw_frame(request(FOX, size=(640, 360)))
    stripped = encoded(opened(start))
    assert stripped.data != start
    known = draw_frame(request(FOX, first=png(start), size=(640, 360)))
    seen = draw_frame(request(FOX, first=stripped, size=(640, 360)))
    assert np.abs(levels(known) - levels(seen)).mean() < 2


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("name", ["farm", "room", "product"])
def test_references_are_worked_in(name: str, count: int) -> None:
    pictures = [Image.new("RGB", (60, 80), colour) for colour in ("red", "lime", "blue", "white", "cyan")][:count]
    faces = tuple(Reference(f"r{index}", "", encoded(one)) for index, one in enumerate(pictures))
    without = levels(draw_frame(request(*SAMPLES[name])))
    shown = levels(draw_frame(request(*SAMPLES[name], references=faces)))
    changed = (np.abs(without - shown).max(axis=2) > 40).mean()
    assert 0.01 * min(count, 3) < changed < 0.3


def test_another_reference_gives_another_picture() -> None:
    faces = [Reference("mara", "", encoded(Image.new("RGB", (50, 50), colour))) for colour in ("red", "blue")]
    one, other = (levels(draw_frame(request(FOX, references=(face,)))) for face in faces)
    assert np.abs(one - other).max() > 80


def test_a_first_picture_of_another_shape_is_fitted() -> None:
    wide = encoded(Image.new("RGB", (900, 100), "orange"))
    assert opened(draw_frame(request(FOX, first=wide))).size == SIZE


def test_a_picture_that_captions_are_drawn_over_has_no_words_of_its_own_and_is_the_same_above() -> None:
    asked = request(FOX)
    lettered, bare = opened(draw_frame(asked)), opened(draw_frame(replace(asked, lettered=False)))
    upper = (0, 0, SIZE[0], SIZE[1] * 6 // 10)
    assert lettered.crop(upper).tobytes() == bare.crop(upper).tobytes()
    assert lettered.tobytes() != bare.tobytes()
    assert bare.tobytes() == opened(draw_frame(replace(request(FOX), lettered=False))).tobytes()
