"""What an audit tells the case log: new findings, dates that passed, units found or paid, payments of filed cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.claims.cases.book import Book
from auditor.claims.cases.log import AUDIT, Case, CaseLog, digest, facts
from auditor.claims.cases.payments import Payment
from auditor.claims.cases.receiving import Receiving
from auditor.claims.cases.states import BY_DATE, CLOSED, WITH_AMAZON
from auditor.model import FOUND, PAID, AuditError, Finding, NotClaimed, Problem


@dataclass(frozen=True, slots=True)
class Audited:
    """What one audit of an account concluded as of a day.

    `families`: which payments answer the claims of a rule. `on_cases` gets a digest of the cases as the audit leaves
    them, taken from what it saw itself: whatever somebody else does meanwhile gives another one. `on_over` gets the
    cases that ended and have no finding any more, though their safe date is still to come.
    """

    account: str
    as_of: date
    findings: Sequence[Finding]
    not_claimed: Sequence[NotClaimed]
    payments: Sequence[Payment]
    families: Mapping[str, str]
    on_cases: Callable[[str], None] = field(default=lambda _: None)
    on_over: Callable[[Sequence[Case]], None] = field(default=lambda _: None)


def learn(log: CaseLog, audited: Audited) -> dict[str, str]:
    """Bring the log up to date and give the state of each finding by its ID.

    The same audit again changes nothing. An audit as of an earlier day than the log has seen leaves it as it is and
    gets no states: what became of the cases was not known on that day.
    """
    with log.changing() as con:
        book = Book(con, audited.account, audited.as_of)
        states = _Learning(book, audited).states()
    audited.on_cases(digest(book.cases.values()))
    return states


class _Learning:
    def __init__(self, book: Book, audited: Audited) -> None:
        self.book, self.audited = book, audited
        self.receiving = Receiving(book, audited.payments, audited.families)
        self.new: list[Finding] = []
        self.still_there: list[str] = []
        self.unseen: dict[str, list[Case]] = {}
        found = {finding.finding_id for finding in audited.findings}
        for case in book.cases.values():
            if case.last_seen is None and case.finding_id not in found:
                self.unseen.setdefault(case.reference_id, []).append(case)

    def states(self) -> dict[str, str]:
        newest = max((case.last_seen for case in self.book.cases.values() if case.last_seen), default=None)
        if newest and self.audited.as_of < newest:
            return {}
        for finding in self.audited.findings:
            self._see(finding)
        self.book.begin(self.new)
        self.book.see(self.still_there)
        self._close_what_is_gone()
        self.receiving.receive()
        found = {finding.finding_id for finding in self.audited.findings}
        self.audited.on_over(
            [case for case in self.book.cases.values() if case.finding_id not in found and self._over(case)]
        )
        return {finding_id: case.state for finding_id, case in self.book.cases.items() if finding_id in found}

    def _see(self, finding: Finding) -> None:
        case = self.book.cases.get(finding.finding_id) or self._taken_over(finding)
        if case is None:
            self.new.append(finding)
            return
        self.still_there.append(finding.finding_id)
        if case.state in BY_DATE:
            if case.state != finding.status:
                self.book.move(case, finding.status, "date")
        elif case.state in CLOSED and self._closed_by_audit(case):
            self.receiving.forget(case)
            self.book.move(case, "open", "seen_again")
        else:
            return
        self.book.set(self.book.cases[case.finding_id], facts(finding))

    def _taken_over(self, finding: Finding) -> Case | None:
        """The case that somebody filed before the audit found it, now under the finding's own ID."""
        for case in self.unseen.get(finding.reference_id, ()):
            same_product = finding.fnsku == case.fnsku if case.fnsku else finding.msku == case.msku
            if same_product and case.rule in {"", finding.rule}:
                self.unseen[case.reference_id].remove(case)
                taken = self.book.rename(case, finding.finding_id)
                about = {"rule": finding.rule, "title": finding.title, "event_date": finding.event_date}
                self.book.set(taken, about | {"claim_by": finding.claim_by, "safe_by": finding.safe_by})
                return self.book.cases[taken.finding_id]
        return None

    def _close_what_is_gone(self) -> None:
        """Cases whose finding is no longer there, where the audit says why; without a word about it they stay.

        What was filed once ends by a payment or by a person.
        """
        there = {finding.finding_id for finding in self.audited.findings}
        why = {(n.rule, n.reference_id, n.fnsku): n for n in self.audited.not_claimed}
        for case in list(self.book.cases.values()):
            told = why.get((case.rule, case.reference_id, case.fnsku))
            if case.finding_id in there or not case.last_seen or told is None:
                continue
            if case.state in BY_DATE and case.filed_on is None:
                if told.reason in PAID:
                    self.book.move(case, "paid", "paid_automatically", told.explanation)
                    self.receiving.ask_for(case)
                else:
                    reason = "found" if told.reason in FOUND else told.reason
                    self.book.move(case, "withdrawn", reason, told.explanation)
            elif case.state in WITH_AMAZON and told.reason in FOUND and not self.book.noted(case, "found"):
                self.book.note(case, "found", told.explanation)

    def _over(self, case: Case) -> bool:
        return case.state in CLOSED and case.safe_by is not None and case.safe_by >= self.audited.as_of

    def _closed_by_audit(self, case: Case) -> bool:
        """Whether it was the audit, not a person or a payment, that closed the case."""
        who, reason = self.book.last_move(case)
        return who == AUDIT and reason not in {"paid", "underpaid"}


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
