"""The case log of an account: each move is done whole or not at all, and nothing is deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from auditor.claims.cases.schema import cases, engine_for, history, metadata, migrate, payments
from auditor.claims.cases.states import check_move
from auditor.model import AuditError, Finding, Problem, WrongUsage

AUDIT = "audit"
#: The finding ID of a payment that nobody has given to a case yet.
UNDECIDED = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `state_since` is the day of its last move; `version` counts its changes; `owner` is who follows it."""

    account: str
    finding_id: str
    rule: str
    marketplace: str
    confidence: str
    fnsku: str
    msku: str
    title: str
    reference_id: str
    event_date: date | None
    units: int
    currency: str
    amount: Decimal | None
    claim_from: date | None
    safe_by: date | None
    claim_by: date | None
    reasons: str
    summary: str
    state: str
    state_since: date
    case_id: str
    filed_on: date | None
    owner: str
    appeals: int
    last_seen: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history; a note leaves the state as it is."""

    day: date
    who: str
    from_state: str
    to_state: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Paid:
    """Units and money of one payment that answer a case, or are undecided; `how` says what both name."""

    finding_id: str
    reimbursement_id: str
    day: date
    units: int
    currency: str
    amount: Decimal | None
    how: str
    payment: str


_FACTS = tuple(f.name for f in fields(Finding) if f.name in cases.c and f.name not in {"account", "finding_id"})


class CaseLog:
    """A case log that is open. Methods raise AuditError when the database cannot be reached or is busy too long."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = engine_for(url)
        with _reachable(url):
            migrate(self.engine)

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """One transaction: all of its changes or none."""
        with _reachable(self.url), self.engine.begin() as con:
            yield con

    def case(self, finding_id: str, account: str | None = None) -> Case:
        """The case of a finding. Raises WrongUsage for an unknown ID, naming those that look like it."""
        with self.changing() as con:
            return find(con, finding_id, account)

    def cases(self, account: str | None = None, states: Sequence[str] = ()) -> list[Case]:
        """The cases, those first whose safe date is nearest; then the larger amount."""
        query = sa.select(cases)
        if account is not None:
            query = query.where(cases.c.account == account)
        if states:
            query = query.where(cases.c.state.in_(states))
        with self.changing() as con:
            found = [Case(**row) for row in con.execute(query).mappings()]
        return sorted(found, key=urgency)

    def digest(self, account: str) -> str:
        """A digest of all cases of an account; any move or note of any of them changes it."""
        return digest(self.cases(account))

    def history(self, case: Case) -> list[Entry]:
        """What happened to the case, the oldest first."""
        query = sa.select(history).where(*_of(history, case)).order_by(history.c.id)
        with self.changing() as con:
            return [Entry(r.day, r.who, r.from_state, r.to_state, r.reason, r.note) for r in con.execute(query)]

    def paid(self, account: str | None = None) -> list[Paid]:
        """The payments that answer cases of an account and those that are undecided, the oldest first."""
        query = sa.select(payments).order_by(payments.c.day, payments.c.payment, payments.c.finding_id)
        if account is not None:
            query = query.where(payments.c.account == account)
        with self.changing() as con:
            return [
                Paid(r.finding_id, r.reimbursement_id, r.day, r.units, r.currency, r.amount, r.how, r.payment)
                for r in con.execute(query)
            ]

    def move(
        self,
        case: Case,
        state: str,
        *,
        day: date,
        who: str,
        reason: str = "",
        note: str = "",
        **changes: Any,
    ) -> Case:
        """Move the case as the caller has seen it, and note it in its history.

        Raises WrongUsage when the move is impossible, AuditError when somebody else has moved it meanwhile.
        """
        with self.changing() as con:
            return move(con, case, state, day=day, who=who, reason=reason, note=note, **changes)

    def note(self, case: Case, text: str, *, day: date, who: str, **changes: Any) -> Case:
        """Add a note to the case's history, which leaves its state as it is; `changes` are other columns of it."""
        with self.changing() as con:
            _write(con, case, changes)
            write_history(con, (case, Entry(day, who, case.state, case.state, "note", text)))
            return find(con, case.finding_id, case.account)


def find(con: sa.Connection, finding_id: str, account: str | None) -> Case:
    """The case within a transaction; see CaseLog.case."""
    query = sa.select(cases).where(sa.func.lower(cases.c.finding_id) == finding_id.strip().lower())
    if account is not None:
        query = query.where(cases.c.account == account)
    rows = con.execute(query).mappings().all()
    if len(rows) == 1:
        return Case(**rows[0])
    if rows:
        names = ", ".join(sorted(f"'{row['account']}'" for row in rows))
        raise WrongUsage(Problem(f"{finding_id} is a case of several accounts: {names}.", "Name one with --account."))
    known = con.execute(sa.select(cases.c.finding_id)).scalars().all()
    like = get_close_matches(finding_id.strip().upper(), known, n=3)
    remedy = (
        f"Did you mean {', '.join(like)}?" if like else "`audit claims list` shows the cases; `audit run` finds them."
    )
    raise WrongUsage(Problem(f"The case log has no finding {finding_id!r}.", remedy))


def move(con: sa.Connection, case: Case, state: str, **what: Any) -> Case:
    """Move the case within a transaction; see CaseLog.move."""
    day, who, reason, note = (what.pop(name) for name in ("day", "who", "reason", "note"))
    check_move(case.finding_id, case.state, state, appealed_before=case.appeals > 0)
    changes = what | {"state": state, "state_since": day, "appeals": case.appeals + (state == "appealed")}
    _write(con, case, changes)
    write_history(con, (case, Entry(day, who, case.state, state, reason, note)))
    return find(con, case.finding_id, case.account)


def _write(con: sa.Connection, case: Case, changes: dict[str, Any]) -> None:
    """Change the case's row, unless it is another one by now than the caller has seen."""
    changed = con.execute(
        sa.update(cases)
        .where(*_of(cases, case), cases.c.version == case.version)
        .values(**changes, version=case.version + 1)
    )
    if changed.rowcount != 1:
        what = f"{case.finding_id} was changed by somebody else in this moment; nothing was done."
        raise AuditError(Problem(what, "Look at it with `audit claims show`, then try again."))


def write_history(con: sa.Connection, *lines: tuple[Case, Entry]) -> None:
    """Add lines to the histories of cases."""
    con.execute(
        sa.insert(history),
        [
            {
                "account": case.account,
                "finding_id": case.finding_id,
                "day": entry.day,
                "who": entry.who,
                "from_state": entry.from_state,
                "to_state": entry.to_state,
                "reason": entry.reason,
                "note": entry.note,
            }
            for case, entry in lines
        ],
    )


def facts(finding: Finding) -> dict[str, Any]:
    """What the log keeps of a finding besides its ID and its state."""
    return {name: getattr(finding, name) for name in _FACTS}


def digest(cases: Iterable[Case]) -> str:
    """The same for the same cases in every column, whatever their order."""
    lines = sorted(repr(astuple(case)) for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def urgency(case: Case) -> tuple[date, Decimal, str, str]:
    """Nearest safe date first, then the larger amount."""
    return case.safe_by or date.max, -(case.amount or Decimal(0)), case.finding_id, case.account


def _of(table: sa.Table, case: Case) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.account == case.account, table.c.finding_id == case.finding_id


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.DatabaseError) as error:
        reason = " ".join(str(error.orig or error).split())[:200].rstrip(".")
        shown = sa.make_url(url).render_as_string(hide_password=True)
        remedy = "Check that it is running, reachable and not locked; nothing was changed."
        raise AuditError(Problem(f"the case log {shown} cannot be used: {reason}.", remedy)) from error


__all__ = [
    "AUDIT",
    "UNDECIDED",
    "Case",
    "CaseLog",
    "Entry",
    "Paid",
    "digest",
    "facts",
    "find",
    "metadata",
    "move",
    "urgency",
]
