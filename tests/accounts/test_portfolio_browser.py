"""portfolio.html as a customer-success manager meets it: whom do I call first, what do I say, what happened?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import Visits

from auditor.accounts.portfolio import point_of
from auditor.accounts.portfolio_page import render
from auditor.accounts.start import start_page

from .alert_world import DAY, account, seen
from .portfolio_world import person, portfolio, rich_view, view_of

AXE = Path(__file__).parent.parent / "publish" / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    views = [
        view_of(rich_view()),
        view_of(replace(rich_view(), account=account("pan", owner="jan", language="de", experience="experienced"))),
        view_of(seen(account=account("quiet", marketplaces=("UK",)))),
    ]
    trend = [point_of(views[: n % 3], DAY - timedelta(days=60 - n)) for n in range(61)]
    shown = portfolio(views, person(), person("de", id="jan", name="Jan Muster"))
    path = tmp_path_factory.mktemp("portfolio") / "portfolio.html"
    path.write_text(render(replace(shown, trend=tuple(trend))), "utf-8")
    path.with_name("start.html").write_text(start_page(account(language="ja"), None, ()), "utf-8")
    return path


@pytest.fixture
def tab(visit: Visits, page: Path, request: pytest.FixtureRequest) -> Any:
    """The page, in a window as the test asks for."""
    return visit(page, **getattr(request, "param", {}))


@pytest.mark.parametrize(
    "tab",
    [{"viewport": {"width": w, "height": 900}, "color_scheme": s} for w in (390, 1280) for s in ("light", "dark")],
    indirect=True,
)
def test_it_never_scrolls_sideways_on_a_phone_or_a_desktop(tab: Any) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    width = tab.viewport_size["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_page_of_an_account_fits_a_phone(visit: Visits, page: Path) -> None:
    shown = visit(page.with_name("start.html"), viewport={"width": 390, "height": 900})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.locator(".exports li").count() > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["portfolio.html", "start.html"])
def test_axe_finds_nothing_to_complain_of(visit: Visits, page: Path, name: str, scheme: str) -> None:
    shown = visit(page.with_name(name), color_scheme=scheme)
    shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    shown.evaluate(AXE.read_text("utf-8"))
    found = shown.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"][:3]] == []


def test_the_trend_is_drawn_for_each_currency_and_has_words(tab: Any) -> None:
    drawings = tab.get_by_role("img", name="by day")
    assert drawings.count() == 3
    assert all(drawing.locator("rect").first.bounding_box()["height"] > 0 for drawing in drawings.all())


def test_the_first_line_says_whom_to_call_and_what_to_do(tab: Any) -> None:
    assert "call Kessel & Söhne <GmbH> first" in tab.locator("h1").inner_text()
    assert "File them in Seller Central" in tab.locator(".intro").first.inner_text()


def test_since_yesterday_is_one_click_away(tab: Any) -> None:
    tab.get_by_role("link", name="Since yesterday").click()
    alerts = tab.locator("#changed ul").first.locator("li")
    assert f"New: {alerts.count()}" in tab.locator("#changed").inner_text()
    assert alerts.first.is_visible()


def shown(tab: Any) -> list[str]:
    return tab.locator("[data-account]:visible h3").all_inner_texts()


@pytest.mark.parametrize(
    ("choice", "value", "left"),
    [("owner", "Jan Muster", 1), ("language", "de", 1), ("segment", "experienced", 1), ("market", "UK", 1)],
)
def test_each_filter_leaves_what_fits(tab: Any, choice: str, value: str, left: int) -> None:
    tab.locator(f"select[name={choice}]").select_option(value)
    assert len(shown(tab)) == left
    assert f"{left} of 3 accounts" in tab.locator("[data-shown]").inner_text()


def test_a_link_to_an_account_that_is_filtered_out_shows_it_again(tab: Any) -> None:
    tab.get_by_label("Search").fill("quiet")
    assert len(shown(tab)) == 1
    tab.locator("#changed a[href='#a-kettle']").first.click()
    assert len(shown(tab)) == 3


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_every_account_is_there(tab: Any) -> None:
    assert len(shown(tab)) == 3
    assert not tab.locator("form").is_visible()


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 900}}], indirect=True)
def test_on_a_phone_money_by_days_left_is_seen_without_scrolling(tab: Any) -> None:
    room = tab.locator('[aria-label="Money by days left"]')
    room.locator("td.num").evaluate_all("cells => cells.forEach(c => { c.firstChild.textContent = '€2,345.67'; })")
    assert room.evaluate("e => e.scrollWidth <= e.clientWidth")
