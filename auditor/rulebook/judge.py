"""From candidates to findings: deadline, coverage, value and confidence, the same way for every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from auditor.model import Finding, NotClaimed, Problem
from auditor.policy import Deadline, NoWindow, Policy, money
from auditor.rulebook.attribution import Claim, attribute, load_precedence, told
from auditor.rulebook.candidates import Candidate, arithmetic, run_rule, unfit
from auditor.rulebook.check import check_rule, unfinished, unknown_window
from auditor.rulebook.identity import finding_id
from auditor.rulebook.rules import Requires, Rule
from auditor.rulebook.source_rows import made_already, unproven
from auditor.rulebook.value import Valuation, Value, stated
from auditor.store.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Missing:
    """Days of a table that no export covers, which kept a candidate from being concluded.

    `amount` is what the candidate might be worth in `currency`; None when unknown.
    """

    rule: str
    table: str
    first: date | None
    last: date
    units: int
    currency: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Proof:
    """One source row of a finding: its role, the row, and how many of its units count (None: context)."""

    finding_id: str
    role: str
    row_id: int
    units: int | None


@dataclass(slots=True)
class Judgement:
    """What the rules concluded, before publishing."""

    findings: list[Finding] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    not_claimed: list[NotClaimed] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """What every candidate is judged with.

    `marketplace` is used where a row names none. `unread_keys` are FNSKUs and order IDs of rows that could not be
    read: their findings need a person. `damaged_rows` are rows kept with an unknown value, with what is wrong.
    `unclear_payments` are FNSKUs paid for an unknown number of units or an unknown reason; `damaged_skus` are SKUs of
    rows whose order ID or FNSKU is damaged, which may belong anywhere. `incomplete_rows` stand in settlements that do
    not add up, so rows beside them may be missing.
    """

    account: str
    as_of: date
    policy: Policy
    valuation: Valuation
    coverage: Mapping[str, Coverage]
    marketplace: str | None = None
    unread_keys: frozenset[tuple[str, str]] = frozenset()
    damaged_rows: Mapping[int, str] = field(default_factory=dict)
    unclear_payments: frozenset[str] = frozenset()
    damaged_skus: frozenset[str] = frozenset()
    incomplete_rows: frozenset[int] = frozenset()


Check = Callable[[duckdb.DuckDBPyConnection, Rule, date], list[Problem]]


def check_foreign(con: duckdb.DuckDBPyConnection, rule: Rule, as_of: date) -> list[Problem]:
    """What keeps a rule that did not come with the package from running."""
    return [] if rule.built_in else unfinished(rule) or check_rule(con, rule, as_of)


def judge(
    con: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    bench: Bench,
    on_rule: Callable[[str], None] = lambda _: None,
    check: Check = check_foreign,
) -> Judgement:
    """Run every rule and turn its candidates into findings and reasons; a broken rule stops only itself.

    A rule of the package is not checked again, for its cases are; a check costs as much as the rule. A unit that
    several rules claim stays with one of them (`attribution`).
    """
    judgement = Judgement()
    claims: list[Claim] = []
    for rule in rules:
        on_rule(rule.rule_id)
        problems = unknown_window(rule, bench.policy) or check(con, rule, bench.as_of)
        if problems:
            judgement.problems += problems
            continue
        try:
            candidates = run_rule(con, rule, bench.as_of)
        except duckdb.Error as error:
            judgement.problems.append(Problem(f"the rule failed: {error}", file=rule.file))
            continue
        if problem := unfit(rule, candidates) or (None if rule.built_in else unproven(con, rule, candidates)):
            judgement.problems.append(problem)
            continue
        concluded = (_conclude(rule, candidate, bench, judgement) for candidate in candidates)
        claims += [claim for claim in concluded if claim]
    kept, reduced = attribute(claims, load_precedence())
    judgement.problems += made_already(claims, kept)
    for claim in kept:
        finding = _finding(claim, bench)
        judgement.findings.append(finding)
        judgement.proofs += [
            Proof(finding.finding_id, e["role"], e["row_id"], e["units"]) for e in claim.candidate.evidence
        ]
    judgement.not_claimed += [told(each, judgement.findings) for each in reduced]
    judgement.findings.sort(key=_by_deadline_then_money)
    judgement.not_claimed.sort(
        key=lambda n: (n.rule, n.event_date or date.min, n.reference_id, n.fnsku, n.msku, n.reason, n.units)
    )
    return judgement


def _conclude(rule: Rule, candidate: Candidate, bench: Bench, judgement: Judgement) -> Claim | None:
    """The claim that a candidate makes; None when it makes none, and `judgement` knows why."""
    marketplace = bench.policy.marketplace_of(candidate.marketplace) or ""
    if not marketplace and (rule.built_in or not candidate.marketplace):
        marketplace = bench.marketplace or ""
    if candidate.outcome != "claim":
        judgement.not_claimed.append(
            _not_claimed(rule, candidate, marketplace, candidate.outcome, candidate.explanation or "")
        )
        return None
    deadline, reasons = _deadline(rule, candidate, marketplace, bench)
    missing = [
        (need, gap)
        for need in rule.facts.requires
        if need.table in candidate.relies_on and (gap := _gap(need, candidate, deadline, bench))
    ]
    value = _value(rule, candidate, marketplace, bench.valuation)
    judgement.missing += [
        Missing(rule.rule_id, need.table, *gap, candidate.units, value.currency, _amount(value, candidate.units))
        for need, gap in missing
    ]
    if any(need.without == "no_finding" or not need.covered(bench.coverage).spans for need, _ in missing):
        why = "; ".join(_gap_text(need, gap) for need, gap in missing)
        judgement.not_claimed.append(_not_claimed(rule, candidate, marketplace, "no_coverage", why))
        return None
    reasons += [f"coverage: {_gap_text(need, gap)}" for need, gap in missing] + _doubts(candidate, bench)
    review = bool(reasons) or candidate.confidence == "review"
    if candidate.event_date and (bench.as_of - candidate.event_date).days < rule.facts.auto_payment_days:
        reasons.append("auto_payment_expected: Amazon usually pays this by itself within days")
    return Claim(
        rule, candidate, marketplace, deadline, value,
        confidence="review" if review else "high",
        reasons=[*candidate.reasons, *reasons, *value.reasons],
        status=deadline.status(bench.as_of) if deadline else "open",
    )  # fmt: skip


def _deadline(rule: Rule, candidate: Candidate, marketplace: str, bench: Bench) -> tuple[Deadline | None, list[str]]:
    """The deadline, and the reasons that its window gives for a review."""
    if rule.facts.window is None:
        return None, ["no_window: Amazon documents no window for this claim"]
    if candidate.anchor_date is None:
        return None, ["no_anchor: the exports do not show the day from which the window counts"]
    if not marketplace:
        given = candidate.marketplace
        return None, [
            f"no_marketplace: '{given}' is no known marketplace"
            if given
            else "no_marketplace: the exports do not say which marketplace this belongs to; name it with --marketplace"
        ]
    try:
        deadline = bench.policy.deadline(rule.facts.window, marketplace, candidate.anchor_date, bench.as_of)
    except NoWindow as error:
        return None, [f"no_window: {error}"]
    if deadline.window.confidence == "assumption":
        return deadline, [
            f"assumed_window: no source states the window for {marketplace}; {deadline.window.limit} is a working value"
        ]
    return deadline, []


def _gap(
    need: Requires, candidate: Candidate, deadline: Deadline | None, bench: Bench
) -> tuple[date | None, date] | None:
    """The days that `need` asks for, when they are not covered; the first is None when only the end counts."""
    coverage = need.covered(bench.coverage)
    last = {
        "as_of": bench.as_of,
        "deadline": min(bench.as_of, deadline.claim_by) if deadline else bench.as_of,
        "event_date": candidate.event_date or bench.as_of,
    }[need.to]
    last += timedelta(need.days)
    first = getattr(candidate, need.first) if need.first else None
    if need.first and first is None:
        return None, last
    if not coverage.spans:
        return first, last
    if coverage.covers(min(first, last), last, need.quiet_days) if first else coverage.reaches(last):
        return None
    missing = coverage.missing(first or coverage.last or last, last)
    return missing.first, missing.last


def _gap_text(need: Requires, gap: tuple[date | None, date]) -> str:
    first, last = gap
    days = f"from {first} to {last}" if first else f"up to {last}"
    return f"the {need.table} exports do not cover the days {days}"


def _doubts(candidate: Candidate, bench: Bench) -> list[str]:
    """Rows that may belong here but could not be read, or were read only in part."""
    keys = (("fnsku", candidate.fnsku), ("order_id", candidate.reference_id))
    doubts = [
        f"unread_row: a row of {value} could not be read and may settle this; see rejects.csv"
        for kind, value in keys
        if value and (kind, value) in bench.unread_keys
    ]
    if candidate.fnsku in bench.unclear_payments:
        doubts.append(f"unclear_payment: a payment for {candidate.fnsku} does not say for what, or for how many units")
    if candidate.msku in bench.damaged_skus:
        doubts.append(f"damaged_identifier: a row of {candidate.msku} has lost its order ID or FNSKU; see rejects.csv")
    doubts += [
        f"damaged_row: {bench.damaged_rows[proof['row_id']]}"
        for proof in candidate.evidence
        if proof["row_id"] in bench.damaged_rows and proof["role"] != "paid"
    ]
    told = any(reason.startswith("settlement_incomplete") for reason in candidate.reasons)
    if not told and any(proof["row_id"] in bench.incomplete_rows for proof in candidate.evidence):
        doubts.append("settlement_incomplete: rows of a settlement that does not add up are part of this claim")
    return list(dict.fromkeys(doubts))


def _value(rule: Rule, candidate: Candidate, marketplace: str, valuation: Valuation) -> Value:
    if rule.facts.basis == "cost":
        return valuation.cost(candidate.msku or "", candidate.fnsku or "", rule.facts.payment_family, marketplace)
    if rule.facts.basis == "order":
        return valuation.order(candidate.value_total, candidate.value_units, candidate.currency or "")
    if rule.facts.basis == "stated":
        return stated(candidate.value_total, candidate.value_units, candidate.currency or "", rule.facts.value_basis)
    return Value()


def _amount(value: Value, units: int) -> Decimal | None:
    """The exact unit value times the units, rounded once; None when unknown."""
    return None if value.per_unit is None else money.round_money(value.per_unit * units, value.currency)


def _finding(claim: Claim, bench: Bench) -> Finding:
    rule, candidate, deadline, value = claim.rule, claim.candidate, claim.deadline, claim.value
    per_unit = value.per_unit
    return Finding(
        finding_id=finding_id(rule.rule_id, candidate.identity),
        account=bench.account,
        marketplace=claim.marketplace,
        rule=rule.rule_id,
        confidence=claim.confidence,
        status=claim.status,
        fnsku=candidate.fnsku or "",
        msku=candidate.msku or "",
        asin=candidate.asin or "",
        title=candidate.title or "",
        reference_id=candidate.reference_id or "",
        event_date=candidate.event_date,
        units=candidate.units,
        currency=value.currency,
        unit_value=None if per_unit is None else money.round_money(per_unit, value.currency),
        amount=_amount(value, candidate.units),
        value_basis=value.basis,
        anchor_date=candidate.anchor_date,
        claim_from=deadline.claim_from if deadline else None,
        safe_by=deadline.safe_by if deadline else None,
        claim_by=deadline.claim_by if deadline else None,
        days_left=(deadline.claim_by - bench.as_of).days if deadline else None,
        reasons="; ".join(dict.fromkeys(claim.reasons)),
        summary=f"{rule.facts.title}: {arithmetic(rule, candidate)}",
    )


def _not_claimed(rule: Rule, candidate: Candidate, marketplace: str, reason: str, explanation: str) -> NotClaimed:
    return NotClaimed(
        rule=rule.rule_id,
        marketplace=marketplace,
        fnsku=candidate.fnsku or "",
        msku=candidate.msku or "",
        reference_id=candidate.reference_id or "",
        units=candidate.units,
        reason=reason,
        event_date=candidate.event_date,
        explanation=explanation,
    )


def _by_deadline_then_money(finding: Finding) -> tuple[Any, ...]:
    return (finding.claim_by or date.max, -(finding.amount or Decimal(0)), finding.finding_id)
