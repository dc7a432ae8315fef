"""The verbs of stories about payments: too small, taken back, not paid out, or paid for units that turn up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import LedgerEvent, MoneyLine, Payment, Product
from auditor.simulate.selling import SellingStory
from auditor.simulate.story import Value
from auditor.simulate.warehouse import WarehouseStory
from auditor.simulate.windows import DISPUTES, REVERSAL, Window, region_of

REVERSED = "reimbursement_reversed"
EXPOSED = "payout_exposure"
# How old a payment is when its dispute is open, and when it is over.
OPEN = (55, 8)
OVER = (180, 62)


class PayingStory(WarehouseStory):
    """Payments for losses, at whatever amount, and what becomes of them."""

    def some_payment_day_ago(self) -> tuple[int, int]:
        """Draw how old a payment is: mostly still to be disputed."""
        return self.rng.choices((OPEN, OVER), (7, 3))[0]

    def paid_loss(
        self, product: Product, units: int, age: tuple[int, int] | None = None, per_unit: Decimal | None = None
    ) -> tuple[LedgerEvent, Payment]:
        """Lose units and pay for all of them some days later, at the product's payout unless said otherwise."""
        day = self.ago(*(age or self.some_payment_day_ago()))
        loss = self.lose(product, units, day - timedelta(days=self.units(2, 12)))
        payment = self.reimburse(product, day, [(loss, units)], cash=units, reason="Lost_Warehouse")
        payment.per_unit = product.payout if per_unit is None else per_unit
        return loss, payment

    def line(self, payment: Payment, amount: Decimal, days: int) -> None:
        """Put a line into a settlement, so many days after the approval."""
        day = min(self.after(payment.day, days, days), AS_OF)
        currency = self.account.market.currency
        kind = ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_LOST")
        self.account.money.append(MoneyLine(day, currency, *kind, amount, msku=payment.product.msku))

    def seller(self, product: Product) -> SellingStory:
        """Give the verbs of selling for the same story."""
        return SellingStory(self.account, self.scenario, self.family, product, self.group)

    def disputed(self, payment: Payment, units: int, lacking: Decimal) -> None:
        """State that a payment is too small by so much a unit."""
        window = DISPUTES[region_of(self.account.market.country)]
        self._claim(payment, units, Value(lacking, self.account.market.currency, "shortfall"), window)

    def taken(self, reversal: Payment, units: int) -> None:
        """State that a reversal took back units without reason."""
        value = Value(reversal.per_unit, self.account.market.currency, "taken_back")
        self._claim(reversal, units, value, REVERSAL, confidence="review")

    def unpaid(self, payment: Payment) -> None:
        """State that no settlement pays an approved payment."""
        value = Value(payment.per_unit, self.account.market.currency, "payment")
        self._claim(payment, payment.cash, value, None, confidence="review")

    def exposed(self, payment: Payment, find: LedgerEvent, units: int) -> None:
        """State that units paid for turned up, so that Amazon may take the money back."""
        value = Value(payment.per_unit, self.account.market.currency, "paid")
        country = self.account.market.country
        self.claim(payment.product, payment.reimbursement_id, find.day, units, None, value, country, "review")

    def not_owed_on(self, payment: Payment, reason: str, why: str, *, candidate: bool = True) -> None:
        """State that nothing is owed for a payment or a reversal."""
        units = abs(payment.cash or payment.inventory)
        self.no_claim(payment.product, payment.reimbursement_id, units, reason, why, candidate=candidate)

    def _claim(
        self, payment: Payment, units: int, value: Value, window: Window | None, confidence: str = "high"
    ) -> None:
        country = self.account.market.country
        self.claim(payment.product, payment.reimbursement_id, payment.day, units, window, value, country, confidence)
