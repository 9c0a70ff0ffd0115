"""Which credentials there are and where they come from, told without any of what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.providers.google.access import CREDENTIALS_FILE, KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {
    "authorized_user": "a login of gcloud",
    "external_account": "a federated identity",
    "external_account_authorized_user": "a federated login",
    "gdch_service_account": "a service account",
    "impersonated_service_account": "an impersonated service account",
    "service_account": "a service account",
}
"""What the `type` of a credentials file means."""
LARGEST = 1 << 20
LOGIN_FILE = "application_default_credentials.json"


@dataclass(frozen=True, slots=True)
class Credential:
    """What kind of credentials, and the variable or file they come from; `trouble` says why they cannot be used."""

    kind: str
    origin: str
    trouble: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.kind} from {self.origin}"


def key_credential(environ: Mapping[str, str]) -> Credential | None:
    """Return the API key that counts, by the name of its variable."""
    names = [name for name in KEYS if environ.get(name, "").strip()]
    if not names:
        return None
    differ = len({environ[name].strip() for name in names}) > 1
    note = f"{names[1]} holds another one, which is not used" if differ else ""
    return Credential("an API key", names[0], note=note)


def login_credential(environ: Mapping[str, str]) -> Credential:
    """Return the application default credentials, in the order in which google.auth looks for them."""
    named = environ.get(CREDENTIALS_FILE)
    if named:
        return _of_file(Path(named), f"{named} ({CREDENTIALS_FILE})")
    folder = environ.get("CLOUDSDK_CONFIG") or str(Path(environ.get("HOME", "/"), ".config", "gcloud"))
    path = Path(folder, LOGIN_FILE)
    return _of_file(path, str(path)) if path.is_file() else Credential("credentials", "the metadata server, if any")


def _of_file(path: Path, origin: str) -> Credential:
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(LARGEST))
    except OSError as error:
        return Credential("credentials", origin, f"cannot be read: {error.strerror}")
    except ValueError:  # whose message would quote the file
        return Credential("credentials", origin, "are no JSON")
    kind = KINDS.get(str(value.get("type"))) if isinstance(value, dict) else None
    return Credential(kind, origin) if kind else Credential("credentials", origin, "are of no type that is known")
