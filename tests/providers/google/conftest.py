"""The real SDK and a loopback server that speaks Google's wire protocol: no key, no network, no waiting."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import certifi
import pytest

from tests.loopback.oauth import service_account
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from vidpipe.providers.google import open_provider
from vidpipe.providers.google.access import CREDENTIALS_FILE, KEYS, LOCATION, PROJECT, SWITCHES
from vidpipe.providers.google.client import Timeouts
from vidpipe.providers.registry import ProviderSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from vidpipe.providers.google import Google

T = TypeVar("T")

VEO = "veo-3.1-generate-001"
OMNI = "gemini-omni-1.1-flash"
GEMINI = "gemini-3.8-flash"
PAINTER = "gemini-3-pro-image"


@dataclass(frozen=True, slots=True)
class Rig:
    """A vendor, and a way to call him as the provider does."""

    vendor: Vendor
    base: str
    monkeypatch: pytest.MonkeyPatch
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def film(self) -> str:
        """The video model that this rig reaches."""
        return OMNI if os.environ.get("GEMINI_API_KEY") else VEO

    def with_login(self, folder: Path) -> None:
        """Put a service account's credentials into the environment, and Vertex AI on the loopback."""
        path = folder / "account.json"
        path.write_text(service_account(self.base), encoding="utf-8")
        self.monkeypatch.setenv(CREDENTIALS_FILE, str(path))
        self.monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", self.base)
        self.monkeypatch.setenv("STORAGE_EMULATOR_HOST", self.base)

    def with_key(self, key: str | None = None) -> None:
        """Put an API key into the environment, and the Gemini API on the loopback."""
        self.monkeypatch.setenv("GEMINI_API_KEY", key or self.vendor.key)
        self.monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", self.base)

    def run(self, deed: Callable[[Google], Awaitable[T]], *, timeouts: Timeouts | None = None, **settings: Any) -> T:
        """Open the provider, do something with it, and close it."""

        async def work() -> T:
            provider = open_provider(ProviderSettings(**(self.settings | settings)), timeouts or Timeouts())
            try:
                return await deed(provider)
            finally:
                await provider.close()

        return asyncio.run(work())


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of one certificate: every client loads all that there are, 25 ms each time, and none is needed."""
    end = "-----END CERTIFICATE-----\n"
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0]
    path = tmp_path_factory.mktemp("tls") / "one.pem"
    path.write_text(first + end, encoding="utf-8")
    return path


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, one_certificate: Path) -> Iterator[Rig]:
    """Return a rig without any credentials; whatever the vendor did not understand fails the test."""
    for name in (*KEYS, *SWITCHES, CREDENTIALS_FILE, PROJECT, LOCATION, "CLOUDSDK_CONFIG", "STORAGE_EMULATOR_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    vendor = Vendor()
    with Loopback(vendor) as server:
        yield Rig(vendor, server.base, monkeypatch)
    assert vendor.problems == []


@pytest.fixture
def vertex(rig: Rig, tmp_path: Path) -> Rig:
    """Return a rig that calls Vertex AI."""
    rig.with_login(tmp_path)
    return rig


@pytest.fixture
def keyed(rig: Rig) -> Rig:
    """Return a rig that calls with an API key."""
    rig.with_key()
    return rig


@pytest.fixture(params=["vertex", "keyed"])
def either(request: pytest.FixtureRequest, rig: Rig, tmp_path: Path) -> Rig:
    """Return a rig of each of the two services."""
    if request.param == "vertex":
        rig.with_login(tmp_path)
    else:
        rig.with_key()
    return rig
