"""The cache of a film: what it gives back is what was put in, and anything else counts as missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.media.edits import info
from vidpipe.files import make_directory
from vidpipe.media.cache import Cache
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.samples import Probed, Samples

if TYPE_CHECKING:
    from pathlib import Path

PROBED = Probed(info(2), Samples((40, 90), (50, 20), (0, 1), (1, 0)))
CONTENT = b"pictures"


class Folder:
    """A cache's folder, opened anew for every look, as every build does."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.scratch = folder / "scratch"
        make_directory(self.scratch)

    def open(self, version: str = "1") -> Cache:
        """Open the cache."""
        return Cache(self.cache, self.scratch, {"av": version})

    def keep(self, key: str, content: bytes = CONTENT) -> None:
        """Put a piece into it."""
        draft = self.scratch / "draft.mp4"
        draft.write_bytes(content)
        self.open().keep_piece(key, draft, hashlib.sha256(content).hexdigest(), PROBED)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_is_known_of_a_clip_is_kept_from_the_prune_on(folder: Folder) -> None:
    cache = folder.open()
    assert cache.clip("aa") is None
    cache.keep_clip("aa", PROBED)
    cache.keep_clip("bb", PROBED)
    cache.prune({"aa"}, ())
    assert folder.open().clip("aa") == PROBED
    assert folder.open().clip("bb") is None
    assert cache.clip("bb") is None


def test_a_prune_that_changes_nothing_writes_nothing(folder: Folder) -> None:
    cache = folder.open()
    cache.keep_clip("aa", PROBED)
    cache.prune({"aa"}, ())
    before = (folder.cache / "clips.json").stat()
    again = folder.open()
    again.prune({"aa"}, ())
    assert (folder.cache / "clips.json").stat() == before


def test_what_another_version_found_out_is_not_believed(folder: Folder) -> None:
    cache = folder.open()
    cache.keep_clip("aa", PROBED)
    cache.prune({"aa"}, ())
    assert folder.open("2").clip("aa") is None


def test_one_flipped_bit_anywhere_in_what_is_known_of_clips_counts_as_nothing_known(folder: Folder) -> None:
    cache = folder.open()
    cache.keep_clip("aa", PROBED)
    cache.prune({"aa"}, ())
    path = folder.cache / "clips.json"
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert folder.open().clip("aa") is None
    for end in (0, 10, 64, 65, len(whole) // 2):
        path.write_bytes(whole[:end])
        assert folder.open().clip("aa") is None


def test_a_piece_comes_back_under_its_own_name_and_its_bytes_are_proved(folder: Folder) -> None:
    folder.keep("k1")
    piece = folder.open().piece("k1")
    assert piece is not None
    assert (piece.source.name, piece.probed.info.name) == ("k1.mp4", "k1.mp4")
    assert piece.probed.samples == PROBED.samples
    assert piece.source.read() == CONTENT
    piece.source.path.write_bytes(b"picture5")
    with pytest.raises(SourceChangedError, match=r"k1\.mp4"):
        piece.source.read()


@pytest.mark.parametrize("ending", ["mp4", "json"])
def test_half_a_piece_is_none(folder: Folder, ending: str) -> None:
    folder.keep("k1")
    (folder.cache / "pieces" / f"k1.{ending}").unlink()
    assert folder.open().piece("k1") is None


def test_a_note_that_is_sealed_but_says_something_else_counts_as_none(folder: Folder) -> None:
    folder.keep("k1")
    cache = folder.open()
    cache._seal(folder.cache / "pieces" / "k1.json", {"digest": 7, "probed": None})
    assert cache.piece("k1") is None
    cache._seal(folder.cache / "pieces" / "k1.json", ["no", "mapping"])
    assert cache.piece("k1") is None


def test_a_prune_leaves_the_pieces_of_this_film_and_no_draft_of_a_crash(folder: Folder) -> None:
    folder.keep("k1")
    folder.keep("k2")
    (folder.cache / "pieces" / "rubbish").write_bytes(b"")
    folder.open().prune((), {"k2"})
    assert sorted(path.name for path in (folder.cache / "pieces").iterdir()) == ["k2.json", "k2.mp4"]


def test_only_a_piece_can_be_dropped_by_the_name_of_a_message(folder: Folder) -> None:
    folder.keep("k1")
    cache = folder.open()
    (folder.cache / "clips.json").write_bytes(b"x")
    for name in ("../clips.json", "clips/scene-000.mp4", "k1.json", "k2.mp4"):
        assert not cache.drop_piece(name)
    assert cache.drop_piece("k1.mp4")
    assert cache.piece("k1") is None
