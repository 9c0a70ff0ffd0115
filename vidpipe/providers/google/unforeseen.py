"""What nobody foresaw in an answer: the operation that it is about stays open, for it has been paid for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.google.answers import story
from vidpipe.providers.google.line import TOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def left_open(hide: Callable[[str], str]) -> Iterator[None]:
    """Raise NotAcceptedError for whatever else goes wrong with an answer to a free request; OSErrors are the disk's."""
    try:
        yield
    except (*TOLD, OSError):
        raise
    except Exception as error:
        raise NotAcceptedError(f"its answer is none that vidpipe can work with ({story(error, hide)})") from None
