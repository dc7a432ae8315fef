"""run.json made by hand, as the house knows it, for the results that the page is tested with."""

from __future__ import annotations

from datetime import date
from typing import Any

from auditor.model import Finding

AS_OF = date(2026, 6, 30)
RULE_TITLES = {
    "warehouse_lost": "Lost in the warehouse",
    "warehouse_damaged": "Damaged in the warehouse",
    "customer_return_missing": "Refunded, never returned",
    "inbound_missing": "Missing on arrival",
}


def manifest_of(findings: list[Finding]) -> dict[str, Any]:
    """run.json as the house knows it."""
    return {
        "tool": {"name": "audit", "version": "0.1.0"},
        "account": "Bramblewick Trading" if findings else "",
        "as_of": AS_OF.isoformat(),
        "as_of_source": "newest date in the exports",
        "marketplaces": ["DE", "JP", "US"] if findings else ["US"],
        "rules": [
            {
                "rule": rule,
                "title": title,
                "source": "built in",
                "version": f"{n}a5c0de12b34"[:12],
                "window": _claim_type(rule),
                "plus": ["lost", "damaged", "refunded", "shipped"],
                "minus": ["found", "paid", "corrected", "reconciled", "returned", "received", "received_as_other"],
            }
            for n, (rule, title) in enumerate(RULE_TITLES.items())
        ],
        "policy": {
            "version": "9f3b0a77c1d2",
            "checked": "2026-11-23",
            "windows": [_window(f) for f in _one_of_each(findings)],
        },
        "inputs": [_input(*row) for row in INPUTS],
        "unknown_files": [
            {"file": "readme.txt", "why": "no known header"},
            {"file": "<b>prices</b>.csv", "why": "no known header"},
        ],
        "coverage": COVERAGE,
        "needs": NEEDS,
        "silent_rules": [
            {
                "rule": "customer_return_missing",
                "candidates": 12,
                "units": 14,
                "worth": {"USD": "412.50", "EUR": "88.00"},
                "why": "Refunds that nothing proves returned or not.",
                "report": "customer_returns",
                "from": "2025-09-01",
                "to": "2025-12-31",
            },
        ]
        if findings
        else [],
        "unit_balance": [
            {
                "fnsku": "X0001QK7M1",
                "family": "lost",
                "units": 214,
                "found": 96,
                "paid": 61,
                "corrected": 0,
                "open": 34,
                "waiting": 0,
                "expired": 23,
                "reconciled_by_amazon": 9,
            },
            {
                "fnsku": "X0002QK7M2",
                "family": "damaged",
                "units": 58,
                "found": 0,
                "paid": 21,
                "corrected": 17,
                "open": 14,
                "waiting": 0,
                "expired": 6,
                "reconciled_by_amazon": 0,
            },
        ]
        if findings
        else [],
        "totals": [],
        "already_paid": [
            {"currency": "USD", "rule": "warehouse_lost", "units": 41, "amount": "612.40"},
            {"currency": "EUR", "rule": "warehouse_lost", "units": 20, "amount": "318.00"},
            {"currency": "EUR", "rule": "warehouse_damaged", "units": 21, "amount": "402.15"},
        ]
        if findings
        else [],
        "unknown_codes": [{"report": "ledger_detail", "column": "Reason", "value": "Z9", "rows": 3}]
        if findings
        else [],
        "warnings": ["Two exports of one report overlap by 61 days."] if findings else [],
        "rejects": {"left_out": 1, "kept": 1},
    }


LEDGER = ("ledger_detail", "Inventory Ledger, detailed view")
INPUTS = (
    ("51901234567.txt", *LEDGER, "utf-8", "2026-01-01", "2026-06-30", 12480, 11800, 679, 1),
    ("51907654321.txt", *LEDGER, "cp1252", "2026-01-03", "2026-06-29", 8210, 8210, 0, 0),
    ("51900001111.txt", *LEDGER, "cp932", "2026-01-02", "2026-06-30", 4122, 4122, 0, 0),
    ("51909990000.txt", "reimbursements", "Reimbursements", "cp1252", "2025-12-02", "2026-06-24", 312, 312, 0, 0),
    (
        "51908880000.csv",
        "customer_returns",
        "FBA customer returns",
        "utf-8",
        "2026-01-01",
        "2026-06-28",
        980,
        980,
        0,
        0,
    ),
)
COVERAGE = [
    {
        "report": "ledger_detail",
        "title": "Inventory Ledger, detailed view",
        "first_date": "2026-01-01",
        "last_date": "2026-06-30",
        "rows": 24132,
        "gaps": [],
        "missing_for": [],
    },
    {
        "report": "reimbursements",
        "title": "Reimbursements",
        "first_date": "2025-12-02",
        "last_date": "2026-06-24",
        "rows": 312,
        "gaps": [],
        "missing_for": [],
    },
    {
        "report": "customer_returns",
        "title": "FBA customer returns",
        "first_date": "2026-01-01",
        "last_date": "2026-06-28",
        "rows": 980,
        "gaps": [{"from": "2026-03-01", "to": "2026-03-20"}],
        "missing_for": ["customer_return_missing"],
    },
    {
        "report": "costs",
        "title": "Your costs",
        "first_date": None,
        "last_date": None,
        "rows": 40,
        "gaps": [],
        "missing_for": [],
    },
]

NEEDS = [
    {
        "rule": "customer_return_missing",
        "report": report,
        "instead": [],
        "title": title,
        "from_absence": without != "not_seen",
        "without": without,
        "state": state,
        "days": [],
        "remedy": remedy,
    }
    for report, title, without, state, remedy in (
        ("settlement_v2", "Settlement V2 or Transaction report (date range)", "not_seen", "covered", ""),
        (
            "customer_returns",
            "FBA customer returns",
            "no_finding",
            "has gaps",
            "export the days 2026-03-01 to 2026-03-20",
        ),
        ("reimbursements", "Reimbursements", "review", "covered", ""),
    )
]


def _input(*cells: Any) -> dict[str, Any]:
    file, report, title, encoding, first, last, read, loaded, repeated, rejected = cells
    return {
        "file": file,
        "sha256": "ab" * 32,
        "bytes": read * 160,
        "report": report,
        "report_title": title,
        "encoding": encoding,
        "delimiter": "\t",
        "first_date": first,
        "last_date": last,
        "same_as": None,
        "rows": {"read": read, "loaded": loaded, "repeated": repeated, "rejected": rejected},
    }


def _claim_type(rule: str) -> str:
    return {"customer_return_missing": "customer_return", "inbound_missing": "inbound"}.get(rule, "fc_lost_damaged")


def _one_of_each(findings: list[Finding]) -> list[Finding]:
    return list({(_claim_type(f.rule), f.marketplace): f for f in findings}.values())


def _window(f: Finding) -> dict[str, Any]:
    claim_type = _claim_type(f.rule)
    assumed = claim_type == "inbound" and f.marketplace == "JP"
    return {
        "claim_type": claim_type,
        "marketplace": f.marketplace,
        "region": "EU" if f.marketplace == "DE" else f.marketplace,
        "anchor": "ledger_event_date",
        "effective_from": "2025-01-09",
        "effective_to": None,
        "wait_days": 0,
        "limit": "60 days",
        "confidence": "assumption" if assumed else "high",
        "source": "" if assumed else "https://sellercentral.amazon.com/seller-forums/discussions/t/6605eede",
        "note": "Lost units are paid automatically since 1 November 2024." if f.marketplace == "US" else "",
    }
