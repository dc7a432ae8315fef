"""Long lists as compact JSON: beyond two thousand rows the page keeps the facts and draws only what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.model import Finding, NotClaimed, Results
from auditor.publish.manifest import role_signs
from auditor.publish.page_figures import SOON, file_by
from auditor.publish.page_format import Format, embedded_json
from auditor.publish.page_pen import Pen
from auditor.publish.page_stories import SumLine, evidence_by_finding, reading_order, reasons, sum_up

MOST_ROWS = 2_000
MOST_CANDIDATES = 10_000
FINDINGS_BYTES = 5_500_000
CANDIDATES_BYTES = 2_000_000
SHORT_TITLE = 60


def packed(columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Columns of equal length as JSON; one that repeats itself becomes a list of values and a place for each row."""
    shape: dict[str, Any] = {"length": len(next(iter(columns.values()), ())), "columns": {}, "values": {}}
    for name, cells in columns.items():
        values = list(dict.fromkeys(cells))
        if len(values) * 2 > len(cells):
            shape["columns"][name] = list(cells)
            continue
        places = {value: place for place, value in enumerate(values)}
        shape["columns"][name] = [places[cell] for cell in cells]
        shape["values"][name] = values
    return shape


def packed_findings(results: Results, pen: Pen) -> dict[str, Any]:
    """The findings as JSON; when long texts would make the page too heavy, summaries go first, then ends of titles."""
    columns = finding_columns(results, pen)
    whole = packed(columns)
    if _weight(whole) <= FINDINGS_BYTES:
        return whole
    columns.pop("summary")
    without_summaries = packed(columns)
    if _weight(without_summaries) <= FINDINGS_BYTES:
        return without_summaries
    return packed(columns | {"title": [_cut(title) for title in columns["title"]]})


def packed_candidates(candidates: Sequence[NotClaimed], form: Format) -> dict[str, Any]:
    """The first ten thousand candidates as JSON, or as many of them as the page can carry."""
    count = min(len(candidates), MOST_CANDIDATES)
    while _weight(rows := packed(not_claimed_columns(candidates[:count], form))) > CANDIDATES_BYTES:
        count = count * 3 // 4
    return rows


def _weight(value: Any) -> int:
    return len(embedded_json(value).encode())


def _cut(title: str) -> str:
    return title if len(title) <= SHORT_TITLE else title[: SHORT_TITLE - 1] + "…"


def finding_columns(results: Results, pen: Pen) -> dict[str, list[Any]]:
    """What the page shows of each finding, column by column; `pen` gives the sentences of the templates."""
    findings = reading_order(results.findings)
    drafts = {draft.finding_id: draft.name for draft in results.drafts}
    behind = evidence_by_finding(results.evidence)
    notes: dict[tuple[Any, ...], str] = {}
    columns: dict[str, list[Any]] = {
        name: [getattr(f, name) for f in findings]
        for name in ("rule", "confidence", "status", "fnsku", "msku", "title", "units", "currency")
    }
    return columns | {
        "summary": [pen.summary_of(f) for f in findings],
        "id": [f.finding_id for f in findings],
        "market": [f.marketplace for f in findings],
        "reference": [f.reference_id for f in findings],
        "amount": [pen.form.plain(f.amount, f.currency) for f in findings],
        "deadline": [f.claim_by.isoformat() if f.claim_by else "" for f in findings],
        "day": [pen.form.day(file_by(f)) or "–" for f in findings],
        "soon": ["yes" if _soon(f) else "" for f in findings],
        "note": [_note(f, notes, pen) for f in findings],
        "sum": [
            _sum_text(sum_up(f, behind.get(f.finding_id, []), role_signs(results.manifest, f.rule)).lines, pen)
            for f in findings
        ],
        "reasons": [pen.form.language.sentences(pen.form.told(reason) for reason in reasons(f)) for f in findings],
        "draft": [drafts.get(f.finding_id, "") for f in findings],
    }


def _soon(finding: Finding) -> bool:
    return finding.status == "open" and finding.days_left is not None and finding.days_left <= SOON[0]


def _note(finding: Finding, known: dict[tuple[Any, ...], str], pen: Pen) -> str:
    key = (finding.status, finding.claim_by, finding.claim_from, finding.days_left)
    if key not in known:
        known[key] = " ".join(pen.words("deadline_note", finding).split())
    return known[key]


def _sum_text(lines: Iterable[SumLine], pen: Pen) -> str:
    parts = [
        f"{'+' if line.adds else '−'} {line.units} {pen.words('role', line.role)} {pen.form.day(line.first)}"
        for line in lines
    ]
    return " ".join(parts).removeprefix("+ ")


def not_claimed_columns(candidates: Sequence[NotClaimed], form: Format) -> dict[str, list[Any]]:
    """What the page shows of each candidate that was not claimed, column by column."""
    columns: dict[str, list[Any]] = {
        name: [getattr(c, name) for c in candidates] for name in ("reason", "rule", "fnsku", "msku", "units")
    }
    return columns | {
        "explanation": [form.told(c.explanation) for c in candidates],
        "market": [c.marketplace for c in candidates],
        "reference": [c.reference_id for c in candidates],
        "date": [c.event_date.isoformat() if c.event_date else "" for c in candidates],
        "day": [form.day(c.event_date) for c in candidates],
    }
