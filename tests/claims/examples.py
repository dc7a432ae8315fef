"""A finding of each rule with its evidence, all invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.model import EvidenceRow, Finding

RULES = ("warehouse_lost", "warehouse_damaged", "customer_return_missing", "inbound_missing")
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
        order_id="",
        reference_id=key,
        event="",
        quantity=units,
        currency="",
        amount=None,
        row=cells or {},
    )


def finding(rule: str = "warehouse_lost", marketplace: str = "US", units: int = 2) -> Finding:
    """An open, proven finding with a known value, two weeks before its last day."""
    currency = CURRENCY_OF.get(marketplace, "EUR")
    unit_value = Decimal(1250) if currency == "JPY" else Decimal("12.50")
    claim_by = date(2026, 7, 14)
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
        reference_id=REFERENCE_OF.get(rule, "40000000000001"),
        event_date=date(2026, 5, 15),
        units=units,
        currency=currency,
        unit_value=unit_value,
        amount=unit_value * units,
        value_basis="order" if rule == "customer_return_missing" else "cost",
        anchor_date=date(2026, 5, 15),
        claim_from=date(2026, 5, 15),
        safe_by=claim_by - timedelta(days=2),
        claim_by=claim_by,
        days_left=14,
        reasons="",
        summary="",
    )


REFERENCE_OF = {"customer_return_missing": "111-0000001-0000001", "inbound_missing": "FBA0TEST0001"}

_LOST = [
    row("lost", 5, date(2026, 5, 15), line=14, key="40000000000001", cells={"Fulfillment Center": "LEJ1"}),
    row("found", 2, date(2026, 5, 20), line=120, key="40000000000002", cells={"Fulfillment Center": "WRO1"}),
    row("paid", 1, date(2026, 6, 2), report="reimbursements", line=7, key="9000000001"),
]
_DAMAGED = [
    row("damaged", 4, date(2026, 5, 15), line=15, key="40000000000001", cells={"fulfillment-center-id": "LEJ1"}),
    row("corrected", 1, date(2026, 5, 18), line=40, key="40000000000003"),
    row("paid", 1, date(2026, 6, 2), report="reimbursements", line=8, key="9000000002"),
]
_RETURN = [
    row("refunded", 4, date(2026, 5, 15), report="settlement_v2", line=31, key="70000000001"),
    row("refunded", None, date(2026, 5, 15), report="settlement_v2", line=32, key="70000000001"),
    row("returned", 1, date(2026, 5, 25), report="customer_returns", line=9, key="LPN0001"),
    row("paid", 1, date(2026, 6, 2), report="reimbursements", line=10, key="9000000003"),
    row("order", None, date(2026, 5, 1), report="all_orders", line=3),
]
_INBOUND = [
    row("shipped", 40, None, report="shipment_contents", line=12, key="FBA0TEST0001"),
    row("received", 37, date(2026, 5, 15), line=200, key="FBA0TEST0001", cells={"Fulfillment Center": "LEJ1"}),
    row("received", -1, date(2026, 5, 17), line=210, key="FBA0TEST0001", cells={"Fulfillment Center": "WRO1"}),
    row("received_as_other", 1, date(2026, 5, 16), line=201, key="FBA0TEST0001"),
    row("paid", 1, date(2026, 6, 2), report="reimbursements", line=11, key="9000000004"),
    row("shipment", None, date(2026, 6, 1), report="shipping_queue", line=4, cells={"Ship to": "DTM2"}),
]
EVIDENCE_OF = {
    "warehouse_lost": _LOST,
    "warehouse_damaged": _DAMAGED,
    "customer_return_missing": _RETURN,
    "inbound_missing": _INBOUND,
}


def only(rule: str, units: int) -> list[EvidenceRow]:
    """The least evidence of a rule: one row that opens so many units, and nothing that explains any."""
    return [replace(EVIDENCE_OF[rule][0], units=units, quantity=units, row={})]
