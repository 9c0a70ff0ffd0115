"""Stamps and digests: when a file counts as what it was."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from vidpipe.index.evidence import Source, Sources, is_settled, stamp_of

if TYPE_CHECKING:
    from pathlib import Path

SECOND = 10**9


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a source file of two bytes."""
    path = tmp_path.resolve() / "spec.yaml"
    path.write_bytes(b"it")
    return path


@pytest.mark.parametrize(("settled", "trusted"), [(True, True), (False, False)])
def test_an_equal_stamp_proves_equal_bytes_only_where_it_had_settled(
    source: Path, settled: bool, trusted: bool
) -> None:
    assert Sources().holds(str(source), Source("another digest", stamp_of(source.stat()), settled)) is trusted


def test_another_stamp_is_forgiven_where_size_and_digest_are_equal(source: Path) -> None:
    digest = hashlib.sha256(b"it").hexdigest()
    assert Sources().holds(str(source), Source(digest, [2, 0, 0, 0], True))
    assert not Sources().holds(str(source), Source(digest, [3, 0, 0, 0], True))
    assert not Sources().holds(str(source), Source("another digest", [2, 0, 0, 0], True))


def test_a_stamp_settles_two_seconds_after_the_last_change() -> None:
    assert is_settled([0, 5 * SECOND, 0, 0], 7 * SECOND + 1)
    assert not is_settled([0, 5 * SECOND, 0, 0], 7 * SECOND)
    assert not is_settled([0, 9 * SECOND, 0, 0], 7 * SECOND)


def test_a_file_behind_a_link_is_no_plain_file(source: Path) -> None:
    link = source.parent / "link"
    link.symlink_to(source.parent)
    assert Sources().is_plain(str(source))
    assert not Sources().is_plain(f"{link}/spec.yaml")
    with pytest.raises(ValueError, match="no plain file"):
        Sources().stamp(str(source.parent))
