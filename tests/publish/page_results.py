"""Results made by hand for the page: three markets, hostile texts, unknown values, nothing at all, very many."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from page_manifest import AS_OF, RULE_TITLES, manifest_of

from auditor.model import Draft, EvidenceRow, Finding, NotClaimed, Reject, Results

CURRENCY = {"US": "USD", "DE": "EUR", "JP": "JPY"}
DIGITS = {"USD": Decimal("0.01"), "EUR": Decimal("0.01"), "JPY": Decimal(1)}
WINDOWS = {
    ("warehouse_lost", "US"): (0, 60),
    ("warehouse_lost", "DE"): (0, 60),
    ("warehouse_lost", "JP"): (0, 60),
    ("customer_return_missing", "US"): (60, 120),
    ("customer_return_missing", "DE"): (45, 105),
    ("customer_return_missing", "JP"): (45, 105),
}
HOSTILE_TITLES = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example","click") \'quoted\' & "double"',
    "\u202eelttob desrever\u202c Bottle \u2066isolated",
    "</script><!-- </template> {{ 7*7 }} {% raw %}",
    "ステンレス製保温水筒 500ml（ブルー）真空断熱・軽量・食洗機対応モデル",
    "Extraordinarily long " * 15 + "W" * 80,
)
ORDINARY_TITLES = (
    "Bramblewick stoneware mug, 350 ml, moss green",
    "Fernhollow linen tea towel, set of 4",
    "Kestrelmoor enamel kettle 1.2 l",
    "Tindervale folding camp stool, oak and canvas",
    "Quillbrook Notizbuch A5, liniert, Größe M",
    "Owlspire LED desk lamp with dimmer",
    "Marrowfen cast iron pan 26 cm",
    "Pebblewharf bath mat, quick dry, grey",
)
FILES = {"US": "51901234567.txt", "DE": "51907654321.txt", "JP": "51900001111.txt"}


def finding(number: int, **changes: Any) -> Finding:
    """One finding whose market, rule and dates follow from its number, with the fields that a test sets."""
    market = changes.get("marketplace", ("US", "DE", "JP")[number % 3])
    rule = changes.get("rule", tuple(RULE_TITLES)[number % 4])
    event = changes.get("event_date", AS_OF - timedelta(days=(number * 7) % 75))
    wait, limit = WINDOWS.get((rule, market), (0, 60) if rule == "warehouse_damaged" else (0, 180))
    claim_from, claim_by = event + timedelta(days=wait), event + timedelta(days=limit)
    status = "waiting" if claim_from > AS_OF else "open" if claim_by >= AS_OF else "expired"
    currency = CURRENCY[market]
    unit_value = changes.get("unit_value", (Decimal(number * 317 % 4800 + 350) / 100).quantize(DIGITS[currency]))
    if market == "JP" and unit_value is not None:
        unit_value *= 100
    units = changes.get("units", number % 5 + 1)
    titles = ORDINARY_TITLES
    values: dict[str, Any] = {
        "finding_id": f"F-{number:04d}-{number * 2654435761 % 16**6:06x}",
        "account": "Bramblewick Trading",
        "marketplace": market,
        "rule": rule,
        "confidence": "review" if number % 7 == 3 else "high",
        "status": status,
        "fnsku": f"X00{number % 40:02d}QK7M{number % 9}",
        "msku": f"BW-{number % 40:03d}-{market}",
        "asin": f"B0{number % 40:02d}KQ7M{number % 9}X",
        "title": titles[number % len(titles)],
        "reference_id": f"7{number * 7919 % 10**9:09d}",
        "event_date": event,
        "units": units,
        "currency": currency,
        "unit_value": unit_value,
        "amount": None if unit_value is None else (unit_value * units).quantize(DIGITS[currency], ROUND_HALF_UP),
        "value_basis": "" if unit_value is None else "order" if rule == "customer_return_missing" else "cost",
        "anchor_date": event,
        "claim_from": claim_from,
        "safe_by": claim_by - timedelta(days=2),
        "claim_by": claim_by,
        "days_left": (claim_by - AS_OF).days,
        "reasons": "value_from_last_payment; figure_differs_from_history" if number % 7 == 3 else "",
        "summary": f"{units + 1} units went missing and one was found again; {units} remain open.",
    }
    return Finding(**values | changes)


def evidence_of(f: Finding) -> list[EvidenceRow]:
    """The rows behind a finding: one more unit lost than is open, and one unit found a week later."""
    first = {"warehouse_damaged": "damaged", "customer_return_missing": "refunded", "inbound_missing": "shipped"}
    back = {"warehouse_damaged": "corrected", "customer_return_missing": "returned", "inbound_missing": "received"}
    event = f.event_date or AS_OF
    rows = [(first.get(f.rule, "lost"), f.units + 1, event), (back.get(f.rule, "found"), 1, event + timedelta(days=7))]
    return [
        EvidenceRow(
            finding_id=f.finding_id,
            role=role,
            units=units,
            report="ledger_detail",
            file=FILES[f.marketplace],
            sha256="ab" * 32,
            line=100 + place * 17 + f.units,
            date=when,
            fnsku=f.fnsku,
            msku=f.msku,
            order_id="",
            reference_id=f.reference_id,
            event="Adjustments",
            quantity=units if place else -units,
            currency="",
            amount=None,
            row={
                "Date": when.strftime("%m/%d/%Y"),
                "FNSKU": f.fnsku,
                "MSKU": f.msku,
                "Title": f.title,
                "Event Type": "Adjustments",
                "Quantity": str(units if place else -units),
                "Reason": "F" if place else "M",
                "Fulfillment Center": "PHX7",
                "Disposition": "SELLABLE",
                "Country": "",
            },
        )
        for place, (role, units, when) in enumerate(rows)
    ]


def draft_of(f: Finding) -> Draft:
    """A draft in the language of the market."""
    language = {"US": "en", "DE": "de", "JP": "ja"}[f.marketplace]
    subject = {"en": "Lost units", "de": "Verlorene Einheiten", "ja": "紛失した商品"}[language]
    body = (
        f"Inventory of mine was reported as lost.\n\nFNSKU: {f.fnsku}\nSKU: {f.msku}\nUnits: {f.units}\n"
        f"Reference ID: {f.reference_id}\n\nPlease find the units or reimburse them.\n<b>not bold</b>"
    )
    return Draft(
        f.finding_id, f"{f.claim_by}_{f.rule}_{f.finding_id}", language, f"{subject}: {f.fnsku}", body, "# Draft"
    )


def results_of(findings: list[Finding], **manifest: Any) -> Results:
    """Results around these findings, with evidence, drafts for what is open and proven, and a manifest."""
    ordered = sorted(findings, key=lambda f: (f.claim_by or date.max, f.finding_id))
    return Results(
        findings=tuple(ordered),
        evidence=tuple(row for f in ordered for row in evidence_of(f)),
        not_claimed=tuple(not_claimed(n) for n in range(30)) if findings else (),
        rejects=(
            Reject(
                "51901234567.txt", 219, "Quantity", "is no whole number", "03/02/2026\tX001<script>\t12.7", "left_out"
            ),
            Reject("51909990000.txt", 44, "amount-total", "is no amount", "2026-04-02\t…\tn/a", "kept"),
        )
        if findings
        else (),
        drafts=tuple(draft_of(f) for f in ordered if f.status == "open" and f.confidence == "high"),
        manifest=manifest_of(ordered) | manifest,
    )


def not_claimed(number: int) -> NotClaimed:
    """A candidate that was turned down."""
    reason, explanation = (
        ("found_later", "All units were found in another fulfilment centre within 30 days."),
        ("paid", "Reimbursement 20148812 covers these units."),
        ("no_coverage", "The returns export ends before the window does."),
        ("goodwill_refund", "A fifth of the price was refunded; no unit is due back."),
    )[number % 4]
    rule = tuple(RULE_TITLES)[number % 3]
    market = ("US", "DE", "JP")[number % 3]
    return NotClaimed(
        rule,
        market,
        f"X00{number:02d}NC{number % 9}",
        f"BW-{number:03d}",
        f"6{number * 7907 % 10**8:08d}",
        number % 4 + 1,
        reason,
        AS_OF - timedelta(days=number),
        explanation,
    )


def some() -> Results:
    """Forty findings over three markets: hostile titles, unknown values, one without a window."""
    findings = [finding(n) for n in range(34)]
    soon = [{"event_date": AS_OF - timedelta(days=60 - left), "rule": "warehouse_lost"} for left in (0, 1, 3, 5, 6, 9)]
    findings += [
        finding(100 + n, title=title, marketplace=("US", "DE", "JP")[n % 3], **soon[n])
        for n, title in enumerate(HOSTILE_TITLES)
    ]
    findings.append(
        finding(200, unit_value=None, marketplace="DE", rule="warehouse_lost", event_date=AS_OF - timedelta(days=20))
    )
    findings.append(
        finding(
            201,
            unit_value=None,
            marketplace="JP",
            rule="warehouse_damaged",
            currency="",
            event_date=AS_OF - timedelta(days=9),
        )
    )
    findings.append(
        finding(
            202,
            claim_from=None,
            claim_by=None,
            safe_by=None,
            days_left=None,
            status="open",
            confidence="review",
            marketplace="US",
            event_date=AS_OF - timedelta(days=4),
            reasons="no_documented_window",
        ),
    )
    return results_of(findings)


def few() -> Results:
    """Of each kind of finding that `some` has, two or three: for what takes long to look at."""
    findings = some().findings
    kinds: dict[tuple[str, ...], int] = {}
    kept = []
    for one in findings:
        kind = (one.status, one.confidence, one.rule, str(one.claim_by is None), str(one.amount is None))
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] == 1 or one.title in HOSTILE_TITLES:
            kept.append(one)
    return results_of(kept)


def plain() -> Results:
    """An ordinary account: what most people will see."""
    return results_of([finding(n) for n in range(3, 41)])


def nothing() -> Results:
    """An audit that found nothing."""
    return results_of([])


def many(count: int = 20_000) -> Results:
    """Very many findings and candidates."""
    findings = [finding(n, reference_id=f"{n:012d}") for n in range(count)]
    results = results_of(findings)
    candidates = tuple(not_claimed(n) for n in range(count))
    return Results(results.findings, results.evidence, candidates, results.rejects, results.drafts, results.manifest)
