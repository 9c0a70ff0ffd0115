"""What judges: vidpipe's own code and data, Python, and the libraries that read files. An index names it."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

from vidpipe.files import RACY_NS

PACKAGE = Path(__file__).parent.parent
ENDINGS = (".py", ".toml")
LIBRARIES = ("av-", "pillow-", "pydantic-", "pydantic_core-", "pyyaml-")
"""Beginnings of the names of metadata folders. pydantic also shapes the reply schema, which stands in fingerprints."""

IMPORTED_NS = time.time_ns()
"""When this process had imported little of vidpipe: code that was settled by then is the code that runs."""


def code_identity() -> str:
    """Return a digest of vidpipe's code, the Python version and the versions of libraries.

    It is made of content, not of stamps, so that installing the same version once more changes nothing. Raises OSError
    where vidpipe or its libraries do not lie in plain files.
    """
    versions = _library_versions()
    if not versions:
        raise FileNotFoundError("no library tells its version")
    digest = hashlib.sha256("\n".join([sys.version, *sorted(versions)]).encode())
    for path in _files():
        with open(path, "rb") as file:  # noqa: PTH123 - see _files
            data = file.read()
        digest.update(f"\n{path[len(str(PACKAGE)) :]} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def is_settled() -> bool:
    """Whether the code on disk is surely the code that runs: nobody touched it since this process began."""
    newest = max(max(status.st_mtime_ns, status.st_ctime_ns) for status in map(os.stat, _files()))
    return newest + RACY_NS < IMPORTED_NS


def _files() -> list[str]:
    """Return the paths of all code and data files as text: every no-op comes here, and pathlib is slow."""
    found: list[str] = []
    folders = [str(PACKAGE)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(ENDINGS):
                    found.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return sorted(found)


def _library_versions() -> set[str]:
    """Return how the metadata folders of the libraries are called, without the cost of importlib.metadata."""
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - a name is all that is wanted
        except OSError:
            continue
        found |= {name.lower() for name in names if name.lower().startswith(LIBRARIES) and "-info" in name}
    return found
