"""Scenarios of payments for an order that leave units of it out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from auditor.simulate.calendar_of_account import QUIET_DAYS
from auditor.simulate.records import Order, Payment
from auditor.simulate.registry import scenario
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import RETURN
from auditor.simulate.windows import DISPUTES, region_of

SHORT = "reimbursed_short"


class ShortStory(SellingStory):
    """Orders paid for in part, most of them after the window of the return itself is over."""

    def lapsed(self) -> date:
        """Draw the day of a refund whose own window is over."""
        return self.ago(self.window.days + 18, self.window.days + 4)

    def short(self, order: Order, refunded: date, payment: Payment, units: int) -> None:
        """State that a payment left units out, unless the returns export starts too late to prove it."""
        product = order.lines[0].product
        if refunded < self.account.returns_start - timedelta(days=QUIET_DAYS):
            why = "the returns export starts too late for this refund"
            self.no_claim(product, payment.reimbursement_id, units, "no_coverage", why)
            return
        window = DISPUTES[region_of(self.account.market.country)]
        country = self.account.market.country
        value = self.by_cost(product)
        self.claim(product, payment.reimbursement_id, payment.day, units, window, value, country, "review")

    def nothing(self, payment: Payment, reason: str, why: str, *, candidate: bool = True) -> None:
        """State that a payment leaves nothing out, or nothing that is its own."""
        self.no_claim(payment.product, payment.reimbursement_id, payment.cash, reason, why, candidate=candidate)


S = ShortStory


@scenario(SHORT, S)
def one_of_three_units_paid_after_the_window_of_the_return(s: S) -> None:
    """The return can no longer be claimed, the payment can."""
    order, day = s.refunded(3, s.lapsed())
    payment = s.compensate(order, s.ago(50, 5), 1)
    s.short(order, day, payment, 2)


@scenario(SHORT, S)
def a_unit_came_back_one_was_paid_and_one_left_out(s: S) -> None:
    """Returned and paid units both count."""
    order, day = s.refunded(3, s.lapsed())
    s.give_back(order, day, max(s.after(day, 1, 9), s.account.returns_start))
    payment = s.compensate(order, s.ago(50, 5), 1)
    s.short(order, day, payment, 1)


@scenario(SHORT, S)
def two_payments_that_leave_one_unit_out(s: S) -> None:
    """The later payment is the one to dispute."""
    order, day = s.refunded(4, s.lapsed())
    s.compensate(order, s.ago(75, 62), 2)
    payment = s.compensate(order, s.ago(50, 5), 1, reason="CustomerServiceIssue")
    s.short(order, day, payment, 1)


@scenario(SHORT, S)
def the_return_can_still_be_claimed(s: S) -> None:
    """The units stay with the claim for the missing return."""
    order, day = s.refunded(2, s.ago(s.window.days - 16, s.window.wait + 5))
    payment = s.compensate(order, s.after(day, 3, 30), 1)
    SellingStory(s.account, s.scenario, RETURN, group=s.group).owed(order, day, 1)
    s.nothing(payment, "claimed_elsewhere", "claimed as a missing return")


@scenario(SHORT, S)
def all_units_paid_in_two_payments(s: S) -> None:
    """Together they cover the order."""
    order, _ = s.refunded(3, s.ago(s.window.days - 20, 20))
    s.compensate(order, s.ago(18, 12), 2)
    payment = s.compensate(order, s.ago(11, 5), 1)
    s.nothing(payment, "paid", "both payments together cover the order")


@scenario(SHORT, S)
def a_payment_and_a_return_cover_the_order(s: S) -> None:
    """One came back, one was paid."""
    order, day = s.refunded(2, s.ago(s.window.days - 20, 20))
    s.give_back(order, day, s.after(day, 1, 9))
    payment = s.compensate(order, s.ago(10, 5), 1)
    s.nothing(payment, "paid", "one unit came back, the other was paid")


@scenario(SHORT, S)
def a_goodwill_refund_beside_a_paid_unit(s: S) -> None:
    """A fifth of a price is no unit."""
    day = s.ago(s.window.days - 20, 20)
    order = s.order([(s.product(), 2)], day)
    s.refund(order, day, 1)
    s.refund(order, s.after(day, 1, 3), share=Decimal("0.2"))
    payment = s.compensate(order, s.ago(10, 5), 1)
    s.nothing(payment, "paid", "the second refund was goodwill")


@scenario(SHORT, S)
def units_of_an_order_that_were_never_refunded(s: S) -> None:
    """An order of four, one refunded, one paid."""
    day = s.ago(s.window.days - 20, 20)
    order = s.order([(s.product(), 4)], day)
    s.refund(order, day, 1)
    payment = s.compensate(order, s.ago(10, 5), 1)
    s.nothing(payment, "paid", "only one unit was refunded")
