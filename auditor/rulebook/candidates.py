"""What a rule gives: candidates, each a claim or a reason not to claim, in one shape for every rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from auditor.model import Confidence, Problem
from auditor.rulebook.check import CANDIDATE_COLUMNS, parameters
from auditor.rulebook.rules import Rule
from auditor.store.database import parsed

#: The role of a row whose units another rule's finding claims.
ELSEWHERE = "claimed_elsewhere"
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_REASON = re.compile(r"[a-z][a-z0-9_]*: \S")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row that a rule gives; `outcome` is claim, or why it is not claimed."""

    identity: str
    outcome: str
    explanation: str | None
    marketplace: str | None
    fnsku: str | None
    msku: str | None
    asin: str | None
    title: str | None
    reference_id: str | None
    event_date: date | None
    anchor_date: date | None
    covers_from: date | None
    units: int
    value_total: Decimal | None
    value_units: int | None
    currency: str | None
    confidence: Confidence
    reasons: Sequence[str]
    relies_on: Sequence[str]
    evidence: Sequence[Mapping[str, Any]]


def run_rule(con: duckdb.DuckDBPyConnection, rule: Rule, as_of: date) -> list[Candidate]:
    """The candidates of a rule that has been checked, in a fixed order."""
    names = ", ".join(CANDIDATE_COLUMNS)
    query = parsed(f"select {names} from ({rule.query}) as candidates order by identity, outcome, units")
    rows = con.execute(query, parameters(rule, as_of)).fetchall()
    return [Candidate(*row) for row in rows]


def unfit(rule: Rule, candidates: Sequence[Candidate]) -> Problem | None:
    """What is wrong with the values that a rule gives, where their types are right; None when nothing is."""
    for number, candidate in enumerate(candidates, start=1):
        if candidate.identity is None:
            return _unfit(rule, f"number {number}", "identity is NULL")
        for what in _faults(rule, candidate):
            return _unfit(rule, candidate.identity, what)
    claims = Counter(candidate.identity for candidate in candidates if candidate.outcome == "claim")
    for identity, count in claims.items():
        if count > 1:
            what = f"{count} claims share this identity, so one finding ID would stand for all"
            return _unfit(rule, identity, what, "Add their rows up to one claim, or say in the identity what differs.")
    return None


def _faults(rule: Rule, candidate: Candidate) -> Iterator[str]:
    for name in ("outcome", "units", "confidence", "reasons", "relies_on", "evidence"):
        if getattr(candidate, name) is None:
            yield f"{name} is NULL"
            return
    for name in ("reasons", "relies_on", "evidence"):
        if None in getattr(candidate, name):
            yield f"there is a NULL among the {name}"
            return
    if not _WORD.fullmatch(candidate.outcome):
        yield f"outcome is {candidate.outcome!r}, neither 'claim' nor a reason in small letters such as 'found_later'"
    if candidate.confidence not in ("high", "review"):
        yield f"confidence is {candidate.confidence!r}, neither 'high' nor 'review'"
    if strange := [reason for reason in candidate.reasons if not _REASON.match(reason)]:
        yield f"the reason {strange[0]!r} does not begin with a word and a colon, as in 'too_old: nobody knows'"
    known = {need.table for need in rule.facts.requires}
    if strange := [table for table in candidate.relies_on if table not in known]:
        yield f"it relies on {strange[0]!r}, which no [[requires]] names"
    if any(row["role"] is None for row in candidate.evidence):
        yield "a row of the evidence has no role"


def _unfit(
    rule: Rule, candidate: str, what: str, remedy: str = "docs/writing-rules.md says what each column holds."
) -> Problem:
    return Problem(f"of candidate {candidate}: {what}.", remedy, file=rule.file)


def arithmetic(rule: Rule, candidate: Candidate) -> str:
    """The sum that leads to the open units, in words: `5 lost - 2 found - 1 paid = 2 open`.

    A rule about money has none; its query explains the claim.
    """
    if not rule.counts_units:
        return candidate.explanation or ""
    totals: dict[str, int] = {}
    for proof in candidate.evidence:
        if proof["units"] is not None:
            totals[proof["role"]] = totals.get(proof["role"], 0) + proof["units"]
    plus = [f"{totals.get(role, 0)} {_words(role)}" for role in rule.facts.plus if role in totals]
    minus = [f"{totals[role]} {_words(role)}" for role in (*rule.facts.minus, ELSEWHERE) if totals.get(role)]
    return " - ".join([" + ".join(plus), *minus]) + f" = {candidate.units} open"


def _words(role: str) -> str:
    return role.replace("_", " ")
