"""Scenarios of units that a shipment's receipt calls damaged."""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import LedgerEvent, Product, Shipment
from auditor.simulate.registry import scenario
from auditor.simulate.shipping import ShippingStory
from auditor.simulate.windows import add_months

RECEIVED_DAMAGED = "inbound_damaged"
_BY_AMAZON = ("CARRIER_DAMAGED", "WAREHOUSE_DAMAGED")


class DamagedShippingStory(ShippingStory):
    """Shipments of which a part is received as damaged."""

    def received(
        self, damaged: int, disposition: str, day: date | None = None, later: int = 0
    ) -> tuple[Shipment, Product, date]:
        """Receive a shipment in full, some units of it damaged, `later` days after the first receipt."""
        day, product = day or self.first_receipt(), self.product()
        shipment = self.ship([(product, 12 + damaged)], day)
        self.receive(shipment, product, 12, day)
        self.receive_as(shipment, product, damaged, day + timedelta(days=later), disposition)
        return shipment, product, day

    def receive_as(self, shipment: Shipment, product: Product, units: int, day: date, disposition: str) -> None:
        """Receive units in a condition (negative: a deduction)."""
        shipment.located += units
        country = self.account.market.country
        self.account.ledger.append(
            LedgerEvent(
                day, product, "Receipts", units, shipment.centre, country, disposition, reference=shipment.shipment_id
            )
        )

    def move(self, product: Product, units: int, day: date, source: str, centre: str) -> None:
        """Move units back to sellable stock."""
        country = self.account.market.country
        for quantity, disposition, reason in ((-units, source, "Q"), (units, "SELLABLE", "P")):
            reference = self.account.unique("2#############")
            self.account.ledger.append(
                LedgerEvent(day, product, "Adjustments", quantity, centre, country, disposition, reference, reason)
            )

    def damaged(self, shipment: Shipment, product: Product, units: int, anchor: date) -> None:
        """State that units received as damaged are owed."""
        country = self.account.market.country
        value = self.by_cost(product)
        self.claim(product, shipment.shipment_id, anchor, units, self.window, value, country, "review")


S = DamagedShippingStory


@scenario(RECEIVED_DAMAGED, S, alone=True)
def units_received_as_damaged_by_the_carrier(s: S) -> None:
    """Owed when a partnered carrier brought them: a person knows."""
    shipment, product, day = s.received(n := s.units(1, 5), "CARRIER_DAMAGED")
    s.damaged(shipment, product, n, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def units_received_as_damaged_in_the_warehouse_some_days_later(s: S) -> None:
    """The window counts from the first receipt of the shipment."""
    shipment, product, day = s.received(n := s.units(1, 5), "WAREHOUSE_DAMAGED", later=6)
    s.damaged(shipment, product, n, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def units_received_as_damaged_by_somebody_else(s: S) -> None:
    """Not Amazon's fault."""
    disposition = s.rng.choice(("DISTRIBUTOR_DAMAGED", "DEFECTIVE", "CUSTOMER_DAMAGED", "EXPIRED"))
    shipment, product, _ = s.received(n := s.units(1, 5), disposition)
    s.not_owed(shipment, product, n, "not_amazons_fault", "damaged by somebody else")


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damage_on_the_way_in_that_was_paid_for(s: S) -> None:
    """Nothing is left to claim."""
    shipment, product, day = s.received(n := s.units(1, 5), s.rng.choice(_BY_AMAZON))
    s.pay(product, s.after(day, 12, 30), s.rng.choice(("Damaged_Inbound", "Damaged:Inbound")), cash=n)
    s.not_owed(shipment, product, n, "paid", "paid as damaged on the way in")


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damage_on_the_way_in_that_was_paid_in_part(s: S) -> None:
    """The rest is owed."""
    shipment, product, day = s.received(5, s.rng.choice(_BY_AMAZON))
    s.pay(product, s.after(day, 12, 20), "Damaged_Inbound", cash=2)
    s.pay(product, s.after(day, 21, 30), "Damaged_Inbound", cash=1)
    s.damaged(shipment, product, 2, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def a_payment_for_lost_units_does_not_settle_damaged_ones(s: S) -> None:
    """The units were received."""
    shipment, product, day = s.received(3, s.rng.choice(_BY_AMAZON))
    s.pay(product, s.after(day, 12, 30), "Lost_Inbound", cash=3)
    s.damaged(shipment, product, 3, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def a_payment_for_damaged_units_does_not_settle_a_shortage(s: S) -> None:
    """The other way round: what never arrived is owed by another rule."""
    product, day = s.product(), s.first_receipt()
    shipment = s.ship([(product, 20)], day)
    s.receive(shipment, product, 17, day)
    s.receive_as(shipment, product, 3, day, "CARRIER_DAMAGED")
    s.pay(product, s.after(day, 12, 30), "Damaged_Inbound", cash=3)
    s.not_owed(shipment, product, 3, "paid", "paid as damaged on the way in")


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damaged_units_put_back_into_stock(s: S) -> None:
    """Inspected and found to be sellable."""
    disposition = s.rng.choice(_BY_AMAZON)
    shipment, product, day = s.received(4, disposition)
    s.move(product, 4, s.after(day, 3, 25), disposition, shipment.centre)
    s.not_owed(shipment, product, 4, "corrected", "moved back to sellable stock")


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damaged_units_deducted_and_received_as_sellable(s: S) -> None:
    """A correction of the receipt."""
    disposition = s.rng.choice(_BY_AMAZON)
    shipment, product, day = s.received(4, disposition)
    again = s.after(day, 2, 9)
    s.receive_as(shipment, product, -3, again, disposition)
    s.receive(shipment, product, 3, again)
    s.damaged(shipment, product, 1, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def the_oldest_damage_is_paid_first(s: S) -> None:
    """Payments name no shipment."""
    product, day = s.product(), s.ago(150, 100)
    later = day + timedelta(days=20)
    older, newer = s.ship([(product, 10)], day), s.ship([(product, 10)], later)
    for shipment, arrived in ((older, day), (newer, later)):
        s.receive(shipment, product, 7, arrived)
        s.receive_as(shipment, product, 3, arrived, "CARRIER_DAMAGED")
    s.pay(product, later + timedelta(days=20), "Damaged_Inbound", cash=4)
    s.not_owed(older, product, 3, "paid", "the oldest damage is paid first")
    s.damaged(newer, product, 2, later)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damage_on_its_last_claim_day(s: S) -> None:
    """Calendar months from the first receipt, the last day included."""
    shipment, product, day = s.received(2, s.rng.choice(_BY_AMAZON), add_months(AS_OF, -s.window.months))
    s.damaged(shipment, product, 2, day)


@scenario(RECEIVED_DAMAGED, S, alone=True)
def damage_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    day = add_months(AS_OF, -s.window.months) - timedelta(days=1)
    shipment, product, _ = s.received(2, s.rng.choice(_BY_AMAZON), day)
    s.damaged(shipment, product, 2, day)
