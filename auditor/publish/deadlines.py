"""What must be filed by when: the choice and the order that screen, workbook, calendar and command share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from auditor.model import Finding

HORIZONS = (7, 14, 30)


def to_file(findings: Iterable[Finding], within: int | None = None) -> list[Finding]:
    """Open and waiting findings that have a last day, the nearest safe date first.

    `within` keeps those whose last day (`claim_by`) is at most so many days after the as-of date.
    """
    chosen = [
        finding
        for finding in findings
        if finding.status in {"open", "waiting"}
        and finding.claim_by is not None
        and (within is None or (finding.days_left is not None and finding.days_left <= within))
    ]
    return sorted(chosen, key=_nearest_first)


def urgency(finding: Finding) -> str:
    """The state of a deadline in words, so that colour is never the only sign."""
    if finding.status != "open":
        return finding.status.replace("_", " ")
    if finding.days_left is None:
        return "no known last day"
    near = next((days for days in HORIZONS if finding.days_left <= days), None)
    return f"within {near} days" if near else "later"


def safe_day(finding: Finding) -> date:
    """The day to file by: the safe date, else the last day; the finding has one."""
    day = finding.safe_by or finding.claim_by
    if day is None:
        raise ValueError(f"{finding.finding_id} has no last day")
    return day


def _nearest_first(finding: Finding) -> tuple[date, date, Decimal, str]:
    day = safe_day(finding)
    return day, finding.claim_by or day, -(finding.amount or Decimal(0)), finding.finding_id
