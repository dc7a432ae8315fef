"""What an audit tells the case log: new findings, dates that passed, units found or paid, payments of filed cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from auditor.claims.cases.log import AUDIT, UNDECIDED, Case, CaseLog, Entry, facts, move, write_history
from auditor.claims.cases.payments import Claimed, Match, Payment, match, reversed_payments
from auditor.claims.cases.schema import COLUMN_NAMES, cases, history, payments
from auditor.claims.cases.states import BY_DATE, WITH_AMAZON
from auditor.model import AuditError, Finding, NotClaimed, Problem

#: Why a finding is not claimed any more, in the words of the rules: its units are there again, or paid for.
FOUND = frozenset({"found_later", "corrected", "restocked", "returned", "received_elsewhere", "arrived"})
PAID = frozenset({"paid", "paid_in_inventory", "reconciled_by_amazon"})
PAYABLE = WITH_AMAZON | {"denied"}


@dataclass(frozen=True, slots=True)
class Audited:
    """What one audit of an account concluded as of a day; `families`: which payments answer the claims of a rule."""

    account: str
    as_of: date
    findings: Sequence[Finding]
    not_claimed: Sequence[NotClaimed]
    payments: Sequence[Payment]
    families: Mapping[str, str]


def learn(log: CaseLog, audited: Audited) -> dict[str, str]:
    """Bring the log up to date and give the state of each finding by its ID.

    The same audit again changes nothing. An audit as of an earlier day than the log has seen leaves it as it is and
    gets no states: what became of the cases was not known on that day.
    """
    with log.changing() as con:
        return _Learning(con, audited).states()


class _Learning:
    def __init__(self, con: sa.Connection, audited: Audited) -> None:
        self.con, self.audited = con, audited
        rows = con.execute(sa.select(cases).where(cases.c.account == audited.account)).mappings()
        self.cases = {row["finding_id"]: Case(**row) for row in rows}

    def states(self) -> dict[str, str]:
        newest = max((case.last_seen for case in self.cases.values() if case.last_seen), default=None)
        if newest and self.audited.as_of < newest:
            return {}
        for finding in self.audited.findings:
            self._see(finding)
        self._close_what_is_gone()
        self._match_payments()
        self._open_what_was_reversed()
        found = {finding.finding_id for finding in self.audited.findings}
        return {finding_id: case.state for finding_id, case in self.cases.items() if finding_id in found}

    def _see(self, finding: Finding) -> None:
        case = self.cases.get(finding.finding_id) or self._taken_over(finding)
        if case is None:
            self._begin(finding)
            return
        if case.state in BY_DATE:
            told = facts(finding) | {"last_seen": self.audited.as_of}
            if case.state != finding.status:
                self._move(case, finding.status, "date")
                case = self.cases[case.finding_id]
            self._set(case, told)
        elif case.state in {"paid", "withdrawn"} and self._closed_by_audit(case):
            self._move(case, "open", "seen_again")
            self._set(self.cases[case.finding_id], facts(finding) | {"last_seen": self.audited.as_of})
        else:
            self._set(case, {"last_seen": self.audited.as_of})

    def _begin(self, finding: Finding) -> None:
        case = Case(
            account=self.audited.account,
            finding_id=finding.finding_id,
            state=finding.status,
            state_since=self.audited.as_of,
            case_id="",
            filed_on=None,
            owner="",
            appeals=0,
            last_seen=self.audited.as_of,
            version=1,
            **facts(finding),
        )
        self.con.execute(sa.insert(cases).values({name: getattr(case, name) for name in COLUMN_NAMES}))
        write_history(self.con, case, Entry(self.audited.as_of, AUDIT, "", case.state, "found_by_audit", ""))
        self.cases[case.finding_id] = case

    def _taken_over(self, finding: Finding) -> Case | None:
        """The case that somebody filed before the audit found it, now under the finding's own ID."""
        for case in self.cases.values():
            same_product = finding.fnsku == case.fnsku if case.fnsku else finding.msku == case.msku
            same_rule = case.rule in {"", finding.rule}
            if case.last_seen is None and case.reference_id == finding.reference_id and same_product and same_rule:
                for table in (cases, history, payments):
                    self.con.execute(
                        sa.update(table)
                        .where(table.c.account == case.account, table.c.finding_id == case.finding_id)
                        .values(finding_id=finding.finding_id)
                    )
                del self.cases[case.finding_id]
                taken = replace(case, finding_id=finding.finding_id)
                self.cases[taken.finding_id] = taken
                about = {"rule": finding.rule, "title": finding.title, "event_date": finding.event_date}
                self._set(taken, about | {"claim_by": finding.claim_by, "safe_by": finding.safe_by})
                return self.cases[taken.finding_id]
        return None

    def _close_what_is_gone(self) -> None:
        """Cases whose finding is no longer there, where the audit says why; without a word about it they stay."""
        there = {finding.finding_id for finding in self.audited.findings}
        why = {(n.rule, n.reference_id, n.fnsku): n for n in self.audited.not_claimed}
        for case in list(self.cases.values()):
            if case.finding_id in there or not case.last_seen:
                continue
            told = why.get((case.rule, case.reference_id, case.fnsku))
            if told is None:
                continue
            if case.state in BY_DATE:
                if told.reason in PAID:
                    self._move(case, "paid", "paid_automatically", told.explanation)
                else:
                    self._move(case, "withdrawn", "found" if told.reason in FOUND else told.reason, told.explanation)
            elif case.state in WITH_AMAZON and told.reason in FOUND and not self._noted(case, "found"):
                entry = Entry(self.audited.as_of, AUDIT, case.state, case.state, "found", told.explanation)
                write_history(self.con, case, entry)

    def _match_payments(self) -> None:
        rows = self.con.execute(sa.select(payments).where(payments.c.account == self.audited.account)).all()
        known = {row.payment for row in rows if row.finding_id != UNDECIDED}
        matches, undecided = match(self.audited.payments, self._claimed(), known)
        for each in matches:
            self._keep(each)
        for finding_id in dict.fromkeys(each.finding_id for each in matches):
            self._count(self.cases[finding_id], [m for m in matches if m.finding_id == finding_id])
        open_before = {row.payment for row in rows if row.finding_id == UNDECIDED}
        for payment in undecided:
            if payment.key not in open_before:
                self._keep(Match(payment, UNDECIDED, payment.units, payment.amount, "could be of several cases"))

    def _claimed(self) -> list[Claimed]:
        paid = self._paid_units()
        return [
            Claimed(
                case.finding_id,
                self.audited.families.get(case.rule, ""),
                case.case_id,
                case.reference_id,
                case.fnsku,
                case.msku,
                case.event_date,
                case.filed_on or case.state_since,
                case.currency,
                case.units - paid.get(case.finding_id, 0),
            )
            for case in sorted(self.cases.values(), key=lambda c: (c.event_date or date.max, c.finding_id))
            if case.state in PAYABLE
        ]

    def _paid_units(self) -> dict[str, int]:
        query = (
            sa.select(payments.c.finding_id, sa.func.sum(payments.c.units))
            .where(payments.c.account == self.audited.account)
            .group_by(payments.c.finding_id)
        )
        return {finding_id: int(units) for finding_id, units in self.con.execute(query)}

    def _keep(self, each: Match) -> None:
        payment = each.payment
        self.con.execute(
            sa.delete(payments).where(
                payments.c.account == self.audited.account,
                payments.c.payment == payment.key,
                payments.c.finding_id == UNDECIDED,
            )
        )
        self.con.execute(
            sa.insert(payments).values(
                account=self.audited.account,
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
        if self._paid_units()[case.finding_id] < case.units:
            entry = Entry(self.audited.as_of, AUDIT, case.state, case.state, "partially_paid", told)
            write_history(self.con, case, entry)
            return
        query = sa.select(payments.c.amount).where(
            payments.c.account == case.account, payments.c.finding_id == case.finding_id
        )
        amounts = self.con.execute(query).scalars().all()
        money = sum((amount for amount in amounts if amount is not None), Decimal(0))
        below = case.amount is not None and None not in amounts and money < case.amount
        self._move(case, "paid", "underpaid" if below else "paid", told)

    def _open_what_was_reversed(self) -> None:
        takes = reversed_payments(self.audited.payments)
        query = sa.select(payments).where(
            payments.c.account == self.audited.account, payments.c.finding_id != UNDECIDED
        )
        for row in self.con.execute(query).all():
            case = self.cases.get(row.finding_id)
            if case is None or case.state != "paid":
                continue
            for reversal in takes.get(row.reimbursement_id, []):
                if reversal.fnsku == case.fnsku and not self._noted(case, "reversed", reversal.reimbursement_id):
                    told = f"{reversal.reimbursement_id} took {-reversal.units} units back on {reversal.day}"
                    self._move(case, "open", "reversed", told)
                    break

    def _noted(self, case: Case, reason: str, text: str = "") -> bool:
        query = sa.select(history.c.note).where(
            history.c.account == case.account, history.c.finding_id == case.finding_id, history.c.reason == reason
        )
        return any(text in note for note in self.con.execute(query).scalars())

    def _closed_by_audit(self, case: Case) -> bool:
        """Whether it was the audit, not a person or a payment, that closed the case."""
        query = (
            sa.select(history.c.who, history.c.reason)
            .where(history.c.account == case.account, history.c.finding_id == case.finding_id)
            .where(history.c.from_state != history.c.to_state)
            .order_by(history.c.id.desc())
        )
        last = self.con.execute(query).first()
        return last is not None and last.who == AUDIT and last.reason not in {"paid", "underpaid"}

    def _move(self, case: Case, state: str, reason: str, note: str = "") -> None:
        moved = move(self.con, case, state, day=self.audited.as_of, who=AUDIT, reason=reason, note=note)
        self.cases[case.finding_id] = moved

    def _set(self, case: Case, values: Mapping[str, object]) -> None:
        """Change facts of a case without a line in its history."""
        changed = replace(case, **values)  # type: ignore[arg-type]
        if changed != case:
            self.con.execute(
                sa.update(cases)
                .where(cases.c.account == case.account, cases.c.finding_id == case.finding_id)
                .values(**values)
            )
            self.cases[case.finding_id] = changed


def known_states(url: str, audited: Audited) -> tuple[dict[str, str], list[Problem]]:
    """The states that the log at this URL knows; without the log, none, and why. An audit never fails for its log."""
    try:
        log = CaseLog(url)
        try:
            return learn(log, audited), []
        finally:
            log.engine.dispose()
    except AuditError as error:
        return {}, [Problem(f"{p.what} The findings show what the dates alone say.", p.remedy) for p in error.problems]
