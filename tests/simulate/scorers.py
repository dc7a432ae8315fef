"""The scorers, which live in benchmarks/ and import each other by name, as scripts do."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

_BENCHMARKS = str(Path(__file__).parents[2] / "benchmarks")


def scorer(name: str) -> ModuleType:
    """Import a benchmark; its folder comes last, so that no module of the tests is hidden."""
    if _BENCHMARKS not in sys.path:
        sys.path.append(_BENCHMARKS)
    return import_module(name)
