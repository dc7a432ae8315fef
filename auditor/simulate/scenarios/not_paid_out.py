"""Scenarios of approved payments that no settlement pays, or that only seem to be missing."""

from __future__ import annotations

from auditor.simulate.paying import PayingStory
from auditor.simulate.registry import scenario

UNPAID = "reimbursement_unpaid"
S = PayingStory
COVERED = (150, 30)


@scenario(UNPAID, S)
def an_approved_payment_that_no_settlement_pays(s: S) -> None:
    """Every settlement of the time is there and closed."""
    _, payment = s.paid_loss(s.product(), s.units(1, 4), age=COVERED)
    payment.settled_after = None
    s.unpaid(payment)


@scenario(UNPAID, S)
def two_equal_payments_and_one_line(s: S) -> None:
    """One of the two is missing."""
    product = s.product()
    _, first = s.paid_loss(product, 1, age=(120, 110))
    _, second = s.paid_loss(product, 1, age=(60, 55))
    second.settled_after = None
    s.unpaid(second)
    s.not_owed_on(first, "paid_out", "its line is there")


@scenario(UNPAID, S)
def a_line_of_another_product_for_the_same_amount(s: S) -> None:
    """SKU and amount must both fit."""
    product = s.product()
    _, payment = s.paid_loss(product, 2, age=COVERED)
    _, other = s.paid_loss(s.account.new_product(product.cost), 2, age=COVERED)
    payment.day = other.day = max(payment.day, other.day)  # both lie after their losses
    payment.settled_after = None
    s.unpaid(payment)
    s.not_owed_on(other, "paid_out", "its line is there")


@scenario(UNPAID, S)
def a_payment_that_is_paid_late(s: S) -> None:
    """Two settlements later is late, but paid."""
    _, payment = s.paid_loss(s.product(), s.units(1, 4), age=(150, 50))
    payment.settled_after = s.units(12, 30)
    s.not_owed_on(payment, "paid_out", "paid late")


@scenario(UNPAID, S)
def a_payment_whose_settlement_is_not_closed(s: S) -> None:
    """The next settlement may hold it."""
    _, payment = s.paid_loss(s.product(), s.units(1, 4), age=(15, 3))
    payment.settled_after = None
    s.not_owed_on(payment, "no_coverage", "the settlement is still open")


@scenario(UNPAID, S)
def a_payment_before_the_first_settlement(s: S) -> None:
    """No export says what was paid out then."""
    _, payment = s.paid_loss(s.product(), s.units(1, 4), age=(300, 212))
    payment.settled_after = None
    s.not_owed_on(payment, "no_coverage", "older than every settlement")


@scenario(UNPAID, S)
def two_payments_in_one_line(s: S) -> None:
    """Amazon puts payments of one product together."""
    product = s.product()
    _, first = s.paid_loss(product, 1, age=(120, 116))
    _, second = s.paid_loss(product, 2, age=(115, 112))
    first.settled_after = second.settled_after = None
    s.line(second, first.amount + second.amount, 5)
    for payment in (first, second):
        s.not_owed_on(payment, "paid_out", "both stand in one line")


@scenario(UNPAID, S)
def a_payment_in_two_lines(s: S) -> None:
    """Split by unit."""
    _, payment = s.paid_loss(s.product(), 2, age=COVERED)
    payment.settled_after = None
    for days in (4, 6):
        s.line(payment, payment.per_unit, days)
    s.not_owed_on(payment, "paid_out", "two lines of one unit each")


@scenario(UNPAID, S)
def a_payment_taken_back_before_it_was_paid_out(s: S) -> None:
    """The units were found: nothing is owed."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 4), age=COVERED)
    found = s.find(loss.product, n, s.after(payment.day, 1, 2), [(loss, n)])
    reversal = s.take_back(payment, found.day)
    payment.settled_after = reversal.settled_after = None
    s.not_owed_on(payment, "reversed", "taken back at once")
