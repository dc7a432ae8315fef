"""The README keeps what it promises: two commands first, every link there, every figure from its source."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> list[str]:
    return README.split("```sh\n", 1)[1].split("```", 1)[0].splitlines()


def test_the_first_thing_is_a_picture_and_the_first_block_holds_exactly_two_commands() -> None:
    assert README.startswith("![")
    assert README.index("```") == README.index("```sh\n")
    assert len(commands()) == 2
    assert all(line.strip() and not line.startswith("#") for line in commands())


def test_the_first_command_audits_a_sample_and_the_second_runs_the_tests() -> None:
    audit, tests = (shlex.split(line) for line in commands())
    assert audit[audit.index(".venv/bin/audit") :][:2] == [".venv/bin/audit", "run"]
    assert (ROOT / audit[audit.index("run") + 1]).is_dir()
    assert tests[tests.index(".venv/bin/python") :][:3] == [".venv/bin/python", "-m", "pytest"]


def test_both_commands_install_exact_versions() -> None:
    for command, option in zip(commands(), ("--constraint", "--requirement"), strict=True):
        words = shlex.split(command)
        lock = ROOT / words[words.index(option) + 1]
        pins = [line for line in lock.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        assert pins
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin) for pin in pins)


def test_development_runs_with_the_versions_that_the_audit_is_shipped_with() -> None:
    shipped, development = (
        {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert shipped <= development


def test_the_results_that_the_readme_makes_are_not_put_under_version_control() -> None:
    words = shlex.split(commands()[0])
    out = Path(words[words.index("--out") + 1])
    assert f"{out.parts[0]}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text)]
    broken = [t for t in targets if t and not t.startswith("https://") and not (page.parent / t).exists()]
    assert not broken


def test_the_readme_leads_to_every_page() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        assert f"](docs/{page.name})" in README
    for page in (ROOT / "docs" / "rules").glob("*.md"):
        assert f"](docs/rules/{page.name})" in README
