"""The alerts and contacts of an account in the database of its case log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from auditor.accounts.alert import STANDING, Alert, Kept, Moved, State
from auditor.accounts.raising import changed
from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.schema import alerts, contacts, history
from auditor.model import Problem, WrongUsage


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody spoke with the seller: when, who, by which channel, with which outcome, about what."""

    account: str
    day: date
    who: str
    channel: str
    outcome: str
    note: str


def alerts_of(con: sa.Connection, account: str) -> list[Kept]:
    """Every alert that the account ever had, the oldest first."""
    query = sa.select(alerts).where(alerts.c.account == account).order_by(alerts.c.first_day, alerts.c.key)
    return [_kept(row) for row in con.execute(query).mappings()]


def keep(
    log: CaseLog, account: str, day: date, decide: Callable[[Sequence[Kept]], list[Kept]]
) -> tuple[list[Kept], list[Kept]]:
    """Bring the account's alerts to what `decide` makes of them, in one transaction; what was there and what is now.

    A day before one that was seen leaves them as they are: they know more than that day did.
    """
    with log.changing() as con:
        before = alerts_of(con, account)
        if any(kept.seen_on > day for kept in before):
            return before, before
        now = decide(before)
        write(con, changed(before, now))
        return before, now


def write(con: sa.Connection, kept: Iterable[Kept]) -> None:
    """Write alerts, new ones and those that changed."""
    for each in kept:
        row = _row(each)
        where = (alerts.c.account == row["account"], alerts.c.key == row["key"])
        if not con.execute(sa.update(alerts).where(*where).values(row)).rowcount:
            con.execute(sa.insert(alerts).values(row))


def decide(
    log: CaseLog,
    account: str,
    key: str,
    state: State,
    *,
    day: date,
    who: str,
    until: date | None = None,
    note: str = "",
) -> Kept:
    """Acknowledge, snooze or close an alert that stands. Raises WrongUsage for one that does not, or is not known."""
    with log.changing() as con:
        mine = alerts_of(con, account)
        kept = next((each for each in mine if each.alert.key == key), None)
        if kept is None or kept.state not in STANDING:
            standing = [each.alert.key for each in mine if each.state in STANDING]
            what = f"{account} has no alert {key!r}" + (f" that stands; it is {kept.state}." if kept else ".")
            raise WrongUsage(Problem(what, f"It has: {', '.join(standing)}." if standing else "It has none."))
        moved = replace(
            kept,
            state=state,
            since=day,
            snoozed_until=until,
            sequence=kept.sequence + 1,
            who=who[:120],
            note=note[:2000],
        )
        write(con, [moved])
        return moved


def note_contact(log: CaseLog, contact: Contact) -> None:
    """Note that somebody spoke with the seller."""
    values = {
        "account": contact.account,
        "day": contact.day,
        "who": contact.who[:120],
        "channel": contact.channel[:40],
        "outcome": contact.outcome[:200],
        "note": contact.note[:2000],
    }
    with log.changing() as con:
        con.execute(sa.insert(contacts).values(values))


def contacts_of(con: sa.Connection, account: str) -> list[Contact]:
    """The contacts of an account, the oldest first."""
    query = sa.select(contacts).where(contacts.c.account == account).order_by(contacts.c.day, contacts.c.id)
    return [Contact(r.account, r.day, r.who, r.channel, r.outcome, r.note) for r in con.execute(query)]


def moved_of(con: sa.Connection, name: str) -> list[Moved]:
    """The cases of an account, by the name in its results, that were reversed or paid below their claim."""
    query = sa.select(history.c.finding_id, history.c.day, history.c.reason).where(
        history.c.account == name, history.c.reason.in_(("reversed", "underpaid"))
    )
    return [Moved(r.finding_id, r.day, r.reason) for r in con.execute(query.order_by(history.c.id))]


def first_days_of(con: sa.Connection, name: str) -> dict[str, date]:
    """The day on which each case of an account, by the name in its results, was seen first."""
    query = sa.select(history.c.finding_id, sa.func.min(history.c.day).label("day")).where(history.c.account == name)
    return {row.finding_id: row.day for row in con.execute(query.group_by(history.c.finding_id))}


def _row(kept: Kept) -> dict[str, Any]:
    alert = kept.alert
    payload = {
        "worth": {currency: format(amount, "f") for currency, amount in alert.worth},
        "items": list(alert.items),
        "facts": dict(alert.facts),
    }
    own = {name: getattr(alert, name) for name in ("account", "key", "kind", "step", "first_day", "until", "owner")}
    states = ("state", "since", "seen_on", "snoozed_until", "sequence", "who", "note")
    return own | {name: getattr(kept, name) for name in states} | {"payload": json.dumps(payload, ensure_ascii=False)}


def _kept(row: Any) -> Kept:
    payload = json.loads(row["payload"])
    alert = Alert(
        account=row["account"],
        key=row["key"],
        kind=row["kind"],
        step=row["step"],
        first_day=row["first_day"],
        until=row["until"],
        worth=tuple((currency, Decimal(amount)) for currency, amount in payload["worth"].items()),
        items=tuple(payload["items"]),
        facts=payload["facts"],
        owner=row["owner"],
    )
    states = ("state", "since", "seen_on", "sequence", "snoozed_until", "who", "note")
    return Kept(alert, **{name: row[name] for name in states})
