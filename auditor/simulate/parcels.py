"""The verbs of stories about parcels to customers: shipments, replacements, and orders of other channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from auditor.simulate.printing import moment
from auditor.simulate.records import LedgerEvent, Order, Product
from auditor.simulate.selling import SellingStory
from auditor.simulate.windows import MULTI_CHANNEL, Window

BEYOND = "shipped_beyond_order"
MULTI_CHANNEL_LOST = "mcf_lost"

_CARRIERS = {"US": "AMZN_US", "UK": "AMZN_UK", "DE": "DHL", "JP": "YAMATO"}
#: A service that never gives a tracking number.
LETTER = "LETTER_POST"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One item of a parcel; without a carrier named it is the market's usual one."""

    order_id: str
    product: Product
    units: int
    bought: date
    day: date
    promised: date
    channel: str
    tracked: bool = True
    carrier: str = ""


class ParcelStory(SellingStory):
    """Parcels that leave a fulfilment centre for a customer, as Amazon Fulfilled Shipments lists them."""

    @property
    def multi_channel_window(self) -> Window:
        """The window of multi-channel orders in the account's home."""
        return MULTI_CHANNEL.get(self.account.market.code, MULTI_CHANNEL["OTHER"])

    def sold(self, units: int, day: date) -> Order:
        """Sell units of a product of the story's own; the parcels are the story's to send."""
        return self.order([(self.account.new_product(), units)], day + timedelta(days=14))

    def send(self, order: Order, units: int, day: date, *, lines: int = 1) -> None:
        """Send units of an order in one parcel; its line may stand in the report more than once."""
        product = order.lines[0].product
        promised = day + timedelta(days=3)
        self._list(Parcel(order.order_id, product, units, order.bought, day, promised, order.channel), lines)

    def replace(self, order: Order, units: int, day: date) -> str:
        """Send a free replacement; gives its own order ID."""
        replacement = self.account.order_id()
        self._rows("replacements").append(
            {
                "shipment-date": moment(day, self.account.market, order.order_id),
                "sku": order.lines[0].product.msku,
                "asin": order.lines[0].product.asin,
                "fulfillment-center-id": self.account.centre(),
                "original-fulfillment-center-id": self.account.centre(),
                "quantity": str(units),
                "replacement-reason-code": "1",
                "replacement-amazon-order-id": replacement,
                "original-amazon-order-id": order.order_id,
            }
        )
        return replacement

    def send_elsewhere(
        self, promised: date, units: int = 1, *, tracked: bool = True, carrier: str = ""
    ) -> tuple[Product, str]:
        """Send an order of another channel, promised for a day; gives the product and the order's ID."""
        product = self.account.new_product()
        order_id = self.account.unique("S0#-#######-#######")
        day = promised - timedelta(days=self.rng.randint(2, 5))
        channel = f"Non-Amazon {self.account.market.code}"
        bought = day - timedelta(days=1)
        self._list(Parcel(order_id, product, units, bought, day, promised, channel, tracked, carrier))
        return product, order_id

    def owed_elsewhere(self, product: Product, order_id: str, promised: date, units: int) -> None:
        """State that units of a multi-channel order are owed, once a person has looked."""
        country, value = self.account.market.country, self.by_cost(product)
        self.claim(product, order_id, promised, units, self.multi_channel_window, value, country, "review")

    def _list(self, parcel: Parcel, lines: int = 1) -> None:
        market, centre = self.account.market, self.account.centre()
        row = {
            "amazon-order-id": parcel.order_id,
            "merchant-order-id": parcel.order_id,
            "shipment-id": self.account.unique("D********"),
            "shipment-item-id": self.account.unique("D************"),
            "purchase-date": moment(parcel.bought, market, parcel.order_id),
            "shipment-date": moment(parcel.day, market, parcel.order_id),
            "sku": parcel.product.msku,
            "product-name": parcel.product.title,
            "quantity-shipped": str(parcel.units),
            "currency": market.currency,
            "carrier": parcel.carrier or _CARRIERS[market.code],
            "tracking-number": self.account.unique("TBA############") if parcel.tracked else "",
            "estimated-arrival-date": moment(parcel.promised, market, parcel.order_id),
            "fulfillment-center-id": centre,
            "fulfillment-channel": "AFN",
            "sales-channel": parcel.channel,
        }
        self._rows("fulfilled_shipments").extend([row] * lines)
        for _ in range(parcel.units):
            self.account.ledger.append(LedgerEvent(parcel.day, parcel.product, "Shipments", -1, centre, market.country))

    def _rows(self, report: str) -> list[dict[str, str]]:
        return self.account.further.setdefault(report, [])
