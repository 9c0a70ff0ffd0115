"""What an answer says of itself is told without the secret, also where it is cut; and a download has its measure."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from google.genai.types import Blob, Candidate, Content, FinishReason, Part

from tests.providers.google.conftest import VEO
from tests.providers.google.requests import video_request
from vidpipe.providers.base import Done, NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.providers.google import results
from vidpipe.providers.google.image import picture_in
from vidpipe.providers.google.speech import sound_in
from vidpipe.redact import HIDDEN
from vidpipe.words import LONGEST

if TYPE_CHECKING:
    from pathlib import Path

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google

SECRET = "canary-of-a-federation-0123456789"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a secret that is in force, and looks like none."""
    monkeypatch.setenv("MY_TOKEN", SECRET)
    return SECRET


@pytest.mark.parametrize(("sound", "told"), [(None, "holds no sound"), (b"RIFF", "breaks off")])
def test_a_reason_for_no_speech_that_is_the_secret_is_not_told(secret: str, sound: bytes | None, told: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the SDK's, of a reason that it does not know
        reason = FinishReason(secret)
    parts = [Part(inline_data=Blob(data=sound, mime_type="audio/wav"))] if sound else []
    with pytest.raises(ReplyLostError, match=told) as caught:
        sound_in(Candidate(content=Content(parts=parts), finish_reason=reason))
    assert f"({HIDDEN})" in str(caught.value)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("before", range(LONGEST - len(SECRET) - 2, LONGEST, 4))
def test_words_in_a_pictures_place_that_are_cut_in_the_secret_tell_no_part_of_it(secret: str, before: int) -> None:
    words = f"{'x' * before} {secret} and more"
    with pytest.raises(RefusedError) as caught:
        picture_in(Candidate(content=Content(parts=[Part(text=words)])))
    assert "xxx" in str(caught.value)
    assert secret[:4] not in str(caught.value)


def test_a_clip_that_is_larger_than_any_clip_is_not_taken(vertex: Rig, tmp_path: Path) -> None:
    vertex.monkeypatch.setattr(results, "LARGEST", 10)
    path = tmp_path / "clips" / "clip.mp4"
    path.parent.mkdir()

    async def film(google: Google) -> None:
        port = google.video(VEO)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        with pytest.raises(NotAcceptedError, match="more than 10 bytes"):
            await port.fetch(done, path)

    vertex.run(film, output_gcs_uri="gs://films/takes")
    assert list(path.parent.iterdir()) == []
    assert vertex.vendor.sent("download") == 1
