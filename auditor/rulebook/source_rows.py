"""The rows that may stand in the evidence, and whether what a rule of somebody else's counts really stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import duckdb

from auditor.model import Problem
from auditor.rulebook.attribution import Claim
from auditor.rulebook.candidates import Candidate
from auditor.rulebook.rules import Rule
from auditor.rulebook.sqltext import shared_sql

_EVIDENCE_ROWS = shared_sql(files("auditor.rules") / "shared" / "evidence_rows.sql")


def known_values(con: duckdb.DuckDBPyConnection, row_ids: Iterable[int]) -> Mapping[int, tuple[Any, ...]]:
    """Day, FNSKU, MSKU, order, reference, event, quantity, currency and amount of each of these rows that exists."""
    con.execute("create or replace temp table wanted_rows (row_id bigint)")
    con.execute("insert into wanted_rows select unnest(?::bigint[])", [sorted(row_ids)])
    rows = con.execute(f"select * from ({_EVIDENCE_ROWS}) as all_rows semi join wanted_rows using (row_id)").fetchall()
    return {row[0]: row[1:] for row in rows}


def unproven(con: duckdb.DuckDBPyConnection, rule: Rule, candidates: Sequence[Candidate]) -> Problem | None:
    """What is wrong with the evidence of the claims, None when nothing is.

    Each row stands in an export, counts no more units than its ledger row moves (a row of another report may stand for
    several, so its units are not compared), and all together add up to the claim, where the rule counts units.
    """
    claims = [candidate for candidate in candidates if candidate.outcome == "claim"]
    wanted = {proof["row_id"] for claim in claims for proof in claim.evidence if proof["row_id"] is not None}
    known = known_values(con, wanted)
    query = "select row_id, abs(quantity) from ledger semi join wanted_rows using (row_id) where quantity is not null"
    moved = dict(con.execute(query).fetchall())
    for claim in claims:
        counted: Counter[tuple[int, bool]] = Counter()
        for proof in claim.evidence:
            role, row_id, units = proof["role"], proof["row_id"], proof["units"]
            if row_id not in known:
                what = f"the evidence {role!r} names the row {row_id}, which is in no export"
                return _unproven(rule, claim, what, "Take row_id from the table, as it is.")
            if units is not None and units < 0:
                what = f"the evidence {role!r} counts {units} units"
                return _unproven(rule, claim, what, "Units are never less than 0; the role gives the sign.")
            # one row may be lost and, by Amazon's figure, found again: what is taken away is counted apart
            side = row_id, role in rule.facts.minus
            counted[side] += units or 0
            if row_id in moved and counted[side] > moved[row_id]:
                what = f"the evidence counts {counted[side]} units of a ledger row that moves {moved[row_id]}"
                return _unproven(rule, claim, what, "Count of each row at most what it holds.")
        if rule.counts_units and (sum_ := added_up(rule, claim)) != claim.units:
            what = f"the evidence adds up to {sum_} units, and the claim to {claim.units}"
            return _unproven(rule, claim, what, "Count each unit in one row, of a role in `plus` or `minus`.")
    return None


def added_up(rule: Rule, claim: Candidate) -> int:
    """The units of the evidence, each role with the sign that the rule gives it; other roles count nothing."""
    signs = dict.fromkeys(rule.facts.plus, 1) | dict.fromkeys(rule.facts.minus, -1)
    return sum(signs.get(proof["role"], 0) * (proof["units"] or 0) for proof in claim.evidence)


def _unproven(rule: Rule, claim: Candidate, what: str, remedy: str) -> Problem:
    return Problem(f"of candidate {claim.identity}: {what}.", remedy, file=rule.file)


def made_already(claims: Iterable[Claim], kept: Iterable[Claim]) -> list[Problem]:
    """A note for each rule that did not come with the package and whose claims others make, every one."""
    left = {claim.rule.rule_id for claim in kept}
    taken = Counter(claim.rule.file for claim in claims if not claim.rule.built_in and claim.rule.rule_id not in left)
    what = "every claim that this rule would make ({} in all) is made by rules that go before it."
    remedy = "not_claimed.csv has them as claimed_elsewhere; switch the other rule off when this one is meant instead."
    return [Problem(what.format(count), remedy, file=file) for file, count in sorted(taken.items())]
