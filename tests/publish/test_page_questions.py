"""What a new reader asks of the page is answered within three clicks, from the page alone (docs/page.md tells it)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Visits


@pytest.fixture
def results(audited: Callable[[str], Path]) -> Path:
    return audited("us")


@pytest.fixture
def tab(visit: Visits, results: Path) -> Any:
    return visit(results / "summary.html", permissions=["clipboard-read", "clipboard-write"])


def rows(results: Path, name: str) -> list[dict[str, str]]:
    with (results / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_which_claim_is_filed_first_and_what_is_pasted_where(tab: Any, results: Path) -> None:
    """One click opens the story of the first, a second copies the subject, a third the text."""
    drafts = {row["finding_id"] for row in rows(results, "claims/index.csv")}
    open_now = [f for f in rows(results, "findings.csv") if f["status"] == "open" and f["finding_id"] in drafts]
    first_day = min(f["claim_by"] for f in open_now)
    tab.click("#next a.product >> nth=0")
    story = tab.locator(".finding:has(details[open])")
    finding = next(f for f in open_now if f["finding_id"] == story.get_attribute("data-id"))
    assert finding["claim_by"] == first_day
    assert "Seller Central" in story.locator(".filing").inner_text()
    sheet = next((results / "claims").glob(f"*_{finding['finding_id']}.md")).read_text("utf-8")
    assert story.locator(".filing dd >> nth=0").inner_text() in sheet
    story.locator(".copy >> nth=0").click()
    assert tab.evaluate("navigator.clipboard.readText()") in sheet
    story.locator(".copy.main").click()
    assert tab.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") in sheet


def test_why_a_loss_is_not_in_the_list(tab: Any, results: Path) -> None:
    """One click on what was not claimed; a search for the reference shows the reason and its explanation."""
    wanted = next(row for row in rows(results, "not_claimed.csv") if row["reason"] == "found_later")
    tab.click('nav a[href="#not-claimed"]')
    tab.fill("#not-claimed [data-search]", f"{wanted['reference_id']} {wanted['fnsku']}")
    shown = tab.locator("#not-claimed [data-row]")
    assert shown.count() >= 1
    texts = shown.all_inner_texts()
    assert any("found later" in text and wanted["explanation"] in text for text in texts)


def test_what_data_is_missing(tab: Any, results: Path) -> None:
    """One click on the state of the data: which rule, which export, which days, and what it may be worth."""
    tab.click('nav a[href="#data"]')
    silent = tab.locator("#silent + .hint + .wide")
    assert silent.is_visible()
    assert silent.locator("tbody tr").count() >= 1
    assert "2026" in silent.inner_text()
    assert tab.locator("#needs").is_visible()
