"""What must never be in the tree: paths of somebody's machine, addresses of somebody's network, files left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Written in parts, so that this file does not find itself.
HOMES = [
    "/" + "work/",
    "/" + "root/",
    "/" + "home/[a-z]",
    "/" + "Users/[A-Za-z]",
    "/" + "opt/[a-z]",
    r"[A-Z]:\\" + "Users",
]
HOSTS = ["local" + "host:", r"\b10\.\d+\.\d+\.\d+\b", r"\b192\.168\.", "extra-" + "index-url", "find-" + "links"]
MACHINE_PATHS, NETWORK = (re.compile("|".join(parts)) for parts in (HOMES, HOSTS))


def tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    return [path for name in names if name and (path := ROOT / name.decode()).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, NETWORK], ids=["machine paths", "network addresses"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    hits = [f"{name}: {match.group()}" for name, text in texts().items() for match in pattern.finditer(text)]
    assert not hits


def test_no_file_is_left_behind() -> None:
    leftovers = re.compile(r"(\.orig|\.rej|\.bak|\.swp|\.pyc|~|\.DS_Store)$|(^|/)(build|dist)/|\.egg-info/")
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert not [name for name in names if leftovers.search(name)]


def test_no_tracked_file_is_large() -> None:
    assert not [str(path) for path in tracked() if path.stat().st_size > 1_500_000]


def test_code_files_fit_on_a_few_screens() -> None:
    code = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "auditor")]
    long = {str(p.relative_to(ROOT)): n for p in code if (n := len(p.read_text(encoding="utf-8").splitlines())) > 330}
    assert not long
