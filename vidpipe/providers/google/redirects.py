"""Redirects: a download may follow one; what orders something may not, for who redirects it may have taken it before.

Followed, it would be sent a second time (307, 308), perhaps to another server, or what comes of asking elsewhere would
be taken for its answer (301, 302, 303).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vidpipe.redact import redacted
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from httpx2 import Response

LOOKING = frozenset({"GET", "HEAD"})
"""Methods by which nothing is ordered, so that they may be repeated elsewhere."""


class RedirectedError(Exception):
    """A server sent on elsewhere what is not to be sent twice; the message says where to."""


async def refuse_redirect(response: Response) -> None:
    """Raise RedirectedError where a request that orders something is redirected, before anything follows it."""
    if response.request.method not in LOOKING and response.has_redirect_location:
        raise RedirectedError(f"redirected with {response.status_code} to {whither(response.headers['location'])}")


def whither(location: str) -> str:
    """Name the server that a redirect leads to, and nothing else of its address: that may hold what opens it."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        return "an address that cannot be read"
    return shown_text(redacted(host)) if host else "another path of the same server"
