"""Put copies of what a job has into its preview, and take out those of an earlier preview: nothing beyond them."""

from __future__ import annotations

import os
from shutil import copyfileobj
from typing import TYPE_CHECKING

from vidpipe.engine.layout import is_target_name
from vidpipe.engine.links import check_place
from vidpipe.engine.record import load_json
from vidpipe.files import make_directory, open_regular, put, remove_file, sha256_file, temporary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vidpipe.engine.layout import Layout
    from vidpipe.engine.store import Store

NOTES = "copies.json"


def place_copies(shown: Mapping[str, Path], store: Store) -> None:
    """Make copies of the job's files stand in the preview, and of no others that stood there as copies before.

    They have no records, so the engine takes them for the user's own, whatever they were made for.
    """
    layout = store.layout
    make_directory(layout.scratch)
    notes = layout.private / NOTES
    before = copied(notes)
    store.write(notes, {"copies": sorted({*before, *shown})})
    for name in {*before, *shown}:
        _remove(layout, layout.record(name))
    for name in before:
        if name not in shown:
            _remove(layout, layout.target(name))
    for name, path in shown.items():
        target = layout.target(name)
        check_place(layout, target)
        if not target.is_file() or sha256_file(target) != sha256_file(path):
            _place_copy(path, layout, target)
    store.write(notes, {"copies": sorted(shown)})


def copied(notes: Path) -> list[str]:
    """Return the targets that stood in a preview as copies: its notes can speak of no other files."""
    known = (load_json(notes) or {}).get("copies")
    named = known if isinstance(known, list) else []
    return [name for name in named if isinstance(name, str) and is_target_name(name)]


def _remove(layout: Layout, path: Path) -> None:
    check_place(layout, path)
    remove_file(path)


def _place_copy(source: Path, layout: Layout, target: Path) -> None:
    """Copy a file to its place, where it appears whole or not at all; nothing is read or written through a new link."""
    part = temporary(layout.scratch, target.name)
    check_place(layout, part)
    try:
        with open_regular(source) as original, part.open("xb") as copy:
            copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        for place in (part, target):  # copying takes a while
            check_place(layout, place)
        make_directory(target.parent)
        put(part, target)
    finally:
        part.unlink(missing_ok=True)
