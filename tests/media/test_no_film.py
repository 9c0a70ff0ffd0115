"""What makes no film is refused by its name: a damaged or exchanged clip, a worker's nonsense; and a stop is heeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.media.edits import WILD, Cutting, fade, plain, source
from tests.media.here import Here
from vidpipe.errors import BrokenFileError, StoppedError
from vidpipe.media.edit import SourceChangedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.media.plain import Json


def test_a_damaged_clip_is_named_before_anything_is_written(cutting: Cutting) -> None:
    good, bad = cutting.clips(*WILD[:2])
    bad.path.write_bytes(bad.path.read_bytes()[:-40])
    with pytest.raises(BrokenFileError, match=r"scene-1\.mp4: "):
        cutting(cutting.edit([good, source(bad.path)]))
    assert not cutting.film.exists()


def test_a_clip_that_changed_since_it_was_judged_makes_no_film(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(2))
    edit = cutting.edit(clips)
    cutting(edit)
    clips[1].path.write_bytes(clips[0].path.read_bytes())
    with pytest.raises(SourceChangedError, match=r"scene-1\.mp4"):
        cutting(edit)


@pytest.mark.parametrize(
    ("task", "answer"), [("clip", {}), ("clip", None), ("pieces", [{"digest": 7}]), ("pieces", [])]
)
def test_a_worker_that_answers_nonsense_is_no_bug_but_that_clips_fault(
    cutting: Cutting, monkeypatch: pytest.MonkeyPatch, task: str, answer: Json
) -> None:
    edit = cutting.edit(cutting.clips(WILD[2]))
    call = Here.call

    def wild(self: Here, wanted: str, arguments: Mapping[str, Json], **options: Any) -> Json:
        return answer if wanted == task else call(self, wanted, arguments, **options)

    monkeypatch.setattr(Here, "call", wild)
    with pytest.raises(BrokenFileError, match=r"scene-0\.mp4: "):
        cutting(edit)


def test_a_stop_is_heeded_before_every_task(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*WILD[:3]), [fade()])
    cutting(edit)
    tasks = len(cutting.workers.done)
    for most in range(1, tasks):
        asked = 0

        def stop(most: int = most) -> bool:
            nonlocal asked
            asked += 1
            return asked > most

        cutting.workers = Here()
        cutting.cache = cutting.folder / f"cache-{most}"
        with pytest.raises(StoppedError):
            cutting(edit, stop=stop)
