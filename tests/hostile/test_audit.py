"""What is installed is what was locked, by hash, and a known vulnerability in it fails the build."""

from __future__ import annotations

import json
import os
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
    assert name[0].lower() in locked()


def test_the_build_installs_by_hash() -> None:
    assert "--require-hashes -r requirements.lock" in (ROOT / "Makefile").read_text()


def test_the_makefile_installs_nothing_but_what_is_locked() -> None:
    commands = [line for line in (ROOT / "Makefile").read_text().splitlines() if "pip install" in line]
    assert len(commands) == 2
    assert [line for line in commands if "--require-hashes" not in line and "--no-deps" not in line] == []


def audit(folder: Path, program: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the audit with a pip-audit of the test's own."""
    (folder / "pip_audit.py").write_text(f"import json, sys\n{program}\n")
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={"PYTHONPATH": str(folder)},
        timeout=30,
    )


def answering(*dependencies: object, code: int = 0) -> str:
    return f"print({json.dumps({'dependencies': dependencies})!r}); sys.exit({code})"


def dying(last_words: str) -> str:
    return f"sys.stderr.write({last_words!r}); sys.exit(1)"


TRACE = "Traceback (most recent call last):\n  File 'x.py', line 1, in y\n"
REFUSED = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='x', port=443): Connection refused"
PROXY = "requests.exceptions.ProxyError: HTTPSConnectionPool(host='x', port=443): Unable to connect to proxy"
LATE = (
    "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n"
    "ERROR:pip_audit._cli:Tip: your network may be blocking this service.\n"
)
FORGED = "requests.exceptions.SSLError: HTTPSConnectionPool(host='x', port=443): certificate verify failed"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (answering(BAD, FINE, code=1), "pillow 13.0.0: PYSEC-2026-1, fixed in 13.0.1"),
        (answering(BAD), "audit: 1 packages looked at, 0 not, 1 vulnerabilities"),
        (answering(FINE, UNKNOWN), "av: not looked at: not found"),
        (answering(FINE, code=1), "audit: 1 packages looked at, 0 not, 0 vulnerabilities"),
        (answering(), "audit: 0 packages looked at, 0 not, 0 vulnerabilities"),
        (answering(UNKNOWN, code=1), "av: not looked at: not found"),
        ("raise ModuleNotFoundError('No module named pip_audit')", "audit failed: ModuleNotFoundError: No module"),
        ("raise KeyError('ConnectionError')", "audit failed: KeyError: 'ConnectionError'"),
        ("print('<html>'); sys.exit(1)", "audit failed: pip-audit said nothing"),
        (dying(TRACE + FORGED), f"audit failed: {FORGED}"),
        (dying("ERROR:pip_audit._cli:a hash is missing"), "audit failed: ERROR:pip_audit._cli:a hash is missing"),
    ],
    ids=[
        *("vulnerable", "vulnerable though it says 0", "one unknown", "unhappy", "nothing", "unknown and unhappy"),
        *("not installed", "crashed", "no JSON", "no certificate", "no hashes"),
    ],
)
def test_a_vulnerability_fails_and_so_does_whatever_nobody_looked_at(tmp_path: Path, program: str, said: str) -> None:
    done = audit(tmp_path, program)
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout + done.stderr
    assert "skipped" not in done.stdout


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (dying(TRACE + REFUSED), REFUSED),
        (dying(TRACE + PROXY), PROXY),
        (dying(LATE), LATE.splitlines()[0]),
        (answering(UNKNOWN, UNKNOWN), "the service knows none of the 2 packages"),
    ],
    ids=["no network", "no proxy", "no answer", "no advisories"],
)
def test_where_there_is_nobody_to_ask_one_line_says_so_and_that_is_all(tmp_path: Path, program: str, said: str) -> None:
    done = audit(tmp_path, program)
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"audit skipped: {said}")


def test_a_clean_answer_about_every_package_is_the_good_end(tmp_path: Path) -> None:
    done = audit(tmp_path, answering(FINE, FINE))
    assert (done.returncode, done.stdout) == (0, "audit: 2 packages looked at, 0 not, 0 vulnerabilities\n")


def test_without_a_lock_nothing_is_asked_and_that_fails(tmp_path: Path) -> None:
    done = audit(tmp_path, answering(FINE), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        1,
        "audit failed: there is no requirements.lock here; restore it from the repository\n",
    )


def test_the_real_pip_audit_that_reaches_nobody_is_understood(tmp_path: Path) -> None:
    closed = dict.fromkeys(("https_proxy", "http_proxy", "all_proxy"), "http://127.0.0.1:9")
    (tmp_path / "requirements.lock").write_text(f"click==8.3.0 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": os.defpath} | closed,
        timeout=120,
    )
    assert done.stdout.startswith("audit skipped: "), done.stdout + done.stderr
    assert "ProxyError" in done.stdout
    assert done.returncode == 0


def test_the_audit_asks_about_the_lock_with_its_hashes_and_resolves_nothing(tmp_path: Path) -> None:
    done = audit(tmp_path, "sys.exit(' '.join(sys.argv))")
    for word in ("--requirement requirements.lock", "--require-hashes", "--disable-pip"):
        assert word in done.stdout
