"""Ask whether anything in requirements.lock has a known vulnerability; `make audit` runs this.

A vulnerability fails, and so does everything that keeps somebody from looking: no lock, no pip-audit or one that
crashes, packages of which the service knows nothing. One thing does not: where there is nobody to ask, one line says
so and all is well, since a build without a network is no reason to stop.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = "requirements.lock"
COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--require-hashes", "--disable-pip"),
    *("--progress-spinner", "off", "--timeout", "10", "--format", "json"),
)
PATIENCE = 300
"""Seconds for some dozens of questions."""
NOBODY = re.compile(
    r"(requests\.exceptions\.(ConnectionError|ConnectTimeout|ProxyError): "
    r"|ERROR:pip_audit\.[a-z_.]+:Could not connect to )"
)
"""How a line begins with which pip-audit says that it could not reach the service."""


def main() -> int:
    """Return 0 where nothing that is locked is known to be vulnerable or nobody can be asked, else 1."""
    if not Path(LOCK).is_file():
        return failed(f"there is no {LOCK} here; restore it from the repository")
    try:
        asked = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603 (our own words)
    except subprocess.TimeoutExpired:
        return failed(f"not done within {PATIENCE} s; try again")
    try:
        found: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return unanswered(asked.stderr)
    known = [each for each in found if "vulns" in each]
    if found and not known and not asked.returncode:  # a mirror that serves packages but no advisories
        return skipped(f"the service knows none of the {len(found)} packages, so it is none for vulnerabilities")
    return judged(found, known, asked.returncode)


def judged(found: list[dict[str, Any]], known: list[dict[str, Any]], code: int) -> int:
    """Tell what is vulnerable and what nobody looked at; either fails."""
    bad = [(each, vulnerability) for each in known for vulnerability in each["vulns"]]
    for each, vulnerability in bad:
        fixed = ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"
        told(f"{each['name']} {each['version']}: {vulnerability['id']}, fixed in {fixed}")
    unknown = [each for each in found if "vulns" not in each]
    for each in unknown:
        told(f"{each['name']}: not looked at: {each.get('skip_reason', 'no reason given')}")
    told(f"audit: {len(known)} packages looked at, {len(unknown)} not, {len(bad)} vulnerabilities")
    return 1 if bad or unknown or code or not known else 0


def unanswered(said: str) -> int:
    """Skip where pip-audit says that it reached nobody; fail for all else that it says."""
    lines = said.strip().splitlines() or ["pip-audit said nothing"]
    nobody = next((line for line in lines if NOBODY.match(line)), None)
    return skipped(nobody[:200]) if nobody else failed(lines[-1][:200])


def skipped(why: str) -> int:
    """Say why nobody was asked."""
    told(f"audit skipped: {why}")
    return 0


def failed(why: str) -> int:
    """Say what kept anybody from looking."""
    told(f"audit failed: {why}")
    return 1


def told(line: str) -> None:
    """Say something."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
