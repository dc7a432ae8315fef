"""Scenarios of refunds in time and place: claim windows, coverage, other countries and currencies."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.calendar_of_account import AS_OF, ORDERS, ago
from auditor.simulate.registry import scenario
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import RETURN, Value

S = SellingStory


@scenario(RETURN, S)
def a_unit_that_came_back_very_late(s: S) -> None:
    """Late, but before the claim was filed."""
    order, day = s.refunded(1, s.ago(s.window.days - 20, 76))
    s.give_back(order, day, s.after(day, 60, 75))
    s.not_owed(order, 1, "returned", "the unit came back two months later")


@scenario(RETURN, S)
def a_unit_that_came_back_before_the_refund(s: S) -> None:
    """A return may come before its refund posts."""
    order, day = s.refunded(1, s.ago(s.window.days - 16, 20))
    s.give_back(order, day, day - timedelta(days=s.units(1, 4)))
    s.not_owed(order, 1, "returned", "the unit came back before the refund")


@scenario(RETURN, S)
def two_units_refunded_weeks_apart(s: S) -> None:
    """Each refund has its own deadline: two findings of one order."""
    day = s.ago(s.window.days - 16, s.window.wait + 30)
    order = s.order([(s.product(), 2)], day)
    s.refund(order, day, 1)
    s.refund(order, day + timedelta(days=25), 1)
    s.owed(order, day, 1)
    s.owed(order, day + timedelta(days=25), 1)


@scenario(RETURN, S)
def a_refund_whose_order_is_older_than_the_exports(s: S) -> None:
    """Without the order's price it is one unit of unknown value, for a person to look at."""
    day = s.ago(s.window.days - 16, s.window.wait)
    order = s.order([(s.product(), 1)], day, listed=False)
    s.refund(order, day, 1)
    s.owed(order, day, 1, confidence="review", value=Value(None, "", ""))


@scenario(RETURN, S)
def a_refund_before_the_returns_export_begins(s: S) -> None:
    """Nobody can say whether the unit came back."""
    order, day = s.refunded(1, s.account.returns_start - timedelta(days=s.units(8, 18)))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_in_the_quiet_days_before_the_first_return(s: S) -> None:
    """Seven days of silence at the start of an export are quiet days, not a gap."""
    order, day = s.refunded(1, s.account.returns_start - timedelta(days=s.units(1, 6)))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_of_this_week(s: S) -> None:
    """The customer still has weeks to send the unit back."""
    order, day = s.refunded(1, s.ago(6, 0))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_one_day_before_its_claim_opens(s: S) -> None:
    """Still waiting."""
    order, day = s.refunded(1, ago(s.window.wait - 1))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_on_its_first_claim_day(s: S) -> None:
    """Open from this day on."""
    order, day = s.refunded(1, ago(s.window.wait))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_on_its_last_claim_day(s: S) -> None:
    """The last day is inside the window."""
    order, day = s.refunded(1, ago(s.window.days))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    order, day = s.refunded(1, ago(s.window.days + 1))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def an_order_still_pending_in_the_older_export(s: S) -> None:
    """The newer export knows it shipped and at what price."""
    order, day = s.refunded(1, ORDERS[0].last + timedelta(days=s.units(10, 20)))
    order.bought = ORDERS[0].last
    order.posted = order.bought + timedelta(days=1)
    s.owed(order, day, 1)


@scenario(RETURN, S, markets=("DE",))
def a_sale_in_another_country_of_the_account(s: S) -> None:
    """Sold on Amazon.fr, settled in euro with the others."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day, channel="Amazon.fr")
    s.refund(order, day, 1)
    s.owed(order, day, 1)


@scenario(RETURN, S, markets=("DE",))
def a_sale_in_another_currency(s: S) -> None:
    """Sold on Amazon.pl: a settlement of its own, in zloty."""
    day = min(s.refund_day(), AS_OF)
    order = s.order([(s.product(), 1)], day, channel="Amazon.pl", currency="PLN")
    s.refund(order, day, 1)
    s.owed(order, day, 1)
