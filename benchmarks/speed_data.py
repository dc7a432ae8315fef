"""Synthetic exports to measure speed with: one large account, and a folder of many small files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(2025, 7, 1)
DAYS = 360
LEDGER_HEADER = (
    "Date\tFNSKU\tASIN\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\tFulfillment Center\tDisposition\tReason\t"
    "Country\tReconciled Quantity\tUnreconciled Quantity\tDate and Time\tStore"
)
PAYMENT_HEADER = (
    "approval-date\treimbursement-id\tcase-id\tamazon-order-id\treason\tsku\tfnsku\tasin\tproduct-name\tcondition\t"
    "currency-unit\tamount-per-unit\tamount-total\tquantity-reimbursed-cash\tquantity-reimbursed-inventory\t"
    "quantity-reimbursed-total\toriginal-reimbursement-id\toriginal-reimbursement-type"
)
RETURNS_HEADER = (
    "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\tdetailed-disposition\t"
    "reason\tstatus\tlicense-plate-number\tcustomer-comments"
)
SETTLEMENT_HEADER = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\t"
    "amount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\t"
    "merchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id"
)
CONTENTS_HEADER = (
    "Merchant SKU\tTitle\tASIN\tFNSKU\texternal-id\tCondition\tWho will prep?\tPrep Type\tWho will label?\tShipped"
)


def write_small_files(folder: Path, count: int) -> None:
    """Shipment contents, settlements, returns and ledgers in turn, of 50 to 300 rows each."""
    rng = random.Random(6)
    kinds = (_contents, _settlement, _returns, _ledger)
    for number in range(count):
        lines = kinds[number % len(kinds)](rng, number, rng.randint(50, 300))
        (folder / f"{number:05d}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _contents(rng: random.Random, number: int, rows: int) -> Iterator[str]:
    yield from (f"Shipment ID\tFBA{number:09d}", f"Name\tShipment {number}", "")
    yield CONTENTS_HEADER
    for n in range(rows):
        tail = f"--\tNew\tSeller\t--\tSeller\t{rng.randint(1, 40)}"
        yield f"SKU-{n}\t{_title(n)}\tB0{n:08d}\tX00{n:07d}\t{tail}"


def _settlement(rng: random.Random, number: int, rows: int) -> Iterator[str]:
    settlement, first = 20_000_000_000 + number, FIRST_DAY + timedelta(days=number % DAYS)
    amounts = [rng.randint(100, 9_000) for _ in range(rows)]
    total = f"{sum(amounts) / 100:.2f}"
    period = f"{first} 20:21:38 UTC\t{first + timedelta(14)} 20:21:38 UTC\t{first + timedelta(16)} 20:21:38 UTC"
    yield SETTLEMENT_HEADER
    yield f"{settlement}\t{period}\t{total}\tUSD" + "\t" * 18
    for n, cents in enumerate(amounts):
        order, day = f"111-{number:07d}-{n:07d}", first + timedelta(n % 14)
        money = f"ItemPrice\tPrincipal\t{cents // 100}.{cents % 100:02d}"
        when = f"{day}\t{day} 08:49:04 UTC\t{n:014d}"
        yield (
            f"{settlement}\t\t\t\t\t\tOrder\t{order}\t{order}\t\t\tAmazon.com\t{money}\tAFN\t{when}\t\t\tSKU-{n}\t1\t"
        )


def _returns(rng: random.Random, number: int, rows: int) -> Iterator[str]:
    yield RETURNS_HEADER
    for n in range(rows):
        day = FIRST_DAY + timedelta(days=(number + n) % DAYS)
        product = f"SKU-{n}\tB0{n:08d}\tX00{n:07d}\t{_title(n)}"
        fate = rng.choice(("SELLABLE", "CUSTOMER_DAMAGED", "DEFECTIVE"))
        tail = f"PHL7\t{fate}\tNOT_AS_DESCRIBED\tUnit returned to inventory\tLPNRR{number:04d}{n:04d}\t"
        yield f"{day}T07:49:31+00:00\t112-{number:07d}-{n:07d}\t{product}\t1\t{tail}"


def _ledger(rng: random.Random, number: int, rows: int) -> Iterator[str]:
    yield LEDGER_HEADER
    for n in range(rows):
        day = FIRST_DAY + timedelta(days=(number + n // 20) % DAYS)
        product = f"X00{n:07d}\tB0{n:08d}\tSKU-{n}\t{_title(n)}"
        place = f"{rng.choice(('PHL7', 'ONT8', 'LEX1'))}\tSELLABLE"
        yield f"{day:%m/%d/%Y}\t{product}\tShipments\t\t-1\t{place}\t\tUS\t\t\t{day}T00:00:00-0700\t"


def _title(number: int) -> str:
    """Some as titles are: inches, a trade mark, an accent."""
    extra = {0: '12" wide', 1: "Example® brand", 2: "café style"}.get(number % 40, "assorted colours")
    return f"Example product {number}, stackable kitchen box with lid, {extra}"


def write_account(ledger: Path, payments: Path, rows: int) -> None:
    """95 % shipments, a quarter exact twins, 1 % each of transfers, receipts, returns, adjustments; some payments."""
    rng = random.Random(5)
    products = [(f"X00{n:07d}", f"B0{n:08d}", f"SKU-{n}", _title(n)) for n in range(2_000)]
    centres = ["PHL7", "ONT8", "LEX1", "DFW7", "MDW2"]
    with ledger.open("w", encoding="utf-8") as out, payments.open("w", encoding="utf-8") as paid:
        out.write(LEDGER_HEADER + "\n")
        paid.write(PAYMENT_HEADER + "\n")
        previous = ""
        for number in range(rows):
            day = FIRST_DAY + timedelta(days=number * DAYS // rows)
            fnsku, asin, msku, title = rng.choice(products)
            kind = rng.random()
            if previous and kind < 0.25:
                out.write(previous)
                continue
            centre = rng.choice(centres)
            head = f"{day:%m/%d/%Y}\t{fnsku}\t{asin}\t{msku}\t{title}"
            tail = f"US\t\t\t{day}T00:00:00-0700\t"
            if kind < 0.96:
                previous = f"{head}\tShipments\t\t-1\t{centre}\tSELLABLE\t\t{tail}\n"
                out.write(previous)
            elif kind < 0.97:
                out.write(f"{head}\tWhseTransfers\t\t{rng.choice((-3, 3))}\t{centre}\tSELLABLE\t\t{tail}\n")
            elif kind < 0.98:
                out.write(f"{head}\tReceipts\tFBA{number % 900:09d}\t12\t{centre}\tSELLABLE\t\t{tail}\n")
            elif kind < 0.99:
                out.write(f"{head}\tCustomerReturns\t\t1\t{centre}\tCUSTOMER_DAMAGED\t\t{tail}\n")
            else:
                _write_adjustment(out, paid, rng, day, number, head, centre, (fnsku, asin, msku, title))


def _write_adjustment(out, paid, rng, day, number, head, centre, product) -> None:  # type: ignore[no-untyped-def]
    fnsku, asin, msku, title = product
    code = rng.choice("MMMFFEEPQON35")
    units = rng.randint(1, 4) * (1 if code in "FPN3" else -1)
    still_open = abs(units) if code in "ME5" and rng.random() < 0.2 else 0
    figures = f"{abs(units) - still_open}\t{still_open}" if code in "ME5F" else "\t"
    reference = 20_000_000_000_000 + number
    out.write(
        f"{head}\tAdjustments\t{reference}\t{units}\t{centre}\tSELLABLE\t{code}\tUS\t{figures}\t{day}T00:00:00-0700\t\n"
    )
    if code in "ME" and rng.random() < 0.3:
        reason = "Lost_Warehouse" if code == "M" else "Damaged_Warehouse"
        paid.write(
            f"{day + timedelta(days=5)}T10:00:00+00:00\t{10_000_000_000 + number}\t\t\t{reason}\t{msku}\t{fnsku}"
            f"\t{asin}\t{title}\tNewItem\tUSD\t5.00\t{5 * -units}.00\t{-units}\t0\t{-units}\t\t\n"
        )
