"""How long an audit takes, as a ratio to a bare typed DuckDB load of the same bytes to disk.

    python benchmarks/speed.py [--rows 1000000] [--runs 3] [--out benchmarks/speed.md]

Both sides are whole processes, run in turn (A B A B ...) so that a drifting machine hits both; the table states the
median of the ratios and each side's peak memory. Nothing is cached: every audit gets an empty workspace; a last row
shows an audit that finds everything read already.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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
BARE_LOAD = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute(f'''create table ledger as select * from read_csv('{sys.argv[1]}', delim='\\t', header=true, quote='',
  columns={{'Date':'DATE','FNSKU':'VARCHAR','ASIN':'VARCHAR','MSKU':'VARCHAR','Title':'VARCHAR','Event Type':'VARCHAR',
  'Reference ID':'VARCHAR','Quantity':'BIGINT','Fulfillment Center':'VARCHAR','Disposition':'VARCHAR',
  'Reason':'VARCHAR',
  'Country':'VARCHAR','Reconciled Quantity':'BIGINT','Unreconciled Quantity':'BIGINT','Date and Time':'VARCHAR',
  'Store':'VARCHAR'}}, dateformat='%m/%d/%Y')''')
con.close()
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished process: wall seconds and peak resident megabytes."""

    seconds: float
    megabytes: float


def main() -> None:
    """Parse the command line, measure, print the table and write it when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        table = measure(Path(scratch), options.rows, options.runs)
    print(table)
    if options.out:
        options.out.write_text(table + "\n", encoding="utf-8")


def measure(scratch: Path, rows: int, runs: int) -> str:
    """Write an account of `rows` ledger rows and give the table of ratios as Markdown."""
    exports = scratch / "exports"
    exports.mkdir()
    ledger = exports / "51000000001.txt"
    write_account(ledger, exports / "51000000002.txt", rows)
    bare, fresh, cached = [], [], []
    for turn in range(runs + 1):
        one = run([sys.executable, "-c", BARE_LOAD, str(ledger), str(scratch / f"bare{turn}.duckdb")])
        workspace, out = scratch / f"workspace{turn}", scratch / "results"
        two = run(_audit(exports, out, workspace))
        three = run(_audit(exports, out, workspace))
        if turn:  # the first turn only warms the disk cache
            bare.append(one)
            fresh.append(two)
            cached.append(three)
    size = ledger.stat().st_size / 1e6
    lines = [
        f"Ledger of {rows:,} rows ({size:.0f} MB), {runs} runs of each side in turn, medians.",
        "",
        "| process | ratio of wall time | peak memory, MB |",
        "|---|---:|---:|",
        f"| bare typed DuckDB load to disk | 1.00 | {_peak(bare):.0f} |",
        f"| whole audit, nothing read before | {_ratio(fresh, bare):.2f} | {_peak(fresh):.0f} |",
        f"| whole audit, everything read before | {_ratio(cached, bare):.2f} | {_peak(cached):.0f} |",
    ]
    return "\n".join(lines)


def _audit(exports: Path, out: Path, workspace: Path) -> list[str]:
    command = [sys.executable, "-m", "auditor", "run", str(exports), "--out", str(out)]
    return [*command, "--workspace", str(workspace), "--quiet"]


def run(command: list[str]) -> Measured:
    """Run one process to its end and give its wall time and peak memory; a failing process raises."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(command)}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def _ratio(side: list[Measured], bare: list[Measured]) -> float:
    return statistics.median(a.seconds / b.seconds for a, b in zip(side, bare, strict=True))


def _peak(side: list[Measured]) -> float:
    return statistics.median(m.megabytes for m in side)


def write_account(ledger: Path, payments: Path, rows: int) -> None:
    """96 % shipments, a quarter exact twins, 1 % each of transfers, receipts, returns, adjustments; some payments."""
    rng = random.Random(5)
    products = [
        (f"X00{n:07d}", f"B0{n:08d}", f"SKU-{n}", f"Example product {n}, assorted colours") for n in range(2_000)
    ]
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


if __name__ == "__main__":
    main()
