"""Answers and disks that nobody expects: the operation stays open and is named, and nothing is bought again."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback import omni, veo
from vidpipe.providers.google import results

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.google.studio import Studio

BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])


def in_a_bucket(studio: Studio) -> None:
    """Have clips delivered where they are downloaded from, in either mode."""
    if studio.mode == "vertex":
        (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')


def stays_open(studio: Studio, break_it: Callable[[pytest.MonkeyPatch], None]) -> str:
    """Buy a clip that cannot be had, and have it once it can; return what the first two runs say."""
    studio.spec(scenes=1)
    with studio.monkeypatch.context() as broken:
        break_it(broken)
        told = "".join(studio.film(code=3).told for _ in range(2))
    operation = next(iter(studio.vendor.operations.values()))
    assert told.count(f"operation {operation.name}") >= 2
    assert studio.statuses("video") == ["submitted"]
    studio.film()
    assert studio.path("clip 0").read_bytes() == operation.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    return told


@BOTH
def test_a_full_disk_is_called_that_and_its_clip_is_fetched_by_the_next_run(studio: Studio) -> None:
    class Full:
        def __init__(self, *_given: object) -> None:
            """Open nothing."""

        def write(self, _data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            """Close nothing."""

    in_a_bucket(studio)
    studio.spec(scenes=1)
    with studio.monkeypatch.context() as full:
        full.setattr(results, "create", Full)
        ran = studio.film(code=1)
    assert ran.told.count("No space left on device") == 1
    assert "scene-000.mp4: No space left on device" in ran.told
    assert "no answer" not in ran.told
    assert studio.vendor.sent("download") == 1
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize("mode", ["api-key"])
def test_a_clip_in_letters_that_base64_does_not_have_stays_open(studio: Studio) -> None:
    def spoil(broken: pytest.MonkeyPatch) -> None:
        broken.setattr(omni, "_video", lambda *_given, **_named: {"type": "video", "data": "\u00e4\u00f6\u00fc"})

    assert "is not understood" in stays_open(studio, spoil)


def test_a_clip_at_an_address_that_cannot_be_written_stays_open(studio: Studio) -> None:
    def spoil(broken: pytest.MonkeyPatch) -> None:
        video = {"gcsUri": "gs://films/a\ud800b", "mimeType": "video/mp4"}
        broken.setattr(veo, "_response", lambda *_given, **_named: {"videos": [video]})

    assert "at an address that vidpipe cannot read: gs://films/a\\ud800b" in stays_open(studio, spoil)


@BOTH
@pytest.mark.parametrize("place", ["clip_in", "place"])
def test_whatever_else_goes_wrong_with_an_answer_leaves_its_operation_open(studio: Studio, place: str) -> None:
    def fail(*_given: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    def spoil(broken: pytest.MonkeyPatch) -> None:
        broken.setattr(f"vidpipe.providers.google.{'veo' if studio.mode == 'vertex' else 'omni'}.{place}", fail)
        if studio.mode == "api-key" and place == "place":
            broken.setattr("vidpipe.providers.google.omni.Omni._download", fail)

    told = stays_open(studio, spoil)
    assert "none that vidpipe can work with (RuntimeError: nobody foresaw this)" in told
