"""Where job directories lie: room, and a file system on which a lock keeps a second run out."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import warnings
from pathlib import Path

from vidpipe.doctor.finding import Finding, fail, ok, warn
from vidpipe.engine.layout import Layout
from vidpipe.errors import VidpipeError
from vidpipe.lock import hold, holder
from vidpipe.place import shown_path

GB = 10**9
LEAST = GB // 4
"""Bytes: a film of some scenes, with its clips and takes, does not fit into less."""
SCANT = 2 * GB
MOUNTS = Path("/proc/self/mounts")
OVER_A_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"}
)
ELSEWHERE = "name a folder that you may write to, on a local disk: --dir, VIDPIPE_DIR or dir in [run]"


def standing(directory: Path) -> Path:
    """Return a folder, or, where it has not been made yet, the nearest one above it that is there."""
    return next(folder for folder in (directory, *directory.parents) if folder.is_dir())


def room(directory: Path) -> Finding:
    """Look how much room there is for jobs."""
    try:
        free = shutil.disk_usage(standing(directory)).free
    except OSError as error:
        return fail("disk", f"{shown_path(directory)} cannot be looked at: {error.strerror}", ELSEWHERE)
    said = f"{free / GB:,.1f} GB free for {shown_path(directory)}"
    fix = "make room: `vidpipe clean` tells what can go"
    if free < LEAST:
        return fail("disk", said, fix)
    return warn("disk", said, fix) if free < SCANT else ok("disk", said)


def locks(directory: Path, mounts: str | None = None) -> Finding:
    """Take a lock as a run does, look at it as another run does, and let it go; nothing stays behind.

    `mounts` is the kernel's table of mounts (None: the one of this system, where it has one).
    """
    where, on = shown_path(directory), ""
    try:
        kind = file_system(standing(directory), _mounts() if mounts is None else mounts)
        on = f" ({kind})" if kind else ""
        with tempfile.TemporaryDirectory(prefix=".vidpipe-doctor-", dir=standing(directory)) as folder:
            excludes = _excludes(Layout(Path(folder)))
    except (OSError, NotImplementedError, VidpipeError) as error:
        return fail("lock", f"no lock can be taken in {where}{on}: {error}", ELSEWHERE)
    if not excludes:
        return fail("lock", f"a lock in {where}{on} does not keep a second run out", ELSEWHERE)
    if kind in OVER_A_NETWORK:
        said = f"locks hold in {where}, but it lies on a network ({kind}): other machines may not see them"
        return warn("lock", said, "never run one job from two machines at once")
    return ok("lock", f"locks hold in {where}{on}")


def file_system(folder: Path, mounts: str) -> str:
    """Return the kind of file system that a folder lies on, by a table of mounts; empty where that does not tell."""
    real = os.path.realpath(folder)
    found = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1])
        if Path(real).is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, fields[2])
    return found[1]


def _excludes(layout: Layout) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where the kernel has no such lock, the library warns and does without
        with hold(layout):
            taken = holder(layout) is not None
    return taken and holder(layout) is None


def _mounts() -> str:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
