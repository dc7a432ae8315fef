"""Results made by hand: three markets, hostile text, unknown values, twins, and a run that found nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from auditor.model import Draft, EvidenceRow, Finding, NotClaimed, Reject, Results

AS_OF = date(2026, 6, 30)
HOSTILE_TITLES = (
    '=HYPERLINK("http://example.invalid","Mug")',
    "  +49 cups, \"large\"; 'blue'",
    "＝１＋１ 全角",
    "@SUM(A1)\tand a tab",
    "Becher\r\nmit Umbruch <script>alert(1)</script>",
    "\x1b[31mred\x1b[0m \u202egnp.exe",
    "マグカップ 日本語, 300ml",
    "-5 °C Kühltasche",
)


def finding(number: int = 1, **changes: Any) -> Finding:
    """A lost unit of a German seller, 30 days before the end of its window."""
    event = date(2026, 5, 1)
    base = Finding(
        finding_id=f"f{number:011d}",
        account="acme",
        marketplace="DE",
        rule="warehouse_lost",
        confidence="high",
        status="open",
        fnsku=f"X00{number:07d}",
        msku=f"000{number}",
        asin=f"B0{number:08d}",
        title="Mug",
        reference_id=f"77{number:08d}",
        event_date=event,
        units=2,
        currency="EUR",
        unit_value=Decimal("12.5"),
        amount=Decimal("25.00"),
        value_basis="cost",
        anchor_date=event,
        claim_from=event,
        safe_by=AS_OF + timedelta(days=28),
        claim_by=AS_OF + timedelta(days=30),
        days_left=30,
        reasons="",
        summary="2 units lost on 2026-05-01 are neither found nor paid.",
    )
    return replace(base, **changes)


def due(days_left: int) -> dict[str, Any]:
    """The dates of a finding whose last day is so many days after the as-of date."""
    last = AS_OF + timedelta(days=days_left)
    return {"days_left": days_left, "claim_by": last, "safe_by": last - timedelta(days=2)}


def source(finding_id: str, role: str, units: int | None, day: date, **changes: Any) -> EvidenceRow:
    """One ledger row behind a finding."""
    base = EvidenceRow(
        finding_id=finding_id,
        role=role,
        units=units,
        report="ledger_detail",
        file="ledger.txt",
        sha256="ab" * 32,
        line=17,
        date=day,
        fnsku="X000000001",
        msku="0001",
        order_id="",
        reference_id="7700000001",
        event="Adjustments M",
        quantity=-5,
        currency="",
        amount=None,
        row={"Date": day.isoformat(), "Title": "=Mug", "Quantity": "-5", "FNSKU": "X000000001"},
    )
    return replace(base, **changes)


def _findings() -> tuple[Finding, ...]:
    usd = {"marketplace": "US", "currency": "USD"}
    jpy = {"marketplace": "JP", "currency": "JPY", "unit_value": Decimal(1250), "amount": Decimal(2500)}
    unknown = {"unit_value": None, "amount": None, "value_basis": ""}
    damaged = {"rule": "warehouse_damaged"}
    undated = {"claim_from": None, "safe_by": None, "claim_by": None, "days_left": None, "confidence": "review"}
    return (
        finding(1, title=HOSTILE_TITLES[0], **due(3)),
        finding(2, title=HOSTILE_TITLES[1], **usd, **due(7)),
        finding(3, title=HOSTILE_TITLES[2], **jpy, **due(8)),
        # twins: equal in everything but the ID
        finding(4, title=HOSTILE_TITLES[3], **usd, **due(14), fnsku="X00TWIN", reference_id="TWIN"),
        finding(5, title=HOSTILE_TITLES[3], **usd, **due(14), fnsku="X00TWIN", reference_id="TWIN"),
        finding(6, title=HOSTILE_TITLES[4], **due(30), **damaged, confidence="review", reasons="window_assumed"),
        finding(7, title=HOSTILE_TITLES[5], **due(31), **unknown),
        finding(8, title=HOSTILE_TITLES[6], **jpy, **due(40), status="waiting", claim_from=AS_OF + timedelta(days=5)),
        finding(9, title=HOSTILE_TITLES[7], **due(-1), status="expired"),
        finding(10, title="", **undated),
        finding(11, **{**unknown, "currency": ""}, **due(20)),
    )


def _evidence() -> tuple[EvidenceRow, ...]:
    one = "f00000000001"
    paid = {"report": "reimbursements", "file": "zip of may.zip/reimb.csv", "line": 4, "currency": "EUR"}
    return (
        source(one, "lost", 5, date(2026, 5, 1)),
        source(one, "found", 1, date(2026, 5, 9), line=18, event="Adjustments F", quantity=1),
        source(one, "found", 1, date(2026, 5, 9), line=19, event="Adjustments F", quantity=1),
        source(one, "paid", 1, date(2026, 5, 20), **paid, amount=Decimal("12.5"), row={"reason": "Lost_Warehouse"}),
        source("f00000000006", "damaged", 2, date(2026, 5, 1), line=30),
        source("f00000000003", "lost", 2, date(2026, 5, 1), file="台帳.txt", line=2, row={"商品名": "マグ\tカップ"}),
    )


def _manifest() -> dict[str, Any]:
    window = {
        "claim_type": "fc_lost_damaged",
        "marketplace": "DE",
        "region": "EU",
        "anchor": "event_date",
        "effective_from": "2024-10-23",
        "effective_to": "",
        "wait_days": 0,
        "limit": "60 days",
        "confidence": "official",
        "source": "https://example.invalid/policy",
        "note": "",
    }
    return {
        "tool": {"name": "audit", "version": "0.1.0"},
        "account": "acme",
        "as_of": AS_OF.isoformat(),
        "as_of_source": "newest date in the exports",
        "marketplaces": ["DE", "JP", "US"],
        "rules": [
            {
                "rule": rule,
                "title": title,
                "version": "0123456789ab",
                "window": "fc_lost_damaged",
                "plus": ["lost", "damaged", "shipped"],
                "minus": ["found", "paid", "received"],
                "source": "built in",
            }
            for rule, title in (("warehouse_lost", "Lost in a warehouse"), ("warehouse_damaged", "Damaged by Amazon"))
        ],
        "policy": {
            "version": "0123456789ab",
            "checked": "2026-11-23",
            "windows": [
                {**window, "marketplace": "US", "region": "US", "source": "https://example.invalid/us"},
                window,
            ],
        },
        "inputs": [
            {
                "file": name,
                "sha256": "ab" * 32,
                "bytes": 1000,
                "report": "ledger_detail",
                "report_title": "Inventory ledger",
                "encoding": encoding,
                "delimiter": "\t",
                "first_date": "2026-01-01",
                "last_date": "2026-06-30",
                "rows": {"read": 40, "loaded": 38, "repeated": 1, "rejected": 1},
                "same_as": None,
            }
            for name, encoding in (("ledger.txt", "utf-8"), ("台帳.txt", "cp932"))
        ],
        "unknown_files": [{"file": "notes.txt", "why": "no known report has this header"}],
        "coverage": [
            {
                "report": "customer_returns",
                "title": "FBA customer returns",
                "first_date": "2026-01-01",
                "last_date": "2026-03-31",
                "rows": 12,
                "gaps": [{"from": "2026-02-01", "to": "2026-02-20"}],
                "missing_for": ["customer_return_missing"],
            }
        ],
        "silent_rules": [
            {
                "rule": "customer_return_missing",
                "candidates": 4,
                "units": 5,
                "why": "returns are not covered",
                "report": "customer_returns",
                "from": "2026-04-01",
                "to": "2026-06-30",
            }
        ],
        "unit_balance": [
            {
                "fnsku": "X000000001",
                "family": "lost",
                "units": 5,
                "found": 2,
                "paid": 1,
                "corrected": 0,
                "open": 2,
                "waiting": 0,
                "expired": 0,
                "reconciled_by_amazon": 0,
            }
        ],
        "totals": [_total(key, rows) for key, rows in _by_total(_findings()).items()],
        "already_paid": [{"currency": "EUR", "rule": "warehouse_lost", "units": 1, "amount": "12.50"}],
        "unknown_codes": [{"report": "ledger_detail", "column": "reason", "value": "Z", "rows": 3}],
        "warnings": ["=two counts differ"],
        "rejects": {"left_out": 1, "kept": 1},
    }


def _by_total(findings: tuple[Finding, ...]) -> dict[tuple[str, str, str, str], list[Finding]]:
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.currency, one.rule, one.status, one.confidence), []).append(one)
    return groups


def _total(key: tuple[str, str, str, str], rows: list[Finding]) -> dict[str, Any]:
    amounts = [one.amount for one in rows if one.amount is not None]
    return {
        **dict(zip(("currency", "rule", "status", "confidence"), key, strict=True)),
        "findings": len(rows),
        "units": sum(one.units for one in rows),
        "amount": str(sum(amounts)) if amounts else "",
        "without_value": len(rows) - len(amounts),
    }


def three_markets() -> Results:
    """Eleven findings in three currencies with everything that goes wrong in real text."""
    findings = _findings()
    drafts = tuple(
        Draft(
            finding_id=one.finding_id,
            name=f"{one.claim_by}_{one.rule}_{one.finding_id}",
            language="de",
            subject=f"=Verlorene Ware {one.reference_id}",
            body="Bitte erstatten.",
            text=f"# {one.finding_id}\n",
        )
        for one in findings[:2]
    )
    not_claimed = (
        NotClaimed(
            "warehouse_lost", "DE", "X000000001", "0001", "7700000009", 3, "found_later", date(2026, 4, 2), "ok"
        ),
        NotClaimed("warehouse_lost", "DE", "X00GONE", "=cmd", "-9", 1, "paid", None, 'paid, "in full"'),
    )
    rejects = (
        Reject("ledger.txt", 9, "Quantity", "not a whole number", "=1+1\tx\r", "left_out"),
        Reject("ledger.txt", 10, "Date", "not a date", "", "kept"),
    )
    return Results(findings, _evidence(), not_claimed, rejects, drafts, _manifest())


def nothing_found() -> Results:
    """A run that found nothing at all."""
    manifest = {
        **_manifest(),
        "silent_rules": [],
        "unknown_files": [],
        "warnings": [],
        "unit_balance": [],
        "totals": [],
    }
    return Results((), (), (), (), (), manifest)


@pytest.fixture
def results() -> Results:
    return three_markets()


@pytest.fixture
def empty() -> Results:
    return nothing_found()


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    return finding


@pytest.fixture
def make_source() -> Callable[..., EvidenceRow]:
    return source


@pytest.fixture
def due_in() -> Callable[[int], dict[str, Any]]:
    return due


@pytest.fixture
def hostile_titles() -> tuple[str, ...]:
    return HOSTILE_TITLES
