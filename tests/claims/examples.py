"""A finding of each rule with its evidence, all invented: one file a rule in examples_of_rules/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.model import EvidenceRow, Finding
from auditor.rulebook.case_files import read_table

EXAMPLES: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(Path(__file__).with_name("examples_of_rules").glob("*.toml"))
}
RULES = tuple(EXAMPLES)
MARKETPLACE_OF = {"en": "US", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "ja": "JP"}
CURRENCY_OF = {"US": "USD", "UK": "GBP", "JP": "JPY"}
PAYMENTS_TO = date(2026, 6, 30)


def row(
    role: str,
    units: int | None,
    day: date | None,
    *,
    report: str = "ledger_detail",
    line: int = 2,
    key: str = "",
    order_id: str = "",
    amount: Decimal | None = None,
    cells: Mapping[str, str] | None = None,
) -> EvidenceRow:
    return EvidenceRow(
        finding_id="F-0001",
        role=role,
        units=units,
        report=report,
        file="june.txt",
        sha256="0" * 64,
        line=line,
        date=day,
        fnsku="X00TEST001",
        msku="BLUE-CUP-01",
        order_id=order_id,
        reference_id=key,
        event="",
        quantity=units,
        currency="" if amount is None else "USD",
        amount=amount,
        row=cells or {},
    )


def finding(rule: str = "warehouse_lost", marketplace: str = "US", units: int = 2) -> Finding:
    """An open, proven finding with a known value, two weeks before its last day."""
    currency = CURRENCY_OF.get(marketplace, "EUR")
    unit_value = Decimal(1250) if currency == "JPY" else Decimal("12.50")
    claim_by = date(2026, 7, 14)
    example = EXAMPLES.get(rule, {})
    return Finding(
        finding_id="F-0001",
        account="Example Shop",
        marketplace=marketplace,
        rule=rule,
        confidence="high",
        status="open",
        fnsku="X00TEST001",
        msku="BLUE-CUP-01",
        asin="B0TEST0001",
        title="Blue cup",
        reference_id=example.get("reference_id", "40000000000001"),
        event_date=date(2026, 5, 15),
        units=units,
        currency=currency,
        unit_value=unit_value,
        amount=unit_value * units,
        value_basis=example.get("value_basis", "cost"),
        anchor_date=date(2026, 5, 15),
        claim_from=date(2026, 5, 15),
        safe_by=claim_by - timedelta(days=2),
        claim_by=claim_by,
        days_left=14,
        reasons="",
        summary="",
    )


def _row(cells: Mapping[str, str]) -> EvidenceRow:
    """One line of an example: its cells are `name=value` of the export's own row, parted by semicolons."""
    return row(
        cells["role"],
        int(cells["units"]) if cells["units"] else None,
        date.fromisoformat(cells["date"]) if cells["date"] else None,
        report=cells["report"],
        line=int(cells["line"]),
        key=cells["key"],
        order_id=cells.get("order_id", ""),
        amount=Decimal(cells["amount"]) if cells["amount"] else None,
        cells=dict(part.split("=", 1) for part in cells["cells"].split(";") if part),
    )


EVIDENCE_OF = {rule: [_row(cells) for cells in read_table(example["rows"])] for rule, example in EXAMPLES.items()}


def only(rule: str, units: int) -> list[EvidenceRow]:
    """The least evidence of a rule: one row that opens so many units, and nothing that explains any."""
    return [replace(EVIDENCE_OF[rule][0], units=units, quantity=units, row={})]
