"""What of a film has to be encoded, and what each such piece is made of. Pure data; `pieces` does the encoding.

A piece depends on its recipe alone: it is kept in the cache under the digest of that, whatever film it was made for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.media.plain import a_list, a_text, an_int, an_object, canonical
from vidpipe.media.timeline import Caption, Fade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidpipe.media.edit import Edit
    from vidpipe.media.plain import Json
    from vidpipe.media.samples import Probed
    from vidpipe.media.timeline import Part, Placed, Timeline

RECIPE_VERSION = 2
"""To be raised whenever pieces come out differently: by the encoder's settings, or its filters."""


@dataclass(frozen=True, slots=True)
class Side:
    """Pictures of the clip with this digest, from frame `start` on; from frame `shown` on the one before is held."""

    digest: str
    start: int
    shown: int

    def to_json(self) -> Json:
        """Return the form for workers and keys."""
        return [self.digest, self.start, self.shown]

    @classmethod
    def from_json(cls, value: Json) -> Side:
        """Read that form. Raises ValueError for anything else."""
        digest, start, shown = a_list(value)
        return cls(a_text(digest), an_int(start), an_int(shown))


@dataclass(frozen=True, slots=True)
class Recipe:
    """One piece: `frames` frames of `size` (width, height), of one clip, or of two that fade into each other.

    `captions` are drawn into the pictures; they count frames from the beginning of the piece.
    """

    size: tuple[int, int]
    frames: int
    first: Side
    second: Side | None = None
    transition: str = ""
    captions: tuple[Caption, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the form for workers and keys."""
        return {
            "size": list(self.size),
            "frames": self.frames,
            "first": self.first.to_json(),
            "second": None if self.second is None else self.second.to_json(),
            "transition": self.transition,
            "captions": [[each.start, each.stop, each.text] for each in self.captions],
        }

    @classmethod
    def from_json(cls, value: Json) -> Recipe:
        """Read that form. Raises ValueError for anything else."""
        found = an_object(value)
        width, height = a_list(found["size"])
        return cls(
            (an_int(width), an_int(height)),
            an_int(found["frames"]),
            Side.from_json(found["first"]),
            None if found["second"] is None else Side.from_json(found["second"]),
            a_text(found["transition"]),
            tuple(_caption(row) for row in a_list(found["captions"])),
        )

    def key(self, versions: Json, look: Json = None) -> str:
        """Return the hex sha256 that the piece is kept under.

        `versions` are those of the encoder; `look` is all that decides how captions look, if there are any.
        """
        whole = {"recipe_version": RECIPE_VERSION, "versions": versions, **self.to_json()}
        return hashlib.sha256(canonical(whole | ({"look": look} if self.captions else {}))).hexdigest()


def _caption(row: Json) -> Caption:
    start, stop, text = a_list(row)
    return Caption(an_int(start), an_int(stop), a_text(text))


def recipes(edit: Edit, timeline: Timeline, clips: Sequence[Probed]) -> tuple[Recipe | None, ...]:
    """Return the recipe of every part of the film, None where that is a clip whose packets are taken as they are.

    So only a whole clip is copied. One that is faded at one end is encoded from end to end of its body, because a
    generated clip can be decoded from its first frame only.
    """
    return tuple(
        None if _is_copied(edit, timeline, clips, part) else _recipe(edit, timeline, part) for part in timeline.parts
    )


def _is_copied(edit: Edit, timeline: Timeline, clips: Sequence[Probed], part: Part) -> bool:
    placed, clip = timeline.segments[part.segment], clips[part.segment]
    whole = not isinstance(part, Fade) and part.frames == placed.frames == placed.clip_frames == clip.info.frames
    return whole and not clip.why_encoded(edit.size) and not _drawn(edit, timeline, part)


def _recipe(edit: Edit, timeline: Timeline, part: Part) -> Recipe:
    def side(number: int, start: int) -> Side:
        return Side(edit.segments[number].clip.digest, start, timeline.segments[number].clip_frames)

    captions = _drawn(edit, timeline, part)
    first = side(part.segment, part.start)
    if isinstance(part, Fade):
        return Recipe(edit.size, part.frames, first, side(part.segment + 1, 0), part.transition, captions)
    return Recipe(edit.size, part.frames, first, captions=captions)


def _drawn(edit: Edit, timeline: Timeline, part: Part) -> tuple[Caption, ...]:
    """Return the captions that are seen in a part, on its own frames."""
    if not edit.burn:
        return ()
    begin = timeline.segments[part.segment].start + part.start
    shown = timeline.segments[part.segment : part.segment + (2 if isinstance(part, Fade) else 1)]
    return tuple(_within(shown, begin, part.frames))


def _within(shown: Sequence[Placed], begin: int, frames: int) -> Iterator[Caption]:
    for placed in shown:
        for caption in placed.captions:
            start, stop = max(0, caption.start - begin), min(frames, caption.stop - begin)
            if start < stop:
                yield Caption(start, stop, caption.text)
