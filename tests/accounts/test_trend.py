"""Money at risk and accounts to contact over days: one point a day, however often it is looked at."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.accounts.portfolio import point_of
from auditor.accounts.portfolio_page import portfolio_json, render
from auditor.accounts.trend import FILE, MOST_KEPT, Point, keep_point
from auditor.accounts.trend_chart import FEWEST_DAYS, MOST_DAYS, PLOT_HEIGHT, charts_of
from auditor.model import AuditError

from .alert_world import DAY, account, seen
from .portfolio_world import portfolio, rich_view, view_of


def point(n: int, eur: str = "10.00", soon: str = "0") -> Point:
    worth = (("EUR", Decimal(eur)),)
    pressing = (("EUR", Decimal(soon)),) if Decimal(soon) else ()
    return Point(DAY + timedelta(days=n), 3, 1, 0, pressing, worth)


def test_the_same_day_twice_is_one_point_and_the_later_look_counts(tmp_path: Path) -> None:
    keep_point(tmp_path, "accounts.toml", point(0))
    once = keep_point(tmp_path, "accounts.toml", point(1, "20.00"))
    assert keep_point(tmp_path, "accounts.toml", point(1, "20.00")) == once == (point(0), point(1, "20.00"))
    before = (tmp_path / FILE).read_bytes()
    keep_point(tmp_path, "accounts.toml", point(1, "20.00"))
    assert (tmp_path / FILE).read_bytes() == before
    assert keep_point(tmp_path, "accounts.toml", point(1, "5.00")) == (point(0), point(1, "5.00"))


def test_a_day_that_is_past_changes_nothing_and_shows_no_later_one(tmp_path: Path) -> None:
    for n in (0, 2):
        keep_point(tmp_path, "accounts.toml", point(n))
    before = (tmp_path / FILE).read_bytes()
    assert keep_point(tmp_path, "accounts.toml", point(1)) == (point(0),)
    assert (tmp_path / FILE).read_bytes() == before


def test_the_days_are_bounded_and_each_list_has_its_own(tmp_path: Path) -> None:
    rows = [point(n).as_json() for n in range(MOST_KEPT + 5)]
    (tmp_path / FILE).write_text(json.dumps({"form": 1, "lists": {"accounts.toml": rows}}), encoding="utf-8")
    kept = keep_point(tmp_path, "accounts.toml", point(MOST_KEPT + 5))
    assert (len(kept), kept[0].day, kept[-1].day) == (MOST_KEPT, DAY + timedelta(days=6), point(MOST_KEPT + 5).day)
    assert keep_point(tmp_path, "other.toml", point(0)) == (point(0),)
    assert len(keep_point(tmp_path, "accounts.toml", point(MOST_KEPT + 5))) == MOST_KEPT


@pytest.mark.parametrize(
    ("content", "why"),
    [("{", "damaged"), ('{"form": 1, "lists": {"a": [{"day": "x"}]}}', "damaged"), ('{"form": 99}', "newer version")],
)
def test_a_file_that_cannot_be_read_is_named_and_left_as_it_is(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(AuditError, match=why):
        keep_point(tmp_path, "accounts.toml", point(0))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == content


def test_a_point_counts_accounts_with_an_open_alert_and_money_by_currency() -> None:
    views = [view_of(rich_view()), view_of(seen(account=account("quiet"))), view_of(seen(as_of=None, newest=None))]
    views[2] = replace(views[2], kept=())
    made = point_of(views, DAY)
    assert (made.accounts, made.to_contact, made.without_results) == (3, 1, 1)
    assert made.at_risk == made.soon == (("EUR", Decimal("931.50")), ("JPY", Decimal(1240)))


def test_every_currency_has_a_drawing_of_its_own_and_the_tallest_bar_fills_it() -> None:
    days = [point(0, "10.00"), point(3, "40.00", "30.00")]
    days[1] = replace(days[1], at_risk=(*days[1].at_risk, ("JPY", Decimal(900))))
    charts = charts_of(days)
    assert [chart.currency for chart in charts] == ["", "EUR", "JPY"]
    euros = charts[1]
    assert [[(p.kind, float(p.height)) for p in bar.parts] for bar in euros.bars] == [
        [("rest", PLOT_HEIGHT / 4)],
        [("soon", PLOT_HEIGHT * 3 / 4), ("rest", PLOT_HEIGHT / 4)],
    ]
    assert [bar.value for bar in charts[2].bars] == [0, 900]


def test_days_without_a_look_stay_empty_and_old_ones_are_not_drawn() -> None:
    (chart, *_) = charts_of([point(0), point(1), point(MOST_DAYS)])
    assert [bar.day for bar in chart.bars] == [DAY + timedelta(days=1), DAY + timedelta(days=MOST_DAYS)]
    assert [float(bar.x[:-1]) > 90 for bar in chart.bars] == [False, True]
    (short, *_) = charts_of([point(0), point(1)])
    assert (short.last - short.first).days == FEWEST_DAYS - 1


def test_the_first_day_says_what_will_be_here_and_two_days_are_drawn_with_words_for_them() -> None:
    shown = portfolio([view_of(rich_view())])
    first = render(replace(shown, trend=(point(-1),)))
    assert "This is the first day that is kept: 1 of 3 accounts to contact" in first
    assert '<svg class="trend"' not in first
    page = render(replace(shown, trend=(point(-1, "10.00"), point(0, "40.00", "30.00"))))
    described = re.findall(r"<desc [^>]+>(.*?)</desc>", page)
    assert (
        described[1]
        == "3 May 2026: €10.00. Highest on 4 May 2026: €40.00. 4 May 2026: €40.00, of which in 14 days or less: €30.00."
    )
    assert page.count('role="img"') == 2
    table = page[page.index("The same as a table") :]
    assert table.index("4 May 2026") < table.index("3 May 2026")
    told = portfolio_json(replace(shown, trend=(point(0, "40.00", "30.00"),)))["trend"]
    assert told == [
        {
            "day": date(2026, 5, 4).isoformat(), "accounts": 3, "to_contact": 1, "without_results": 0,
            "within_14": {"EUR": "30.00"}, "at_risk": {"EUR": "40.00"},
        }
    ]  # fmt: skip
