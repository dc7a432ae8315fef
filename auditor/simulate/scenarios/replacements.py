"""Scenarios of free replacements whose first unit did not come back, or only seemed not to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.registry import scenario
from auditor.simulate.returning import ReturningStory
from auditor.simulate.story import REPLACED

S = ReturningStory


@scenario(REPLACED, S)
def a_replaced_unit_that_never_came_back(s: S) -> None:
    """The plain case."""
    order, day, replacement = s.sold_and_replaced(1)
    s.replacement_owed(order, day, 1, replacement)


@scenario(REPLACED, S)
def several_replaced_units_of_which_one_came_back(s: S) -> None:
    """The others are owed."""
    order, day, replacement = s.sold_and_replaced(3, s.ago(s.window.days - 20, 30))
    s.comes_back(order, s.after(day), "DEFECTIVE", restocked=True)
    s.replacement_owed(order, day, 2, replacement)


@scenario(REPLACED, S)
def a_replacement_beside_a_goodwill_refund(s: S) -> None:
    """A fifth of the price returns no unit, so the refund claims nothing."""
    order, day, replacement = s.sold_and_replaced(1)
    s.refund(order, s.after(day, 0, 3), share=Decimal("0.2"))
    s.replacement_owed(order, day, 1, replacement)


@scenario(REPLACED, S)
def replacements_on_the_edges_of_their_window(s: S) -> None:
    """The first and the last day are inside, the days beside them are not."""
    for days in (s.window.wait - 1, s.window.wait, s.window.days, s.window.days + 1):
        order, day, replacement = s.sold_and_replaced(1, ago(days))
        s.replacement_owed(order, day, 1, replacement)


@scenario(REPLACED, S)
def a_replacement_before_the_returns_export_begins(s: S) -> None:
    """Nobody can say whether the unit came back."""
    day = s.account.returns_start - timedelta(days=s.units(8, 18))
    order, _, replacement = s.sold_and_replaced(1, day)
    s.replacement_owed(order, day, 1, replacement)


@scenario(REPLACED, S)
def one_unit_refunded_and_another_one_replaced(s: S) -> None:
    """Two units of one order, two debts; a person has to see that they are two."""
    day = s.known_day()
    order = s.order([(s.product(), 2)], day)
    s.refund(order, day, 1)
    later = s.after(day, 1, 5)
    replacement = s.replace(order, later)
    s.never_returned(order, day, 1)
    s.replacement_owed(order, later, 1, replacement, confidence="review")


@scenario(REPLACED, S)
def a_replaced_unit_that_was_refunded_too(s: S) -> None:
    """It is claimed once, with the refund."""
    order, day = s.refunded_by(1)
    replacement = s.replace(order, day - timedelta(days=3))
    s.never_returned(order, day, 1)
    s.nothing(REPLACED, order, 1, "also_refunded", "claimed with the refund", replacement)


@scenario(REPLACED, S)
def a_replaced_unit_that_came_back(s: S) -> None:
    """Under the order that the customer placed."""
    order, day, replacement = s.sold_and_replaced(1, s.ago(s.window.days - 20, 30))
    s.comes_back(order, s.after(day), "DEFECTIVE", restocked=True)
    s.nothing(REPLACED, order, 1, "returned", "the first unit came back", replacement)


@scenario(REPLACED, S)
def a_replaced_unit_that_came_back_under_the_other_order(s: S) -> None:
    """The returns report names the order of the replacement."""
    order, day, replacement = s.sold_and_replaced(1, s.ago(s.window.days - 20, 30))
    s.comes_back(order, s.after(day), restocked=True, under=replacement)
    s.nothing(REPLACED, order, 1, "returned", "a unit came back under the order of the replacement", replacement)


@scenario(REPLACED, S)
def a_replaced_unit_that_was_paid(s: S) -> None:
    """Under the order that the customer placed."""
    order, day, replacement = s.sold_and_replaced(1)
    s.compensate(order, s.after(day, 2, 20), 1)
    s.nothing(REPLACED, order, 1, "paid", "paid for the original order", replacement)


@scenario(REPLACED, S)
def a_replaced_unit_that_was_paid_under_the_other_order(s: S) -> None:
    """The payment names the order of the replacement."""
    order, day, replacement = s.sold_and_replaced(1)
    s.compensate(s.named(order, replacement), s.after(day, 2, 20), 1, reason="CustomerServiceIssue")
    s.nothing(REPLACED, order, 1, "paid", "paid for the order of the replacement", replacement)


@scenario(REPLACED, S)
def a_replacement_of_a_merchant_order(s: S) -> None:
    """Amazon never shipped the first unit."""
    day = s.refund_day()
    order = s.order([(s.product(), 1)], day, by_merchant=True)
    replacement = s.replace(order, day)
    s.nothing(REPLACED, order, 1, "not_fba", "fulfilled by the merchant", replacement)
