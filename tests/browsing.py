"""Pages as people open them: in Chromium, from disk, with an eye on everything that must not happen there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
_HOOK = "globalThis.__ran = []; globalThis.alert = (what) => globalThis.__ran.push(what);"


@contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium; the test is skipped where there is none (under CI it then fails)."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Visits:
    """Opens pages and notes what none of them may do: write to the console, break, ask for anything, run a text."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.contexts: list[Any] = []
        self.complaints: list[str] = []

    def __call__(self, page: Path, *, now: str = "", anchor: str = "", **options: Any) -> Any:
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        self.contexts.append(context)
        tab = context.new_page()
        address = page.resolve().as_uri()
        if options.get("java_script_enabled", True):
            tab.add_init_script(_HOOK)
            if now:
                tab.clock.set_fixed_time(now)
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: self.complaints.append(f"a dialog: {dialog.message}"))
        tab.on("request", lambda asked: asked.url.split("#")[0] == address or self.complaints.append(asked.url))
        tab.goto(address + anchor)
        return tab

    def end(self) -> None:
        """Close what was opened; fails when a page did what it must not."""
        for context in self.contexts:
            for tab in context.pages:
                if ran := tab.evaluate("globalThis.__ran ?? []"):
                    self.complaints.append(f"a text of the exports ran: {ran}")
            context.close()
        assert self.complaints == []
