"""A person decides which case a payment or a reversal is of, where the audit could not tell."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

import sqlalchemy as sa

from auditor.claims.cases.log import UNDECIDED, Case, CaseLog, find
from auditor.claims.cases.log import move as move_case
from auditor.claims.cases.schema import payments
from auditor.model import Problem, WrongUsage
from auditor.policy.money import digits


def decide(log: CaseLog, case: Case, reimbursement_id: str, units: int | None, *, day: date, who: str) -> Case:
    """Give units of an undecided payment to the case, or take those of an undecided reversal from it.

    A case is paid once all of its units are, and opens again when one is taken back. Raises WrongUsage when no such
    payment is undecided, or when it or the case has fewer units.
    """
    with log.changing() as con:
        waiting = sa.select(payments).where(
            payments.c.account == case.account,
            payments.c.finding_id == UNDECIDED,
            payments.c.reimbursement_id == reimbursement_id,
        )
        row = con.execute(waiting).first()
        if row is None:
            what = f"No payment {reimbursement_id} waits for a decision."
            raise WrongUsage(Problem(what, "`audit claims next` shows those that do."))
        before = sa.select(sa.func.coalesce(sa.func.sum(payments.c.units), 0)).where(
            payments.c.account == case.account, payments.c.finding_id == case.finding_id
        )
        paid = int(con.execute(before).scalar_one())
        back = row.units < 0
        most = min(-row.units, paid) if back else min(row.units, case.units - paid)
        given = (units or most) * (-1 if back else 1)
        if not 1 <= abs(given) <= most:
            has = f"{paid} paid" if back else f"{case.units - paid} unpaid"
            does = f"takes {-row.units} units back" if back else f"has {row.units} units to give"
            what = f"Payment {reimbursement_id} {does}, {case.finding_id} has {has}."
            raise WrongUsage(Problem(what, "Name fewer units with --units, or another case."))
        amount = _share(row.amount, given, row.units, row.currency)
        mine = {name: getattr(row, name) for name in ("account", "payment", "reimbursement_id", "day", "currency")}
        rest = row.units - given
        of_row = (payments.c.account == case.account, payments.c.payment == row.payment)
        con.execute(sa.delete(payments).where(*of_row, payments.c.finding_id == UNDECIDED))
        con.execute(sa.insert(payments).values(**mine, finding_id=case.finding_id, units=given, amount=amount, how=who))
        if rest:
            left_over = None if row.amount is None else row.amount - (amount or Decimal(0))
            con.execute(
                sa.insert(payments).values(**mine, finding_id=UNDECIDED, units=rest, amount=left_over, how=row.how)
            )
        on = {"day": day, "who": who}
        if back and case.state == "paid":
            note = f"{reimbursement_id} took {-given} units back"
            return move_case(con, case, "open", reason="reversed", note=note, **on)
        if not back and given == case.units - paid:
            note = f"{given} units by {reimbursement_id}"
            return move_case(con, case, "paid", reason="paid", note=note, **on)
        return find(con, case.finding_id, case.account)


def _share(amount: Decimal | None, units: int, of: int, currency: str) -> Decimal | None:
    if amount is None or units == of:
        return amount
    return (amount * units / of).quantize(Decimal(1).scaleb(-digits(currency)), ROUND_DOWN)
