"""The cache of a film lies in a folder that may come from anybody: whatever stands in it is right, or made again."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.edits import info
from tests.media.test_cache import CONTENT, PROBED, Folder
from vidpipe.files import make_directory
from vidpipe.media.cache import PROBE_VERSION
from vidpipe.media.clip_json import clip_to_json
from vidpipe.media.plain import canonical
from vidpipe.media.samples import Probed, Samples
from vidpipe.media.sound.store import Store

if TYPE_CHECKING:
    from vidpipe.media.plain import Json

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ODD: st.SearchStrategy[object] = (
    st.sampled_from([-1, 0, 10**30, "1e999999999", "1/0", "-1/24", "", None, True, [], {}, "00"]) | ANY_JSON
)
KNOWN: Json = {
    "versions": {"probe": PROBE_VERSION, "libraries": {"av": "1"}},
    "clips": {"aa": PROBED.to_json()},
    "meet": {},
}
SOUND = np.ones((2, 5), np.float32)


def sealed(content: bytes) -> bytes:
    """Return what a stranger can write just as well as vidpipe."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content + b"\n"


def opened(content: bytes) -> Probed | None:
    """Return what is known of a clip by a cache with this content, which then has to be as good as any."""
    with TemporaryDirectory() as name:
        folder = Folder(Path(name))
        make_directory(folder.cache / "pieces")
        (folder.cache / "clips.json").write_bytes(content)
        (folder.cache / "pieces" / "k1.json").write_bytes(content)
        (folder.cache / "pieces" / "k1.mp4").write_bytes(CONTENT)
        cache = folder.open()
        cache.piece("k1")
        cache.meet("aa", "aa")
        found = cache.clip("aa")
        folder.keep("k1")
        cache.keep_clip("aa", PROBED)
        cache.prune({"aa"}, {"k1"})
        assert folder.open().clip("aa") == PROBED
        assert folder.open().piece("k1") is not None
        return found


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_any_bytes_are_no_entry(content: bytes) -> None:
    assert opened(content) is None


@given(ANY_JSON)
@settings(max_examples=40)
def test_any_sealed_value_is_no_entry(value: object) -> None:
    assert opened(sealed(json.dumps(value).encode())) is None


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b"{" * 200_000, b'{"versions":' * 100_000, b"1" * 5000, b'"\\ud800"', b"\xff", b"NaN"],
    ids=lambda content: content[:12].decode("latin-1"),
)
def test_sealed_depth_and_sealed_nonsense_are_no_entry(content: bytes) -> None:
    assert opened(sealed(content)) is None


@given(st.sampled_from(sorted(clip_to_json(PROBED.info))), ODD)
@settings(max_examples=150)
def test_a_sealed_clip_with_one_odd_value_is_no_entry_or_one_that_can_be_used(name: str, odd: object) -> None:
    value = json.loads(json.dumps(KNOWN))
    value["clips"]["aa"]["info"][name] = odd
    found = opened(sealed(json.dumps(value).encode()))
    if found is not None:
        assert min(found.info.film_frames, found.info.film_samples) > 0
        assert found.info.film_frames < 10**9
        found.why_encoded((1280, 720))


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("frames", 0),
        ("frames", 10**30),
        ("width", 0),
        ("height", -2),
        ("seconds", "0"),
        ("seconds", "9" * 30),
        ("seconds", "1e999999999"),
        ("step", "0"),
        ("time_base", "-1/24"),
        ("pixel_aspect", "1/0"),
        ("stream", -1),
        ("start", 10**30),
        ("sound", {"stream": 1, "codec": "aac", "rate": 0, "channels": 2}),
    ],
)
def test_a_sealed_clip_that_no_video_can_be_is_no_entry(name: str, odd: object) -> None:
    value = json.loads(json.dumps(KNOWN))
    value["clips"]["aa"]["info"][name] = odd
    assert opened(sealed(json.dumps(value).encode())) is None


def test_what_was_written_is_an_entry() -> None:
    assert opened(sealed(canonical(KNOWN))) == PROBED


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize("odd", [-1, 2.5, None, "1", True])
def test_packets_before_the_file_or_in_no_order_are_no_entry(column: int, odd: object) -> None:
    value = Probed(info(2), Samples((40, 90), (50, 20), (0, 1), (1, 0))).to_json()
    changed = json.loads(json.dumps(value))
    changed["samples"][column][0] = odd
    with pytest.raises(ValueError, match=r"."):
        Probed.from_json(changed)


def test_an_entry_of_terabytes_is_not_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    make_directory(folder.cache / "pieces")
    for name in ("clips.json", "pieces/k1.json"):
        with (folder.cache / name).open("wb") as file:
            file.truncate(4 << 40)  # without a byte on the disk; more than can be read
    (folder.cache / "pieces" / "k1.mp4").write_bytes(CONTENT)
    cache = folder.open()
    assert cache.clip("aa") is None
    assert cache.piece("k1") is None


@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_what_is_no_file_is_no_entry_and_makes_way(tmp_path: Path, kind: str) -> None:
    folder = Folder(tmp_path)
    make_directory(folder.cache / "pieces")
    places = [folder.cache / "clips.json", *(folder.cache / "pieces" / f"k1.{ending}" for ending in ("json", "mp4"))]
    (tmp_path / "mine").write_bytes(b"mine")
    for path in places:
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            make_directory(path / "deep")
        else:
            path.symlink_to(tmp_path / "mine")
    cache = folder.open()
    assert cache.piece("k1") is None
    cache.keep_clip("aa", PROBED)
    folder.keep("k1")
    cache.prune({"aa"}, {"k1"})
    assert folder.open().piece("k1") is not None
    assert folder.open().clip("aa") == PROBED
    assert (tmp_path / "mine").read_bytes() == b"mine"


def heard(folder: Path) -> bool:
    """Say whether the sound in a folder was found, and not made anew; either way it is right."""
    made = []

    def make() -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        made.append(1)
        return [SOUND]

    entry = Store(folder).get("k1", make, rows=5)
    assert np.array_equal(entry.read(), SOUND)
    return not made


def sound_file(rows: int, columns: int, content: bytes) -> bytes:
    """Return a sealed entry of sound, as anybody can write one."""
    seal = hashlib.sha256(hashlib.sha256(content).digest() + struct.pack("<QQ", rows, columns)).digest()
    return struct.pack("<8sQQ32s8x", b"vpsound\x01", rows, columns, seal) + content


@given(
    st.binary(max_size=120)
    | st.builds(
        sound_file,
        st.integers(0, 2**64 - 1) | st.integers(0, 6),
        st.integers(0, 2**64 - 1) | st.integers(0, 6),
        st.binary(max_size=60),
    )
)
@settings(max_examples=100)
def test_any_bytes_are_no_sound(content: bytes) -> None:
    with TemporaryDirectory() as name:
        (Path(name) / "k1").write_bytes(content)
        heard(Path(name))


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf")])
def test_sealed_sound_that_is_no_number_is_no_entry(tmp_path: Path, odd: float) -> None:
    samples = SOUND.T.copy()
    (tmp_path / "k1").write_bytes(sound_file(5, 2, samples.tobytes()))
    assert heard(tmp_path)
    samples[3, 1] = odd
    (tmp_path / "k1").write_bytes(sound_file(5, 2, samples.tobytes()))
    assert not heard(tmp_path)


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_sound_that_is_no_file_makes_way(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "k1") if kind == "pipe" else (tmp_path / "k1" / "deep").mkdir(parents=True)
    (tmp_path / "unused" / "deep").mkdir(parents=True)
    assert not heard(tmp_path)
    assert heard(tmp_path)
    store = Store(tmp_path)
    store.get("k1", lambda: [SOUND])
    store.remove_unused()
    assert [path.name for path in tmp_path.iterdir()] == ["k1"]


def test_a_folder_of_a_cache_that_was_exchanged_for_a_link_is_neither_emptied_nor_filled(tmp_path: Path) -> None:
    folder, elsewhere = Folder(tmp_path), tmp_path / "elsewhere"
    folder.keep("k1")
    cache = folder.open()
    cache.keep_clip("aa", PROBED)
    make_directory(elsewhere / "pieces")
    (elsewhere / "pieces" / "mine").write_bytes(b"mine")
    folder.cache.rename(tmp_path / "aside")
    folder.cache.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic link"):
        cache.prune({"aa"}, ())
    with pytest.raises(OSError, match="symbolic link"):
        folder.keep("k2")
    with pytest.raises(OSError, match="symbolic link"):
        Store(folder.cache / "pieces").remove_unused()
    with pytest.raises(OSError, match="symbolic link"):
        Store(folder.cache / "pieces").get("k1", lambda: [SOUND])
    assert [path.name for path in elsewhere.rglob("*")] == ["pieces", "mine"]
