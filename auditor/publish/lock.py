"""One writer at a time: a lock file beside a results folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.model import AuditError, Problem

_PAUSE = 0.1


@contextmanager
def held(lock: Path, patience: float, busy: str) -> Iterator[None]:
    """Hold the lock file; wait up to `patience` seconds for another holder, then raise AuditError saying `busy`.

    The operating system lets go of the lock when its holder dies, however it dies.
    """
    until = time.monotonic() + patience
    while (handle := _taken(lock)) is None:
        if time.monotonic() >= until:
            raise AuditError(Problem(busy, "Wait until it has finished, or choose another folder with --out."))
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        _let_go(lock, handle)


def _taken(lock: Path) -> int | None:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    if _try(handle) and _still_named(lock, handle):
        return handle
    os.close(handle)
    return None


def _still_named(lock: Path, handle: int) -> bool:
    """False when the last holder removed the file between our opening and our locking it."""
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(lock: Path, handle: int) -> None:
        del lock  # an open file cannot be removed there; an empty one does no harm
        os.close(handle)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(lock: Path, handle: int) -> None:
        lock.unlink(missing_ok=True)
        fcntl.flock(handle, fcntl.LOCK_UN)  # a forked child may still hold the same handle
        os.close(handle)
