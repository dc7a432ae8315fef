"""The figures at the head of the page: what is owed by currency, what runs out first, how far to trust it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.model import Draft, Finding, Results

WITH_AMAZON = frozenset({"filed", "in_progress", "info_needed", "approved", "appealed"})
SOON = (7, 14, 30)
NEXT_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings of one currency counted together; `without_value` of them have no amount in the sum."""

    findings: int
    units: int
    amount: Decimal
    without_value: int

    @property
    def known(self) -> Decimal | None:
        """The sum, or None when there are findings and not one of them has a value."""
        return None if self.findings and self.findings == self.without_value else self.amount


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """What the findings of one currency come to; `soon` pairs a number of days with what runs out in them.

    `exposed` is money that Amazon may take back; it is owed by nobody and stands in no other figure.
    """

    currency: str
    open: Tally
    ready: Tally
    to_check: Tally
    soon: tuple[tuple[int, Tally], ...]
    waiting: Tally
    with_amazon: Tally
    expired: Tally
    paid: Tally
    exposed: Tally


@dataclass(frozen=True, slots=True)
class NextStep:
    """One open finding with a deadline, and its draft when it is fit to file."""

    finding: Finding
    draft: Draft | None
    safe_day_passed: bool


@dataclass(frozen=True, slots=True)
class FirstToClose:
    """The nearest last day of an open finding, and how many run out within a week."""

    day: date
    days: int
    within_week: int


@dataclass(frozen=True, slots=True)
class NextOpening:
    """The first day on which waiting findings may be claimed, and how many."""

    day: date
    findings: int


@dataclass(frozen=True, slots=True)
class UnitFlow:
    """Where the lost or damaged units went, summed over all products."""

    family: str
    units: int
    found: int
    paid: int
    corrected: int
    open: int
    waiting: int
    expired: int
    reconciled_by_amazon: int

    @property
    def balances(self) -> bool:
        """Whether every unit ends in exactly one place."""
        return self.units == self.found + self.paid + self.corrected + self.open + self.waiting + self.expired


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings of one currency, their units and what is known of their amount."""
    chosen = tuple(findings)
    known = [f.amount for f in chosen if f.amount is not None]
    return Tally(len(chosen), sum(f.units for f in chosen), sum(known, Decimal(0)), len(chosen) - len(known))


def by_currency(
    findings: Sequence[Finding], already_paid: Sequence[Mapping[str, Any]], exposures: Collection[str] = ()
) -> tuple[CurrencyFigures, ...]:
    """The figures of each currency, the one with most open findings first, the unknown currency last.

    `exposures` are the rules whose findings nobody owes.
    """
    grouped: dict[str, list[Finding]] = {str(row["currency"]): [] for row in already_paid}
    for finding in findings:
        grouped.setdefault(finding.currency, []).append(finding)
    figures = [_figures(currency, rows, already_paid, exposures) for currency, rows in grouped.items()]
    return tuple(sorted(figures, key=lambda f: (f.currency == "", -f.open.findings, f.currency)))


def _figures(
    currency: str, rows: list[Finding], already_paid: Sequence[Mapping[str, Any]], exposures: Collection[str]
) -> CurrencyFigures:
    findings = [f for f in rows if f.rule not in exposures]
    now = [f for f in findings if f.status == "open"]
    return CurrencyFigures(
        currency=currency,
        open=tally(now),
        ready=tally(f for f in now if f.confidence == "high"),
        to_check=tally(f for f in now if f.confidence == "review"),
        soon=tuple((n, tally(f for f in now if f.days_left is not None and f.days_left <= n)) for n in SOON),
        waiting=tally(f for f in findings if f.status == "waiting"),
        with_amazon=tally(f for f in findings if f.status in WITH_AMAZON),
        expired=tally(f for f in findings if f.status == "expired"),
        paid=_paid([row for row in already_paid if row["currency"] == currency]),
        exposed=tally(f for f in rows if f.rule in exposures),
    )


def _paid(rows: list[Mapping[str, Any]]) -> Tally:
    known = [Decimal(row["amount"]) for row in rows if row["amount"] not in ("", None)]
    return Tally(len(rows), sum(int(r["units"] or 0) for r in rows), sum(known, Decimal(0)), len(rows) - len(known))


def next_steps(results: Results, as_of: date | None) -> tuple[NextStep, ...]:
    """The open findings whose last day is nearest, at most six, those with a draft before the others of a day."""
    drafts = {draft.finding_id: draft for draft in results.drafts}
    dated = [f for f in results.findings if f.status == "open" and f.claim_by is not None]
    dated.sort(key=lambda f: (f.claim_by or date.max, f.finding_id not in drafts))
    return tuple(
        NextStep(f, drafts.get(f.finding_id), bool(as_of and f.safe_by and f.safe_by < as_of))
        for f in dated[:NEXT_LIMIT]
    )


def file_by(finding: Finding) -> date | None:
    """The day to file by: the safe day, or the last day once the safe one has passed."""
    if finding.claim_by is None or finding.safe_by is None or finding.days_left is None:
        return finding.claim_by
    margin = (finding.claim_by - finding.safe_by).days
    return finding.claim_by if finding.days_left < margin else finding.safe_by


def first_to_close(findings: Sequence[Finding]) -> FirstToClose | None:
    """What runs out first, None when no open finding has a deadline."""
    ends = [(f.claim_by, f.days_left) for f in findings if f.status == "open"]
    dated = sorted((day, left) for day, left in ends if day is not None and left is not None)
    return FirstToClose(*dated[0], sum(1 for _, left in dated if left <= SOON[0])) if dated else None


def next_opening(findings: Sequence[Finding]) -> NextOpening | None:
    """When the next waiting findings may be claimed, None when nothing waits."""
    openings = sorted(f.claim_from for f in findings if f.status == "waiting" and f.claim_from is not None)
    return NextOpening(openings[0], openings.count(openings[0])) if openings else None


def unit_flows(balance: Sequence[Mapping[str, Any]]) -> tuple[UnitFlow, ...]:
    """The unit balance of all products, one row for the lost and one for the damaged."""
    columns = ("units", "found", "paid", "corrected", "open", "waiting", "expired", "reconciled_by_amazon")
    families = [family for family in ("lost", "damaged") if any(row["family"] == family for row in balance)]
    return tuple(
        UnitFlow(family, *(sum(int(r[c] or 0) for r in balance if r["family"] == family) for c in columns))
        for family in families
    )
