"""An audit and the case log: what the audit tells the log, and the states that the log knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from auditor.model import EndedDeadline, Problem
from auditor.request import Request
from auditor.rulebook.judge import Judgement
from auditor.rulebook.rules import Rule

if TYPE_CHECKING:
    import duckdb

    from auditor.claims.cases.payments import Payment

_PAYMENTS = """
    select
      payments.reimbursement_id,
      payments.date,
      coalesce(reimbursements.case_id, ''),
      coalesce(payments.order_id, ''),
      coalesce(payments.fnsku, ''),
      coalesce(payments.msku, ''),
      payments.family,
      payments.units,
      coalesce(payments.currency, ''),
      payments.amount_total,
      coalesce(reimbursements.original_reimbursement_id, '')
    from payments
    join reimbursements on reimbursements.row_id = payments.row_id
    where payments.date is not null and payments.reimbursement_id is not null
    order by all"""


def with_known_states(
    request: Request, judgement: Judgement, rules: Iterable[Rule], con: duckdb.DuckDBPyConnection, as_of: date
) -> tuple[list[EndedDeadline], list[Problem]]:
    """Tell the case log what was found and give each finding the state that the log knows.

    A finding that somebody has filed is not drafted again. Given are the deadlines that ended before their day, and
    what is wrong with the log. Without a case log nothing changes; one that cannot be used is named and nothing else.
    """
    if not request.case_log:
        return [], []
    from auditor.claims.cases.learning import Audited, known_states

    ended: list[EndedDeadline] = []
    claims = {rule.rule_id: rule.facts.payment_family for rule in rules if rule.facts.kind == "claim"}
    audited = Audited(
        request.account,
        as_of,
        [finding for finding in judgement.findings if finding.rule in claims],
        judgement.not_claimed,
        _payments(con),
        claims,
        request.on_cases,
        lambda cases: ended.extend(
            EndedDeadline(c.finding_id, c.rule, c.reference_id or c.fnsku, c.units, c.state, c.safe_by)
            for c in cases
            if c.safe_by
        ),
    )
    states, problems = known_states(request.case_log, audited)
    judgement.findings[:] = [replace(f, status=states.get(f.finding_id, f.status)) for f in judgement.findings]
    return sorted(ended), problems


def _payments(con: duckdb.DuckDBPyConnection) -> list[Payment]:
    from auditor.claims.cases.payments import Payment, with_keys

    return with_keys(Payment("", *row) for row in con.execute(_PAYMENTS).fetchall())
