"""The OAuth token endpoint, and a service account whose key file leads to it."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.loopback.deeds import Cut, Garble, Hang, Redirect, Reject
from tests.loopback.wire import Answer, BreachError, ErrorAnswer, json_answer

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body, Call

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
AUDIENCE = "https://oauth2.googleapis.com/token"
USER = {
    "type": "authorized_user",
    "client_id": "films.apps.example.com",
    "client_secret": "not-the-key-of-a-program",
    "refresh_token": "not-the-token-of-a-request",
}
"""What gcloud writes down of a person who logs in."""
EMAIL = "films@film-project.iam.gserviceaccount.com"


def issue(vendor: Vendor, call: Call) -> Answer:
    """Hand out a token for a signed assertion, or to a person who logged in before."""
    form = {name: values[0] for name, values in parse_qs(call.data.decode()).items()}
    if form.get("grant_type") == "refresh_token":
        return _renewed(vendor, form)
    if form.get("grant_type") != GRANT:
        raise BreachError(f"grant_type: {form.get('grant_type')!r}")
    claims = _claims(form.get("assertion", ""))
    if SCOPE not in str(claims.get("scope")) or claims.get("aud") not in {f"{call.base}/token", AUDIENCE}:
        raise BreachError(f"assertion: scope {claims.get('scope')!r} for {claims.get('aud')!r}")
    return _issued(vendor, str(claims.get("iss")), known=claims.get("iss") == EMAIL)


def _renewed(vendor: Vendor, form: dict[str, str]) -> Answer:
    wanted = {name: USER[name] for name in ("client_id", "client_secret", "refresh_token")}
    if form != {"grant_type": "refresh_token", **wanted}:
        raise BreachError(f"form: {sorted(form)}")
    return _issued(vendor, USER["client_id"], known=True)


def _issued(vendor: Vendor, who: str, *, known: bool) -> Answer:
    deed = vendor.play("token", who)
    if isinstance(deed, Cut | Garble | Hang | Redirect | Reject):
        return Answer(deed=deed)
    if not known:
        raise ErrorAnswer(400, "INVALID_GRANT", "Invalid grant: account not found")
    return json_answer({"access_token": vendor.issues or vendor.token, "expires_in": 3599, "token_type": "Bearer"})


def _claims(assertion: str) -> Body:
    parts = assertion.split(".")
    if len(parts) != 3:
        raise BreachError("assertion: no JSON web token")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if not isinstance(claims, dict):
        raise BreachError("assertion: no claims")
    return claims


def service_account(base: str, project: str = "film-project") -> str:
    """Return a service account's key file, as JSON, whose token endpoint is the loopback server."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": project,
            "private_key_id": "0123456789abcdef",
            "private_key": private_key(),
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": f"{base}/token",
        }
    )


@cache
def private_key() -> str:
    """Return a new private key as PEM, made once per session."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()
