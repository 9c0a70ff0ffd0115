"""A project that the doctor is asked about, and the vendor whom the doctor asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.loopback.oauth import service_account
from vidpipe.__main__ import main
from vidpipe.commands.doctor import doctor
from vidpipe.providers.google.access import CREDENTIALS_FILE, KEYS, LOCATION, PROJECT, SWITCHES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.loopback.vendor import Vendor
    from vidpipe.doctor.finding import Diagnosis

OMNI = "google:gemini-omni-1.1-flash"
LITE = "google:veo-3.1-lite-generate-001"
SERVERS = ("GOOGLE_VERTEX_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
UNWANTED = (*KEYS, *SWITCHES, *SERVERS, CREDENTIALS_FILE, PROJECT, LOCATION, "CLOUDSDK_CONFIG", "STORAGE_EMULATOR_HOST")
WAYS = ("VIDPIPE_DIR", "VIDPIPE_JOBS", "VIDPIPE_POLL_SECONDS", "VIDPIPE_WAIT_SECONDS", "VIDPIPE_IN_FLIGHT")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(slots=True)
class Clinic:
    """A project, the vendor who is asked, and everything that was told."""

    root: Path
    vendor: Vendor
    base: str
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    told: list[str] = field(default_factory=list)

    def spec(self, name: str = "pier", **keys: object) -> None:
        """Write specs/NAME.yaml."""
        text = yaml.safe_dump({"script": "Waves beat on the old pier.", "scenes": 1, "seconds": 4} | keys)
        (self.root / "specs" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def with_key(self, key: str | None = None) -> None:
        """Use an API key, and film with Omni."""
        self.monkeypatch.setenv("GEMINI_API_KEY", key or self.vendor.key)
        self.monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", self.base)
        self.spec(provider="google", models={"video": OMNI})

    def with_login(self) -> None:
        """Use a service account on Vertex AI, and film with Veo."""
        path = self.root / "account.json"
        path.write_text(service_account(self.base), encoding="utf-8")
        self.monkeypatch.setenv(CREDENTIALS_FILE, str(path))
        self.monkeypatch.setenv(PROJECT, self.vendor.project)
        self.monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", self.base)
        self.spec(provider="google", models={"video": LITE})

    def ask(self, **asked: Any) -> Diagnosis:
        """Run the command's function."""
        found = doctor([], **asked)
        self.told.append(repr(found))
        return found

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Run the command line; return its exit code and what it printed on stdout."""
        self.capsys.readouterr()
        code = main(["doctor", *arguments])
        out, err = self.capsys.readouterr()
        self.told += [out, err]
        return code, out


def said(found: Diagnosis, topic: str, *states: str) -> list[str]:
    """Return what was said on a topic, with what to do, in some states (none given: in all)."""
    return [
        f"{one.said} | {one.fix}" if one.fix else one.said
        for one in found.findings
        if one.topic == topic and (not states or one.state in states)
    ]


def origins(found: Diagnosis) -> dict[str, tuple[str, str]]:
    return {one.key: (one.value, one.origin) for one in found.settings}
