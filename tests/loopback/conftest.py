"""The server, and the bare SDK in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """Return the vendor; what his services would not have understood fails the test."""
    vendor = Vendor()
    yield vendor
    assert vendor.problems == []


@pytest.fixture
def loopback(vendor: Vendor) -> Iterator[Loopback]:
    """Return the running server."""
    with Loopback(vendor) as server:
        yield server
