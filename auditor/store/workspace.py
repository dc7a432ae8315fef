"""The workspace: a folder of any name that keeps read exports between runs, and the case log.

Nothing in it is ever an input to a finding, only to its state: deleting the read exports costs time, not results.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.model import Problem, WrongUsage


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace folder that exists and can be written."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Where the Parquet of each export lies, named by content hash."""
        return self.folder / "cache"


def default_folder(app_folder: Path, account: str, paths: Sequence[Path]) -> Path:
    """The workspace folder of one account and its input paths; two inputs never share one by accident."""
    where = "\n".join(sorted(str(path.resolve()) for path in paths))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", account).strip("-.") or "account"
    mark = hashlib.sha256("\n".join((account, where)).encode()).hexdigest()[:12]
    return app_folder / "workspaces" / f"{name}-{mark}"


def open_workspace(folder: Path) -> Workspace:
    """Create the folder when missing and prove that it can be written.

    Raises WrongUsage with the remedy when it is a file or not writable.
    """
    workspace = Workspace(folder)
    try:
        workspace.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=workspace.cache):
            pass
    except OSError as error:
        what = f"the workspace folder {folder} cannot be used: {error.strerror or error}."
        raise WrongUsage(Problem(what, "Name a folder you can write with --workspace.")) from error
    return workspace
