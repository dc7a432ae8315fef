"""Scenarios of units that came back spoiled: by Amazon, by somebody else, paid for or not."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.registry import scenario
from auditor.simulate.returning import REIMBURSED, ReturningStory
from auditor.simulate.story import RETURN, RETURN_DAMAGED

S = ReturningStory


@scenario(RETURN_DAMAGED, S)
def a_return_that_the_carrier_damaged(s: S) -> None:
    """The plain case."""
    order, day = s.refunded_by(1)
    s.comes_back(order, s.after(day), "CARRIER_DAMAGED")
    s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def a_return_that_amazon_damaged(s: S) -> None:
    """Several units, a row each."""
    order, day = s.refunded_by(2)
    s.comes_back(order, s.after(day), "DAMAGED")
    s.comes_back(order, s.after(day), "DAMAGED")
    s.damaged(order, day, 2)


@scenario(RETURN_DAMAGED, S)
def two_damaged_units_of_one_day_without_a_plate(s: S) -> None:
    """Two equal rows are two units."""
    order, day = s.refunded_by(2)
    back = s.comes_back(order, s.after(day), "CARRIER_DAMAGED", plate="")
    s.comes_back(order, back, "CARRIER_DAMAGED", plate="")
    s.damaged(order, day, 2)


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_without_a_refund(s: S) -> None:
    """The window counts from the return."""
    back = max(s.ago(100, 3), s.account.returns_start)
    order = s.order([(s.product(), 1)], back)
    s.comes_back(order, back, "CARRIER_DAMAGED")
    s.damaged(order, back, 1)


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_before_its_refund(s: S) -> None:
    """The window counts from the refund all the same."""
    order, day = s.refunded_by(1)
    s.comes_back(order, day - timedelta(days=2), "DAMAGED")
    s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_of_an_order_older_than_the_exports(s: S) -> None:
    """Its value is unknown; the damage is not."""
    day = s.known_day()
    order = s.order([(s.product(), 1)], day, listed=False)
    s.refund(order, day, 1)
    s.comes_back(order, s.after(day), "CARRIER_DAMAGED")
    s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def damaged_returns_on_the_first_and_last_claim_day(s: S) -> None:
    """Both days are inside the window, the day before and the day after are not."""
    for days in (s.window.wait - 1, s.window.wait, s.window.days, s.window.days + 1):
        order, day = s.refunded(1, ago(days))
        s.comes_back(order, s.after(day), "DAMAGED")
        s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_that_was_paid(s: S) -> None:
    """Amazon compensated by itself."""
    order, day = s.refunded_by(1)
    back = s.comes_back(order, s.after(day), "CARRIER_DAMAGED", status=REIMBURSED)
    s.compensate(order, s.after(back, 1, 9), 1)
    s.nothing(RETURN_DAMAGED, order, 1, "paid", "paid for that order")


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_called_reimbursed_without_a_payment(s: S) -> None:
    """The report says so, the money is nowhere: a person has to look."""
    order, day = s.refunded_by(1)
    s.comes_back(order, s.after(day), "CARRIER_DAMAGED", status=REIMBURSED)
    s.damaged(order, day, 1, confidence="review")


@scenario(RETURN_DAMAGED, S)
def two_damaged_returns_of_which_one_was_paid(s: S) -> None:
    """The other one is owed."""
    order, day = s.refunded_by(2)
    s.comes_back(order, s.after(day), "DAMAGED", 2)
    s.compensate(order, s.after(day, 25, 30), 1)
    s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_paid_under_the_order_of_its_replacement(s: S) -> None:
    """The payment names the other order ID."""
    order, day, replacement = s.sold_and_replaced(1, s.ago(80, 50))
    s.comes_back(order, s.after(day), "CARRIER_DAMAGED")
    s.compensate(s.named(order, replacement), s.after(day, 25, 30), 1)
    s.nothing(RETURN_DAMAGED, order, 1, "paid", "paid for the order of the replacement")


@scenario(RETURN_DAMAGED, S)
def one_unit_damaged_one_missing_and_one_payment(s: S) -> None:
    """Exactly one unit is open: the payment is the missing one's."""
    order, day = s.refunded_by(2)
    s.comes_back(order, s.after(day), "CARRIER_DAMAGED")
    s.compensate(order, s.after(day, 25, 30), 1)
    s.nothing(RETURN, order, 1, "paid", "paid for that order")
    s.damaged(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def one_unit_damaged_and_one_missing(s: S) -> None:
    """Two debts under two rules."""
    order, day = s.refunded_by(2)
    s.comes_back(order, s.after(day), "DAMAGED")
    s.damaged(order, day, 1)
    s.never_returned(order, day, 1)


@scenario(RETURN_DAMAGED, S)
def returns_that_somebody_else_spoiled(s: S) -> None:
    """None of these is Amazon's fault by the report."""
    for disposition in ("CUSTOMER_DAMAGED", "DEFECTIVE", "EXPIRED", "WAREHOUSE_DAMAGED"):
        order, day = s.refunded_by(1)
        s.comes_back(order, s.after(day), disposition, restocked=True)
        s.nothing(RETURN_DAMAGED, order, 1, "not_amazons_fault", "not damaged by Amazon")


@scenario(RETURN_DAMAGED, S)
def a_damaged_return_of_the_merchant(s: S) -> None:
    """Amazon never shipped it."""
    day = s.known_day()
    order = s.order([(s.product(), 1)], day, by_merchant=True)
    s.refund(order, day, 1)
    s.comes_back(order, s.after(day), "DAMAGED")
    s.nothing(RETURN_DAMAGED, order, 1, "not_fba", "fulfilled by the merchant")
    s.nothing(RETURN, order, 1, "not_fba", "fulfilled by the merchant")
