"""Scenarios of units lost in a fulfilment centre: what payments explain, and what they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.paying import REVERSED, PayingStory
from auditor.simulate.records import LedgerEvent
from auditor.simulate.registry import scenario
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import LOST
from auditor.simulate.warehouse import STALE, WarehouseStory

S = WarehouseStory


class OrderedStory(WarehouseStory):
    """A warehouse story in which an order's payment plays the decoy."""

    def decoy(self, loss: LedgerEvent, units: int, reason: str) -> None:
        """Sell, refund and pay for units of the same product under an order ID."""
        seller = SellingStory(self.account, self.scenario, self.family, loss.product)
        day = self.after(loss.day, 3, 20)
        order = seller.order([(loss.product, units)], day)
        self.pay(loss.product, min(day + timedelta(days=2), AS_OF), reason, cash=units, order=order)


@scenario(LOST, S)
def a_loss_paid_in_full(s: S) -> None:
    """Nothing is left to claim."""
    loss = s.lose(s.product(), n := s.units(1, 5), s.some_day())
    s.reimburse(loss.product, s.after(loss.day), [(loss, n)], cash=n)
    s.not_owed(loss, "paid", "paid in cash")


@scenario(LOST, S)
def a_loss_paid_on_its_own_day(s: S) -> None:
    """Payments come last within one day."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day())
    s.reimburse(loss.product, loss.day, [(loss, n)], cash=n)
    s.not_owed(loss, "paid", "paid on the same day")


@scenario(LOST, S)
def a_loss_partly_found_and_partly_paid(s: S) -> None:
    """Units found and units paid each count once."""
    loss = s.lose(s.product(), 8, s.some_day())
    found = s.find(loss.product, 2, s.after(loss.day, 1, 12), [(loss, 2)])
    s.reimburse(loss.product, s.after(found.day, 1, 10), [(loss, 3)], cash=3)
    s.owed(loss, 3)


@scenario(LOST, S)
def a_payment_before_the_loss_does_not_settle_it(s: S) -> None:
    """It paid for something older."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.reimburse(loss.product, loss.day - timedelta(days=s.units(1, 9)), [], cash=n)
    s.owed(loss, n)


@scenario(LOST, S)
def a_loss_paid_in_inventory_counts_once(s: S) -> None:
    """The `N` row within ten days is the payment itself, not a find beside it."""
    loss = s.lose(s.product(), 5, s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 12), [(loss, 2)], inventory=2)
    s.adjust(loss.product, paid.day + timedelta(days=s.units(0, 10)), 2, "N")
    s.owed(loss, 3)


@scenario(LOST, S)
def the_units_given_arrive_before_the_payment_is_approved(s: S) -> None:
    """An `N` row may precede its payment by up to ten days."""
    loss = s.lose(s.product(), 4, s.some_day())
    given = s.adjust(loss.product, s.after(loss.day, 1, 10), 3, "N")
    s.reimburse(loss.product, given.day + timedelta(days=s.units(1, 10)), [(loss, 3)], inventory=3)
    s.owed(loss, 1)


@scenario(LOST, S)
def a_transfer_far_from_the_payment_is_a_find(s: S) -> None:
    """Eleven days and more after a payment in inventory, `N` is a find of its own."""
    loss = s.lose(s.product(), 6, s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 8), [(loss, 2)], inventory=2)
    s.find(loss.product, 2, paid.day + timedelta(days=s.units(11, 16)), [(loss, 2)], code="N")
    s.owed(loss, 2)


@scenario(LOST, S)
def a_transfer_of_another_quantity_is_a_find(s: S) -> None:
    """Payment and `N` row pair only with equal quantities."""
    loss = s.lose(s.product(), 7, s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 12), [(loss, 2)], inventory=2)
    s.find(loss.product, 1, s.after(paid.day, 1, 8), [(loss, 1)], code="N")
    s.owed(loss, 4)


@scenario(LOST, S)
def of_two_transfers_the_nearer_is_the_payment(s: S) -> None:
    """One payment explains one `N` row; the other one is a find."""
    loss = s.lose(s.product(), 7, s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 12), [(loss, 2)], inventory=2)
    s.adjust(loss.product, paid.day + timedelta(days=s.units(0, 2)), 2, "N")
    s.find(loss.product, 2, paid.day + timedelta(days=s.units(5, 9)), [(loss, 2)], code="N")
    s.owed(loss, 3)


@scenario(LOST, S)
def a_loss_paid_in_two_parts(s: S) -> None:
    """Two payments together settle it."""
    loss = s.lose(s.product(), 5, s.some_day())
    first = s.reimburse(loss.product, s.after(loss.day, 1, 12), [(loss, 2)], cash=2)
    s.reimburse(loss.product, s.after(first.day, 1, 12), [(loss, 3)], cash=3)
    s.not_owed(loss, "paid", "paid in two parts")


@scenario(LOST, S)
def two_identical_payment_lines_are_two_payments(s: S) -> None:
    """One reimbursement ID may span several equal rows."""
    loss = s.lose(s.product(), 3, s.some_day())
    first = s.reimburse(loss.product, s.after(loss.day), [(loss, 2)], cash=1)
    s.account.payments.append(replace(first))
    s.owed(loss, 1)


@scenario(LOST, S)
def a_loss_paid_partly_in_cash_and_partly_in_inventory(s: S) -> None:
    """One row may pay both ways."""
    loss = s.lose(s.product(), 6, s.some_day())
    s.reimburse(loss.product, s.after(loss.day), [(loss, 5)], cash=3, inventory=2)
    s.owed(loss, 1)


@scenario(LOST, S)
def one_payment_line_for_two_losses(s: S) -> None:
    """Payments of one day may stand in one line; the oldest loss comes first."""
    older = s.lose(s.product(), 2, s.some_day())
    newer = s.lose(older.product, 4, s.after(older.day, 1, 8))
    s.reimburse(older.product, s.after(newer.day, 1, 12), [(older, 2), (newer, 2)], cash=4)
    s.not_owed(older, "paid", "paid by the first units of a joint payment")
    s.owed(newer, 2)


@scenario(LOST, S, alone=True)
def a_reversed_payment_does_not_reopen_the_loss(s: S) -> None:
    """A clawback is another matter than the loss."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 12), [(loss, n)], cash=n)
    reversal = s.take_back(paid, s.after(paid.day, 1, 12))
    PayingStory(s.account, s.scenario, REVERSED, group=s.group).taken(reversal, n)
    s.not_owed(loss, "paid", "paid; the later reversal does not reopen it")


@scenario(LOST, S, alone=True)
def cash_swapped_for_inventory_settles_nothing_new(s: S) -> None:
    """The units given for the cash taken back belong to the paid loss, not to the next one."""
    first = s.lose(s.product(), 3, s.some_day())
    paid = s.reimburse(first.product, s.after(first.day, 1, 5), [(first, 3)], cash=3)
    second = s.lose(first.product, 2, s.after(paid.day, 1, 5))
    swap = s.take_back(paid, s.after(second.day, 1, 5), inventory=3)
    s.adjust(first.product, swap.day + timedelta(days=s.units(0, 6)), 3, "N")
    s.not_owed(first, "paid", "paid, then the cash was swapped for inventory")
    s.owed(second, 2)


@scenario(LOST, OrderedStory)
def a_payment_for_an_order_does_not_settle_a_loss(s: OrderedStory) -> None:
    """Same product, same days, but keyed to an order."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day())
    s.decoy(loss, n, s.rng.choice(("CustomerReturn", "CustomerServiceIssue")))
    s.owed(loss, n)


@scenario(LOST, OrderedStory)
def a_payment_with_an_order_id_never_settles_a_loss(s: OrderedStory) -> None:
    """Even one that names the warehouse as its reason."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day())
    s.decoy(loss, n, "Lost_Warehouse")
    s.owed(loss, n)


@scenario(LOST, S, alone=True)
def a_payment_for_damage_does_not_settle_a_loss(s: S) -> None:
    """Damages and losses are settled apart."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.reimburse(loss.product, s.after(loss.day), [], cash=n, reason="Damaged_Warehouse")
    s.owed(loss, n)


@scenario(LOST, S)
def a_payment_for_another_product_does_not_settle_a_loss(s: S) -> None:
    """Payments settle their own FNSKU only."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.reimburse(s.account.new_product(), s.after(loss.day), [], cash=n)
    s.owed(loss, n)


@scenario(LOST, S, alone=True)
def a_payment_with_an_unreadable_amount_still_settles(s: S) -> None:
    """Its units count although its money cannot be read."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.reimburse(loss.product, s.after(loss.day), [(loss, n)], cash=n).printed = "#VALUE!"
    s.not_owed(loss, "paid", "paid; the amount is unreadable")


@scenario(LOST, S)
def a_stale_figure_and_a_later_payment(s: S) -> None:
    """The old export still says unreconciled; a payment after its last day settles the loss."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.ago(*STALE))
    s.reimburse(loss.product, s.ago(28, 2), [(loss, n)], cash=n)
    s.not_owed(loss, "paid", "paid after the export that holds the figure")


@scenario(LOST, S)
def a_stale_figure_and_a_later_payment_of_a_part(s: S) -> None:
    """Only the rest is owed."""
    loss = s.lose(s.product(), 5, s.ago(*STALE))
    s.reimburse(loss.product, s.ago(28, 2), [(loss, 2)], cash=2)
    s.owed(loss, 3)


@scenario(LOST, S)
def twin_losses_of_which_one_is_paid(s: S) -> None:
    """Two rows of one reference and day; a payment of one unit leaves the other."""
    one = s.lose(s.product(), 1, s.some_day())
    two = LedgerEvent(one.day, one.product, "Adjustments", -1, one.centre, one.country)
    two.reference, two.reason, two.explained = one.reference, one.reason, []
    s.account.ledger.append(two)
    s.reimburse(one.product, s.after(one.day), [(one, 1)], cash=1)
    s.owed(one, 1)
