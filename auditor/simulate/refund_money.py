"""The verbs of stories about the money of a refund: what went to the customer, and what of the fees came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from auditor.simulate.records import Order
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import Value

EXCESS = "refund_exceeds_charge"
COMMISSION = "commission_not_refunded"

_COUNTRY_OF_CHANNEL = {"Amazon.fr": "FR", "Amazon.pl": "PL"}


class RefundMoneyStory(SellingStory):
    """Refunds whose units come back, so that only their money is in question."""

    def recent(self) -> date:
        """Draw the day of a refund whose returns every account's exports cover."""
        return self.ago(60, 20)

    def sold(
        self,
        units: int,
        day: date,
        channel: str = "",
        currency: str = "",
        *,
        by_merchant: bool = False,
        listed: bool = True,
    ) -> Order:
        """Sell units of a product of the story's own, and bring all of them back after the day of their refund."""
        product = self.account.new_product()
        order = self.order([(product, units)], day, channel, currency, by_merchant=by_merchant, listed=listed)
        if not by_merchant:
            self.give_back(order, day, self.after(day, 2, 15), units)
        return order

    def refund_row(self, order: Order, day: date, description: str, amount: Decimal, kind: str = "ItemPrice") -> None:
        """Add one row of a refund; what goes to the customer is negative."""
        self._refund_line(order, order.lines[0], day, kind, description, amount)

    def refund_without_fees(
        self, units: int, refunded: int, channel: str = "", currency: str = "", *, by_merchant: bool = False
    ) -> tuple[Order, date, Decimal]:
        """Refund some units of an order without giving any fee back; tells the commission that was paid for them."""
        day = self.recent()
        order = self.sold(units, day, channel, currency, by_merchant=by_merchant)
        line = order.lines[0]
        principal = line.unit_price * refunded
        self.refund_row(order, day, "Principal", -principal)
        if order.tax_rate:
            self.refund_row(order, day, "Tax", -self.account.rounded(principal * order.tax_rate))
        return order, day, line.commission / line.units * refunded

    def charge_row(self, order: Order, description: str, amount: Decimal, kind: str = "ItemPrice") -> None:
        """Add one row to the charge of an order."""
        self._refund_line(order, order.lines[0], order.posted, kind, description, amount)
        self.account.money[-1] = replace(self.account.money[-1], transaction_type="Order")

    def coins(self, low: int, high: int) -> Decimal:
        """Draw an amount of some size, in this market's money."""
        return self.account.money_of(low, high)

    def owed_money(self, order: Order, day: date, units: int, total: Decimal, basis: str) -> None:
        """State that an amount is owed for units of an order; Amazon documents no window for it."""
        country = _COUNTRY_OF_CHANNEL.get(order.channel, self.account.market.country)
        value = Value(total / units, order.currency, basis)
        self.claim(order.lines[0].product, order.order_id, day, units, None, value, country, "review")
