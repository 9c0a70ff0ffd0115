"""A provider that is known and priced, and that no test may open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn

    from vidpipe.providers.registry import ProviderSettings


def never_opened(_settings: ProviderSettings) -> NoReturn:
    """Fail the test."""
    raise AssertionError("a provider was opened that was only to be looked up")
