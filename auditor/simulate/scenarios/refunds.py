"""Scenarios of refunded orders whose units did not come back, or only seemed not to."""

from __future__ import annotations

from decimal import Decimal

from auditor.simulate.registry import scenario
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import RETURN

S = SellingStory


@scenario(RETURN, S)
def a_refund_whose_unit_never_came_back(s: S) -> None:
    """The plain case."""
    order, day = s.refunded(1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_refund_of_several_units_that_never_came_back(s: S) -> None:
    """Every unit of the line is owed."""
    order, day = s.refunded(n := s.units(2, 4))
    s.owed(order, day, n)


@scenario(RETURN, S)
def a_refund_whose_unit_came_back(s: S) -> None:
    """Returned within weeks."""
    order, day = s.refunded(1, s.ago(s.window.days - 16, 40))
    s.give_back(order, day, s.after(day, 2, 35))
    s.not_owed(order, 1, "returned", "the unit came back")


@scenario(RETURN, S)
def two_of_three_refunded_units_came_back(s: S) -> None:
    """One unit is owed."""
    order, day = s.refunded(3)
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
def a_refund_that_was_taken_back(s: S) -> None:
    """The second row of the refund returns the money: nothing is refunded in the end."""
    order, day = s.refunded(1, s.ago(s.window.days - 16, 20))
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
    order, day = s.refunded(n := s.units(1, 2))
    s.compensate(order, s.after(day, 3, 60), n)
    s.not_owed(order, n, "paid", "paid for that order")


@scenario(RETURN, S)
def a_refund_paid_under_another_reason(s: S) -> None:
    """Any payment for the order counts, here one of customer service."""
    order, day = s.refunded(1)
    s.compensate(order, s.after(day, 3, 30), 1, reason="CustomerServiceIssue")
    s.not_owed(order, 1, "paid", "paid for that order by customer service")


@scenario(RETURN, S)
def a_refund_of_two_units_of_which_one_was_paid(s: S) -> None:
    """The other one is owed."""
    order, day = s.refunded(2)
    s.compensate(order, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def one_unit_came_back_and_one_was_paid(s: S) -> None:
    """Of three, one is left."""
    order, day = s.refunded(3)
    s.give_back(order, day, s.after(day, 1, 4))
    s.compensate(order, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S, alone=True)
def a_refund_paid_in_inventory(s: S) -> None:
    """A unit given counts like money."""
    order, day = s.refunded(1)
    s.compensate(order, s.after(day, 3, 30), 0, inventory=1)
    s.not_owed(order, 1, "paid", "paid in inventory for that order")


@scenario(RETURN, S)
def a_payment_for_another_order_settles_nothing_here(s: S) -> None:
    """Same product, another customer."""
    order, day = s.refunded(1)
    other = s.order([(order.lines[0].product, 1)], day)
    s.compensate(other, s.after(day, 3, 30), 1)
    s.owed(order, day, 1)


@scenario(RETURN, S)
def a_return_of_another_order_settles_nothing_here(s: S) -> None:
    """Same product, another customer, whose refund and return match."""
    order, day = s.refunded(1)
    other = s.order([(order.lines[0].product, 1)], day)
    s.refund(other, day, 1)
    s.give_back(other, day, s.after(day, 1, 4))
    s.owed(order, day, 1)


@scenario(RETURN, S, alone=True)
def a_warehouse_payment_does_not_settle_a_refund(s: S) -> None:
    """It names no order."""
    order, day = s.refunded(1)
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
