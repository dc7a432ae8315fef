"""The money side of the case log: payments find their cases, and what is taken back leaves them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from auditor.claims.cases.book import Book
from auditor.claims.cases.log import UNDECIDED, Case
from auditor.claims.cases.payments import REVERSAL, Claimed, Match, Payment, is_of_product, match, split
from auditor.claims.cases.schema import payments
from auditor.claims.cases.states import WITH_AMAZON

#: States in which a payment is expected, or may still come.
PAYABLE = WITH_AMAZON | {"denied"}


class Receiving:
    """Gives the payments of an audit to the cases of its account. The same payments again change nothing."""

    def __init__(self, book: Book, rows: Sequence[Payment], families: Mapping[str, str]) -> None:
        self.book, self.rows, self.families = book, rows, families
        self.paid_already: list[str] = []

    def ask_for(self, case: Case) -> None:
        """Look for the payment of a case that Amazon paid before anybody filed it."""
        self.paid_already.append(case.finding_id)

    def forget(self, case: Case) -> None:
        """Take its payments from a case that turned out not to be paid."""
        self._delete(payments.c.finding_id == case.finding_id)

    def receive(self) -> None:
        """Match what is new, in both directions, until nothing more is told apart."""
        undecided = self._match()
        while self._take_back():
            undecided = self._match()
        waiting = {row.payment for row in self._known() if row.finding_id == UNDECIDED}
        for payment in undecided:
            if payment.key not in waiting:
                self._keep(Match(payment, UNDECIDED, payment.units, payment.amount, "could be of several cases"))

    def _match(self) -> list[Payment]:
        """Give payments to cases; those that several cases could mean, a filed one among them, are returned."""
        known = {row.payment for row in self._known() if row.finding_id != UNDECIDED}
        case_ids = {case.case_id for case in self.book.cases.values() if case.case_id}
        claimed = self._claimed()
        matches, undecided = match(self.rows, claimed, known, case_ids)
        for each in matches:
            self._keep(each)
        for finding_id in dict.fromkeys(each.finding_id for each in matches):
            if finding_id not in self.paid_already:
                self._count(self.book.cases[finding_id], [m for m in matches if m.finding_id == finding_id])
        filed = [case for case in claimed if case.finding_id not in self.paid_already]
        return [payment for payment in undecided if any(is_of_product(payment, case) for case in filed)]

    def _claimed(self) -> list[Claimed]:
        paid = self._units()
        return [
            Claimed(
                case.finding_id,
                self.families.get(case.rule, ""),
                case.case_id,
                case.reference_id,
                case.fnsku,
                case.msku,
                case.event_date,
                case.filed_on or case.event_date or case.state_since,
                case.currency,
                case.units - paid.get(case.finding_id, 0),
            )
            for case in sorted(self.book.cases.values(), key=lambda c: (c.event_date or date.max, c.finding_id))
            if self._wants(case)
        ]

    def _wants(self, case: Case) -> bool:
        """Whether a payment may be the case's: it was filed and is not paid, or Amazon paid before it was filed."""
        taken_back = case.state == "open" and case.filed_on is not None
        return case.state in PAYABLE or taken_back or case.finding_id in self.paid_already

    def _units(self) -> dict[str, int]:
        query = (
            sa.select(payments.c.finding_id, sa.func.sum(payments.c.units))
            .where(payments.c.account == self.book.account)
            .group_by(payments.c.finding_id)
        )
        return {finding_id: int(units) for finding_id, units in self.book.con.execute(query)}

    def _known(self) -> Sequence[sa.Row[Any]]:
        query = sa.select(payments).where(payments.c.account == self.book.account)
        return self.book.con.execute(query.order_by(payments.c.day, payments.c.payment, payments.c.finding_id)).all()

    def _delete(self, *which: sa.ColumnElement[bool]) -> None:
        self.book.con.execute(sa.delete(payments).where(payments.c.account == self.book.account, *which))

    def _keep(self, each: Match) -> None:
        payment = each.payment
        self._delete(payments.c.payment == payment.key, payments.c.finding_id == UNDECIDED)
        self.book.con.execute(
            sa.insert(payments).values(
                account=self.book.account,
                payment=payment.key,
                finding_id=each.finding_id,
                reimbursement_id=payment.reimbursement_id,
                day=payment.day,
                units=each.units,
                currency=payment.currency,
                amount=each.amount,
                how=each.how,
            )
        )

    def _count(self, case: Case, new: Sequence[Match]) -> None:
        """Move a case that got new payments: paid when all of its units are, else a line in its history."""
        told = "; ".join(f"{m.units} units by {m.payment.reimbursement_id}, {m.how}" for m in new)
        if self._units()[case.finding_id] < case.units:
            self.book.note(case, "partially_paid", told)
            return
        amounts = [row.amount for row in self._known() if row.finding_id == case.finding_id]
        money = sum((amount for amount in amounts if amount is not None), Decimal(0))
        below = case.amount is not None and None not in amounts and money < case.amount
        self.book.move(case, "paid", "underpaid" if below else "paid", told)

    def _take_back(self) -> bool:
        """Take reversed payments from their cases, which open again; whether there was anything new to take."""
        known = {row.payment for row in self._known()}
        taken = False
        for reversal in sorted(self.rows, key=lambda row: (row.day, row.key)):
            if reversal.family != REVERSAL or reversal.units >= 0 or reversal.key in known:
                continue
            shares = self._given_by(reversal)
            if not shares:
                continue
            units = self._back(reversal, list(shares.values()))
            if units is None:
                how = "takes back a part, of whom is open"
                self._keep(Match(reversal, UNDECIDED, reversal.units, reversal.amount, how))
                continue
            for finding_id, back, amount in zip(shares, units, split(reversal, units), strict=True):
                self._keep(Match(reversal, finding_id, -back, amount, "reversal"))
                self._reopen(self.book.cases[finding_id], reversal, back)
            taken = True
        return taken

    def _back(self, reversal: Payment, given: Sequence[int]) -> list[int] | None:
        """The units that each case loses; None where the reversal leaves a part and nobody can say whose.

        A payment may have more units than its cases: the others were for losses that have no case. What was taken back
        before is gone from it.
        """
        kept = {row.payment for row in self._known()}
        paid = sum(
            row.units
            for row in self.rows
            if row.fnsku == reversal.fnsku
            and (
                (row.reimbursement_id == reversal.original_id and row.units > 0)
                or (row.original_id == reversal.original_id and row.family == REVERSAL and row.key in kept)
            )
        )
        if -reversal.units >= max(paid, sum(given)):
            return list(given)
        return [-reversal.units] if len(given) == 1 and given[0] >= paid else None

    def _given_by(self, reversal: Payment) -> dict[str, int]:
        """The units that each case still has of the payment that is reversed."""
        given: dict[str, int] = {}
        reversals = {row.key: row.original_id for row in self.rows if row.family == REVERSAL}
        for row in self._known():
            case = self.book.cases.get(row.finding_id)
            of_it = reversal.original_id in {row.reimbursement_id, reversals.get(row.payment)}
            if case is not None and of_it and (reversal.fnsku == case.fnsku if case.fnsku else True):
                given[row.finding_id] = given.get(row.finding_id, 0) + row.units
        return {finding_id: units for finding_id, units in given.items() if units > 0}

    def _reopen(self, case: Case, reversal: Payment, units: int) -> None:
        told = f"{reversal.reimbursement_id} took {units} units back on {reversal.day}"
        if case.state == "paid":
            self.book.move(case, "open", "reversed", told)
        else:
            self.book.note(case, "reversed", told)
