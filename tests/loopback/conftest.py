"""The server, and the bare SDK in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loopback.bare import Bare
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


@pytest.fixture(params=["vertex", "api-key"])
def mode(request: pytest.FixtureRequest) -> str:
    """Return one mode after the other."""
    return str(request.param)


@pytest.fixture
def bare(loopback: Loopback, mode: str) -> Bare:
    """Return the SDK in both modes, one after the other."""
    return Bare(loopback, mode)


@pytest.fixture
def vertex(loopback: Loopback) -> Bare:
    """Return the SDK for Vertex AI, in a region that has Veo."""
    return Bare(loopback, "vertex", location="us-central1")


@pytest.fixture
def keyed(loopback: Loopback) -> Bare:
    """Return the SDK with an API key."""
    return Bare(loopback, "api-key")


@pytest.fixture
def breaches(vendor: Vendor) -> Iterator[list[str]]:
    """Return the breaches of the protocol, which this test is about."""
    yield vendor.problems
    vendor.problems.clear()
