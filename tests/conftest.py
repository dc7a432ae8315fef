"""What holds for every test: under CI a test that needs a browser must not be skipped."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

_BROWSER = re.compile("chromium|playwright|browser", re.IGNORECASE)
_skipped_for_want_of_a_browser: list[str] = []


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AUDIT_* variables of the person who runs the tests change no result."""
    for name in [name for name in os.environ if name.startswith("AUDIT_")]:
        monkeypatch.delenv(name)
    yield


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("CI") == "true" and _BROWSER.search(str(report.longrepr)):
        _skipped_for_want_of_a_browser.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped_for_want_of_a_browser:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _skipped_for_want_of_a_browser:
        terminalreporter.write_line(f"ERROR {name}: skipped for want of a browser, which CI does not allow")
