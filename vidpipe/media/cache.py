"""What a film took work to find out or to encode, kept for the next build of it.

Everything here can be made again, and nothing is believed because it lies here: what is known of a clip stands under
the digest of the clip and is sealed with its own; a piece has a sealed note beside it that holds the digest of its
bytes, and whoever reads the piece holds it against that. An entry that is torn, damaged or of another version counts as
missing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.files import fsync_directory, make_directory, read_file, refuse_detour, remove_whole, write_file
from vidpipe.media.edit import Source
from vidpipe.media.plain import a_bool, a_text, an_object, canonical
from vidpipe.media.samples import Probed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from vidpipe.media.plain import Json

PROBE_VERSION = 3
"""To be raised whenever probing finds out something else about the same clip."""
LARGEST = 256 << 20
"""Bytes of an entry: of a hundred clips with as many frames as a clip may have, and half as much again."""
_CLIPS = "clips.json"
_PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class Piece:
    """Pictures that stand in the film packet by packet: a clip, or a piece that was encoded for it."""

    source: Source
    probed: Probed

    def to_json(self) -> Json:
        """Return the form for workers."""
        return {"source": self.source.to_json(), "probed": self.probed.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> Piece:
        """Read that form. Raises ValueError for anything else."""
        found = an_object(value)
        return cls(Source.from_json(found["source"]), Probed.from_json(found["probed"]))


class Cache:
    """The cache of one film in `folder`; `scratch` is a folder on the same file system for drafts.

    `versions` says what made its entries; those of others are not used. One build at a time may use it.
    """

    def __init__(self, folder: Path, scratch: Path, versions: Json) -> None:
        self._folder = folder
        self._scratch = scratch
        self._versions: Json = {"probe": PROBE_VERSION, "libraries": versions}
        self._clips, self._pairs = self._read_clips()
        self._saved = dict(self._clips), dict(self._pairs)

    def clip(self, digest: str) -> Probed | None:
        """Return what is known of the clip with this digest."""
        return self._clips.get(digest)

    def keep_clip(self, digest: str, probed: Probed) -> None:
        """Remember a clip until `prune` writes it down: to probe it again after a crash costs little."""
        self._clips[digest] = probed

    def meet(self, before: str, after: str) -> bool | None:
        """Return whether the clip of one digest ends on the picture that the other's begins with, where known."""
        return self._pairs.get(f"{before} {after}")

    def keep_meet(self, before: str, after: str, verdict: bool) -> None:
        """Remember that until `prune` writes it down."""
        self._pairs[f"{before} {after}"] = verdict

    def piece(self, key: str) -> Piece | None:
        """Return the piece of this key; its bytes are proved by `Source.read`."""
        found = _unsealed(self._path(key, "json"))
        path = self._path(key, "mp4")
        if found is None or not path.is_file():
            return None
        try:
            return Piece(Source(path.name, path, a_text(found["digest"])), Probed.from_json(found["probed"]))
        except (KeyError, ValueError):
            return None

    def keep_piece(self, key: str, draft: Path, digest: str, probed: Probed) -> Piece:
        """Move a synced draft to its place and write its note, which makes it count, last."""
        path = self._path(key, "mp4")
        refuse_detour(path.parent)
        make_directory(path.parent)
        if path.is_dir():
            remove_whole(path)
        draft.replace(path)
        probed = probed.called(path.name)
        self._seal(self._path(key, "json"), {"digest": digest, "probed": probed.to_json()})
        return Piece(Source(path.name, path, digest), probed)

    def drop_piece(self, name: str) -> bool:
        """Remove the piece that messages call `name`; False where there is none."""
        path = self._folder / _PIECES / name
        if path.suffix != ".mp4" or path.parent != self._folder / _PIECES or not path.with_suffix(".json").exists():
            return False
        for each in (path.with_suffix(".json"), path):
            remove_whole(each)
        return True

    def prune(self, clips: Collection[str], keys: Collection[str]) -> None:
        """Keep what is known of these clips and the pieces of these keys, and nothing else."""
        kept = {digest: self._clips[digest] for digest in sorted(clips) if digest in self._clips}
        pairs = {pair: verdict for pair, verdict in sorted(self._pairs.items()) if set(pair.split()) <= set(kept)}
        if (kept, pairs) != self._saved:
            notes = {digest: probed.to_json() for digest, probed in kept.items()}
            self._seal(self._folder / _CLIPS, {"versions": self._versions, "clips": notes, "meet": pairs})
        self._clips, self._pairs, self._saved = kept, pairs, (dict(kept), dict(pairs))
        gone = [path for path in self._pieces() if path.stem not in keys]
        for path in gone:
            remove_whole(path)
        if gone:
            fsync_directory(self._folder / _PIECES)

    def _pieces(self) -> Iterator[Path]:
        folder = self._folder / _PIECES
        refuse_detour(folder)
        return folder.iterdir() if folder.is_dir() else iter(())

    def _path(self, key: str, ending: str) -> Path:
        return self._folder / _PIECES / f"{key}.{ending}"

    def _read_clips(self) -> tuple[dict[str, Probed], dict[str, bool]]:
        found = _unsealed(self._folder / _CLIPS)
        try:
            if found is None or found["versions"] != self._versions:
                return {}, {}
            clips = {digest: Probed.from_json(value) for digest, value in an_object(found["clips"]).items()}
            return clips, {pair: a_bool(value) for pair, value in an_object(found["meet"]).items()}
        except (KeyError, ValueError):
            return {}, {}

    def _seal(self, path: Path, value: Json) -> None:
        content = canonical(value)
        seal = hashlib.sha256(content).hexdigest().encode()
        for folder in (path.parent, self._scratch):
            refuse_detour(folder)
        if path.is_dir():
            remove_whole(path)
        write_file(path, seal + b"\n" + content + b"\n", scratch=self._scratch)


def _unsealed(path: Path) -> dict[str, Json] | None:
    """Return what a sealed file says; None where it is missing, or anything but what was written."""
    try:
        seal, _, content = read_file(path, LARGEST).partition(b"\n")
        content = content.removesuffix(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != seal:
            return None
        found = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
