"""What a paid model does not take is refused when the spec is loaded, with what it does take; nothing is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.spec.loading import load, told_of

if TYPE_CHECKING:
    from pathlib import Path

VEO = "script: a\nprovider: google\n"
LITE = VEO + 'models: {video: "google:veo-3.1-lite"}\n'
OMNI = VEO + 'models: {video: "google:gemini-omni-1.1-flash"}\n'

REFUSED = {
    "a length between": (VEO + "seconds: 5\n", ":3:10: seconds: google:veo-3.1-generate-001 makes clips of 4, 6 or 8 "),
    "1080p at 4 s": (
        VEO + "seconds: 4\nresolution: 1080p\n",
        ":3:10: seconds: google:veo-3.1-generate-001 makes 1080p clips of 8 seconds only (got 4)",
    ),
    "1080p at the usual length": (
        VEO + "resolution: 1080p\n",
        ":3:13: resolution: google:veo-3.1-generate-001 makes 1080p",
    ),
    "4k that is not made": (
        LITE + "resolution: 4k\nseconds: 8\n",
        ":4:13: resolution: google:veo-3.1-lite-generate-001 offers 720p or 1080p (got 4k)",
    ),
    "a length that omni has not": (
        OMNI + "seconds: 11\n",
        ":4:10: seconds: google:gemini-omni-1.1-flash makes clips of 3",
    ),
    "silence where there is always sound": (
        OMNI + "audio: false\n",
        ":4:8: audio: google:gemini-omni-1.1-flash always makes sound: write true",
    ),
    "a seed": (OMNI + "seed: 7\n", ":4:7: seed: google:gemini-omni-1.1-flash takes none: remove it, or choose another"),
    "a negative prompt": (
        OMNI + "negative_prompt: people\n",
        ":4:18: negative_prompt: google:gemini-omni-1.1-flash takes none: remove it, or choose another models.video",
    ),
}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("spec", "told"), REFUSED.values(), ids=REFUSED)
def test_what_a_model_does_not_take_is_refused_at_its_key(spec: str, told: str) -> None:
    assert told_of(spec).startswith(f"specs/pier.yaml{told}")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "more",
    [
        "seed: 0\nnegative_prompt: people\naudio: false\n",
        "seconds: 8\nresolution: 1080p\n",
        "seconds: 8\nresolution: 4k\n",
    ],
)
def test_what_veo_takes_is_let_through(more: str) -> None:
    assert load(VEO + more).video_model.id == "veo-3.1-generate-001"


@pytest.mark.usefixtures("project")
def test_a_free_model_may_leave_a_wish_unheard() -> None:
    assert load("script: a\nnegative_prompt: people\nseed: 3\n").video_model.id == "move"


@pytest.mark.parametrize(("count", "is_taken"), [(13, True), (14, False)])
def test_one_of_the_pictures_that_a_model_takes_is_the_one_that_it_continues(
    project: Path, count: int, is_taken: bool
) -> None:
    Image.new("RGB", (8, 8)).save(project / "specs" / "a.png")
    spec = VEO + "references:\n" + "".join(f"- {{name: r{number}, image: a.png}}\n" for number in range(count))
    if is_taken:
        assert len(load(spec).references) == 13
    else:
        assert "google:gemini-3-pro-image takes at most 13 (got 14)" in told_of(spec)
