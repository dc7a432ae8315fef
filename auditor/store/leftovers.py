"""What a killed run leaves in the cache: folders in which files were being read, and unfinished notes."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from auditor.exports.reader import WORKING

#: No file takes longer to read; what is older belongs to a run that is gone, wherever it ran.
HOUR = 3600.0
_OURS = re.compile(rf"(?:{re.escape(WORKING)}|.*\.part-)([0-9]+)(?:-.*)?")


def remove_leftovers(cache: Path) -> None:
    """Remove what runs left behind that were killed, or that began more than an hour ago."""
    with suppress(OSError):
        for path in cache.iterdir():
            if match := _OURS.fullmatch(path.name):
                _remove(path, int(match[1]))


def _remove(path: Path, process: int) -> None:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime < HOUR and _runs(process):
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _runs(process: int) -> bool:
    """Whether there is such a process; where that cannot be asked, there may be."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
