"""Which alert comes first: the nearest, then the biggest, with yen and euros on one footing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditor.accounts.alert import Alert, Kept
from auditor.accounts.portfolio import urgency

from .alert_world import DAY


def deadline(account: str, left: int, **worth: str) -> Kept:
    amounts = tuple((currency, Decimal(amount)) for currency, amount in worth.items())
    alert = Alert(account, "deadline:7", "deadline", "7", DAY, DAY + timedelta(days=left), amounts)
    return Kept(alert, "open", DAY, DAY)


def order(*alerts: Kept) -> list[str]:
    return [kept.alert.account for kept in sorted(alerts, key=lambda kept: urgency(kept, DAY))]


def test_eight_thousand_euros_come_before_a_hundred_thousand_yen() -> None:
    assert order(deadline("yen", 5, JPY="100000"), deadline("euros", 5, EUR="8125.05")) == ["euros", "yen"]


def test_two_million_yen_come_before_eight_thousand_euros() -> None:
    assert order(deadline("euros", 5, EUR="8125.05"), deadline("yen", 5, JPY="2333577")) == ["yen", "euros"]


def test_this_week_comes_before_more_money_later() -> None:
    assert order(deadline("later", 12, USD="9000.00"), deadline("now", 3, USD="20.00")) == ["now", "later"]


def test_what_ends_today_comes_before_more_money_that_can_wait_until_tomorrow() -> None:
    assert order(deadline("week", 7, EUR="6388.00"), deadline("today", 0, EUR="917.00")) == ["today", "week"]
    assert order(deadline("week", 2, EUR="6388.00"), deadline("tomorrow", 1, EUR="917.00")) == ["tomorrow", "week"]


def test_two_that_end_now_are_ordered_by_money() -> None:
    assert order(deadline("small", 0, EUR="9.00"), deadline("big", 1, EUR="917.00")) == ["big", "small"]
