"""A project whose films are made by the real SDK, against the loopback server, from the real command line."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import yaml

from tests.google.leaks import leaks
from tests.google.said import Said
from tests.loopback.oauth import USER, private_key, service_account
from tests.project import long
from vidpipe.__main__ import main
from vidpipe.engine.layout import Layout
from vidpipe.ledger import read_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    import pytest

    from tests.loopback.server import Loopback
    from tests.loopback.vendor import Vendor
    from vidpipe.ledger import Ledger

Mode = Literal["vertex", "api-key"]
OMNI = {"models": {"video": "google:gemini-omni-1.1-flash"}, "audio": True}
PRICES = {"vertex": "1.6", "api-key": "0.4"}
"""What a clip of four seconds in 720p costs, in USD, by mode."""
UNWANTED = (
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "CLOUDSDK_CONFIG",
    "VIDPIPE_DIR",
    "VIDPIPE_JOBS",
    "VIDPIPE_WAIT_SECONDS",
    "VIDPIPE_PAUSE_SECONDS",
)


@dataclass(slots=True)
class Studio:
    """The project, the vendor behind it, and the way to him."""

    root: Path
    vendor: Vendor
    loopback: Loopback
    mode: Mode
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    printed: list[str] = field(default_factory=list)

    def enter(self) -> None:
        """Make the project and set what leads the SDK to the server."""
        home = self.root.parent / "home"
        (self.root / ".git").mkdir(parents=True)
        (self.root / "specs").mkdir()
        home.mkdir()
        self.monkeypatch.chdir(self.root)
        for name in UNWANTED:
            self.monkeypatch.delenv(name, raising=False)
        base = self.loopback.base
        for name in ("GOOGLE_VERTEX_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "STORAGE_EMULATOR_HOST"):
            self.monkeypatch.setenv(name, base)
        self.monkeypatch.setenv("HOME", str(home))
        scratch = self.root.parent / "tmp"
        scratch.mkdir()
        self.monkeypatch.setenv("TMPDIR", str(scratch))
        self.monkeypatch.setattr("tempfile.tempdir", str(scratch))
        self.monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        for name, value in (("POLL_SECONDS", "0"), ("PER_MINUTE", "100000"), ("IN_FLIGHT", "8")):
            self.monkeypatch.setenv(f"VIDPIPE_{name}", value)
        if self.mode == "api-key":
            self.monkeypatch.setenv("GEMINI_API_KEY", self.vendor.key)
        else:
            account = home / "account.json"
            account.write_text(service_account(base))
            self.monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account))
            self.monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", self.vendor.project)

    def with_user_login(self) -> None:
        """Log in as a person does with gcloud; the project stands in vidpipe.toml alone."""
        folder = self.root.parent / "home" / ".config" / "gcloud"
        folder.mkdir(parents=True)
        (folder / "application_default_credentials.json").write_text(json.dumps(USER))
        self.monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
        self.monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
        self.monkeypatch.setattr(
            "google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"{self.loopback.base}/token"
        )
        (self.root / "vidpipe.toml").write_text(f'[google]\nproject = "{self.vendor.project}"\n')

    def spec(self, name: str = "pier", **keys: object) -> Path:
        """Write specs/NAME.yaml: two silent scenes of four seconds (Omni's have sound), unless told otherwise."""
        values: dict[str, object] = {
            "script": "Waves beat on the old pier.",
            "style": "plain",
            "scenes": 2,
            "seconds": 4,
            "audio": False,
            "provider": "google",
        }
        values |= OMNI if self.mode == "api-key" else {}
        values = {key: value for key, value in (values | keys).items() if value is not None}
        path = self.root / "specs" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return path

    def __call__(self, *arguments: str) -> Said:
        """Run one command line."""
        self.capsys.readouterr()
        code = main(arguments)
        said = Said(code, *self.capsys.readouterr())
        self.printed += [said.out, said.err]
        return said

    def run(self, *arguments: str, code: int = 0) -> Said:
        """Run everything, with an exit code that is expected."""
        said = self("run", "--json", *arguments)
        assert said.code == code, said.out + said.err
        return said

    def film(self, *, code: int = 0) -> Said:
        """Run everything up to the clips, where a test is not about joining them."""
        return self.run("--until", "clips", code=code)

    def plan(self, *arguments: str) -> Said:
        """Plan everything."""
        said = self("plan", "--json", *arguments)
        assert said.code == 0, said.out + said.err
        return said

    def rests(self) -> None:
        """Prove that the next run does nothing and sends nothing."""
        sent = len(self.vendor.arrived)
        assert self.run().acted() == set()
        assert len(self.vendor.arrived) == sent

    def begin(self, prepare: Callable[[], None] = lambda: None) -> int:
        """Begin to run everything in a process of its own and return its id; `prepare` is called there first."""
        child = os.fork()
        if child == 0:
            code = 99
            try:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 1)
                os.dup2(null, 2)
                prepare()
                code = main(["run"])
            finally:
                os._exit(code)
        return child

    def kill(self, until: Callable[[], bool]) -> None:
        """Run everything in a process of its own, and kill that as soon as something is so at the vendor's."""
        child = self.begin()
        self.vendor.wait(until)
        os.kill(child, signal.SIGKILL)
        assert ended(child) is None

    def directory(self, name: str = "pier") -> Path:
        """Return a job's directory."""
        return self.root / "runs" / name

    def path(self, target: str, name: str = "pier") -> Path:
        """Return a target's file by its short name."""
        return self.directory(name) / long(target)

    def ledger(self, name: str = "pier") -> Ledger:
        """Return a job's ledger."""
        return read_ledger(Layout(self.directory(name)).ledger)

    def spent(self, name: str = "pier") -> Decimal:
        """Return what a job has cost by its ledger."""
        return self.ledger(name).spent()

    def statuses(self, kind: str, name: str = "pier") -> list[str]:
        """Return how the requests of a kind stand in the ledger, in their order."""
        return [request.status for request in self.ledger(name).requests.values() if request.kind == kind]

    def edit_scene(self, scene: int, **fields: str) -> None:
        """Reword one scene of the storyboard."""
        path = self.path("storyboard")
        board = json.loads(path.read_bytes())
        board["scenes"][scene] |= fields
        path.write_text(json.dumps(board, indent=4), encoding="utf-8")

    def secrets(self) -> list[str]:
        """Return everything that may be told nowhere: what opens the service, and what that is had for."""
        return [self.vendor.key, self.vendor.token, private_key().splitlines()[3], "not-the-key", "not-the-token"]

    def leaks(self) -> list[str]:
        """Return every place where a secret can be read: files in the project, the home and $TMPDIR, and output."""
        return leaks(self.root.parent, self.printed, self.secrets())


def ended(child: int) -> int | None:
    """Wait for a process that was begun; return its exit code, None if it was killed."""
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
