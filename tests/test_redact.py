"""What is hidden in which form, and what is not: stories are full of keys and bearers."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpipe import redact
from vidpipe.redact import HIDDEN, holds_learnt, learn, redacted, without_known
from vidpipe.redact.forms import SHORTEST
from vidpipe.redact.names import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "canary/key+0123=456 ü-end"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0B\nAQEFAASCBKYwggSiAgEAAoIB\n-----END PRIVATE KEY-----\n"


@pytest.fixture(autouse=True)
def know_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact, "_learnt", {})


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr(SECRET)[1:-1],
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        json.dumps(json.dumps(SECRET))[3:-3],
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        "".join(f"%{byte:02x}" for byte in SECRET.encode()),
        "".join(f"\\u{ord(char):04X}" for char in SECRET),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
    ],
)
def test_a_secret_is_hidden_in_each_form_that_a_server_may_repeat_it_in(form: str) -> None:
    assert without_known(f"a {form}, b", [SECRET], {}) == f"a {HIDDEN}, b"


@given(
    secret=st.binary(max_size=9).map(lambda seed: hashlib.sha256(seed).hexdigest()[len(seed) :]),
    before=st.binary(max_size=9),
)
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_tells_less_than_a_letter_of_a_secret_on_either_side_wherever_it_stands(
    encode: Callable[[bytes], bytes], secret: str, before: bytes
) -> None:
    after = b" and more"
    written = encode(before + secret.encode() + after).decode().rstrip("=")
    head, hidden, tail = without_known(written, [secret], {}).partition(HIDDEN)
    assert hidden
    assert len(head) * 6 - len(before) * 8 < 6
    assert len(tail) * 6 - len(after) * 8 < 12


def test_a_long_story_without_escapes_is_read_in_no_time_and_stays_as_it_is() -> None:
    story = json.dumps({"scene": "A ring bearer keeps the basic rule; the keymap and the author's token.\n" * 20_000})
    assert without_known(story, [SECRET, "k" * 40], {}) == story


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEMINI_API_KEY", "canary-0123"),
        ("apikey", "canary-0123"),
        ("AWS_SECRET_ACCESS_KEY", "canary-0123"),
        ("GITHUB_TOKEN_2", "canary-0123"),
        ("DB_PASS", "canary-0123"),
        ("PGPASSWORD", " canary-0123\n"),
        ("HTTPS_PROXY", "http://bob:canary-0123@proxy:3128"),
        ("https_proxy", "bob:canary-0123@proxy:3128"),
        ("GOOGLE_VERTEX_BASE_URL", "https://canary-0123@host/"),
        ("STORAGE_EMULATOR_HOST", "bob:canary-0123@127.0.0.1:9"),
        ("DATABASE", "postgres://bob:canary-0123@host/films"),
        ("GOOGLE_CREDENTIALS", json.dumps({"type": "service_account", "private_key": "canary-0123"})),
        ("SETTINGS", json.dumps({"client_secret": "canary-0123"})),
    ],
)
def test_what_the_environment_holds_is_hidden(name: str, value: str) -> None:
    assert redacted("a canary-0123 b", environ={name: value}) == f"a {HIDDEN} b"


def test_what_opens_an_address_is_hidden_as_a_header_has_it() -> None:
    basic = base64.b64encode(b"bob:p%40ss-0123").decode()
    assert HIDDEN in without_known(f"Proxy said: {basic}", environ={"http_proxy": "http://bob:p%40ss-0123@proxy"})
    assert without_known("p@ss-0123", environ={"http_proxy": "http://bob:p%40ss-0123@proxy"}) == HIDDEN


def test_a_private_key_is_hidden_line_by_line_too() -> None:
    for environ in ({"SIGNING_KEY": PEM}, {"GOOGLE_CREDENTIALS": json.dumps({"private_key": PEM})}):
        for line in PEM.splitlines()[1:3]:
            assert without_known(f"a {line} b", environ=environ) == f"a {HIDDEN} b"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_AUTHOR_NAME", "Mara Lind"),
        ("KEYMAP", "de-latin1"),
        ("COMPASS", "northeast"),
        ("KEYBOARD_LAYOUT", "colemak-dh"),
        ("TOKENIZERS_PARALLELISM", "automatic"),
        ("TOKEN_URL", "https://example.com/token"),
        ("SECRET_NAME", "the-films"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "keys/account.json"),
        ("XAUTHORITY", "/run/user/1000/xauth"),
        ("API_KEY", "short"),
        ("REMOTE", "ssh://longusername@host/films"),
        ("EMAIL", "mara.lind@example.com"),
    ],
)
def test_harmless_words_are_not_hidden(name: str, value: str) -> None:
    said = f"{value} and mara.lind and longusername"
    assert redacted(said, environ={name: value}) == said
    assert not any(len(each) >= SHORTEST for each in secrets_of({name: value}))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("AQ." + "Ab8RN6LzCanary0123456789", HIDDEN),
        ("refresh 1//0" + "canary0123456789abcdef.", f"refresh {HIDDEN}."),
        ("GOCSPX-" + "canary0123456789abcdef", HIDDEN),
        ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJmaWxtcyJ9.c2ln", HIDDEN),
        (f"a {PEM}b", f"a {HIDDEN}\nb"),
        ("x -----BEGIN RSA PRIVATE KEY-----\nMIIE cut", f"x {HIDDEN}"),
        ("https://bob:pw@host/a", f"https://{HIDDEN}@host/a"),
        ("https://x/?a=1&access_token=abc&b=2", f"https://x/?a=1&access_token={HIDDEN}&b=2"),
        ("{'x-goog-api-key': 'abc', 'b': 1}", f"{{'x-goog-api-key': '{HIDDEN}', 'b': 1}}"),
        ("[(b'authorization', b'Bearer abc')]", f"[(b'authorization', b'{HIDDEN}')]"),
        ("Authorization: Basic Ym9iOnB3", f"Authorization: {HIDDEN}"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_messages_alone(text: str, hidden: str) -> None:
    assert redacted(text, environ={}) == hidden
    assert without_known(text, environ={}) == text


def test_what_was_learnt_is_hidden_from_then_on() -> None:
    assert not holds_learnt("a-token-of-a-federation")
    learn(["a-token-of-a-federation", "", "short"])
    assert holds_learnt("operations/a-token-of-a-federation")
    assert redacted("short a-token-of-a-federation", environ={}) == f"short {HIDDEN}"
