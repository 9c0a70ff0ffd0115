"""What an answer that nobody understands looks like, in one line that a message can quote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 400
LONGEST_TEXT = 80
DEEPEST = 6


def described(answer: Any, hide: Callable[[str], str]) -> str:
    """Return an answer as short JSON: no empty fields, long texts cut (a picture in base64 is one).

    `hide` takes secrets out of a text, before it is cut: half of a secret is one too, and would not be found.
    """
    dump = getattr(answer, "model_dump", None)
    fields = dump(exclude_none=True) if callable(dump) else vars(answer)
    text = json.dumps(_shortened(fields, hide, DEEPEST), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _shortened(value: object, hide: Callable[[str], str], depth: int) -> object:
    if isinstance(value, dict) and depth:
        return {hide(str(name)): _shortened(part, hide, depth - 1) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple) and depth:
        return [_shortened(part, hide, depth - 1) for part in value]
    if isinstance(value, bool | int | float):
        return value
    text = f"{len(value)} bytes" if isinstance(value, bytes) else hide(str(value))
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
