"""The verbs of stories about orders, refunds and returns."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from auditor.simulate.calendar_of_account import AS_OF, ORDERS, QUIET_DAYS
from auditor.simulate.records import LedgerEvent, MoneyLine, Order, OrderLine, Payment, Product, Return
from auditor.simulate.story import Story, Value
from auditor.simulate.windows import RETURNS, Window

COMMISSION = Decimal("0.15")
COUNTRY_OF_CHANNEL = {"Amazon.fr": "FR", "Amazon.pl": "PL"}


class SellingStory(Story):
    """Orders, refunds, returns, and what pays for a unit that never came back."""

    @property
    def window(self) -> Window:
        """The customer-return window of the account's home."""
        code = self.account.market.code
        return RETURNS["EU" if code == "DE" else code]

    def refund_day(self) -> date:
        """Draw a refund's day: mostly claimable now, sometimes too early or too late."""
        wait, days = self.window.wait, self.window.days
        return self.ago(*self.rng.choices(((days, wait), (wait - 1, 5), (days + 25, days + 1)), (6, 2, 2))[0])

    def order(
        self,
        items: list[tuple[Product, int]],
        before: date,
        channel: str = "",
        currency: str = "",
        *,
        by_merchant: bool = False,
        listed: bool = True,
    ) -> Order:
        """Sell units some days before a refund; `listed` false: older than every order and settlement export."""
        market = self.account.market
        bought = before - timedelta(days=self.rng.randint(6, 14))
        if not listed:
            bought = min(bought, ORDERS[0].first - timedelta(days=self.rng.randint(8, 25)))
        order = Order(
            order_id=self.account.order_id(),
            bought=bought,
            posted=bought + timedelta(days=self.rng.randint(1, 2)),
            channel=channel or market.channel,
            currency=currency or market.currency,
            fulfilled_by="Merchant" if by_merchant else "Amazon",
            fulfilment_mark="MFN" if by_merchant else "AFN",
            listed=bought >= ORDERS[0].first,
            tax_rate=Decimal("0.19") if market.decimal_comma else self.rng.choice((Decimal(0), Decimal("0.08"))),
        )
        order.lines = [self._line(product, units, by_merchant) for product, units in items]
        self.account.orders.append(order)
        if not by_merchant and order.listed:
            self._ship(order)
        return order

    def _line(self, product: Product, units: int, by_merchant: bool) -> OrderLine:
        commission = self.account.rounded(product.price * COMMISSION)
        fulfilment = Decimal(0) if by_merchant else product.fulfilment
        code = self.account.unique("1##############")
        return OrderLine(product, units, product.price * units, commission * units, fulfilment * units, code)

    def _ship(self, order: Order) -> None:
        for line in order.lines:
            centre = self.account.centre()
            self.account.ledger.extend(
                LedgerEvent(order.posted, line.product, "Shipments", -1, centre, self.account.market.country)
                for _ in range(line.units)
            )

    def refunded(self, units: int, day: date | None = None) -> tuple[Order, date]:
        """Sell units of the story's product and refund them all, on some day."""
        day = day or self.refund_day()
        order = self.order([(self.product(), units)], day)
        self.refund(order, day, units)
        return order, day

    def refund(self, order: Order, day: date, units: int = 0, share: Decimal | None = None, line: int = 0) -> None:
        """Refund whole units of a line, or a `share` of one unit's price."""
        item = order.lines[line]
        part = share if share is not None else Decimal(units)
        principal = self.account.rounded(item.unit_price * part)
        commission = (item.commission / item.units * part).quantize(principal, ROUND_HALF_EVEN)
        self._refund_line(order, item, day, "ItemPrice", "Principal", -principal)
        if order.tax_rate:
            self._refund_line(order, item, day, "ItemPrice", "Tax", -self.account.rounded(principal * order.tax_rate))
        self._refund_line(order, item, day, "ItemFees", "Commission", commission)
        fee = self.account.rounded(commission / 5)
        self._refund_line(order, item, day, "ItemFees", "RefundCommission", -fee)

    def _refund_line(
        self, order: Order, item: OrderLine, day: date, kind: str, description: str, amount: Decimal
    ) -> None:
        self.account.money.append(
            MoneyLine(
                day=day,
                currency=order.currency,
                transaction_type="Refund",
                amount_type=kind,
                description=description,
                amount=amount,
                order_id=order.order_id,
                marketplace=order.channel,
                fulfilment=order.fulfilment_mark,
                item_code=item.item_code,
                msku=item.product.msku,
            )
        )

    def give_back(self, order: Order, refunded: date, day: date, units: int = 1, line: int = 0) -> None:
        """Return units to a fulfilment centre."""
        day = min(day, AS_OF)
        # A covered refund must never rest on a return that happened just before the export begins.
        if refunded >= self.account.returns_start - timedelta(days=QUIET_DAYS):
            day = max(day, self.account.returns_start)
        product = order.lines[line].product
        country = self.account.market.country
        # Mostly one row a unit; now and then one row for all.
        for each in [units] if self.rng.random() < 0.3 else [1] * units:
            centre = self.account.centre()
            disposition, reason = self.rng.choice(_RETURNED)
            plate = self.account.unique("LPNRR########")
            self.account.returns.append(Return(day, order, product, each, centre, disposition, reason, plate))
            self.account.ledger.append(LedgerEvent(day, product, "CustomerReturns", each, centre, country, disposition))

    def compensate(
        self, order: Order, day: date, cash: int, line: int = 0, reason: str = "CustomerReturn", inventory: int = 0
    ) -> Payment:
        """Pay for units of an order."""
        return self.pay(order.lines[line].product, min(day, AS_OF), reason, cash, inventory, order)

    def owed(
        self,
        order: Order,
        refunded: date,
        units: int,
        line: int = 0,
        confidence: str = "high",
        value: Value | None = None,
    ) -> None:
        """State that refunded units are owed, unless the returns export starts too late to prove it."""
        item = order.lines[line]
        if refunded < self.account.returns_start - timedelta(days=QUIET_DAYS):
            why = "the returns export starts too late for this refund"
            self.no_claim(item.product, order.order_id, units, "no_coverage", why)
            return
        value = value or Value(item.unit_value, order.currency, "order")
        country = COUNTRY_OF_CHANNEL.get(order.channel, self.account.market.country)
        self.claim(item.product, order.order_id, refunded, units, self.window, value, country, confidence)

    def not_owed(
        self, order: Order, units: int, reason: str, why: str, line: int = 0, *, candidate: bool = True
    ) -> None:
        """State that nothing is owed for a refund."""
        self.no_claim(order.lines[line].product, order.order_id, units, reason, why, candidate=candidate)


_RETURNED = (
    ("SELLABLE", "UNWANTED_ITEM"),
    ("SELLABLE", "ORDERED_WRONG_ITEM"),
    ("CUSTOMER_DAMAGED", "NOT_AS_DESCRIBED"),
    ("DEFECTIVE", "DEFECTIVE"),
)
