"""A film's pieces are encoded once: the same film comes out of any cache, and an edit costs only what it touches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.media.clips import Kind
from tests.media.edits import SIZE, WILD, Cutting, fade, plain, spoken
from vidpipe.media.edit import CUT, SourceChangedError
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_film_comes_out_of_a_full_cache_an_empty_one_and_of_processes(
    cutting: Cutting, tmp_path: Path
) -> None:
    clips = cutting.clips(*WILD)
    edit = cutting.edit(clips, [fade(), CUT, fade(0.5, "wipeleft"), CUT], audio=True)
    edit = replace(edit, segments=(edit.segments[0], replace(edit.segments[1], drop_last=True), *edit.segments[2:]))
    edit = spoken(cutting, edit, 0.9)
    report = cutting(edit)
    assert report.encoded == 7
    made = cutting.film.read_bytes()
    assert cutting(edit).encoded == 0
    assert cutting.film.read_bytes() == made
    cutting.cache = tmp_path / "another"
    with Workers() as workers:
        assert cutting(edit, workers).encoded == report.encoded
    assert cutting.film.read_bytes() == made


def test_a_clip_is_decoded_once_for_its_body_and_its_fade(cutting: Cutting) -> None:
    cutting(cutting.edit(cutting.clips(*plain(3)), [fade(), fade()]))
    assert cutting.workers.count("pieces") == 3


def test_an_edit_costs_only_the_pieces_that_it_touches(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(5))
    edit = cutting.edit(clips, [fade()] * 4)
    assert cutting(edit).encoded == 9
    (other,) = cutting.clips(Kind(size=SIZE, frames=30, sound=None, seed=9))
    segments = list(edit.segments)
    segments[2] = replace(segments[2], clip=other)
    cutting.workers.done.clear()
    assert cutting(replace(edit, segments=tuple(segments))).encoded == 3
    assert cutting.workers.count("clip") == 1


def test_an_equal_clip_that_stands_twice_is_encoded_once(cutting: Cutting) -> None:
    (clip,) = cutting.clips(WILD[2])
    report = cutting(cutting.edit([clip, replace(clip, name="scene-7.mp4"), clip]))
    assert (report.frames, report.encoded) == (72, 1)
    assert [name for name, _ in report.normalised] == ["scene-0.mp4", "scene-7.mp4", "scene-0.mp4"]


def test_a_piece_that_was_damaged_in_the_cache_is_made_again(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*plain(2)), [fade()])
    cutting(edit)
    made = cutting.film.read_bytes()
    for path in sorted((cutting.cache / "pieces").iterdir()):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.write_bytes(data)
        assert cutting(edit).encoded == 1
        assert cutting.film.read_bytes() == made


def test_a_piece_that_is_gone_or_torn_is_made_again(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(*plain(2)), [fade()])
    cutting(edit)
    made = cutting.film.read_bytes()
    for place in range(6):
        path = sorted((cutting.cache / "pieces").iterdir())[place]
        if place % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert cutting(edit).encoded == 1
        assert cutting.film.read_bytes() == made


def test_the_cache_holds_what_the_last_film_used_and_no_more(cutting: Cutting) -> None:
    clips = cutting.clips(*plain(3))
    cutting(cutting.edit(clips, [fade(), fade()]))
    assert len(list((cutting.cache / "pieces").iterdir())) == 10
    cutting(cutting.edit(clips[:2], [fade()]))
    assert len(list((cutting.cache / "pieces").iterdir())) == 6
    cutting(cutting.edit(clips))
    assert list((cutting.cache / "pieces").iterdir()) == []


def test_what_was_encoded_before_an_error_is_kept(cutting: Cutting) -> None:
    good, other, bad = cutting.clips(WILD[2], *plain(2))
    cutting(cutting.edit([other, bad]))
    edit = cutting.edit([good, other, bad])
    bad.path.write_bytes(b"another file")
    with pytest.raises(SourceChangedError, match=r"scene-2\.mp4"):
        cutting(edit)
    assert cutting(cutting.edit([good, other])).encoded == 0
