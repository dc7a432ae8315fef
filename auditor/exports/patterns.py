"""Paths as a person gives them: patterns that no shell has expanded become the files they mean."""

from __future__ import annotations

from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path

from auditor.model import Problem, WrongUsage


def matched(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths, each pattern (`*.txt`, `**`) replaced by what it matches, in the order of names.

    A file whose name holds such letters is itself. Raises WrongUsage for paths that are not there and patterns that
    match nothing.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.exists():
            found.append(path)
        elif not has_magic(str(path)):
            problems.append(Problem(f"{path} does not exist.", "Check the path."))
        elif names := sorted(glob(str(path), recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute pattern
            found += map(Path, names)
        else:
            problems.append(Problem(f"nothing matches {path}.", "Check the pattern, or give the folder."))
    if problems:
        raise WrongUsage(*problems)
    return tuple(dict.fromkeys(found))
