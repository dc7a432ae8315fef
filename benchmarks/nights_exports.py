"""The exports of a simulated seller as they stand on a night: ordinary days, and what the seller's story adds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

DAY = date(2026, 5, 4)
DAYS = 45
PAST = 200
WEEKLY = frozenset(range(0, DAYS, 7))
COST = Decimal("10.00")
CURRENCY = {"US": "USD", "UK": "GBP", "DE": "EUR", "JP": "JPY"}
COUNTRY = {"US": "US", "UK": "GB", "DE": "DE", "JP": "JP"}
MARKETS = tuple(CURRENCY)
BUILDINGS = ("AAA1", "BBB2", "CCC3", "DDD4")
PRODUCTS = 12

LEDGER = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center",
    "Disposition", "Reason", "Country", "Reconciled Quantity", "Unreconciled Quantity", "Date and Time", "Store",
)  # fmt: skip
PAYMENTS = (
    "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku", "fnsku", "asin",
    "product-name", "condition", "currency-unit", "amount-per-unit", "amount-total", "quantity-reimbursed-cash",
    "quantity-reimbursed-inventory", "quantity-reimbursed-total", "original-reimbursement-id",
    "original-reimbursement-type",
)  # fmt: skip

Expected = Sequence[tuple[int, str]]


def at(night: int) -> date:
    """The day of a night; nights before the first one are negative."""
    return DAY + timedelta(days=night)


@dataclass(frozen=True, slots=True)
class Lost:
    """Units lost in a building on a night, and the night on which they are found again or paid for, if they are."""

    night: int
    units: int
    building: str = BUILDINGS[0]
    found: int | None = None
    product: int = 0
    paid: int | None = None

    @property
    def reference(self) -> str:
        """What the ledger calls the event: no two of an account share a day and a product."""
        return f"20{self.night + PAST:06}{self.product:06}"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment for units of a product; `takes_back` is the number of the payment that it reverses."""

    night: int
    units: int
    each: Decimal = COST
    product: int = 0
    takes_back: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of account: how many there are, what happens to them, and what is expected to be told, to the day.

    `exports` are the nights on which new downloads arrive. `arrives` changes the files of a night; `settings` are the
    lines of its table in accounts.toml on a night; `moves` are moves of its case: (state, case ID or "").
    `gone` are alerts that must be withdrawn, by the night. `fails` are the nights on which its audit must fail.
    """

    name: str
    count: int
    expected: Expected = ()
    lost: Sequence[Lost] = ()
    paid: Sequence[Paid] = ()
    exports: frozenset[int] = WEEKLY
    trades: int = 1
    arrives: Callable[[Path, int], None] = lambda *_: None
    settings: Callable[[int], str] = lambda _: ""
    moves: Mapping[int, str] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    fails: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seller:
    """One account of the list."""

    kind: Kind
    number: int

    @property
    def id(self) -> str:
        return f"{self.kind.name}_{self.number:02}"

    @property
    def market(self) -> str:
        return MARKETS[self.number % len(MARKETS)]

    def sku(self, product: int) -> str:
        return f"{self.id.upper()}-{product:02}"

    def fnsku(self, product: int) -> str:
        return f"X0{self.number:03}{product:05}"


def download(seller: Seller, folder: Path, night: int) -> None:
    """The files of a night, in place of those of before: whole exports up to the day."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write(folder / "ledger.txt", LEDGER, ledger_rows(seller, night))
    write(folder / "reimbursements.txt", PAYMENTS, payment_rows(seller, night))
    currency = CURRENCY[seller.market]
    costs = [f"{seller.sku(product)},{COST:.0f},{currency},2025-01-01" for product in range(PRODUCTS)]
    (folder / "costs.csv").write_text("\n".join(["sku,unit-cost,currency,effective-from", *costs, ""]), "utf-8")
    seller.kind.arrives(folder, night)


def ledger_rows(seller: Seller, night: int) -> list[dict[str, str]]:
    """Sales of every day, ordinary losses that Amazon finds again, and what the seller's story tells."""
    rows = []
    for day in range(-PAST, night + 1):
        if day == -PAST:
            rows += [row(seller, day, p, "Receipts", f"FBA{seller.number:03}{p:05}", 500) for p in range(PRODUCTS)]
        for sale in range(seller.kind.trades):
            rows.append(row(seller, day, sale % PRODUCTS, "Shipments", f"9{day + PAST:05}{sale:03}", -1))
    story = [*ordinary(seller, night), *seller.kind.lost]
    for lost in (lost for lost in story if lost.night <= night):
        found = lost.found is not None and lost.found <= night
        settled = found or (lost.paid is not None and lost.paid <= night)
        figures = {
            "Reconciled Quantity": str(lost.units if settled else 0),
            "Unreconciled Quantity": str(0 if settled else lost.units),
        }
        reference = lost.reference
        rows.append(row(seller, lost.night, lost.product, "Adjustments", reference, -lost.units, "M", lost.building))
        rows[-1] |= figures
        if found and lost.found is not None:
            rows.append(
                row(
                    seller, lost.found, lost.product, "Adjustments", f"3{reference[1:]}", lost.units, "F", lost.building
                )
            )
    return rows


def ordinary(seller: Seller, night: int) -> list[Lost]:
    """What every account loses: one or two units now and then, found again within six days. The same every night."""
    made = []
    for day in range(-PAST, night + 1):
        draw = random.Random(f"{seller.id} {day}")
        if draw.random() < 0.12:
            building = draw.choice(BUILDINGS)
            made.append(
                Lost(day, draw.choice((1, 1, 2)), building, day + draw.randint(2, 6), draw.randrange(1, PRODUCTS))
            )
    return made


def row(
    seller: Seller, night: int, product: int, event: str, reference: str, units: int, reason: str = "", place: str = ""
) -> dict[str, str]:
    day = at(night)
    return {
        "Date": f"{day:%m/%d/%Y}",
        "FNSKU": seller.fnsku(product),
        "ASIN": f"B0{seller.number:03}{product:05}",
        "MSKU": seller.sku(product),
        "Title": f"Jar No. {product}",
        "Event Type": event,
        "Reference ID": reference,
        "Quantity": str(units),
        "Fulfillment Center": place or BUILDINGS[product % len(BUILDINGS)],
        "Disposition": "SELLABLE",
        "Reason": reason,
        "Country": COUNTRY[seller.market],
        "Date and Time": f"{day}T00:00:00-0700",
    }


def payment_rows(seller: Seller, night: int) -> list[dict[str, str]]:
    """A payment for an order each week, so that the export covers every day, and those of the story."""
    weekly = [Paid(day, 1, product=1) for day in range(-PAST, night + 1, 3)]
    story = [paid for paid in seller.kind.paid if paid.night <= night]
    rows = []
    for number, paid in enumerate([*weekly, *story]):
        own = paid in story
        reason = (
            "Reimbursement_Reversal"
            if paid.takes_back is not None
            else "Lost_Warehouse"
            if own
            else "CustomerServiceIssue"
        )
        original = f"7{seller.number:03}{9000 + paid.takes_back}" if paid.takes_back is not None else ""
        digits = 0 if seller.market == "JP" else 2
        sign = -1 if paid.units < 0 else 1
        rows.append(
            {
                "approval-date": f"{at(paid.night)}T16:00:00+00:00",
                "reimbursement-id": f"7{seller.number:03}{9000 + story.index(paid) if own else 1000 + number}",
                "amazon-order-id": "" if own else f"111-{seller.number:03}{number:04}-0000009",
                "reason": reason,
                "sku": seller.sku(paid.product),
                "fnsku": seller.fnsku(paid.product),
                "asin": f"B0{seller.number:03}{paid.product:05}",
                "product-name": f"Jar No. {paid.product}",
                "condition": "NewItem",
                "currency-unit": CURRENCY[seller.market],
                "amount-per-unit": f"{sign * paid.each:.{digits}f}",
                "amount-total": f"{paid.units * paid.each:.{digits}f}",
                "quantity-reimbursed-cash": str(paid.units),
                "quantity-reimbursed-inventory": "0",
                "quantity-reimbursed-total": str(paid.units),
                "original-reimbursement-id": original,
                "original-reimbursement-type": "Lost_Warehouse" if original else "",
            }
        )
    return rows


def write(path: Path, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    lines = ["\t".join(header), *("\t".join(each.get(name, "") for name in header) for each in rows), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
