"""Every k-th call is answered 503: what is free is asked for again, a clip never."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH
from tests.google.studio import PRICES
from tests.loopback.deeds import unavailable

if TYPE_CHECKING:
    from tests.google.studio import Studio

SCENES = 4


@BOTH
@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("every", [2, 3])
def test_every_kth_submission_of_a_clip_is_lost_and_nothing_is_sent_again_until_somebody_says_so(
    studio: Studio, accepted: bool, every: int
) -> None:
    studio.vendor.on("video", unavailable(accepted=accepted), times=None, every=every)
    studio.spec(scenes=SCENES)
    lost = SCENES // every
    bought = SCENES if accepted else SCENES - lost
    for _ in range(2):
        ran = studio.film(code=3)
        assert ran.job["state"] == "blocked"
        assert [target["state"] for target in ran.targets.values()].count("lost") == lost
        assert "--on-lost" in ran.told
        assert studio.vendor.sent("video") == SCENES
        assert studio.vendor.calls == (1, SCENES + 1, bought)
        assert sorted(studio.statuses("video")) == ["settled"] * (SCENES - lost) + ["unknown"] * lost
    price = Decimal(PRICES[studio.mode])
    assert studio.spent() == studio.vendor.bill() + (0 if accepted else lost * price)
    studio.vendor.rules.clear()
    studio.run("--until", "clips", "--on-lost", "resubmit")
    assert studio.vendor.calls == (1, SCENES + 1, bought + lost)


@BOTH
def test_every_second_download_is_repeated_and_the_film_is_made(studio: Studio) -> None:
    if studio.mode == "vertex":
        (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    studio.vendor.on("download", unavailable(), times=None, every=2)
    studio.spec(scenes=SCENES)
    studio.film()
    assert studio.vendor.sent("download") > SCENES
    assert studio.vendor.calls == (1, SCENES + 1, SCENES)
    assert studio.statuses("video") == ["settled"] * SCENES
    assert studio.spent() == studio.vendor.bill()
