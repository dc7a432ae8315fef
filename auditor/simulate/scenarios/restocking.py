"""Scenarios of sellable returns that never reached the stock, or only seemed not to."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.registry import scenario
from auditor.simulate.returning import RESTOCK_DAYS, ReturningStory
from auditor.simulate.story import NOT_RESTOCKED, RETURN

S = ReturningStory


@scenario(NOT_RESTOCKED, S)
def a_return_that_the_ledger_never_shows(s: S) -> None:
    """The plain case."""
    order, day, back = s.long_enough_ago()
    s.comes_back(order, back)
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def two_returns_and_one_row_in_the_ledger(s: S) -> None:
    """Without plates the rows are equal; one of them is missing from stock."""
    order, day = s.refunded_by(2, RESTOCK_DAYS + 22)
    back = s.comes_back(order, s.after(day, 2, 20), plate="", restocked=True)
    s.comes_back(order, back, plate="")
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def the_row_of_the_ledger_belongs_to_the_nearer_return(s: S) -> None:
    """Two orders of one product, returned some days apart."""
    order, day, back = s.long_enough_ago()
    back = s.comes_back(order, back - timedelta(days=1))
    other = s.order([(order.lines[0].product, 1)], day)
    s.refund(other, day, 1)
    s.comes_back(other, back + timedelta(days=5), restocked=True)
    s.not_restocked(order, day, 1)
    s.nothing(NOT_RESTOCKED, other, 1, "restocked", "the ledger shows this return")


@scenario(NOT_RESTOCKED, S)
def a_row_of_the_ledger_more_than_a_month_later(s: S) -> None:
    """Thirty-one days are too many to be this return; the product's next one is another customer's."""
    order, day, back = s.long_enough_ago()
    back = s.comes_back(order, back)
    late = back + timedelta(days=RESTOCK_DAYS + 1)
    s.restock(order, late)
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def a_find_does_not_explain_a_return(s: S) -> None:
    """A find settles losses of the warehouse."""
    order, day, back = s.long_enough_ago()
    back = s.comes_back(order, back)
    s.find_later(order, s.after(back, 2, 9))
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def a_sellable_return_without_a_refund(s: S) -> None:
    """The window counts from the return."""
    back = max(s.ago(100, RESTOCK_DAYS), s.account.returns_start)
    order = s.order([(s.product(), 1)], back)
    s.comes_back(order, back)
    s.not_restocked(order, back, 1)


@scenario(NOT_RESTOCKED, S)
def the_ledger_shows_only_the_spoiled_unit(s: S) -> None:
    """Two units of one day: the row is of the disposition of the other one."""
    order, day = s.refunded_by(2, RESTOCK_DAYS + 22)
    back = s.comes_back(order, s.after(day, 2, 20), "CUSTOMER_DAMAGED", restocked=True)
    s.comes_back(order, back)
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def a_return_that_the_ledger_shows_later(s: S) -> None:
    """Within thirty days it is the same unit."""
    order, _, back = s.long_enough_ago()
    back = s.comes_back(order, back)
    s.restock(order, back + timedelta(days=s.units(1, RESTOCK_DAYS)))
    s.nothing(NOT_RESTOCKED, order, 1, "restocked", "the ledger shows this return some days later")


@scenario(NOT_RESTOCKED, S)
def a_return_that_the_ledger_shows_as_spoiled(s: S) -> None:
    """It is back in stock, if not sellable."""
    order, _, back = s.long_enough_ago()
    back = s.comes_back(order, back)
    s.restock(order, back, disposition="DEFECTIVE")
    s.nothing(NOT_RESTOCKED, order, 1, "restocked", "the ledger shows this return as defective")


@scenario(NOT_RESTOCKED, S)
def a_return_of_this_month(s: S) -> None:
    """The ledger may still show it."""
    order, _ = s.refunded(1, s.ago(50, 30))
    s.comes_back(order, s.within_a_month())
    s.nothing(NOT_RESTOCKED, order, 1, "restock_awaited", "thirty days are not over")


@scenario(NOT_RESTOCKED, S)
def a_return_that_was_not_restocked_but_paid(s: S) -> None:
    """A payment for the order explains it."""
    order, _, back = s.long_enough_ago()
    back = s.comes_back(order, back)
    s.compensate(order, s.after(back, 5, 20), 1)
    s.nothing(NOT_RESTOCKED, order, 1, "paid", "paid for that order")


@scenario(NOT_RESTOCKED, S)
def one_unit_not_restocked_one_missing_and_one_payment(s: S) -> None:
    """Exactly one unit is open: the payment is that of the unit that never came back."""
    order, day = s.refunded_by(2, RESTOCK_DAYS + 22)
    s.comes_back(order, s.after(day, 2, 20))
    s.compensate(order, s.after(day, 21, 30), 1)
    s.nothing(RETURN, order, 1, "paid", "paid for that order")
    s.not_restocked(order, day, 1)


@scenario(NOT_RESTOCKED, S)
def a_return_that_is_being_repackaged(s: S) -> None:
    """It is not said to be back in stock."""
    order, _, back = s.long_enough_ago()
    s.comes_back(order, back, status="Pending repackaging")
    s.nothing(NOT_RESTOCKED, order, 1, "not_returned_to_stock", "still being repackaged", candidate=False)


@scenario(NOT_RESTOCKED, S)
def a_sellable_return_of_the_merchant(s: S) -> None:
    """Amazon never shipped it."""
    day = s.known_day(RESTOCK_DAYS + 22)
    back = s.after(day, 2, 20)
    order = s.order([(s.product(), 1)], day, by_merchant=True)
    s.refund(order, day, 1)
    s.comes_back(order, back)
    s.nothing(NOT_RESTOCKED, order, 1, "not_fba", "fulfilled by the merchant")
