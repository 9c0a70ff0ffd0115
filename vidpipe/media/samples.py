"""Where the pictures of a file lie, byte for byte: found once by probing, so that a join needs no demuxer for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vidpipe.media.clip import why_not_copied
from vidpipe.media.clip_json import clip_from_json, clip_to_json
from vidpipe.media.plain import a_list, an_object, ints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vidpipe.media.clip import ClipInfo
    from vidpipe.media.plain import Json


@dataclass(frozen=True, slots=True)
class Samples:
    """The packets of a video in the order of decoding: the first byte of each in the file, and its length.

    `places` are those of their frames in the order of showing; `keys` says of each whether it is a key frame, 1 or 0.
    There are as many of each; of none, the packets cannot be taken from the file.
    """

    offsets: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.offsets)

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield offset, size, place and whether it is a key frame, packet by packet."""
        return zip(self.offsets, self.sizes, self.places, self.keys, strict=True)

    @classmethod
    def from_json(cls, value: Json) -> Samples:
        """Read the four lists. Raises ValueError for anything else."""
        offsets, sizes, places, keys = (ints(column) for column in a_list(value))
        if not len(offsets) == len(sizes) == len(places) == len(keys):
            raise ValueError("not as many of each")
        if min((*offsets, *sizes, *places), default=0) < 0 or set(keys) - {0, 1}:
            raise ValueError("not the packets of a video")
        return cls(offsets, sizes, places, keys)


@dataclass(frozen=True, slots=True)
class Probed:
    """What a video is, and where its packets lie."""

    info: ClipInfo
    samples: Samples

    def called(self, name: str) -> Probed:
        """Return the same of a file of another name."""
        return self if name == self.info.name else replace(self, info=replace(self.info, name=name))

    def why_encoded(self, size: tuple[int, int]) -> str:
        """Say in a user's words why a film of `size` cannot take the packets as they are; empty if it can."""
        reason = why_not_copied(self.info, size)
        return reason or ("" if self.samples else "its frames are stored in an unusual way")

    def to_json(self) -> dict[str, Json]:
        """Return the form for workers and the cache."""
        found = self.samples
        return {
            "info": clip_to_json(self.info),
            "samples": [found.offsets, found.sizes, found.places, found.keys],
        }

    @classmethod
    def from_json(cls, value: Json) -> Probed:
        """Read that form. Raises ValueError for anything else."""
        found = an_object(value)
        if found.keys() != {"info", "samples"}:
            raise ValueError("not a probed video")
        return cls(clip_from_json(an_object(found["info"])), Samples.from_json(found["samples"]))
