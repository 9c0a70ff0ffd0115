"""Loading a spec from its text, shared by several tests; the current folder is a project of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from vidpipe.errors import SpecError
from vidpipe.spec.load import Loaded, load_specs


def load(text: str, name: str = "pier.yaml") -> Loaded:
    """Return the spec of that text."""
    path = Path("specs") / name
    path.write_text(text, encoding="utf-8")
    return load_specs([path])[0]


def told_of(text: str) -> str:
    """Return what is told of a spec that must be refused."""
    with pytest.raises(SpecError) as caught:
        load(text)
    return str(caught.value)
