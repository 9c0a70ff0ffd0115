"""What a film is joined of, from the cache or made now: what its clips are, and pieces that had to be encoded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from vidpipe.media.cache import Cache
from vidpipe.media.clip_json import clip_to_json
from vidpipe.media.plain import a_bool, a_list, a_text, an_object
from vidpipe.media.samples import Probed
from vidpipe.media.worker.failure import WorkerError, nonsense

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TypeVar

    from vidpipe.media.cache import Piece
    from vidpipe.media.edit import Source
    from vidpipe.media.plain import Json
    from vidpipe.media.recipe import Recipe

    _Item = TypeVar("_Item")
    _Found = TypeVar("_Found")
    _Keyed = tuple[str, Recipe]

AT_ONCE = 2
"""Tasks that run side by side, each with one thread: x264's output depends on the number of its threads, and two tasks
use two cores better than two threads of one do."""
_SLOWEST = 1e-6
"""Seconds for a pixel that is decoded and encoded: thirty times what a slow machine takes."""
_LEAST = 600.0


class Calls(Protocol):
    """What does the tasks (`worker.tasks`): a pool of processes, or this very process."""

    def call(
        self,
        task: str,
        arguments: Mapping[str, Json],
        *,
        name: str,
        seconds: float | None = ...,
        stop: Callable[[], bool] = ...,
    ) -> Json:
        """Return what a task makes of its arguments within `seconds`; `name` is the file that a message is to name."""


class Supply:
    """The clips of one film, by digest, and everything that is made of them. The arguments are those of `build_film`.

    `encoded` counts the pieces that were not in the cache.
    """

    def __init__(
        self, sources: Iterable[Source], cache: Path, scratch: Path, workers: Calls, stop: Callable[[], bool]
    ) -> None:
        self.encoded = 0
        self._sources = {source.digest: source for source in sources}
        self._scratch = scratch
        self._workers = workers
        self._stop = stop
        self._versions = self.call("versions", {}, "FFmpeg")
        self.cache = Cache(cache, scratch, self._versions)

    def call(self, task: str, arguments: Mapping[str, Json], name: str, seconds: float | None = None) -> Json:
        """Have a task done; `seconds` is far more than it needs. Raises StoppedError where nobody wants it any more."""
        return self._workers.call(task, arguments, name=name, seconds=seconds, stop=self._stop)

    def probe(self) -> None:
        """Find out what every clip is that the cache does not know."""
        new = [source for digest, source in self._sources.items() if self.cache.clip(digest) is None]
        for source, probed in zip(new, self._side_by_side(self._probe, new), strict=True):
            self.cache.keep_clip(source.digest, probed)

    def _probe(self, source: Source) -> Probed:
        with _answer_about(source.name):
            return Probed.from_json(self.call("clip", {"source": source.to_json()}, source.name))

    def clip(self, source: Source) -> Probed:
        """Return what a clip is, after `probe`."""
        probed = self.cache.clip(source.digest)
        assert probed is not None
        return probed.called(source.name)

    def meet(self, pairs: Iterable[tuple[Source, Source]]) -> dict[tuple[str, str], bool]:
        """Say of pairs of clips, by digests, whether the first ends on the picture that the second begins with."""
        wanted = {(before.digest, after.digest): (before, after) for before, after in pairs}
        new = [pair for digests, pair in wanted.items() if self.cache.meet(*digests) is None]
        for (before, after), verdict in zip(new, self._side_by_side(self._meet, new), strict=True):
            self.cache.keep_meet(before.digest, after.digest, verdict)
        return {digests: bool(self.cache.meet(*digests)) for digests in wanted}

    def _meet(self, pair: tuple[Source, Source]) -> bool:
        before, after = (self._told(source) for source in pair)
        name = pair[0].name
        with _answer_about(name):
            return a_bool(self.call("meet", {"before": before, "after": after}, name))

    def _told(self, source: Source) -> Json:
        return {"source": source.to_json(), "info": clip_to_json(self.clip(source).info)}

    def keys(self, recipes: Sequence[Recipe | None], look: Json) -> list[str | None]:
        """Return the keys of recipes; `look` is all that decides how captions look."""
        return [None if recipe is None else recipe.key(self._versions, look) for recipe in recipes]

    def pieces(self, recipes: Sequence[Recipe | None], keys: Sequence[str | None], style: Json) -> list[Piece | None]:
        """Return the piece of every recipe, encoded now where the cache has none; `style` is the type of captions."""
        wanted = {key: recipe for key, recipe in zip(keys, recipes, strict=True) if key is not None and recipe}
        found = {key: piece for key in wanted if (piece := self.cache.piece(key)) is not None}
        missing = [(key, recipe) for key, recipe in wanted.items() if key not in found]
        for made in self._side_by_side(lambda group: self._encode(group, style), _in_a_row(missing)):
            found.update(made)
        self.encoded += len(missing)
        return [None if key is None else found[key] for key in keys]

    def _encode(self, group: Sequence[_Keyed], style: Json) -> list[tuple[str, Piece]]:
        paths = [self._scratch / f"{key}.mp4" for key, _ in group]
        sides = [side for _, recipe in group for side in (recipe.first, recipe.second) if side is not None]
        sources = {side.digest: self._sources[side.digest] for side in sides}
        arguments: dict[str, Json] = {
            "recipes": [recipe.to_json() for _, recipe in group],
            "paths": [str(path) for path in paths],
            "clips": {digest: self._told(source) for digest, source in sources.items()},
            "style": style,
        }
        seconds = sum(_SLOWEST * recipe.frames * recipe.size[0] * recipe.size[1] for _, recipe in group)
        name = self._sources[sides[0].digest].name
        with _answer_about(name):
            answers = [an_object(each) for each in a_list(self.call("pieces", arguments, name, _LEAST + seconds))]
            made = [(a_text(each["digest"]), Probed.from_json(each["probed"])) for each in answers]
            drafts = [(key, path, *each) for (key, _), path, each in zip(group, paths, made, strict=True)]
        return [(key, self.cache.keep_piece(key, path, digest, probed)) for key, path, digest, probed in drafts]

    def _side_by_side(self, work: Callable[[_Item], _Found], items: Sequence[_Item]) -> list[_Found]:
        """Do the work for every item, a few at once; after an error no more are begun."""
        if not items:
            return []
        with ThreadPoolExecutor(min(AT_ONCE, len(items))) as pool:
            try:
                return list(pool.map(work, items))
            finally:
                pool.shutdown(cancel_futures=True)


@contextmanager
def _answer_about(name: str) -> Iterator[None]:
    """Blame the file, and no bug, for a worker's answer that is none: only a decoder that went wild gives one."""
    try:
        yield
    except (KeyError, ValueError) as error:
        raise WorkerError(name, nonsense(str(error))) from error


def _in_a_row(missing: Iterable[_Keyed]) -> list[list[_Keyed]]:
    """Group pieces that follow each other in one clip, so that it is decoded once for them."""
    groups: list[list[_Keyed]] = []
    for key, recipe in missing:
        last = groups[-1][-1][1] if groups else None
        if last and replace(last.first, start=last.first.start + last.frames) == recipe.first:
            groups[-1].append((key, recipe))
        else:
            groups.append([(key, recipe)])
    return groups
