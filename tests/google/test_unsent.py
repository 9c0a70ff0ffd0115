"""What cannot even be sent costs nothing, is never called lost, and the message names the variable to set."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH, KEYED
from tests.project import long

if TYPE_CHECKING:
    from tests.google.studio import Studio

SERVERS = {"vertex": "GOOGLE_VERTEX_BASE_URL", "api-key": "GOOGLE_GEMINI_BASE_URL"}


@KEYED
@pytest.mark.parametrize(
    "key", ["\u201ccanary-key-0123456789\u201d", "\u200bcanary-key-0123456789", "canary-key\x01-0123456789", "a b"]
)
def test_a_key_that_no_header_can_carry_is_named_before_anything_is_spent(studio: Studio, key: str) -> None:
    studio.monkeypatch.setenv("GEMINI_API_KEY", key)
    studio.spec(scenes=1)
    ran = studio("run", "--json")
    assert ran.code == 2, ran.told
    assert "GEMINI_API_KEY holds a character that no key has: U+" in ran.told
    assert "GEMINI_API_KEY holds" in studio("doctor").out
    assert not studio.directory().joinpath(".vidpipe", "ledger.jsonl").exists()
    assert "0123456789" not in "".join(studio.printed)


@BOTH
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:99999", "http://bob:canary-pw-0@[::1", "ftp://127.0.0.1", "http://films .test", "127.0.0.1:9"],
)
def test_a_server_that_is_no_address_loses_no_clip(studio: Studio, address: str) -> None:
    studio.spec(scenes=1)
    studio.run("--until", "keyframes")
    before = studio.spent()
    with studio.monkeypatch.context() as wrong:
        wrong.setenv(SERVERS[studio.mode], address)
        ran = studio("run", "--json")
    assert ran.code == 2, ran.told
    assert f"{SERVERS[studio.mode]} is no address" in ran.told
    assert "canary-pw-0" not in "".join(studio.printed)
    assert studio.spent() == before
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)


@BOTH
@pytest.mark.parametrize("name", ["https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("address", ["http://bob:canary-pw-0@127.0.0.1:99999", "bob:canary-pw-0@[::1", "gopher://h"])
def test_a_proxy_that_is_no_address_is_named_before_anything_is_spent(studio: Studio, name: str, address: str) -> None:
    studio.monkeypatch.setenv(name, address)
    studio.spec(scenes=1)
    ran = studio("run", "--json")
    assert ran.code == 2, ran.told
    assert f"{name} is no address" in ran.told
    assert "canary-pw-0" not in "".join(studio.printed)
    assert studio.vendor.arrived == []


@pytest.mark.parametrize(
    "token", ["canary\u201dtoken-0123456789", "canary-token 0123456789", "canary-token-0123456789\n"]
)
def test_a_token_that_no_header_can_carry_is_not_sent(studio: Studio, token: str) -> None:
    studio.vendor.issues = token
    studio.spec(scenes=1)
    ran = studio.run(code=1)
    assert "gave a token that no request can carry" in ran.told
    assert studio.spent() == Decimal(0)
    assert set(studio.statuses("text")) == {"rejected"}
    assert long("storyboard") not in {path.name for path in studio.directory().iterdir()}
    assert token.strip() not in "".join(studio.printed)
