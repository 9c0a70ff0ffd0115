"""Ask whether anything in requirements.lock has a known vulnerability; `make audit` runs this.

A vulnerability fails. Where there is nobody to ask, one line says so and all is well: a check that needs a network is
no reason for a build without one to stop.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--require-hashes", "--disable-pip"),
    *("--progress-spinner", "off", "--timeout", "10", "--format", "json"),
)
PATIENCE = 300
"""Seconds for some dozens of questions."""


def main() -> int:
    """Return 1 where something vulnerable is locked, else 0."""
    try:
        asked = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603 (our own words)
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {PATIENCE} s")
    try:
        found: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = asked.stderr.strip().splitlines() or ["pip-audit said nothing"]
        return skipped(lines[-1][:200])
    known = [each for each in found if "vulns" in each]
    if not known:
        return skipped("the service knows none of the packages")
    bad = [(each, vulnerability) for each in known for vulnerability in each["vulns"]]
    for each, vulnerability in bad:
        fixed = ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"
        told(f"{each['name']} {each['version']}: {vulnerability['id']}, fixed in {fixed}")
    told(f"audit: {len(known)} packages looked at, {len(found) - len(known)} unknown, {len(bad)} vulnerabilities")
    return 1 if bad else 0


def skipped(why: str) -> int:
    """Say why nothing was looked at."""
    told(f"audit skipped: {why}")
    return 0


def told(line: str) -> None:
    """Say something."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
