"""Encode pieces of a film from their recipes: a body, a fade, a clip in another form, a last picture that is held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, repeat
from typing import TYPE_CHECKING

from vidpipe.media.clip_json import clip_from_json
from vidpipe.media.crossfade import faded
from vidpipe.media.decode import film_frames
from vidpipe.media.edit import Source
from vidpipe.media.encode import Encoder
from vidpipe.media.plain import an_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import av

    from vidpipe.media.captions.style import Style
    from vidpipe.media.clip import ClipInfo
    from vidpipe.media.plain import Json
    from vidpipe.media.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that pieces are made of."""

    source: Source
    info: ClipInfo

    def frames(self, size: tuple[int, int], start: int, shown: int) -> Iterator[av.VideoFrame]:
        """Yield its frames in the form of a film of `size`, from `start` on; frame `shown` - 1 again and again."""
        first = min(start, shown - 1)
        last: av.VideoFrame | None = None
        for last in film_frames(self.source.read(), self.info, size, start=first, stop=shown):
            yield last
        assert last is not None  # film_frames yields all frames that were counted, or raises
        yield from repeat(last)

    @classmethod
    def from_json(cls, value: Json) -> Clip:
        """Read what a worker is told of it. Raises ValueError for anything else."""
        found = an_object(value)
        return cls(Source.from_json(found["source"]), clip_from_json(found["info"]))


def make_pieces(
    recipes: Sequence[Recipe], paths: Sequence[Path], clips: Mapping[str, Clip], style: Style | None = None
) -> Iterator[Path]:
    """Encode pieces that follow each other in one clip, which is decoded once, and yield each path when it is there.

    `clips` are by their digests; `style` is the type of captions, if there are any. Equal recipes give equal bytes,
    alone or one after another.
    Raises BrokenFileError where a clip cannot be decoded, SourceChangedError where it is another one by now.
    """
    first = recipes[0].first
    frames = clips[first.digest].frames(recipes[0].size, first.start, first.shown)
    place = first.start
    for recipe, path in zip(recipes, paths, strict=True):
        if recipe.first != replace(first, start=place):
            raise ValueError(f"{path.name}: a piece that does not follow the one before it")
        pictures = _pictures(recipe, islice(frames, recipe.frames), clips)
        if recipe.captions:
            pictures = _captioned(pictures, recipe, style)
        encode_piece(pictures, path, recipe.size, recipe.frames)
        place += recipe.frames
        yield path


def _pictures(recipe: Recipe, frames: Iterable[av.VideoFrame], clips: Mapping[str, Clip]) -> Iterable[av.VideoFrame]:
    second = recipe.second
    if second is None:
        return frames
    after = clips[second.digest].frames(recipe.size, second.start, second.shown)
    return faded(frames, islice(after, recipe.frames), recipe.frames, recipe.size, recipe.transition)


def _captioned(frames: Iterable[av.VideoFrame], recipe: Recipe, style: Style | None) -> Iterator[av.VideoFrame]:
    from vidpipe.media.captions.burn import burned

    if style is None:
        raise ValueError("captions need a type to be set in")
    for number, frame in enumerate(frames):
        yield burned(frame, number, recipe.captions, style)


def encode_piece(frames: Iterable[av.VideoFrame], path: Path, size: tuple[int, int], count: int) -> None:
    """Write exactly `count` frames of the film to `path`, without sound, as every piece of a film is encoded.

    Raises RuntimeError where the frames are fewer or more.
    """
    with Encoder(path, size, audio=False) as encoder:
        for frame in frames:
            encoder.write_frame(frame)
        if encoder.frames != count:
            raise RuntimeError(f"{path.name}: {encoder.frames} frames were made where {count} were planned")
