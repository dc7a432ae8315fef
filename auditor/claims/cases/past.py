"""What the log knew on a day: the claims and their states then, in the shape of an audit's results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from auditor.claims.cases.log import AUDIT, Case, CaseLog, Entry
from auditor.claims.cases.schema import cases, history
from auditor.model import Finding, NotClaimed, Problem, Results, WrongUsage

#: How the log's own reasons for a case that an audit closed are called among the rules.
_CLOSED_BY_AUDIT = {"found": "found_later", "paid_automatically": "paid"}


def results_on(log: CaseLog, account: str, day: date) -> Results:
    """The account's claims as the log knew them at the end of a day.

    States are those of that day; units and values are today's, for the log keeps no older ones. Raises WrongUsage when
    the log knows no such account.
    """
    with log.changing() as con:
        mine = [Case(**row) for row in con.execute(sa.select(cases).where(cases.c.account == account)).mappings()]
        lines = con.execute(sa.select(history).where(history.c.account == account).order_by(history.c.id)).all()
    if not mine:
        raise WrongUsage(Problem(f"The case log has no cases of account {account!r}.", "Name it with --account."))
    moves: dict[str, list[Entry]] = {}
    for r in lines:
        if r.day <= day and r.from_state != r.to_state:
            entry = Entry(r.day, r.who, r.from_state, r.to_state, r.reason, r.note)
            moves.setdefault(r.finding_id, []).append(entry)
    findings, gone = [], []
    for case in sorted(mine, key=lambda c: c.finding_id):
        if case.finding_id in moves:
            last = moves[case.finding_id][-1]
            if (
                last.who == AUDIT
                and last.to_state in {"withdrawn", "paid"}
                and last.reason not in {"paid", "underpaid"}
            ):
                gone.append(_not_claimed(case, last))
            else:
                findings.append(_finding(case, last.to_state))
    manifest = {"account": account, "as_of": day.isoformat(), "policy": {"version": ""}, "rules": []}
    return Results(tuple(findings), (), tuple(gone), (), (), manifest)


def only_account(log: CaseLog, asked: str | None) -> str:
    """The account that is meant: the one asked for, else the only one in the log."""
    accounts = sorted({case.account for case in log.cases()}) if asked is None else [asked]
    if len(accounts) == 1:
        return accounts[0]
    names = _listed(accounts)
    raise WrongUsage(Problem(f"The case log holds {names}.", "Name the account with --account."))


def _listed(accounts: Sequence[str]) -> str:
    return f"several accounts: {', '.join(map(repr, accounts))}" if accounts else "no cases"


def _finding(case: Case, state: str) -> Finding:
    known = {f.name: getattr(case, f.name) for f in fields(Finding) if hasattr(case, f.name)}
    unit_value = case.amount / case.units if case.amount is not None and case.units else None
    return Finding(
        **known,
        status=state,
        asin="",
        unit_value=unit_value,
        value_basis="",
        anchor_date=None,
        days_left=None,
    )


def _not_claimed(case: Case, last: Entry) -> NotClaimed:
    return NotClaimed(
        rule=case.rule,
        marketplace=case.marketplace,
        fnsku=case.fnsku,
        msku=case.msku,
        reference_id=case.reference_id,
        units=case.units,
        reason=_CLOSED_BY_AUDIT.get(last.reason, last.reason),
        event_date=case.event_date,
        explanation=last.note,
    )
