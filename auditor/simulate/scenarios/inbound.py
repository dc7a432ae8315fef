"""Scenarios of shipments to Amazon of which units never arrived, or only seemed not to."""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import ACCOUNT_START, AS_OF, ago
from auditor.simulate.records import Product, Shipment
from auditor.simulate.registry import scenario
from auditor.simulate.shipping import ShippingStory
from auditor.simulate.story import INBOUND, Value
from auditor.simulate.windows import add_months

S = ShippingStory


def _received(s: S, shipped: int, received: int, day: date | None = None) -> tuple[Shipment, Product, date]:
    day = day or s.first_receipt()
    product = s.product()
    shipment = s.ship([(product, shipped)], day)
    s.receive(shipment, product, received, day)
    return shipment, product, day


@scenario(INBOUND, S)
def a_shipment_closed_short(s: S) -> None:
    """What was shipped and not received is owed."""
    shipment, product, day = _received(s, 24, 24 - (n := s.units(1, 6)))
    s.owed(shipment, product, n, day)


@scenario(INBOUND, S)
def a_shipment_received_in_two_buildings_over_weeks(s: S) -> None:
    """Units are split and land elsewhere."""
    shipment, product, day = _received(s, 30, 18)
    s.receive(shipment, product, 12, s.after(day, 3, 18), s.account.centre(other_than=shipment.centre))
    s.not_owed(shipment, product, 0, "received", "received in full over two buildings", candidate=False)


@scenario(INBOUND, S)
def a_shipment_short_over_two_buildings(s: S) -> None:
    """The window counts from the first receipt."""
    shipment, product, day = _received(s, 30, 14)
    s.receive(shipment, product, 12, s.after(day, 3, 18), s.account.centre(other_than=shipment.centre))
    s.owed(shipment, product, 4, day)


@scenario(INBOUND, S)
def a_shipment_that_is_still_being_received(s: S) -> None:
    """Updated days ago: Amazon is not finished."""
    product, day = s.product(), s.ago(15, 6)
    shipment = s.ship([(product, 20)], day, "RECEIVING", updated=s.ago(4, 0))
    s.receive(shipment, product, 11, day)
    s.not_owed(shipment, product, 9, "shipment_not_closed", "still being received")


@scenario(INBOUND, S)
def a_shipment_quiet_for_less_than_three_weeks(s: S) -> None:
    """Twenty days without an update are too few."""
    product = s.product()
    shipment = s.ship([(product, 20)], ago(24), "RECEIVING", updated=ago(20))
    s.receive(shipment, product, 12, ago(24))
    s.not_owed(shipment, product, 8, "shipment_not_closed", "not quiet for long enough")


@scenario(INBOUND, S)
def a_shipment_that_stopped_being_received(s: S) -> None:
    """No update for more than three weeks."""
    product, day = s.product(), s.ago(80, 45)
    shipment = s.ship([(product, 20)], day, "RECEIVING", updated=s.after(day, 2, 15))
    s.receive(shipment, product, 15, day)
    s.owed(shipment, product, 5, day)


@scenario(INBOUND, S)
def a_shipment_delivered_and_never_received(s: S) -> None:
    """Delivered, then nothing for more than three weeks."""
    product, day = s.product(), s.ago(70, 24)
    shipment = s.ship([(product, n := s.units(4, 12))], day, "DELIVERED", updated=day)
    s.owed(shipment, product, n, day)


@scenario(INBOUND, S)
def a_cancelled_or_deleted_shipment(s: S) -> None:
    """Nothing was sent."""
    product = s.product()
    shipment = s.ship([(product, 15)], s.ago(120, 40), s.rng.choice(("CANCELLED", "DELETED")))
    s.not_owed(shipment, product, 15, "shipment_not_closed", "cancelled or deleted", candidate=False)


@scenario(INBOUND, S)
def a_shipment_on_its_way(s: S) -> None:
    """Not delivered yet, however old."""
    product, day = s.product(), s.ago(40, 10)
    shipment = s.ship([(product, 15)], day, s.rng.choice(("IN_TRANSIT", "WORKING")), updated=day)
    s.not_owed(shipment, product, 15, "shipment_not_closed", "not delivered yet", candidate=False)


@scenario(INBOUND, S)
def a_shipment_with_more_received_than_shipped(s: S) -> None:
    """A surplus is no debt."""
    shipment, product, _ = _received(s, 20, 23)
    s.not_owed(shipment, product, 0, "received", "more received than shipped", candidate=False)


@scenario(INBOUND, S)
def units_received_as_another_product_of_the_shipment(s: S) -> None:
    """Mislabelled, not lost."""
    product, other, day = s.product(), s.account.new_product(), s.first_receipt()
    shipment = s.ship([(product, 20), (other, 20)], day)
    s.receive(shipment, product, 16, day)
    s.receive(shipment, other, 24, day)
    s.not_owed(shipment, product, 4, "received_as_other", "received under the label of another product")


@scenario(INBOUND, S)
def units_partly_received_as_another_product(s: S) -> None:
    """The surplus of the other product explains only so many."""
    product, other, day = s.product(), s.account.new_product(), s.first_receipt()
    shipment = s.ship([(product, 20), (other, 20)], day)
    s.receive(shipment, product, 15, day)
    s.receive(shipment, other, 22, day)
    s.owed(shipment, product, 3, day)


@scenario(INBOUND, S)
def units_received_under_another_label_of_the_same_product(s: S) -> None:
    """Another FNSKU of the same ASIN arrived in the shipment."""
    product, day = s.product(), s.first_receipt()
    sibling = s.account.sibling_of(product)
    shipment = s.ship([(product, 12)], day)
    s.receive(shipment, product, 8, day)
    s.receive(shipment, sibling, 4, day)
    s.not_owed(shipment, product, 4, "received_as_other", "received under another FNSKU of the same ASIN")


@scenario(INBOUND, S)
def units_deducted_after_their_receipt(s: S) -> None:
    """Negative receipts count."""
    shipment, product, day = _received(s, 16, 16)
    s.receive(shipment, product, -2, s.after(day, 9, 30))
    s.owed(shipment, product, 2, day)


@scenario(INBOUND, S)
def units_deducted_and_received_again(s: S) -> None:
    """A correction of a correction."""
    shipment, product, day = _received(s, 16, 16)
    again = s.after(day, 9, 20)
    s.receive(shipment, product, -3, again)
    s.receive(shipment, product, 3, s.after(again, 1, 9))
    s.not_owed(shipment, product, 0, "received", "deducted and received again", candidate=False)


@scenario(INBOUND, S)
def a_shortage_paid_in_part(s: S) -> None:
    """The rest is owed."""
    shipment, product, day = _received(s, 18, 11)
    s.pay(product, s.after(day, 25, 39), "Lost_Inbound", cash=3)
    s.owed(shipment, product, 4, day)


@scenario(INBOUND, S)
def a_shortage_paid_in_full(s: S) -> None:
    """Nothing is left to claim."""
    shipment, product, day = _received(s, 18, 13)
    s.pay(product, s.after(day, 25, 39), "Lost_Inbound", cash=5)
    s.not_owed(shipment, product, 5, "paid", "paid as lost on the way in")


@scenario(INBOUND, S)
def two_shortages_and_one_payment_oldest_first(s: S) -> None:
    """Payments name no shipment: the oldest shortage takes them first."""
    product, day = s.product(), s.ago(170, 90)
    later = s.after(day, 12, 30)
    older, newer = s.ship([(product, 20)], day), s.ship([(product, 25)], later)
    s.receive(older, product, 16, day)
    s.receive(newer, product, 22, later)
    s.pay(product, s.after(later, 25, 39), "Lost_Inbound", cash=5)
    s.not_owed(older, product, 4, "paid", "the oldest shortage is paid first")
    s.owed(newer, product, 2, later)


@scenario(INBOUND, S, alone=True)
def a_warehouse_payment_does_not_settle_a_shortage(s: S) -> None:
    """It paid for units that had arrived."""
    shipment, product, day = _received(s, 18, 15)
    s.pay(product, s.after(day, 10, 39), "Lost_Warehouse", cash=3)
    s.owed(shipment, product, 3, day)


@scenario(INBOUND, S)
def a_shipment_beyond_the_window(s: S) -> None:
    """Short, but too long ago."""
    months = s.window.months
    shipment, product, day = _received(s, 20, 15, s.ago(months * 31 + 25, months * 31 + 1))
    s.owed(shipment, product, 5, day)


@scenario(INBOUND, S)
def a_shipment_on_its_last_claim_day(s: S) -> None:
    """Calendar months from the first receipt, the last day included."""
    shipment, product, day = _received(s, 20, 17, add_months(AS_OF, -s.window.months))
    s.owed(shipment, product, 3, day)


@scenario(INBOUND, S)
def a_shipment_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    day = add_months(AS_OF, -s.window.months) - timedelta(days=1)
    shipment, product, _ = _received(s, 20, 17, day)
    s.owed(shipment, product, 3, day)


@scenario(INBOUND, S)
def a_window_that_ends_on_a_day_the_month_lacks(s: S) -> None:
    """Received on the 31st; the deadline is the last day of a shorter month."""
    day = date(2025, 8, 31) if s.window.months == 6 else date(2026, 5, 31)
    shipment, product, _ = _received(s, 20, 18, day)
    s.owed(shipment, product, 2, day)


@scenario(INBOUND, S)
def a_shipment_whose_contents_were_exported_twice(s: S) -> None:
    """Two exports of one shipment are the same units."""
    shipment, product, day = _received(s, 22, 20)
    shipment.contents_files = 2
    s.owed(shipment, product, 2, day)


@scenario(INBOUND, S)
def a_shipment_from_before_the_ledger_begins(s: S) -> None:
    """The ledger cannot show what it received, so nothing follows from its silence."""
    product = s.product()
    shipment = s.ship([(product, 40)], ACCOUNT_START, updated=ACCOUNT_START - timedelta(days=15))
    shipment.created = ACCOUNT_START - timedelta(days=s.units(60, 75))
    shipment.located = 40
    s.not_owed(shipment, product, 40, "no_coverage", "received before the ledger export begins")


@scenario(INBOUND, S)
def two_products_of_one_shipment_short(s: S) -> None:
    """Each product is a finding of its own; both windows count from the shipment's first receipt."""
    product, other, day = s.product(), s.account.new_product(), s.first_receipt()
    shipment = s.ship([(product, 12), (other, 9)], day)
    s.receive(shipment, product, 10, day)
    s.receive(shipment, other, 8, s.after(day, 1, 9))
    s.owed(shipment, product, 2, day)
    s.owed(shipment, other, 1, day)


@scenario(INBOUND, S, alone=True)
def a_shortage_without_a_cost_takes_the_last_payment(s: S) -> None:
    """Amazon's own figure for the same product and reason."""
    product, day = s.account.new_product(with_cost=False), s.first_receipt()
    shipment = s.ship([(product, 12)], day)
    s.receive(shipment, product, 8, day)
    paid = s.pay(product, s.after(day, 25, 39), "Lost_Inbound", cash=1)
    s.owed(shipment, product, 3, day, Value(paid.per_unit, s.account.market.currency, "last_payment"))
