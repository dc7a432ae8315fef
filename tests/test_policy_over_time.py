"""One account as of four days: the windows are those of the day, and `audit policy diff` explains each difference."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli import cli

HEADER = (
    "Date\tFNSKU\tASIN\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\tFulfillment Center\tDisposition\tReason\t"
    "Country\tReconciled Quantity\tUnreconciled Quantity\tDate and Time\tStore"
)
PAYMENTS = (
    "approval-date\treimbursement-id\tcase-id\tamazon-order-id\treason\tsku\tfnsku\tasin\tproduct-name\tcondition\t"
    "currency-unit\tamount-per-unit\tamount-total\tquantity-reimbursed-cash\tquantity-reimbursed-inventory\t"
    "quantity-reimbursed-total\toriginal-reimbursement-id\toriginal-reimbursement-type"
)
#: The day of each loss, by its reference; and how it stands as of each of the four days: its state and last day.
LOSSES = {
    "20000000000001": date(2023, 3, 10),
    "20000000000002": date(2023, 5, 1),
    "20000000000003": date(2024, 9, 15),
    "20000000000004": date(2024, 12, 10),
}
STANDS: dict[str, dict[str, tuple[str, str]]] = {
    "2024-10-01": {
        "20000000000001": ("expired", "2024-09-10"),
        "20000000000002": ("open", "2024-10-22"),
        "20000000000003": ("open", "2024-11-14"),
    },
    "2024-10-23": {
        "20000000000001": ("expired", "2023-05-09"),
        "20000000000002": ("expired", "2023-06-30"),
        "20000000000003": ("open", "2024-11-14"),
    },
    "2025-02-01": {
        "20000000000001": ("expired", "2023-05-09"),
        "20000000000002": ("expired", "2023-06-30"),
        "20000000000003": ("expired", "2024-11-14"),
        "20000000000004": ("open", "2025-02-08"),
    },
    "2026-11-27": {
        "20000000000001": ("expired", "2023-05-09"),
        "20000000000002": ("expired", "2023-06-30"),
        "20000000000003": ("expired", "2024-11-14"),
        "20000000000004": ("expired", "2025-02-08"),
    },
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four losses, and a sale and a payment for another product each week: both exports cover every day."""
    folder = tmp_path_factory.mktemp("time")
    (folder / "exports").mkdir()
    days = [date(2023, 1, 2) + timedelta(7 * week) for week in range(205)]
    rows = [_row(day, "Shipments", f"3000000{n:05}", -1, "", "\t") for n, day in enumerate(days)]
    rows += [_row(day, "Adjustments", reference, -1, "M", "0\t1") for reference, day in LOSSES.items()]
    (folder / "exports" / "ledger.txt").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    other = "CustomerServiceIssue\tSKU-2\tX002\tB002\tPot\tNewItem\tUSD\t9.00\t9.00\t1\t0\t1\t\t"
    paid = [f"{day}T10:00:00+00:00\t5{n:06}\t\t111-{n:07}-0000001\t{other}" for n, day in enumerate(days)]
    (folder / "exports" / "payments.txt").write_text("\n".join([PAYMENTS, *paid, ""]), encoding="utf-8")
    return folder


def _row(day: date, event: str, reference: str, quantity: int, reason: str, figures: str) -> str:
    place = f"{quantity}\tPHX7\tSELLABLE\t{reason}\tUS\t{figures}\t{day}T00:00:00-0700\t"
    return f"{day:%m/%d/%Y}\tX001\tB001\tSKU-1\tPan\t{event}\t{reference}\t{place}"


def told(place: Path, as_of: str) -> dict[str, tuple[str, str]]:
    """State and last day of each loss as of a day."""
    out = place / as_of
    where = ["--out", str(out), "--workspace", str(place / f"work-{as_of}"), "--quiet"]
    done = CliRunner().invoke(cli, ["run", str(place / "exports"), "--as-of", as_of, *where])
    assert done.exit_code == 0, done.output
    with (out / "findings.csv").open(encoding="utf-8", newline="") as file:
        return {row["reference_id"]: (row["status"], row["claim_by"]) for row in csv.DictReader(file)}


def diff(place: Path, old: str, new: str) -> dict[str, Any]:
    command = ["policy", "diff", old, new, "--on", str(place / "2026-11-27"), "--json"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))


def test_each_day_has_the_windows_of_that_day(place: Path) -> None:
    assert {as_of: told(place, as_of) for as_of in STANDS} == STANDS


@pytest.mark.parametrize(
    ("old", "new", "policy_changed", "moves"),
    [
        ("2024-10-01", "2024-10-23", True, {("open", "expired", True): 1}),
        ("2024-10-23", "2025-02-01", False, {("open", "expired", False): 1, ("not yet", "open", False): 1}),
        ("2025-02-01", "2026-11-27", False, {("open", "expired", False): 1}),
    ],
)
def test_the_difference_says_whether_time_or_policy_moved_a_claim(
    place: Path, old: str, new: str, policy_changed: bool, moves: dict[tuple[str, str, bool], int]
) -> None:
    told(place, "2026-11-27")
    difference = diff(place, old, new)
    assert any(change["claim_type"] == "fc_lost_damaged" for change in difference["changes"]) is policy_changed
    counted: Counter[tuple[str, str, bool]] = Counter()
    for move in difference["moves"]:
        if move["first"] != move["second"]:
            counted[move["first"], move["second"], move["by_policy"]] += move["findings"]
    assert counted == moves
    assert sum(move["findings"] for move in difference["moves"]) == len(LOSSES)
