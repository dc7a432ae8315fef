"""The verbs of stories about units that came back, or were replaced and should have come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from auditor.simulate.calendar_of_account import AS_OF, QUIET_DAYS, ago
from auditor.simulate.records import LedgerEvent, Order, Return
from auditor.simulate.selling import COUNTRY_OF_CHANNEL, SellingStory
from auditor.simulate.story import NOT_RESTOCKED, REPLACED, RETURN, RETURN_DAMAGED, Value

BACK = "Unit returned to inventory"
REIMBURSED = "Reimbursed"
_SPELLINGS = (BACK, BACK, "Unit Returned to Inventory", "UNIT_RETURNED_TO_INVENTORY")
#: Within so many days of a return the ledger shows it, or the unit is not back in stock.
RESTOCK_DAYS = 30


class ReturningStory(SellingStory):
    """Returns row by row, whether the ledger shows them, and free replacements."""

    def refunded_by(self, units: int, latest: int = 40) -> tuple[Order, date]:
        """Sell and refund units late enough for the returns export to know them, at least `latest` days ago."""
        return self.refunded(units, self.known_day(latest))

    def known_day(self, latest: int = 40) -> date:
        """Draw a day that the returns export covers, at least `latest` days ago."""
        return self.ago((AS_OF - self.account.returns_start).days - 2, latest)

    def comes_back(
        self,
        order: Order,
        day: date,
        disposition: str = "SELLABLE",
        units: int = 1,
        *,
        restocked: bool = False,
        status: str = "",
        plate: str | None = None,
        under: str = "",
    ) -> date:
        """Print one row of the returns report; `restocked` in the ledger too, on its day. Gives the day.

        `under` is another order ID that the row names, such as that of a replacement.
        """
        day = min(max(day, self.account.returns_start), AS_OF)
        product, centre = order.lines[0].product, self.account.centre()
        plate = self.account.unique("LPNRR########") if plate is None else plate
        named = self.named(order, under) if under else order
        status = status or self.rng.choice(_SPELLINGS)
        self.account.returns.append(Return(day, named, product, units, centre, disposition, "OTHER", plate, status))
        if restocked:
            self.restock(order, day, units, disposition)
        return day

    def named(self, order: Order, order_id: str) -> Order:
        """The order as a row names it that knows it by another ID, such as that of its replacement."""
        return replace(order, order_id=order_id)

    def find_later(self, order: Order, day: date) -> None:
        """Find a unit of the product in a fulfilment centre."""
        self.account.ledger.append(
            LedgerEvent(
                day=day,
                product=order.lines[0].product,
                event_type="Adjustments",
                quantity=1,
                centre=self.account.centre(),
                country=self.account.market.country,
                reference=self.account.unique("2#############"),
                reason="F",
                explained=[(day, 1)],
            )
        )

    def restock(self, order: Order, day: date, units: int = 1, disposition: str = "SELLABLE") -> None:
        """Show a customer return in the ledger."""
        country = self.account.market.country
        event = LedgerEvent(
            day, order.lines[0].product, "CustomerReturns", units, self.account.centre(), country, disposition
        )
        self.account.ledger.append(event)

    def replace(self, order: Order, day: date, units: int = 1) -> str:
        """Send units of an order again, for free; gives the order ID of the replacement."""
        product, replacement = order.lines[0].product, self.account.order_id()
        row = {
            "shipment-date": f"{day.isoformat()}T00:00:00+00:00",
            "sku": product.msku,
            "asin": product.asin,
            "fulfillment-center-id": self.account.centre(),
            "original-fulfillment-center-id": self.account.centre(),
            "quantity": str(units),
            "replacement-reason-code": str(self.rng.randint(0, 12)),
            "replacement-amazon-order-id": replacement,
            "original-amazon-order-id": order.order_id,
        }
        self.account.further.setdefault("replacements", []).append(row)
        country = self.account.market.country
        self.account.ledger.extend(
            LedgerEvent(day, product, "Shipments", -1, self.account.centre(), country) for _ in range(units)
        )
        return replacement

    def sold_and_replaced(self, units: int, day: date | None = None) -> tuple[Order, date, str]:
        """Sell units of the story's product and send them all again, on some day."""
        day = day or self.refund_day()
        order = self.order([(self.product(), units)], day)
        return order, day, self.replace(order, day, units)

    def owed_as(
        self, family: str, order: Order, anchor: date, units: int, reference_id: str = "", confidence: str = "high"
    ) -> None:
        """State that units of an order are owed under a rule, from some day on, at the price of the order less fees."""
        item = order.lines[0]
        value = Value(item.unit_value, order.currency, "order") if order.listed else Value(None, "", "")
        self.family = family
        country = COUNTRY_OF_CHANNEL.get(order.channel, self.account.market.country)
        reference = reference_id or order.order_id
        self.claim(item.product, reference, anchor, units, self.window, value, country, confidence)

    def damaged(self, order: Order, anchor: date, units: int, confidence: str = "high") -> None:
        """State that units which Amazon damaged on their way back are owed."""
        self.owed_as(RETURN_DAMAGED, order, anchor, units, confidence=confidence)

    def not_restocked(self, order: Order, anchor: date, units: int, confidence: str = "high") -> None:
        """State that units which came back, but not into stock, are owed."""
        self.owed_as(NOT_RESTOCKED, order, anchor, units, confidence=confidence)

    def never_returned(self, order: Order, refunded: date, units: int) -> None:
        """State that refunded units which never came back are owed."""
        self.owed_as(RETURN, order, refunded, units)

    def replacement_owed(self, order: Order, day: date, units: int, replacement: str, confidence: str = "high") -> None:
        """State that replaced units are owed, unless the returns export starts too late to prove it."""
        if day < self.account.returns_start - timedelta(days=QUIET_DAYS):
            why = "the returns export starts too late for this replacement"
            self.nothing(REPLACED, order, units, "no_coverage", why, replacement)
        else:
            self.owed_as(REPLACED, order, day, units, replacement, confidence)

    def nothing(
        self,
        family: str,
        order: Order,
        units: int,
        reason: str,
        why: str,
        reference_id: str = "",
        *,
        candidate: bool = True,
    ) -> None:
        """State that nothing is owed under a rule."""
        self.family = family
        product = order.lines[0].product
        self.no_claim(product, reference_id or order.order_id, units, reason, why, candidate=candidate)

    def long_enough_ago(self) -> tuple[Order, date, date]:
        """Sell and refund one unit; gives order, day of refund, and a day of return that the ledger has outlived."""
        order, refunded = self.refunded_by(1, RESTOCK_DAYS + 22)
        return order, refunded, max(self.after(refunded, 2, 20), self.account.returns_start)

    def within_a_month(self) -> date:
        """Draw a day of return that the ledger has not outlived."""
        return max(ago(self.units(0, RESTOCK_DAYS - 1)), self.account.returns_start)
