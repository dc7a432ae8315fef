"""What all tests share: the sample accounts, audited once; under CI none is skipped for want of a program."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visits, chromium
from click.testing import CliRunner
from hypothesis import settings

# A slow machine is no defect: examples are bounded in number, never in time.
settings.register_profile("audit", deadline=None)
settings.load_profile("audit")

ROOT = Path(__file__).parent.parent
_PROGRAMS = re.compile("chromium|playwright|browser|postgresql", re.IGNORECASE)
_skipped_for_want_of_a_program: list[str] = []


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """AUDIT_* variables of the person who runs the tests change no result, and tests leave nothing in their folders."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config"))
    for name in [name for name in os.environ if name.startswith("AUDIT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _the_terminal_speaks_english() -> Iterator[None]:
    """Whatever language the person who runs the tests speaks; a test of another language asks for it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")
        yield


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the results folder of a sample account, audited by the command that people use.

    All processes of the tests share it: nobody writes into it.
    """
    from auditor.cli import cli
    from auditor.publish.lock import held

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "audited"
    folder.mkdir(exist_ok=True)

    def results(sample: str) -> Path:
        out = folder / sample
        with held(folder / f"{sample}.audited.lock", 300, f"Another process of the tests audits {sample}."):
            if not out.exists():
                options = ["--out", str(out), "--workspace", str(folder / f"workspace-{sample}"), "--quiet"]
                run = CliRunner().invoke(cli, ["run", str(ROOT / "sample_data" / sample), *options])
                assert (run.exit_code, run.output) == (0, "")
        return out

    return results


@pytest.fixture(scope="session")
def reading_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace for tests that read the same files again and again: each content is read once.

    Give `audit run` a --database-url of its own beside it, or its case log is that of other tests too.
    """
    return tmp_path_factory.mktemp("reading-cache")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, started once a file: while it runs, nothing else may run an event loop of its own."""
    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser: Any) -> Iterator[Visits]:
    """Opens a page from disk; fails when it wrote to the console, broke, or asked for anything but itself."""
    visits = Visits(browser)
    yield visits
    visits.end()


@pytest.fixture(scope="session")
def sample_manifest(audited: Callable[[str], Path]) -> dict[str, Any]:
    """run.json of the US sample."""
    manifest: dict[str, Any] = json.loads((audited("us") / "run.json").read_bytes())
    return manifest


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("CI") == "true" and _PROGRAMS.search(str(report.longrepr)):
        _skipped_for_want_of_a_program.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped_for_want_of_a_program:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _skipped_for_want_of_a_program:
        terminalreporter.write_line(f"ERROR {name}: skipped for want of a program, which CI does not allow")
