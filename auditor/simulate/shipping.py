"""The verbs of stories about shipments to Amazon."""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import ACCOUNT_START, AS_OF
from auditor.simulate.records import LedgerEvent, Product, Shipment
from auditor.simulate.story import Story, Value
from auditor.simulate.windows import INBOUND, Window, region_of


class ShippingStory(Story):
    """Shipments, receipts, and what pays for units that never arrived."""

    @property
    def window(self) -> Window:
        """The inbound window of the account's home."""
        return INBOUND[region_of(self.account.market.country)]

    def first_receipt(self) -> date:
        """Draw the day of a first receipt: mostly claimable, sometimes beyond the window."""
        months = self.window.months
        return self.ago(
            *self.rng.choices(((months * 30, 40), (min(months * 30 + 35, 305), months * 31 + 1)), (8, 2))[0]
        )

    def ship(
        self,
        items: list[tuple[Product, int]],
        arrived: date,
        status: str = "CLOSED",
        updated: date | None = None,
    ) -> Shipment:
        """Ship units that arrive on a day; the queue row was last updated later (a closed one some weeks after)."""
        created = max(arrived - timedelta(days=self.rng.randint(6, 16)), ACCOUNT_START)
        updated = updated or min(arrived + timedelta(days=self.rng.randint(20, 35)), AS_OF)
        shipment = Shipment(
            shipment_id=self.account.unique("FBA1********"),
            name=f"FBA STA ({created.strftime(self.account.market.queue_dates)} 09:1{self.units(0, 9)})",
            created=created,
            updated=updated,
            status=status,
            centre=self.account.centre(),
            shipped=items,
        )
        self.account.shipments.append(shipment)
        return shipment

    def receive(self, shipment: Shipment, product: Product, units: int, day: date, centre: str = "") -> None:
        """Receive units (negative: a deduction) under the shipment's ID."""
        shipment.located += units
        centre = centre or shipment.centre
        country = self.account.market.country
        event = LedgerEvent(day, product, "Receipts", units, centre, country, reference=shipment.shipment_id)
        self.account.ledger.append(event)

    def owed(self, shipment: Shipment, product: Product, units: int, anchor: date, value: Value | None = None) -> None:
        """State that shipped units are owed."""
        value = value or self.by_cost(product)
        country = self.account.market.country
        self.claim(product, shipment.shipment_id, anchor, units, self.window, value, country)

    def not_owed(
        self, shipment: Shipment, product: Product, units: int, reason: str, why: str, *, candidate: bool = True
    ) -> None:
        """State that nothing is owed for a shipment's product."""
        self.no_claim(product, shipment.shipment_id, units, reason, why, candidate=candidate)
