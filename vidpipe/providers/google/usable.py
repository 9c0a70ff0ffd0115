"""Whether a key and an address can be sent with and to at all: looked at before anything is asked or spent.

What no header can carry, or what is no address, fails in the middle of a request, where it looks like a lost reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vidpipe.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEB = ("http", "https")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
PROXY_SCHEMES = (*WEB, "socks5", "socks5h")
STORAGE = "STORAGE_EMULATOR_HOST"


def is_sendable(secret: str) -> bool:
    """Whether a key or token can stand in a header: printable ASCII without spaces."""
    return secret.isascii() and secret.isprintable() and " " not in secret


def check_key(name: str, key: str) -> None:
    """Raise UsageError for a key that no request can carry, naming its variable and the character, not the key."""
    if is_sendable(key):
        return
    place, char = next((place, char) for place, char in enumerate(key, 1) if not is_sendable(char))
    raise UsageError(
        f"{name} holds a character that no key has: U+{ord(char):04X}, the {place}. of {len(key)}; "
        "it may have come along when the key was pasted, so copy it anew"
    )


def check_addresses(environ: Mapping[str, str], server: str) -> None:
    """Raise UsageError for an address that requests would go to, or through, and cannot.

    `server` names the variable of the service. The message names the variable and not the address, which may say who
    opens it.
    """
    for name, schemes in _addresses(environ, server):
        trouble = _trouble(environ[name], schemes, bare=name != server)
        if trouble:
            raise UsageError(f"{name} is no address that requests can be sent to: {trouble}")


def _addresses(environ: Mapping[str, str], server: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the variables that are set, each with the schemes that its address may have."""
    yield from ((name, WEB) for name in (server, STORAGE) if environ.get(name))
    for proxy in PROXIES:
        name = proxy if proxy in environ else proxy.upper()  # written small it wins
        if environ.get(name):
            yield name, PROXY_SCHEMES


def _trouble(address: str, schemes: tuple[str, ...], *, bare: bool) -> str:
    """Say what is wrong with an address, nothing if it will do; a `bare` one may leave its scheme out."""
    if any(char.isspace() or not char.isprintable() for char in address):
        return "it holds a space, or a character that cannot be seen"
    try:
        parts = urlsplit(address if "://" in address or not bare else f"http://{address}")
    except ValueError:
        return "the brackets in it do not close, or hold no address"
    if parts.scheme not in schemes:
        return f"it does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if not parts.hostname:
        return "it names no host"
    try:
        _ = parts.port
    except ValueError:
        return "its port is no number up to 65535"
    return ""
