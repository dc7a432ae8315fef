"""Putting a finished folder in the place of an old one, so that a reader sees the one or the other, whole.

Linux can exchange two names in one step (renameat2 with RENAME_EXCHANGE): there is no moment without a folder, and
nothing to mend after a kill. Where the system or the file system cannot, the old folder is renamed aside and the new
one renamed in; a kill between the two leaves the old folder aside, whole, and `recover` names it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from auditor.publish.disk import flush_names

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def part_beside(out: Path) -> Path:
    """Where this process writes the new folder: beside OUT, so on the same file system."""
    return out.with_name(f".{out.name}.part-{os.getpid()}")


def lock_beside(out: Path) -> Path:
    """The lock file of OUT."""
    return out.with_name(f".{out.name}.lock")


def put_in_place(part: Path, out: Path) -> None:
    """Make the finished `part` be OUT; what was OUT is afterwards named as a leftover part."""
    if not out.exists():
        part.rename(out)
    elif not _exchanged(part, out):
        aside = _aside_beside(out)
        out.rename(aside)
        part.rename(out)
        aside.rename(part)
    flush_names(out.parent)


def recover(out: Path) -> None:
    """Finish or undo what a killed run left; only for the holder of the lock.

    Whoever holds the lock is the only writer, so every part beside OUT is a leftover, even when its number has
    become that of some other process.
    """
    if not out.exists() and (aside := _set_aside(out)):
        aside.rename(out)
    for leftover in _beside(out, "part|old"):
        shutil.rmtree(leftover)


def standing(out: Path) -> Path:
    """The folder to read: OUT, or the whole old one while a swap in two steps is under way or was cut off."""
    return out if out.exists() else _set_aside(out) or out


def _aside_beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.old-{os.getpid()}")


def _set_aside(out: Path) -> Path | None:
    return next(_beside(out, "old"), None)


def _beside(out: Path, kinds: str) -> Iterator[Path]:
    ours = re.compile(rf"\.{re.escape(out.name)}\.(?:{kinds})-\d+")
    if out.parent.is_dir():
        yield from sorted(path for path in out.parent.iterdir() if ours.fullmatch(path.name) and not path.is_symlink())


def _exchanged(one: Path, other: Path) -> bool:
    """True when the two names were exchanged in one step; False when that cannot be done here."""
    # The signature of the C library: int renameat2(int, const char *, int, const char *, unsigned int).
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(other))
