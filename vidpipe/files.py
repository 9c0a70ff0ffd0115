"""The few file operations that everything else is built from: what must survive a crash goes through here.

A file appears by write-to-temporary, fsync, rename, fsync of its directory; a half-written file never has a final name.
Every function is synchronous and belongs in a worker thread, never on the event loop.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CHUNK = 1 << 20
RACY_NS = 2_000_000_000  # coarsest time stamp of a file system in use (FAT)
BACKDATE_NS = RACY_NS + 1_000_000_000

Stamp = tuple[int, int, int, int]
"""(size, mtime_ns, ctime_ns, inode): equal stamps, and a time stamp that is not racy, stand for equal content."""


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file. Raises OSError where there is none."""
    status = path.stat()
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


MAKING = threading.Lock()
"""Held while folders are made: who finds one that another thread has just made may rely on it."""

NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ELOOP})
"""What opening says where no regular file stands: nothing, a folder, a pipe, a device, or an unwanted link."""


def open_regular(path: Path, *, follow: bool = True) -> BinaryIO:
    """Open a file to read it, not through a symbolic link unless `follow` says so.

    Raises OSError, at once, for what is no regular file: a pipe would be waited for.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
            raise OSError(code, os.strerror(code) if code == errno.EISDIR else "is no regular file", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def refuse_link(folder: Path) -> None:
    """Raise OSError where a folder is a symbolic link, as the system does where a file is one and must not be."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))


def anchored(path: Path, root: Path) -> Path:
    """Return a path below a folder with the links of that folder resolved, and those further down left to be found."""
    return Path(os.path.realpath(root)) / path.relative_to(root)


def refuse_detour(folder: Path) -> None:
    """Raise OSError where a folder, which was reached without any symbolic link, is reached through one by now.

    Asked just before something is written, renamed or removed there: making it may have taken minutes. Whoever can put
    a link there between the question and the deed, in microseconds, is not kept from it.
    """
    if Path(os.path.realpath(folder)) != Path.cwd() / folder:
        raise OSError(errno.ELOOP, "a symbolic link stands in the way to this folder now; remove it", str(folder))


def create(path: Path) -> BinaryIO:
    """Open a file to write it that was not there before, whatever leads elsewhere. Raises OSError."""
    refuse_detour(path.parent)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666), "wb")


def write_draft(path: Path, data: bytes) -> None:
    """Write a draft at a new path; it is not synced. Raises OSError."""
    with create(path) as file:
        file.write(data)


def read_file(path: Path, largest: int, *, follow: bool = True) -> bytes:
    """Return the bytes of a regular file of at most `largest` bytes. Raises OSError, with nothing read, for others."""
    with open_regular(path, follow=follow) as file:
        refuse_larger(path, os.fstat(file.fileno()).st_size, largest)
        data = file.read(largest + 1)
    refuse_larger(path, len(data), largest)
    return data


def refuse_larger(path: Path, size: int, largest: int) -> None:
    """Raise OSError for a file of more bytes than it may have."""
    if size > largest:
        raise OSError(errno.EFBIG, f"{size:,} bytes are more than the {largest:,} that it may have", str(path))


def remove_whole(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it; nothing happens where there is none."""
    refuse_detour(path.parent)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sha256_file(path: Path) -> str:
    """Return the hex sha256 of a regular file's bytes, read in chunks."""
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Name the file in an OSError that does not: one of reading, writing or syncing what is open."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def fsync_directory(folder: Path, about: Path | None = None) -> None:
    """Make the names in a folder durable; an error names what it is `about`, by default the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with named(about or folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_file(path: Path) -> None:
    """Make a regular file's content durable, whoever wrote it."""
    with open_regular(path) as file, named(path):
        os.fsync(file.fileno())


def make_directory(folder: Path) -> bool:
    """Make a folder and its missing parents, durably; returns whether this very call has made it.

    One that is there counts as durable: see `sync_way` for what a killed run may have made.
    """
    with MAKING:
        wanted, missing = folder, []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        made = False
        for child in reversed(missing):
            try:
                child.mkdir()
                made = True
            except FileExistsError:  # another process was quicker
                if not child.is_dir():
                    raise
                made = False
            fsync_directory(child.parent, wanted)
        return made


def sync_way(folder: Path, levels: int) -> None:
    """Make the names of a folder and of those above it durable, where they are there; `levels` of them in all.

    Whoever made them may have been killed before that was done, and what is not there yet is to be made in them.
    """
    wanted = folder
    for _ in range(levels):
        if folder.exists() and os.access(folder.parent, os.R_OK):
            fsync_directory(folder.parent, wanted)
        folder = folder.parent


def sync_names(folder: Path, leave_out: Collection[Path] = ()) -> None:
    """Make all names in a folder and below it durable, whoever gave or removed them; links are not followed.

    Raises OSError where that cannot be. The content of a file is durable before it is renamed to its final name.
    """
    for place, folders, _ in os.walk(folder, onerror=raise_unless_gone):
        fsync_directory(Path(place))
        folders[:] = [name for name in folders if Path(place, name) not in leave_out]


def raise_unless_gone(error: OSError) -> None:
    """Let a walk through folders pass over those that are not there, and over nothing else."""
    if error.errno not in NO_FILE:
        raise error


def temporary(folder: Path, name: str) -> Path:
    """Return a new path in `folder` for a file that is to be renamed to something called `name`."""
    return folder / f"{secrets.token_hex(6)}-{Path(name).name}"


def backdate(path: Path) -> None:
    """Set a file's mtime a little back, so that any later write shows even where time stamps are coarse.

    The stamp of a file is trusted only if its mtime lies over two seconds before the moment it was recorded (the "racy
    clean" problem of git's index); a file that vidpipe has just made would otherwise be hashed again in every run.
    """
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - BACKDATE_NS))


def put(source: Path, target: Path) -> None:
    """Rename a durable file to its final name, durably."""
    source.replace(target)
    fsync_directory(target.parent)


def write_file(path: Path, data: bytes, *, scratch: Path) -> None:
    """Write a file that appears whole or not at all; `scratch` is a folder on the same file system."""
    make_directory(path.parent)
    draft = temporary(scratch, path.name)
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        backdate(draft)
        put(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes durably to a new path, which is torn if the copying is cut off."""
    with named(source):
        shutil.copyfile(source, target)
    fsync_file(target)


def remove_file(path: Path) -> None:
    """Remove a file durably; nothing happens where there is none."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    fsync_directory(path.parent)
