"""A project without credentials, and what nobody may do or tell in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loopback.oauth import private_key
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from tests.doctor.clinic import PROXIES, UNWANTED, WAYS, Clinic


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Clinic]:
    """Return a project without credentials; a billed call, a breach of the protocol and a told secret fail the test."""
    for name in (*UNWANTED, *WAYS, *PROXIES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda _self, *_given, **_named: None)
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path)
    vendor = Vendor()
    with Loopback(vendor) as server:
        clinic = Clinic(tmp_path, vendor, server.base, monkeypatch, capsys)
        yield clinic
    assert vendor.problems == []
    assert vendor.accepted == []
    secrets = (vendor.key, vendor.token, *private_key().splitlines()[1:3])
    assert [secret for secret in secrets if any(secret in text for text in clinic.told)] == []
