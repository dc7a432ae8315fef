"""Scenarios of refunded orders whose units did not come back, or only seemed not to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from auditor.simulate.calendar_of_account import AS_OF, ORDERS, ago
from auditor.simulate.records import Order
from auditor.simulate.registry import scenario
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import RETURN, Value

S = SellingStory


def _refunded(s: S, units: int, day: date | None = None) -> tuple[Order, date]:
    day = day or s.refund_day()
    order = s.order([(s.product(), units)], day)
    s.refund(order, day, units)
    return order, day


@scenario(RETURN, S)
def a_refund_whose_unit_never_came_back(s: S) -> None:
    """The plain case."""
    order, day = _refunded(s, 1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_of_several_units_that_never_came_back(s: S) -> None:
    """Every unit of the line is owed."""
    order, day = _refunded(s, n := s.units(2, 4))
    s.owed(order, day, n)


@scenario(RETURN, S)
def a_refund_whose_unit_came_back(s: S) -> None:
    """Returned within weeks."""
    order, day = _refunded(s, 1, s.ago(s.window.days - 16, 40))
    s.give_back(order, day, s.after(day, 2, 35))
    s.not_owed(order, 1, "returned", "the unit came back")


@scenario(RETURN, S)
def a_unit_that_came_back_very_late(s: S) -> None:
    """Late, but before the claim was filed."""
    order, day = _refunded(s, 1, s.ago(s.window.days - 20, 76))
    s.give_back(order, day, s.after(day, 60, 75))
    s.not_owed(order, 1, "returned", "the unit came back two months later")


@scenario(RETURN, S)
def a_unit_that_came_back_before_the_refund(s: S) -> None:
    """A return may come before its refund posts."""
    order, day = _refunded(s, 1, s.ago(s.window.days - 16, 20))
    s.give_back(order, day, day - timedelta(days=s.units(1, 4)))
    s.not_owed(order, 1, "returned", "the unit came back before the refund")


@scenario(RETURN, S)
def two_of_three_refunded_units_came_back(s: S) -> None:
    """One unit is owed."""
    order, day = _refunded(s, 3)
    s.give_back(order, day, s.after(day, 1, 4), 2)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def one_unit_of_a_larger_order_refunded(s: S) -> None:
    """Only refunded units can be missing."""
    day = s.refund_day()
    order = s.order([(s.product(), 4)], day)
    s.refund(order, day, 2)
    s.owed(order, day, 2)


@scenario(RETURN, S)
def a_refund_posted_in_two_equal_lines(s: S) -> None:
    """Two identical settlement rows are two units."""
    day = s.refund_day()
    order = s.order([(s.product(), 2)], day)
    s.refund(order, day, 1)
    s.refund(order, day, 1)
    s.owed(order, day, 2)


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
def a_refund_that_was_taken_back(s: S) -> None:
    """The second row of the refund returns the money: nothing is refunded in the end."""
    order, day = _refunded(s, 1, s.ago(s.window.days - 16, 20))
    s.refund(order, s.after(day, 0, 9), share=Decimal(-1))
    s.not_owed(order, 0, "not_refunded", "the refund was taken back", candidate=False)


@scenario(RETURN, S)
def a_goodwill_refund_returns_no_unit(s: S) -> None:
    """A fifth of the price is a courtesy; the customer keeps the unit."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day)
    s.refund(order, day, share=Decimal("0.2"))
    s.not_owed(order, 0, "goodwill_refund", "a fifth of the price was refunded")


@scenario(RETURN, S)
def a_refund_less_a_restocking_fee_is_one_unit(s: S) -> None:
    """Eighty per cent of the price rounds to a whole unit."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day)
    s.refund(order, day, share=Decimal("0.8"))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def an_order_that_the_merchant_shipped(s: S) -> None:
    """Amazon never held the unit."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day, by_merchant=True)
    s.refund(order, day, 1)
    s.not_owed(order, 1, "not_fba", "fulfilled by the merchant")


@scenario(RETURN, S)
def a_merchant_order_that_only_the_orders_report_knows(s: S) -> None:
    """The settlement leaves the fulfilment blank; the order says Merchant."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day, by_merchant=True)
    order.fulfilment_mark = ""
    s.refund(order, day, 1)
    s.not_owed(order, 1, "not_fba", "fulfilled by the merchant")


@scenario(RETURN, S)
def a_refund_that_was_paid(s: S) -> None:
    """Amazon paid for that order."""
    order, day = _refunded(s, n := s.units(1, 2))
    s.compensate(order, s.after(day, 3, 60), n)
    s.not_owed(order, n, "paid", "paid for that order")


@scenario(RETURN, S)
def a_refund_paid_under_another_reason(s: S) -> None:
    """Any payment for the order counts, here one of customer service."""
    order, day = _refunded(s, 1)
    s.compensate(order, s.after(day, 3, 30), 1, reason="CustomerServiceIssue")
    s.not_owed(order, 1, "paid", "paid for that order by customer service")


@scenario(RETURN, S)
def a_refund_of_two_units_of_which_one_was_paid(s: S) -> None:
    """The other one is owed."""
    order, day = _refunded(s, 2)
    s.compensate(order, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def one_unit_came_back_and_one_was_paid(s: S) -> None:
    """Of three, one is left."""
    order, day = _refunded(s, 3)
    s.give_back(order, day, s.after(day, 1, 4))
    s.compensate(order, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S, alone=True)
def a_refund_paid_in_inventory(s: S) -> None:
    """A unit given counts like money."""
    order, day = _refunded(s, 1)
    s.compensate(order, s.after(day, 3, 30), 0, inventory=1)
    s.not_owed(order, 1, "paid", "paid in inventory for that order")


@scenario(RETURN, S)
def a_payment_for_another_order_settles_nothing_here(s: S) -> None:
    """Same product, another customer."""
    order, day = _refunded(s, 1)
    other = s.order([(order.lines[0].product, 1)], day)
    s.compensate(other, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_return_of_another_order_settles_nothing_here(s: S) -> None:
    """Same product, another customer, whose refund and return match."""
    order, day = _refunded(s, 1)
    other = s.order([(order.lines[0].product, 1)], day)
    s.refund(other, day, 1)
    s.give_back(other, day, s.after(day, 1, 4))
    s.owed(order, day, 1)


@scenario(RETURN, S, alone=True)
def a_warehouse_payment_does_not_settle_a_refund(s: S) -> None:
    """It names no order."""
    order, day = _refunded(s, 1)
    s.pay(order.lines[0].product, s.after(day, 3, 30), "Lost_Warehouse", cash=1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def two_products_of_one_order_and_one_comes_back(s: S) -> None:
    """Returns count per order and SKU."""
    day = s.refund_day()
    order = s.order([(s.product(), 1), (s.account.new_product(), 1)], day)
    s.refund(order, day, 1, line=0)
    s.refund(order, day, 1, line=1)
    s.give_back(order, day, s.after(day, 1, 4), line=0)
    s.owed(order, day, 1, line=1)
    s.not_owed(order, 1, "returned", "this product of the order came back", line=0)


@scenario(RETURN, S)
def two_products_of_one_order_and_one_is_paid(s: S) -> None:
    """Payments count per order and SKU."""
    day = s.refund_day()
    order = s.order([(s.product(), 1), (s.account.new_product(), 2)], day)
    s.refund(order, day, 1, line=0)
    s.refund(order, day, 2, line=1)
    s.compensate(order, s.after(day, 3, 30), 1, line=0)
    s.owed(order, day, 2, line=1)
    s.not_owed(order, 1, "paid", "this product of the order was paid", line=0)


@scenario(RETURN, S)
def the_same_product_twice_in_one_order(s: S) -> None:
    """Two items of one SKU, each with a code of its own: their units add up."""
    day, product = s.refund_day(), s.product()
    order = s.order([(product, 1), (product, 1)], day)
    order.lines[1].fulfilment = order.lines[0].fulfilment
    s.refund(order, day, 1, line=0)
    s.refund(order, day, 1, line=1)
    s.owed(order, day, 2)


@scenario(RETURN, S)
def fees_that_do_not_divide_by_the_units(s: S) -> None:
    """The value is exact and rounded once, at the end."""
    day = s.refund_day()
    order = s.order([(s.product(), 3)], day)
    smallest = Decimal(1).scaleb(-s.account.market.digits)
    order.lines[0].fulfilment += smallest
    s.refund(order, day, 2)
    s.owed(order, day, 2)


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
    order, day = _refunded(s, 1, s.account.returns_start - timedelta(days=s.units(8, 18)))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_in_the_quiet_days_before_the_first_return(s: S) -> None:
    """Seven days of silence at the start of an export are quiet days, not a gap."""
    order, day = _refunded(s, 1, s.account.returns_start - timedelta(days=s.units(1, 6)))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_of_this_week(s: S) -> None:
    """The customer still has weeks to send the unit back."""
    order, day = _refunded(s, 1, s.ago(6, 0))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_one_day_before_its_claim_opens(s: S) -> None:
    """Still waiting."""
    order, day = _refunded(s, 1, ago(s.window.wait - 1))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_on_its_first_claim_day(s: S) -> None:
    """Open from this day on."""
    order, day = _refunded(s, 1, ago(s.window.wait))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_on_its_last_claim_day(s: S) -> None:
    """The last day is inside the window."""
    order, day = _refunded(s, 1, ago(s.window.days))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    order, day = _refunded(s, 1, ago(s.window.days + 1))
    s.owed(order, day, 1)


@scenario(RETURN, S)
def an_order_still_pending_in_the_older_export(s: S) -> None:
    """The newer export knows it shipped and at what price."""
    order, day = _refunded(s, 1, ORDERS[0].last + timedelta(days=s.units(10, 20)))
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
