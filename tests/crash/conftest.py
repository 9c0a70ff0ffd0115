"""A studio whose runs are broken off: no worker processes, for what they write is to be counted and torn like the rest.

Pictures are small; the key and the SDK's models are read once, not in every child.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from cryptography.hazmat.primitives import serialization
from google.genai._gaos.utils import serializers

from tests.crash.steady import QuietLoopback, SteadyVendor
from tests.google.conftest import mode, studio
from tests.loopback import media
from tests.media.here import Here
from vidpipe.media import frame
from vidpipe.media.worker import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["mode", "studio"]

SMALL = (128, 72)
_models: dict[str, object] = {}
_load_key = cache(serialization.load_pem_private_key)


@pytest.fixture
def loopback() -> QuietLoopback:
    """Return a server who answers alike, and whose clients may be killed."""
    return QuietLoopback(SteadyVendor())


@pytest.fixture(autouse=True, scope="module")
def _in_one_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "_pool", Here())
        yield


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frame._LONG_AND_SHORT, "720p", SMALL)
    monkeypatch.setitem(media.SIZES, ("16:9", "720p"), SMALL)
    monkeypatch.setitem(media.PICTURE, "16:9", SMALL)
    monkeypatch.setattr(media, "shades", 32)
    monkeypatch.setattr(serialization, "load_pem_private_key", _load_key)

    def create_model(*given: Any, **fields: Any) -> object:
        key = repr((given, fields))
        if key not in _models:
            _models[key] = pydantic.create_model(*given, **fields)
        return _models[key]

    monkeypatch.setattr(serializers, "create_model", create_model, raising=False)
