"""The story of each finding as the page tells it: the sum, the window with its source, the source rows, the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.model import Draft, EvidenceRow, Finding, Results
from auditor.publish.manifest import entries, role_signs

CLOSED = frozenset({"expired", "paid", "denied", "withdrawn"})
MOST_LINES = 8
MOST_EVIDENCE = 40


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of the sum: `units` of one role between two days, added or taken away."""

    role: str
    adds: bool
    units: int
    rows: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Sum:
    """The arithmetic of a finding; `agrees` tells whether the rows alone come to the finding's units."""

    lines: tuple[SumLine, ...]
    total: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the page shows under one finding; `hidden_evidence` counts rows left to evidence.csv."""

    finding: Finding
    sum: Sum
    windows: tuple[Mapping[str, Any], ...]
    evidence: tuple[EvidenceRow, ...]
    hidden_evidence: int
    reasons: tuple[str, ...]
    draft: Draft | None


def stories(results: Results, windows: Sequence[Mapping[str, Any]]) -> tuple[Story, ...]:
    """One story for each finding, in the order in which a person reads them."""
    behind = evidence_by_finding(results.evidence)
    drafts = {draft.finding_id: draft for draft in results.drafts}
    claim_types = {rule["rule"]: rule["window"] for rule in entries(results.manifest, "rules")}
    return tuple(
        Story(
            finding=finding,
            sum=sum_up(finding, behind.get(finding.finding_id, []), role_signs(results.manifest, finding.rule)),
            windows=_windows_of(finding, claim_types, windows),
            evidence=tuple(behind.get(finding.finding_id, [])[:MOST_EVIDENCE]),
            hidden_evidence=max(len(behind.get(finding.finding_id, [])) - MOST_EVIDENCE, 0),
            reasons=reasons(finding),
            draft=drafts.get(finding.finding_id),
        )
        for finding in reading_order(results.findings)
    )


def reading_order(findings: Iterable[Finding]) -> list[Finding]:
    """What can still be claimed by its last day, then what is over, the latest first; twins keep their order."""
    rows = list(findings)
    alive = sorted((f for f in rows if f.status not in CLOSED), key=lambda f: f.claim_by or date.max)
    over = [f for f in rows if f.status in CLOSED]
    return alive + sorted(over, key=lambda f: f.claim_by or date.min, reverse=True)


def evidence_by_finding(evidence: Iterable[EvidenceRow]) -> dict[str, list[EvidenceRow]]:
    """The evidence rows behind each finding, in their own order."""
    behind: dict[str, list[EvidenceRow]] = {}
    for row in evidence:
        behind.setdefault(row.finding_id, []).append(row)
    return behind


def sum_up(finding: Finding, evidence: Sequence[EvidenceRow], signs: Mapping[str, int]) -> Sum:
    """Open units as a sum: what was lost, damaged, refunded or shipped, less what explains it, by role and day.

    `signs` says which roles the rule adds (1) and takes away (-1).
    """
    counted = [row for row in evidence if row.units is not None and row.role in signs]
    lines = _lines(counted, signs, by_day=True)
    if len(lines) > MOST_LINES:
        lines = _lines(counted, signs, by_day=False)
    total = sum(line.units if line.adds else -line.units for line in lines)
    return Sum(lines, total, bool(lines) and total == finding.units)


def _lines(counted: Sequence[EvidenceRow], signs: Mapping[str, int], *, by_day: bool) -> tuple[SumLine, ...]:
    grouped: dict[tuple[str, date | None], list[EvidenceRow]] = {}
    for row in counted:
        grouped.setdefault((row.role, row.date if by_day else None), []).append(row)
    lines = (_line(role, rows, adds=signs[role] > 0) for (role, _), rows in grouped.items())
    return tuple(sorted(lines, key=lambda line: (not line.adds, line.first or date.max)))


def _line(role: str, rows: Sequence[EvidenceRow], *, adds: bool) -> SumLine:
    dates = sorted(row.date for row in rows if row.date)
    units = sum(row.units or 0 for row in rows)
    return SumLine(role, adds, units, len(rows), dates[0] if dates else None, dates[-1] if dates else None)


def reasons(finding: Finding) -> tuple[str, ...]:
    """The finding's reasons one by one."""
    return tuple(part.strip() for part in finding.reasons.replace("|", ";").split(";") if part.strip())


def _windows_of(
    finding: Finding, claim_types: Mapping[str, str], windows: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    claim_type = claim_types.get(finding.rule)
    return tuple(
        row for row in windows if row["claim_type"] == claim_type and row["marketplace"] == finding.marketplace
    )
