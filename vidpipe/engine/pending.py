"""Pending records: what stands between "made" and "recorded", so that a crash there never looks like a hand edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from vidpipe.engine.layout import is_target_name
from vidpipe.engine.record import Record, load_json, record_from
from vidpipe.errors import BrokenFileError
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.store import Store


@dataclass(frozen=True, slots=True)
class Pending:
    """A target between "made" and "recorded": the record to be, its draft, and the digest of the file it replaces."""

    record: Record
    draft: str
    judged: str | None


def read_pending(path: Path) -> Pending | None:
    """Read a pending record. Raises BrokenFileError."""
    value = load_json(path)
    if value is None:
        return None
    record, draft, judged = value.get("record"), value.get("draft"), value.get("judged")
    named = isinstance(draft, str) and "/" not in draft and is_target_name(draft)
    if not isinstance(record, dict) or not named or not (judged is None or isinstance(judged, str)):
        raise BrokenFileError(f"{shown_path(path)}: not readable as a pending record of vidpipe; remove it to go on")
    return Pending(record_from(record, path), cast("str", draft), judged)


def write_pending(store: Store, pending: Pending) -> None:
    """Write down that a draft is about to take a target's place."""
    record = replace(pending.record, stamp=None)
    value: dict[str, Json] = {"record": record.to_json(), "draft": pending.draft, "judged": pending.judged}
    store.write(store.layout.pending(record.target), value)
