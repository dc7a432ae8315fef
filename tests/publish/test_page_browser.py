"""What a person meets who opens summary.html from disk: in a real browser, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import page_results as made
import pytest
from browsing import Visits

from auditor.publish import page as summary

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    written = {}
    for name in ("some", "nothing", "many"):
        written[name] = folder / f"{name}.html"
        written[name].write_text(summary.render(getattr(made, name)()), "utf-8")
    return written


@pytest.fixture
def open_page(visit: Visits, pages: dict[str, Path]) -> Open:
    return lambda name="some", *, now="2026-06-30T12:00:00Z", **options: visit(pages[name], now=now, **options)


def rows(tab: Any) -> Any:
    return tab.locator("table.findings > tbody")


@pytest.mark.parametrize("name", ["some", "nothing", "many"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_quietly_and_never_scrolls_sideways(open_page: Open, name: str, width: int, scheme: str) -> None:
    tab = open_page(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_without_scripts_every_finding_is_there_and_opens(open_page: Open) -> None:
    tab = open_page(java_script_enabled=False)
    assert rows(tab).count() == len(made.some().findings)
    assert not tab.locator("#findings form").is_visible()
    first = rows(tab).first
    first.locator("summary").click()
    assert first.locator(".story").is_visible()
    assert not first.locator("button").first.is_visible()


def test_search_finds_by_title_sku_reference_and_id(open_page: Open) -> None:
    tab = open_page()
    wanted = next(f for f in made.some().findings if f.title == made.HOSTILE_TITLES[4])
    for words in (wanted.title[:8], wanted.msku.lower(), wanted.reference_id, wanted.finding_id):
        tab.fill("#findings [data-search]", words)
        assert wanted.finding_id in rows(tab).evaluate_all("bodies => bodies.map(b => b.dataset.id)")
    assert rows(tab).count() == 1
    tab.fill("#findings [data-search]", "no such thing")
    assert "No finding fits" in tab.locator("#findings [data-shown]").inner_text()


def test_filters_narrow_together_and_the_sums_stay_apart_by_currency(open_page: Open) -> None:
    tab = open_page()
    tab.select_option('#findings [data-filter="market"]', "JP")
    tab.select_option('#findings [data-filter="confidence"]', "high")
    tab.select_option('#findings [data-filter="status"]', "open")
    kept = [
        f for f in made.some().findings if (f.marketplace, f.confidence, f.status) == ("JP", "high", "open")
    ]  # fmt: skip
    assert rows(tab).count() == len(kept)
    yen = sum(f.amount for f in kept if f.amount is not None)
    assert f"¥{yen:,}" in tab.locator("#findings [data-shown]").inner_text()
    tab.click("#findings [type=reset]")
    tab.wait_for_function("document.querySelectorAll('table.findings > tbody').length > 40")
    assert tab.locator("#findings [data-shown]").inner_text().count("·") >= 2


@pytest.mark.parametrize("name", ["some", "many"])
def test_sorting_by_amount_never_compares_two_currencies(open_page: Open, name: str) -> None:
    tab = open_page(name)
    tab.click('[data-head="amount"] button')
    assert tab.get_attribute('[data-head="amount"]', "aria-sort") == "descending"
    seen = rows(tab).evaluate_all("bodies => bodies.map(b => [b.dataset.currency, b.dataset.amount])")
    known = [(currency, float(amount)) for currency, amount in seen if amount]
    assert known == sorted(known, key=lambda pair: (pair[0], -pair[1]))
    assert [amount for _, amount in seen if not amount] == [amount for _, amount in seen[len(known) :]]


def test_a_click_on_a_row_opens_its_story_and_the_keyboard_does_too(open_page: Open) -> None:
    tab = open_page()
    tab.click("table.findings > tbody:nth-of-type(2) .product")
    assert rows(tab).nth(1).locator(".story").is_visible()
    rows(tab).nth(2).locator("summary").focus()
    tab.keyboard.press("Enter")
    assert rows(tab).nth(2).locator(".story").is_visible()


def test_a_link_to_a_finding_leads_to_it_whatever_is_filtered(open_page: Open) -> None:
    tab = open_page()
    tab.fill("#findings [data-search]", "no such thing")
    tab.click("#next a.product >> nth=0")
    first = min((f for f in made.some().findings if f.status == "open" and f.claim_by), key=lambda f: f.claim_by)
    assert tab.locator(f"[id='f-{first.finding_id}'] .story").is_visible()


def test_in_a_long_list_a_link_leads_to_a_row_that_is_not_drawn_yet(open_page: Open) -> None:
    far = made.many().findings[7_000]
    tab = open_page("many", anchor=f"#f-{far.finding_id}")
    row = tab.locator(f"[id='f-{far.finding_id}']")
    assert far.summary in row.locator(".story").inner_text()
    assert far.title in row.locator(".product").inner_text()


def test_a_long_list_shows_a_page_at_a_time_and_counts_all(open_page: Open) -> None:
    tab = open_page("many")
    assert rows(tab).count() == 50
    tab.click("#findings [data-more]")
    assert rows(tab).count() == 100
    assert tab.locator("#findings [data-shown]").inner_text().startswith("20,000 of 20,000 findings, worth ")
    tab.fill("#not-claimed [data-search]", "goodwill")
    assert tab.locator("#not-claimed [data-shown]").inner_text() == "2,500 of 10,000 candidates"


def test_both_kinds_of_list_write_the_same_cells(open_page: Open, pages: dict[str, Path], monkeypatch: Any) -> None:
    slots = "b.querySelectorAll('tr:first-child [data-f], summary [data-f]')"
    cells = f"bodies => bodies.map(b => [...{slots}].map(c => c.textContent))"
    written = rows(open_page("some")).evaluate_all(cells)
    monkeypatch.setattr("auditor.publish.page_lists.MOST_ROWS", 1)
    pages["packed"] = pages["some"].with_name("packed.html")
    pages["packed"].write_text(summary.render(made.some()), "utf-8")
    assert rows(open_page("packed")).evaluate_all(cells) == written


def test_a_draft_is_copied_as_it_stands(open_page: Open) -> None:
    tab = open_page(permissions=["clipboard-read", "clipboard-write"])
    draft = made.some().drafts[0]
    row = tab.locator(f"[id='f-{draft.finding_id}']")
    row.locator("summary").click()
    row.get_by_role("button", name="Copy text").click()
    row.get_by_role("button", name="Copied").wait_for()
    assert tab.evaluate("navigator.clipboard.readText()") == draft.body


def test_an_old_page_says_so_and_a_fresh_one_does_not(open_page: Open) -> None:
    assert not open_page(now="2026-07-05T12:00:00Z").locator("#stale").is_visible()
    aged = open_page(now="2026-07-20T12:00:00Z").locator("#stale")
    assert "30 Jun 2026, 20 days ago" in aged.inner_text()


def test_print_shows_every_row_on_white(open_page: Open) -> None:
    tab = open_page(color_scheme="dark")
    tab.emulate_media(media="print", color_scheme="dark")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("#not-claimed [data-row]").count() == len(made.some().not_claimed)
    assert not tab.locator("nav").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_everything_that_is_pressed_is_large_enough_and_has_a_name(open_page: Open) -> None:
    tab = open_page(viewport={"width": 390, "height": 900})
    small = tab.evaluate(
        """() => [...document.querySelectorAll('button, select, input, summary, nav a')]
             .filter(e => e.checkVisibility())
             .map(e => [e.tagName, e.textContent.trim(), e.getBoundingClientRect().height, e.labels?.length ?? 1])
             .filter(([, text, height, labels]) => height < 24 || (!text && !labels))"""
    )
    assert small == []


def test_headings_form_an_outline_without_gaps(open_page: Open) -> None:
    tab = open_page()
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []
