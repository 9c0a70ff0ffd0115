"""The two services by which a test may be run."""

from __future__ import annotations

import pytest

BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])
KEYED = pytest.mark.parametrize("mode", ["api-key"])
