"""The rows of a synthetic account before they are printed, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the seller.

    `payout` is what Amazon usually pays for a unit by its own estimate, `fulfilment` what it charges to ship one.
    """

    fnsku: str
    asin: str
    msku: str
    title: str
    price: Decimal
    payout: Decimal
    cost: Decimal | None
    fulfilment: Decimal


@dataclass(eq=False, slots=True)
class LedgerEvent:
    """One row of the inventory ledger.

    `explained` lists (day, units) that Amazon has reconciled since; None: the row carries no figures.
    """

    day: date
    product: Product
    event_type: str
    quantity: int
    centre: str
    country: str
    disposition: str = "SELLABLE"
    reference: str = ""
    reason: str = ""
    explained: list[tuple[date, int]] | None = None

    def reconciled_on(self, day: date) -> int:
        """Count the units that Amazon's figure of a day calls reconciled; paid and found later, a unit counts once."""
        return min(sum(units for when, units in self.explained or () if when <= day), abs(self.quantity))


@dataclass(eq=False, slots=True)
class Payment:
    """One row of the reimbursements report. `printed` replaces both amounts where they are unreadable.

    `settled_after` counts the days from approval to the line of the settlement; None: no settlement pays it.
    """

    day: date
    product: Product
    reason: str
    cash: int
    inventory: int
    per_unit: Decimal
    reimbursement_id: str
    case_id: str = ""
    order_id: str = ""
    original_id: str = ""
    original_reason: str = ""
    printed: str = ""
    settled_after: int | None = 4

    @property
    def amount(self) -> Decimal:
        """Money of the row: cash units times the amount per unit."""
        return self.per_unit * self.cash


@dataclass(eq=False, slots=True)
class OrderLine:
    """One item of an order; `commission` and `fulfilment` are the fees of the whole line, positive."""

    product: Product
    units: int
    principal: Decimal
    commission: Decimal
    fulfilment: Decimal
    item_code: str

    @property
    def unit_price(self) -> Decimal:
        """Price of one unit without tax."""
        return self.principal / self.units

    @property
    def unit_value(self) -> Decimal:
        """What Amazon owes for one unit: the price less the referral and fulfilment fees."""
        return (self.principal - self.commission - self.fulfilment) / self.units


@dataclass(eq=False, slots=True)
class Order:
    """One customer order; `posted` is the settlement day of the sale. An unlisted one predates the exports."""

    order_id: str
    bought: date
    posted: date
    channel: str
    currency: str
    lines: list[OrderLine] = field(default_factory=list)
    fulfilled_by: str = "Amazon"
    fulfilment_mark: str = "AFN"
    status: str = "Shipped"
    listed: bool = True
    tax_rate: Decimal = Decimal(0)


@dataclass(eq=False, slots=True)
class Return:
    """One row of the customer returns report."""

    day: date
    order: Order
    product: Product
    units: int
    centre: str
    disposition: str
    reason: str
    plate: str
    status: str = "Unit returned to inventory"


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One row of a settlement; amounts are seen from the seller."""

    day: date
    currency: str
    transaction_type: str
    amount_type: str
    description: str
    amount: Decimal
    order_id: str = ""
    marketplace: str = ""
    fulfilment: str = ""
    item_code: str = ""
    msku: str = ""
    quantity: str = ""


@dataclass(eq=False, slots=True)
class Shipment:
    """One shipment to Amazon; `shipped` counts units by product, `contents_files` how often it was exported."""

    shipment_id: str
    name: str
    created: date
    updated: date
    status: str
    centre: str
    shipped: list[tuple[Product, int]]
    located: int = 0
    contents_files: int = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What the seller pays for one unit from a day on."""

    msku: str
    unit_cost: Decimal
    currency: str
    effective_from: date


@dataclass(frozen=True, slots=True)
class Owed:
    """Units that Amazon owes; `family` is also the rule that must find them. Without a window there are no dates.

    `unit_value` and `amount` are None when nobody can know them.
    """

    scenario: str
    group: str
    family: str
    fnsku: str
    msku: str
    reference_id: str
    event_date: date
    anchor_date: date
    claim_from: date | None
    claim_by: date | None
    status: str
    confidence: str
    units: int
    currency: str
    unit_value: Decimal | None
    amount: Decimal | None
    value_basis: str
    marketplace: str


@dataclass(frozen=True, slots=True)
class NotOwed:
    """A lookalike. `candidate`: a rule has to consider it and say why it does not claim it."""

    scenario: str
    group: str
    family: str
    fnsku: str
    msku: str
    reference_id: str
    units: int
    reason: str
    why: str
    candidate: bool
