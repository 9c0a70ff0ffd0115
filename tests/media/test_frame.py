"""The frame grid."""

import pytest

from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME, TIMESCALE, frame_size


@pytest.mark.parametrize(
    ("aspect_ratio", "resolution", "size"),
    [
        ("16:9", "720p", (1280, 720)),
        ("16:9", "1080p", (1920, 1080)),
        ("16:9", "4k", (3840, 2160)),
        ("9:16", "720p", (720, 1280)),
        ("9:16", "4k", (2160, 3840)),
    ],
)
def test_a_resolution_names_the_short_side_and_the_aspect_ratio_turns_it(
    aspect_ratio: str, resolution: str, size: tuple[int, int]
) -> None:
    assert frame_size(aspect_ratio, resolution) == size


@pytest.mark.parametrize(("aspect_ratio", "resolution"), [("4:3", "720p"), ("16:9", "480p")])
def test_an_unknown_name_is_told_with_the_known_ones(aspect_ratio: str, resolution: str) -> None:
    with pytest.raises(ValueError, match=r"4:3.* 16:9 or 9:16|480p.* 720p, 1080p, 4k"):
        frame_size(aspect_ratio, resolution)


def test_a_frame_is_a_whole_number_of_samples_and_of_ticks() -> None:
    assert SAMPLES_PER_FRAME * FRAME_RATE == SAMPLE_RATE
    assert TIMESCALE % FRAME_RATE == 0
