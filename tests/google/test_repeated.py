"""What a service repeats in its answers proper, and not in a message: storyboards, names, addresses, reasons."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

import pytest

from tests.google.modes import BOTH
from tests.loopback import oauth, omni, veo
from tests.loopback.deeds import Reject, Say
from tests.loopback.wire import ErrorAnswer, json_answer
from tests.toy import board
from vidpipe.redact import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.google.studio import Studio
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Answer, Call

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "percent": lambda secret: quote(secret, safe=""),
    "every letter in percent": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    "json": lambda secret: "".join(f"\\u{ord(char):04X}" for char in secret),
    "hex": lambda secret: secret.encode().hex(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "behind one letter": lambda secret: base64.b64encode(f":{secret}".encode()).decode(),
    "behind two letters": lambda secret: base64.urlsafe_b64encode(f"x:{secret}".encode()).decode(),
}


def opens(studio: Studio) -> str:
    """Return what opens the service; a token that does not look like one of Google's, as a federation hands out."""
    studio.vendor.token = "canary-of-a-federation-0123456789"
    return studio.vendor.key if studio.mode == "api-key" else studio.vendor.token


def told(studio: Studio, needle: str) -> list[str]:
    """Return every file and every output in which something stands."""
    files = [path for path in studio.root.rglob("*") if path.is_file() and needle.encode() in path.read_bytes()]
    return [str(path) for path in files] + [text for text in studio.printed if needle in text]


def look_everywhere(studio: Studio) -> None:
    for command in (("why", "--json", "pier", "*"), ("status", "-v"), ("plan", "-v"), ("status", "--json")):
        studio(*command)


@BOTH
def test_a_storyboard_that_repeats_the_secret_is_kept_without_it(studio: Studio) -> None:
    secret = opens(studio)
    words = f"A gull says {secret} and a ring bearer keeps the basic rule."
    reply = json.dumps(board("Waves beat on the old pier.", "plain", 1)).replace("motion 0.", words)
    studio.spec(scenes=1)
    studio.vendor.on("text", Say(f'{{"scenes": "{secret}"'), times=1)
    studio.vendor.on("text", Say(reply), times=1)
    studio.run()
    look_everywhere(studio)
    kept = json.loads(studio.path("storyboard").read_bytes())
    assert kept["scenes"][0]["video_motion_prompt"] == words.replace(secret, HIDDEN)
    studio.rests()


@BOTH
@pytest.mark.parametrize("form", FORMS)
def test_a_message_tells_no_secret_in_any_form(studio: Studio, form: str) -> None:
    written = FORMS[form](opens(studio))
    studio.vendor.on("text", Reject(400, "INVALID_ARGUMENT", f"Bad header: {written}, says the door."), times=None)
    studio.spec(scenes=1)
    assert studio("run", "-v").code == 1
    assert studio("run", "--json").code == 1
    look_everywhere(studio)
    assert "says the door" in studio.printed[0]
    assert told(studio, written[4:-6]) == []


@BOTH
def test_an_operation_whose_name_holds_the_secret_is_neither_kept_nor_told_nor_bought_again(studio: Studio) -> None:
    secret = opens(studio)
    studio.spec(scenes=1)
    studio.run("--until", "keyframes")
    wire, name = (veo, r"(operations/)[^\"]+") if studio.mode == "vertex" else (omni, r"(\"id\": \")[^\"]+")

    def renamed(value: object) -> Answer:
        return json_answer(json.loads(re.sub(name, rf"\g<1>{secret}", json.dumps(value))))

    studio.monkeypatch.setattr(wire, "json_answer", renamed)
    assert "holds a secret" in studio.film(code=3).told
    studio("run", "-v")
    look_everywhere(studio)
    assert studio.statuses("video") == ["unknown"]
    assert studio.vendor.sent("video") == 1


@BOTH
def test_a_variable_that_is_only_named_like_a_secret_spoils_no_storyboard_and_loses_no_clip(studio: Studio) -> None:
    studio.monkeypatch.setenv("CI_PROJECT_KEY", studio.vendor.project)
    studio.monkeypatch.setenv("BUILD_KEY", "interaction")
    studio.monkeypatch.setenv("DEPLOY_TOKEN", "lighthouse")
    words = "The lighthouse turns."
    reply = json.dumps(board("Waves beat on the old pier.", "plain", 1)).replace("motion 0.", words)
    studio.vendor.on("text", Say(reply), times=1)
    studio.spec(scenes=1)
    studio.run()
    assert json.loads(studio.path("storyboard").read_bytes())["scenes"][0]["video_motion_prompt"] == words
    assert studio.statuses("video") == ["settled"]
    studio.rests()


@pytest.mark.parametrize("status", [403, 404, 500, None])
def test_an_address_that_holds_the_secret_is_not_told(studio: Studio, status: int | None) -> None:
    secret = opens(studio)
    (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    place = f"gs://films/{secret}" if status else f"gs://Films/{secret}"
    studio.monkeypatch.setattr(
        veo, "json_answer", lambda value: json_answer(json.loads(json.dumps(value).replace("gs://films/pier", place)))
    )
    if status:
        studio.vendor.on("download", Reject(status, "NO", "No."), times=None)
    studio.spec(scenes=1)
    assert "gs://" in studio.film(code=3).told
    assert studio("run", "-v").code == 3
    look_everywhere(studio)


def test_reasons_that_are_the_secret_are_not_told(studio: Studio) -> None:
    secret = opens(studio)
    studio.spec(scenes=1)
    studio.vendor.on("text", Say("{}", finish=secret), times=None)
    studio("run", "-v")
    studio.monkeypatch.setattr(
        veo,
        "json_answer",
        lambda value: json_answer(json.loads(json.dumps(value).replace('"response"', '"' + secret + '"'))),
    )
    studio.vendor.rules.clear()
    assert studio("run", "-v").code == 3
    look_everywhere(studio)


def test_a_token_endpoint_that_repeats_what_was_signed_is_not_quoted(studio: Studio) -> None:
    signed: list[str] = []

    def refuse(_vendor: Vendor, call: Call) -> Answer:
        signed.append(call.data.decode().partition("assertion=")[2].partition("&")[0])
        raise ErrorAnswer(400, "INVALID_GRANT", f"This opens nothing: {signed[-1]}.")

    studio.monkeypatch.setattr(oauth, "issue", refuse)
    studio.spec(scenes=1)
    assert "This opens nothing" in studio.run(code=1).told
    studio("doctor", "--json")
    assert signed
    assert [each for each in signed if told(studio, each) or told(studio, each[:60])] == []


def test_a_token_endpoint_that_repeats_a_federations_own_token_is_not_quoted(studio: Studio) -> None:
    subject = studio.root.parent / "home" / "subject"
    subject.write_text("not-the-token-of-a-federation")
    federation = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{studio.loopback.base}/token",
        "credential_source": {"file": str(subject)},
    }
    (studio.root.parent / "home" / "account.json").write_text(json.dumps(federation))

    def refuse(_vendor: Vendor, call: Call) -> Answer:
        told = {"error": "invalid_grant", "error_description": dict(parse_qsl(call.data.decode()))["subject_token"]}
        return json_answer(told, 400)

    studio.monkeypatch.setattr(oauth, "issue", refuse)
    studio.spec(scenes=1)
    assert f"invalid_grant: {HIDDEN}" in studio.run(code=1).told
    studio("doctor")
