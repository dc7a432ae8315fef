"""The cases of one account within a transaction, as an audit finds and moves them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from auditor.claims.cases.log import AUDIT, Case, Entry, facts, move, write_history
from auditor.claims.cases.schema import COLUMN_NAMES, cases, history, payments
from auditor.model import Finding


class Book:
    """The account's cases by finding ID; every change is written to the log at once."""

    def __init__(self, con: sa.Connection, account: str, day: date) -> None:
        self.con, self.account, self.day = con, account, day
        rows = con.execute(sa.select(cases).where(cases.c.account == account)).mappings()
        self.cases = {row["finding_id"]: Case(**row) for row in rows}

    def begin(self, findings: Collection[Finding]) -> None:
        """Open a case for each of these findings, which nobody has seen before."""
        if not findings:
            return
        begun = [self._new(finding) for finding in findings]
        self.con.execute(sa.insert(cases), [{name: getattr(case, name) for name in COLUMN_NAMES} for case in begun])
        entry = Entry(self.day, AUDIT, "", "", "found_by_audit", "")
        write_history(self.con, *((case, replace(entry, to_state=case.state)) for case in begun))
        self.cases |= {case.finding_id: case for case in begun}

    def see(self, finding_ids: Iterable[str]) -> None:
        """Note that the audit of the day still finds these."""
        seen = [name for name in finding_ids if self.cases[name].last_seen != self.day]
        if not seen:
            return
        self.con.execute(
            sa.update(cases)
            .where(cases.c.account == self.account, cases.c.finding_id == sa.bindparam("seen"))
            .values(last_seen=self.day),
            [{"seen": name} for name in seen],
        )
        self.cases |= {name: replace(self.cases[name], last_seen=self.day) for name in seen}

    def _new(self, finding: Finding) -> Case:
        return Case(
            account=self.account,
            finding_id=finding.finding_id,
            state=finding.status,
            state_since=self.day,
            case_id="",
            filed_on=None,
            owner="",
            appeals=0,
            last_seen=self.day,
            version=1,
            **facts(finding),
        )

    def rename(self, case: Case, finding_id: str) -> Case:
        """Give a case, its history and its payments the ID of the finding that it turned out to be."""
        for table in (cases, history, payments):
            self.con.execute(
                sa.update(table)
                .where(table.c.account == case.account, table.c.finding_id == case.finding_id)
                .values(finding_id=finding_id)
            )
        del self.cases[case.finding_id]
        self.cases[finding_id] = replace(case, finding_id=finding_id)
        return self.cases[finding_id]

    def move(self, case: Case, state: str, reason: str, note: str = "") -> None:
        """Move a case, in the name of the audit."""
        moved = move(self.con, case, state, day=self.day, who=AUDIT, reason=reason, note=note)
        self.cases[case.finding_id] = moved

    def note(self, case: Case, reason: str, note: str) -> None:
        """Add a line to a case's history that leaves its state as it is."""
        write_history(self.con, (case, Entry(self.day, AUDIT, case.state, case.state, reason, note)))

    def set(self, case: Case, values: Mapping[str, object]) -> None:
        """Change facts of a case without a line in its history."""
        changed = replace(case, **values)  # type: ignore[arg-type]
        if changed != case:
            self.con.execute(
                sa.update(cases)
                .where(cases.c.account == case.account, cases.c.finding_id == case.finding_id)
                .values(**values)
            )
            self.cases[case.finding_id] = changed

    def noted(self, case: Case, reason: str) -> bool:
        """Whether the case's history has a line for this reason."""
        query = sa.select(history.c.id).where(
            history.c.account == case.account, history.c.finding_id == case.finding_id, history.c.reason == reason
        )
        return self.con.execute(query).first() is not None

    def last_move(self, case: Case) -> tuple[str, str]:
        """Who moved the case last, and for which reason."""
        query = (
            sa.select(history.c.who, history.c.reason)
            .where(history.c.account == case.account, history.c.finding_id == case.finding_id)
            .where(history.c.from_state != history.c.to_state)
            .order_by(history.c.id.desc())
        )
        last = self.con.execute(query).first()
        return (last.who, last.reason) if last else ("", "")
