from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from auditor.policy import Policy, load_policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture
def own_policy(tmp_path: Path) -> Path:
    """A copy of the built-in policy that a test may change."""
    folder = tmp_path / "own"
    folder.mkdir()
    for entry in (files("auditor.rules") / "policy").iterdir():
        if entry.name.endswith(".toml"):
            shutil.copy(str(entry), folder / entry.name)
    return folder


@pytest.fixture
def small_policy(tmp_path: Path) -> Callable[[str], Path]:
    """A folder with one marketplace (DE) and the tables that a test writes, checked on 2026-01-01."""

    def write(tables: str) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        (folder / "marketplaces.toml").write_text(
            "checked = 2026-01-01\n[[marketplace]]\n"
            'code = "DE"\ncountry = "DE"\nregion = "EU"\ncurrency = "EUR"\n'
            'language = "de"\ndomain = "Amazon.de"\ngroup = "EU"\n',
            encoding="utf-8",
        )
        (folder / "windows.toml").write_text("checked = 2026-01-01\n\n" + tables, encoding="utf-8")
        return folder

    return write
