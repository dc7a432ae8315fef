"""A story: what one scenario plants on its own product, and what it says is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import NotOwed, Order, Owed, Payment, Product
from auditor.simulate.windows import Window, region_of

LOST = "warehouse_lost"
DAMAGED = "warehouse_damaged"
RETURN = "customer_return_missing"
INBOUND = "inbound_missing"
RETURN_DAMAGED = "return_damaged"
NOT_RESTOCKED = "return_not_restocked"
REPLACED = "replacement_return_missing"


@dataclass(frozen=True, slots=True)
class Value:
    """What one unit is worth: exact, before rounding; None when nobody can know it."""

    unit: Decimal | None
    currency: str
    basis: str


class Story:
    """The stage of one scenario; the verbs of each report are added by the modules beside this one."""

    def __init__(
        self, account: Account, scenario: str, family: str, shared: Product | None = None, group: str = ""
    ) -> None:
        self.account = account
        self.scenario = scenario
        self.family = family
        self.shared = shared
        self.group = group

    @property
    def rng(self) -> Random:
        """The account's only source of chance."""
        return self.account.rng

    def product(self) -> Product:
        """Give the story's product: its own, or the one that several stories share."""
        return self.shared or self.account.new_product()

    def units(self, low: int, high: int) -> int:
        """Draw a number of units, both ends included."""
        return self.rng.randint(low, high)

    def ago(self, earliest: int, latest: int) -> date:
        """Draw a day between two distances from the last day, in days."""
        return AS_OF - timedelta(days=self.rng.randint(latest, earliest))

    def after(self, day: date, soonest: int = 1, latest: int = 24) -> date:
        """Draw a day after another, never beyond the last day."""
        return min(day + timedelta(days=self.rng.randint(soonest, latest)), AS_OF)

    def by_cost(self, product: Product) -> Value:
        """Value a unit at the seller's cost."""
        return Value(product.cost, self.account.market.currency, "cost" if product.cost is not None else "")

    def pay(
        self,
        product: Product,
        day: date,
        reason: str,
        cash: int = 0,
        inventory: int = 0,
        order: Order | None = None,
    ) -> Payment:
        """Add a row to the reimbursements report."""
        payment = Payment(
            day=day,
            product=product,
            reason=self.rng.choice(_SPELLINGS.get(reason, (reason,))),
            cash=cash,
            inventory=inventory,
            per_unit=product.payout,
            reimbursement_id=self.account.unique("1##########"),
            case_id=self.account.unique("1##########") if self.rng.random() < 0.3 else "",
            order_id=order.order_id if order else "",
        )
        if reason == "Damaged_Warehouse" and self.account.market.code == "JP" and self.rng.random() < 0.3:
            payment.reason = "倉庫破損"
        self.account.payments.append(payment)
        return payment

    def take_back(self, payment: Payment, day: date, inventory: int = 0) -> Payment:
        """Reverse a payment: a plain clawback, or a swap of its cash for `inventory` units."""
        reversal = Payment(
            day=day,
            product=payment.product,
            reason="Reimbursement_Reversal",
            cash=-payment.cash,
            inventory=inventory,
            per_unit=payment.per_unit,
            reimbursement_id=self.account.unique("1##########"),
            original_id=payment.reimbursement_id,
            original_reason=payment.reason,
        )
        self.account.payments.append(reversal)
        return reversal

    def claim(
        self,
        product: Product,
        reference_id: str,
        anchor: date,
        units: int,
        window: Window | None,
        value: Value,
        country: str,
        confidence: str = "high",
    ) -> None:
        """State that units are owed; without a documented window the claim has no days and needs a person."""
        amount = None if value.unit is None else self.account.rounded(value.unit * units)
        self.account.owed.append(
            Owed(
                scenario=self.scenario,
                group=self.group,
                family=self.family,
                fnsku=product.fnsku,
                msku=product.msku,
                reference_id=reference_id,
                event_date=anchor,
                anchor_date=anchor,
                claim_from=window.claim_from(anchor) if window else None,
                claim_by=window.claim_by(anchor) if window else None,
                status=window.status(anchor, AS_OF) if window else "open",
                confidence=confidence if window and window.documented else "review",
                units=units,
                currency="" if value.unit is None else value.currency,
                unit_value=None if value.unit is None else self.account.rounded(value.unit),
                amount=amount,
                value_basis=value.basis,
                marketplace=region_of(country) if country == "GB" else country,
            )
        )

    def no_claim(
        self, product: Product, reference_id: str, units: int, reason: str, why: str, *, candidate: bool = True
    ) -> None:
        """State that nothing is owed for a lookalike."""
        self.account.not_owed.append(
            NotOwed(
                self.scenario,
                self.group,
                self.family,
                product.fnsku,
                product.msku,
                reference_id,
                units,
                reason,
                why,
                candidate,
            )
        )


# Files mix underscores, colons, capitals and CamelCase; all of these mean the same reason.
_SPELLINGS = {
    "Lost_Warehouse": ("Lost_Warehouse", "Lost_Warehouse", "Lost:Warehouse", "Lost: Warehouse", "LOST_WAREHOUSE"),
    "Damaged_Warehouse": ("Damaged_Warehouse", "Damaged_Warehouse", "Damaged:Warehouse", "damaged_warehouse"),
    "Lost_Inbound": ("Lost_Inbound", "Lost:Inbound"),
    "CustomerReturn": ("CustomerReturn", "CustomerReturn", "Customer_Return"),
}
