"""The verbs of stories about removals, and about labels of shipments to Amazon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.records import LedgerEvent, MoneyLine, Product
from auditor.simulate.shipping import ShippingStory
from auditor.simulate.story import Story, Value
from auditor.simulate.windows import LABELS, REMOVAL_LOST, REMOVAL_OTHER, Window, region_of

NO_PRODUCT = Product("", "", "", "", Decimal(0), Decimal(0), None, Decimal(0))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of a removal order, of one product."""

    order_id: str
    tracking: str
    product: Product
    units: int
    day: date


class RemovalStory(Story):
    """Removal orders, their parcels, and the seller's own record of what arrived."""

    @property
    def lost_window(self) -> Window:
        """The window of lost removals at the account's home."""
        return REMOVAL_LOST[region_of(self.account.market.country)]

    @property
    def other_window(self) -> Window:
        """The window of all other removal claims at the account's home."""
        return REMOVAL_OTHER[region_of(self.account.market.country)]

    def _add(self, report: str, **cells: str) -> None:
        row = {name.replace("_", "-"): cell for name, cell in cells.items()}
        self.account.further.setdefault(report, []).append(row)

    def keep_record(self) -> None:
        """The seller records every removal from the first days of the account to the last."""
        if not self.account.further.get("removal_receipts"):
            for day in (ago(320), ago(2)):
                other = Parcel(self.account.unique("RMV-O#######"), "", self.account.new_product(), 2, day)
                self.arrive(other, 2, day)

    def request(
        self,
        product: Product,
        requested: int,
        day: date,
        updated: date,
        *,
        sent: int,
        cancelled: int = 0,
        in_process: int = 0,
        status: str = "Completed",
    ) -> str:
        """Add a removal order; what is none stays blank, as Amazon prints it."""
        order_id = self.account.unique("RMV-########")
        self._add(
            "removal_orders",
            request_date=day.isoformat(),
            order_id=order_id,
            order_source="Seller-initiated Manual Removal",
            order_type="Return",
            order_status=status,
            last_updated_date=updated.isoformat(),
            sku=product.msku,
            fnsku=product.fnsku,
            disposition="Sellable",
            requested_quantity=str(requested),
            cancelled_quantity=str(cancelled or ""),
            shipped_quantity=str(sent or ""),
            in_process_quantity=str(in_process or ""),
            removal_fee="0.00",
            currency=self.account.market.currency,
        )
        return order_id

    def send(
        self,
        product: Product,
        units: int,
        day: date,
        *,
        disposition: str = "Sellable",
        kind: str = "Return",
        order_id: str = "",
    ) -> Parcel:
        """Ship units back to the seller under a removal order of its own, unless one is named."""
        self.keep_record()
        order_id = order_id or self.account.unique("RMV-########")
        country = self.account.market.country
        left = LedgerEvent(day, product, "VendorReturns", -units, self.account.centre(), country)
        self.account.ledger.append(left)
        parcel = Parcel(order_id, self.account.unique("1Z**************"), product, units, day)
        self._add(
            "removal_shipments",
            request_date=day.isoformat(),
            order_id=parcel.order_id,
            shipment_date=day.isoformat(),
            sku=product.msku,
            fnsku=product.fnsku,
            disposition=disposition,
            shipped_quantity=str(units),
            carrier="UPS",
            tracking_number=parcel.tracking,
            removal_order_type=kind,
        )
        return parcel

    def arrive(self, parcel: Parcel, units: int, day: date, condition: str = "good", *, tracked: bool = True) -> None:
        """Record what arrived of a parcel."""
        self._add(
            "removal_receipts",
            order_id=parcel.order_id,
            tracking_number=parcel.tracking if tracked else "",
            fnsku=parcel.product.fnsku,
            received_date=day.isoformat(),
            received_quantity=str(units),
            condition=condition,
        )

    def owed_for(self, parcel: Parcel, units: int, anchor: date, window: Window, confidence: str = "high") -> None:
        """State that units of a parcel are owed at cost."""
        value, country = self.by_cost(parcel.product), self.account.market.country
        self.claim(parcel.product, parcel.order_id, anchor, units, window, value, country, confidence)

    def not_owed_for(self, parcel: Parcel, units: int, reason: str, why: str, *, candidate: bool = True) -> None:
        """State that nothing is owed for a parcel."""
        self.no_claim(parcel.product, parcel.order_id, units, reason, why, candidate=candidate)


class LabelStory(ShippingStory):
    """Labels of the partnered carrier, bought for shipments that may not need them."""

    def charge(self, shipment_id: str, day: date, amount: Decimal) -> None:
        """Charge for a label, or give money back when the amount is positive."""
        self.account.money.append(
            MoneyLine(
                day=day,
                currency=self.account.market.currency,
                transaction_type="other-transaction",
                amount_type="other-transaction",
                description="FBAInboundTransportationFee",
                amount=amount,
                order_id=shipment_id,
            )
        )

    def label_owed(self, shipment_id: str, created: date, amount: Decimal) -> None:
        """State that what is left of a charge is owed; outside the US no page names a window."""
        country = self.account.market.country
        value = Value(amount, self.account.market.currency, "charge")
        self.claim(NO_PRODUCT, shipment_id, created, 1, LABELS.get(region_of(country)), value, country, "review")

    def label_not_owed(self, shipment_id: str, reason: str, why: str) -> None:
        """State that a label is not owed."""
        self.no_claim(NO_PRODUCT, shipment_id, 1, reason, why)
