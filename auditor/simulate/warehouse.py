"""The verbs of stories about units lost or damaged in a fulfilment centre."""

from __future__ import annotations

from datetime import date

from auditor.simulate.records import LedgerEvent, Order, Payment, Product
from auditor.simulate.story import LOST, Story, Value
from auditor.simulate.windows import WAREHOUSE, region_of

Settles = list[tuple[LedgerEvent, int]]

_UNSELLABLE = {
    "6": "CARRIER_DAMAGED",
    "7": "EXPIRED",
    "H": "CUSTOMER_DAMAGED",
    "K": "DEFECTIVE",
    "U": "DISTRIBUTOR_DAMAGED",
}
# How old a loss is when the fresh export holds its figure, and when only an older one does.
FRESH = (44, 26)
STALE = (60, 46)
EXPIRED = (300, 62)


class WarehouseStory(Story):
    """Losses, finds, damages, corrections, and what pays for them."""

    def some_day(self) -> date:
        """Draw the day of a loss: fresh figures, stale figures or expired; 25 days remain after it."""
        return self.ago(*self.rng.choices((FRESH, STALE, EXPIRED), (4, 4, 2))[0])

    def some_day_after_half_a_year(self) -> date:
        """Draw the day of a loss that older payments precede."""
        return self.ago(*self.rng.choices((FRESH, STALE, (150, 62)), (4, 4, 2))[0])

    def adjust(
        self,
        product: Product,
        day: date,
        quantity: int,
        reason: str,
        disposition: str = "SELLABLE",
        centre: str = "",
        country: str = "",
    ) -> LedgerEvent:
        """Add a reason-coded ledger row."""
        country = country or self.account.market.country
        event = LedgerEvent(
            day=day,
            product=product,
            event_type="Adjustments",
            quantity=quantity,
            centre=centre or self.account.centre(country),
            country=country,
            disposition=disposition,
            reference=self.account.unique("2#############"),
            reason=reason,
            explained=[] if reason in "M5E67HKU" else [(day, abs(quantity))] if reason in "FN" else None,
        )
        self.account.ledger.append(event)
        return event

    def lose(self, product: Product, units: int, day: date, country: str = "", centre: str = "") -> LedgerEvent:
        """Lose units (`M`, sometimes `5`)."""
        return self.adjust(product, day, -units, self.rng.choice("MMM5"), country=country, centre=centre)

    def find(
        self, product: Product, units: int, day: date, settles: Settles, code: str = "F", country: str = ""
    ) -> LedgerEvent:
        """Find units; Amazon counts them towards the losses named."""
        centre = self.account.centre(country, other_than=settles[0][0].centre if settles else "")
        found = self.adjust(product, day, units, code, country=country, centre=centre)
        self.reconcile(settles, day)
        return found

    def damage(self, product: Product, units: int, day: date, code: str = "E", *, arrival: bool = True) -> LedgerEvent:
        """Damage units; usually a `P` row beside it shows them arriving as damaged stock."""
        origin = _UNSELLABLE.get(code, "SELLABLE")
        event = self.adjust(product, day, -units, code, disposition=origin)
        if arrival:
            self.adjust(product, day, units, "P", "WAREHOUSE_DAMAGED", event.centre, event.country)
        return event

    def correct(self, damage: LedgerEvent, units: int, day: date) -> None:
        """Inspect damaged units and return them to sellable stock (a `Q` and `P` pair)."""
        self.move(damage.product, units, day, "WAREHOUSE_DAMAGED", "SELLABLE", damage.centre)
        self.reconcile([(damage, units)], day)

    def move(self, product: Product, units: int, day: date, source: str, target: str, centre: str = "") -> LedgerEvent:
        """Move units between dispositions; gives the `Q` row."""
        centre = centre or self.account.centre()
        out = self.adjust(product, day, -units, "Q", source, centre)
        self.adjust(product, day, units, "P", target, centre)
        return out

    def reimburse(
        self,
        product: Product,
        day: date,
        settles: Settles,
        cash: int = 0,
        inventory: int = 0,
        reason: str = "",
        order: Order | None = None,
    ) -> Payment:
        """Pay for lost or damaged units; Amazon counts them towards the events named."""
        reason = reason or ("Lost_Warehouse" if self.family == LOST else "Damaged_Warehouse")
        self.reconcile(settles, day)
        return self.pay(product, day, reason, cash, inventory, order)

    def reconcile(self, settles: Settles, day: date) -> None:
        """Lower Amazon's unreconciled figure of some events from a day on."""
        for event, units in settles:
            assert event.explained is not None  # noqa: S101 - only losses and damages carry figures
            event.explained.append((day, units))

    def owed(self, event: LedgerEvent, units: int, confidence: str = "high", value: Value | None = None) -> None:
        """State that units of a loss or damage are owed."""
        self.claim(
            event.product,
            event.reference,
            event.day,
            units,
            WAREHOUSE[region_of(event.country)],
            value or self.by_cost(event.product),
            event.country,
            confidence,
        )

    def owed_unless_figures(self, event: LedgerEvent, units: int, left: int) -> None:
        """State that all units are owed, unless Amazon's figures are there to say how many are `left`."""
        units = left if self.account.figures else units
        if units:
            self.owed(event, units)
        else:
            self.not_owed(event, "reconciled_by_amazon", "Amazon's own figure leaves nothing unreconciled")

    def not_owed(self, event: LedgerEvent, reason: str, why: str) -> None:
        """State that a loss or damage is fully explained."""
        self.no_claim(event.product, event.reference, abs(event.quantity), reason, why)

    def no_loss(self, event: LedgerEvent, why: str) -> None:
        """State that a ledger row is no loss at all."""
        self.no_claim(event.product, event.reference, abs(event.quantity), "not_a_loss", why, candidate=False)
