"""What is installed is what was locked, by hash, and a known vulnerability in it fails the build."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
FINE = {"name": "click", "version": "8.3.0", "vulns": []}
BAD = {"name": "pillow", "version": "13.0.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["13.0.1"]}]}
UNKNOWN = {"name": "av", "skip_reason": "not found"}


def locked() -> dict[str, str]:
    """Return every requirement of the lock with all that stands behind its name."""
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = {}
    for line in lines:
        name = NAME.match(line)
        assert name, f"{line}: neither a package nor a comment"
        found[name[0].lower().replace("_", "-")] = line
    return found


def test_every_requirement_is_one_version_with_hashes() -> None:
    for line in locked().values():
        assert re.match(r"[A-Za-z0-9._-]+==[\w.!+-]+( ;[^@]*?)?( +--hash=sha256:[0-9a-f]{64})+$", line), line


@pytest.mark.parametrize(
    "wanted",
    [
        *PYPROJECT["project"]["dependencies"],
        *PYPROJECT["dependency-groups"]["dev"],
        *PYPROJECT["build-system"]["requires"],
    ],
)
def test_everything_that_is_asked_for_is_locked(wanted: str) -> None:
    name = NAME.match(wanted)
    assert name
    if name[0] == "pip-audit" and name[0] not in locked():
        pytest.skip("make lock takes it in")
    assert name[0].lower() in locked()


def test_the_build_installs_by_hash_and_asks_about_vulnerabilities() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert "--require-hashes -r requirements.lock" in makefile
    assert re.search(r"^check: .*\baudit\b", makefile, re.MULTILINE)
    assert "audit" in (ROOT / ".ci" / "run").read_text()


def audit(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run the audit with a pip-audit of the test's own."""
    (folder / "pip_audit.py").write_text(f"import json, sys\n{program}\n")
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": str(folder)},
        timeout=30,
    )


def answering(*dependencies: object, code: int = 0) -> str:
    return f"print({json.dumps({'dependencies': dependencies})!r}); sys.exit({code})"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        (answering(FINE, UNKNOWN), 0, "audit: 1 packages looked at, 1 unknown, 0 vulnerabilities"),
        (answering(FINE, BAD, code=1), 1, "pillow 13.0.0: PYSEC-2026-1, fixed in 13.0.1"),
        (answering(BAD), 1, "1 vulnerabilities"),
        (answering(UNKNOWN), 0, "audit skipped: the service knows none of the packages"),
        ("sys.exit('ERROR:pip_audit:Connection refused')", 0, "audit skipped: ERROR:pip_audit:Connection refused"),
        ("print('<html>'); sys.exit(1)", 0, "audit skipped: pip-audit said nothing"),
        ("raise ModuleNotFoundError('No module named pip_audit')", 0, "audit skipped: ModuleNotFoundError"),
    ],
    ids=["fine", "vulnerable", "vulnerable though it says 0", "unknown", "offline", "no JSON", "not installed"],
)
def test_a_vulnerability_fails_and_silence_does_not(tmp_path: Path, program: str, code: int, said: str) -> None:
    done = audit(tmp_path, program)
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    assert "skipped" not in said or len(done.stdout.splitlines()) == 1


def test_the_audit_asks_about_the_lock_with_its_hashes_and_resolves_nothing(tmp_path: Path) -> None:
    done = audit(tmp_path, "sys.exit(' '.join(sys.argv))")
    for word in ("--requirement requirements.lock", "--require-hashes", "--disable-pip"):
        assert word in done.stdout
