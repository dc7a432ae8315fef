"""Every lost or damaged unit ends in exactly one place; an audit that does not balance is a bug."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from auditor.model import AuditError, Problem
from auditor.policy import NoWindow, Policy

_ENDS = {"found": "found", "reconciled": "found", "paid": "paid", "corrected": "corrected"}


@dataclass(slots=True)
class Balance:
    """Where the units of one product and family went: `units` is the sum of all but `reconciled_by_amazon`.

    `reconciled_by_amazon` is the part of `found` that only Amazon's own figure explains.
    """

    fnsku: str
    family: str
    units: int = 0
    found: int = 0
    paid: int = 0
    corrected: int = 0
    open: int = 0
    waiting: int = 0
    expired: int = 0
    reconciled_by_amazon: int = 0

    @property
    def accounted(self) -> int:
        """Units that ended somewhere."""
        return self.found + self.paid + self.corrected + self.open + self.waiting + self.expired


def balance_units(
    con: duckdb.DuckDBPyConnection, policy: Policy, as_of: date, marketplace: str | None
) -> list[Balance]:
    """The balance per FNSKU and family of warehouse losses and damages; checked before it is returned.

    Raises AuditError when a unit is missing, counted twice or explained by more than its row holds.
    """
    balances: dict[tuple[str, str], Balance] = {}
    lots = con.execute(
        """select coalesce(fnsku, msku, ''), family, country, date, sum(units)::bigint, sum(open_units)::bigint
           from lots where family in ('lost', 'damaged') group by all"""
    ).fetchall()
    for product, family, country, day, units, open_units in lots:
        balance = balances.setdefault((product, family), Balance(product, family))
        balance.units += units
        state = _state(policy, policy.marketplace_of(country) or marketplace, day, as_of)
        setattr(balance, state, getattr(balance, state) + open_units)
    explained = con.execute(
        """select coalesce(fnsku, msku, ''), family, kind, sum(settlements.units)::bigint
           from settlements
           join lots on lots.row_id = settlements.lot_row and family in ('lost', 'damaged')
           group by all"""
    ).fetchall()
    for product, family, kind, units in explained:
        balance = balances[product, family]
        setattr(balance, _ENDS[kind], getattr(balance, _ENDS[kind]) + units)
        balance.reconciled_by_amazon += units if kind == "reconciled" else 0
    result = [balances[key] for key in sorted(balances)]
    _check(result, con)
    return result


def _state(policy: Policy, marketplace: str | None, day: date, as_of: date) -> str:
    try:
        return (
            policy.deadline("fc_lost_damaged", marketplace or "", day, as_of).status(as_of) if marketplace else "open"
        )
    except NoWindow:
        return "open"


def _check(balances: Iterable[Balance], con: duckdb.DuckDBPyConnection) -> None:
    problems = [
        Problem(
            f"the unit balance of {b.fnsku} ({b.family}) does not hold: {b.units} units, {b.accounted} accounted for."
        )
        for b in balances
        if b.units != b.accounted
    ]
    overused = con.execute(
        """select explanations.row_id, explanations.units, sum(settlements.units)
           from settlements join explanations on explanations.row_id = settlements.settling_row
           where settlements.kind <> 'reconciled'
           group by all having sum(settlements.units) > explanations.units"""
    ).fetchall()
    problems += [Problem(f"row {row} holds {held} units but explains {used}.") for row, held, used in overused]
    if problems:
        raise AuditError(*problems, Problem("This is a bug in the audit; please report it."))


def totals(balances: Iterable[Balance]) -> dict[str, dict[str, int]]:
    """The balances added up by family."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for balance in balances:
        for name in ("units", "found", "paid", "corrected", "open", "waiting", "expired", "reconciled_by_amazon"):
            sums[balance.family][name] += getattr(balance, name)
    return {family: dict(values) for family, values in sums.items()}
