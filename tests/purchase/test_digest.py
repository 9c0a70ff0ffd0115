"""What a request asks for is told by its digest."""

from __future__ import annotations

from dataclasses import replace

from vidpipe.providers.base import TextRequest
from vidpipe.purchase.books import request_digest


def test_the_digest_of_a_request_tells_every_part_of_it() -> None:
    request = TextRequest("s", "p", {"a": [1, 2]}, 0.7, "script", "style", 3, 4)
    changed = [
        replace(request, prompt="q"),
        replace(request, schema={"a": [1, 3]}),
        replace(request, schema={"a": [12]}),
        replace(request, temperature=0.6),
        replace(request, references=("mara",)),
        replace(request, script="style", style="script"),
    ]
    assert len({request_digest(each) for each in [request, replace(request), *changed]}) == 1 + len(changed)
