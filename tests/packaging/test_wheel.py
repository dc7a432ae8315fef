"""What `pip install` gives: built from a clean copy, complete, and able to audit on a machine without this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# Where the packages of the wheel lie in the tree.
PACKAGES = {"auditor/rules": "rules", "auditor/reports": "reports", "auditor/sample_data": "sample_data"}
OFFLINE = re.compile(
    "No matching distribution|ConnectionError|Connection broken|Temporary failure|timed out", re.IGNORECASE
)


def run(command: Sequence[str | Path], place: Path) -> subprocess.CompletedProcess[str]:
    """Run a command away from the checkout, with a home of its own and without this environment's paths."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUDIT_", "VIRTUAL_ENV"))
    }
    environment = {**kept, "HOME": str(place), "XDG_CONFIG_HOME": str(place / "config")}
    return subprocess.run([*map(str, command)], cwd=place, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is under version control, copied: a stale build folder of the checkout must not reach the wheel."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git checkout to copy")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    copy = tmp_path_factory.mktemp("tree")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def built(tree: Path) -> Path:
    """The folder with the sdist, and with the wheel that was built from the sdist."""
    result = run([sys.executable, "-m", "build", "--no-isolation", tree], tree)
    assert result.returncode == 0, result.stdout + result.stderr
    return tree / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel and what it needs."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place / "venv", with_pip=False)
    binaries = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", binaries / "python", "install", "--quiet", "--no-input"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [*map(str, pip), "--constraint", str(ROOT / "requirements.lock"), str(wheel)]
    result = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    if result.returncode and OFFLINE.search(result.stderr) and os.environ.get("CI") != "true":
        pytest.skip(f"no package index within reach: {result.stderr.strip().splitlines()[-1]}")
    assert result.returncode == 0, result.stderr
    return binaries


def expected_files(tree: Path) -> set[str]:
    """The files of every package in the tree, as the wheel should name them."""
    homes = {"auditor": "auditor", **PACKAGES}
    return {
        f"{package}/{path.relative_to(tree / home).as_posix()}"
        for package, home in homes.items()
        for path in (tree / home).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_every_package_and_no_other(tree: Path, wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == expected_files(tree)
    assert "auditor/py.typed" in names


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    licences = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/licenses/LICENSE")]
    assert len(licences) == 1


def test_the_source_archive_holds_what_it_takes_to_build_and_to_test(tree: Path, built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = {name.partition("/")[2] for name in content.getnames()}
    folders = [tree / name for name in ("tests", "docs", "rules")]
    wanted = {path.relative_to(tree).as_posix() for folder in folders for path in folder.rglob("*")}
    assert {name for name in wanted if "__pycache__" not in name} <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "requirements-dev.lock"} <= names


def test_the_installed_audit_runs_on_its_packaged_sample(installed: Path, tmp_path: Path) -> None:
    where = "from importlib.resources import files; print(files('auditor.sample_data') / 'us')"
    sample = run([installed / "python", "-c", where], tmp_path).stdout.strip()
    assert not Path(sample).is_relative_to(ROOT)
    result = run([installed / "audit", "run", sample, "--out", tmp_path / "results"], tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "results" / "summary.html").is_file()
    assert "summary.html" in result.stdout


def test_the_installed_doctor_finds_nothing_wrong_in_another_folder(installed: Path, tmp_path: Path) -> None:
    result = run([installed / "audit", "doctor"], tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "BAD" not in result.stdout
    assert "rules: " in result.stdout


def test_the_installed_packages_leave_the_top_level_to_others(installed: Path, tmp_path: Path) -> None:
    names = ("rules", "reports", "sample_data", "tests")
    code = f"import importlib.util as u; print([name for name in {names} if u.find_spec(name)])"
    assert run([installed / "python", "-c", code], tmp_path).stdout.strip() == "[]"
