"""Previews, for a person and as JSON: where the film is, and which parts of it are the job's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.report.escape import visible, visible_lines
from vidpipe.report.jsonout import SCHEMA
from vidpipe.report.measures import count
from vidpipe.report.troubles import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.commands.preview import Preview
    from vidpipe.report.jsonout import Document
    from vidpipe.report.voice import Voice

KINDS = {"storyboard.json": "storyboard", "keyframes/": "keyframe", "narration/": "narration", "clips/": "clip"}


def previews(found: Sequence[Preview], voice: Voice, said: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of previews; `said` are the messages that came on the way, by job."""
    lines = []
    for one in found:
        film = shown_path(one.film) if one.film else "no preview"
        lines.append(f"{voice.paint('bold', visible(one.result.name))}  {visible(film)}")
        lines += [f"  {what}: {_listed(names)}" for what, names in (("from the job", one.real), ("drawn", one.drawn))]
        if one.conflicts:
            names = ", ".join(visible(name) for name in one.conflicts)
            lines.append(f"  in conflict, shown as it is (`vidpipe why` says more): {names}")
        messages = dict.fromkeys([*one.result.messages, *said.get(one.result.name, ())])
        lines += [f"  {line}" for message in messages for line in visible_lines(message)]
        if one.result.exit_code is not Exit.DONE:
            lines += [f"  {line}" for line in explained(one.result, voice)]
    return lines


def _listed(names: Sequence[str]) -> str:
    counts = {kind: sum(name.startswith(start) for name in names) for start, kind in KINDS.items()}
    told = [kind if kind == "storyboard" else count(number, kind) for kind, number in counts.items() if number]
    return ", ".join(told) or "nothing"


def of_previews(found: Sequence[Preview], code: int) -> Document:
    """Return the document of `preview`."""
    return {
        "schema": SCHEMA,
        "exit": code,
        "previews": [
            {
                "name": one.result.name,
                "film": shown_path(one.film) if one.film else None,
                "state": one.result.state.value,
                "real": list(one.real),
                "drawn": list(one.drawn),
                "conflicts": list(one.conflicts),
                "messages": list(one.result.messages),
            }
            for one in found
        ],
    }
