"""The calendar of one person: an all-day event for each alert with a last day, cancelled when the alert is over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

from auditor.accounts.alert import STANDING, Kept
from auditor.accounts.digest import cut
from auditor.accounts.portfolio import Portfolio
from auditor.accounts.settings import Person
from auditor.accounts.words import Words, words_of
from auditor.publish.calendar import UID_HOST

_REMINDER = timedelta(days=-1)
#: A cancelled event is repeated for so many days, so that a calendar that was not read for a while learns of it.
CANCELLED_FOR = timedelta(days=30)


def calendar(portfolio: Portfolio, person: Person) -> bytes | None:
    """An RFC 5545 calendar of the person's alerts; None when it would be empty.

    The UID is made of account and key, SEQUENCE counts the alert's changes: a later calendar moves or cancels events
    instead of doubling them.
    """
    words = words_of(person.language)
    views = [view for view in portfolio.accounts if view.account.owner == person.id]
    dated = [(view.account.name, kept) for view in views for kept in _dated(view.kept, portfolio)]
    events = [_event(name, kept, words, portfolio) for name, kept in sorted(dated, key=_order)]
    if not events:
        return None
    made = Calendar()
    made.add("prodid", f"-//{UID_HOST}//portfolio//{person.language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", words.text("digest", "calendar", name=cut(person.name, 80)))
    made.add("x-wr-timezone", person.time_zone)
    for event in events:
        made.add_component(event)
    text: bytes = made.to_ical()
    return text


def _order(dated: tuple[str, Kept]) -> tuple[date, str, str]:
    alert = dated[1].alert
    return alert.until or date.max, alert.account, alert.key


def _dated(kept: Iterable[Kept], portfolio: Portfolio) -> Iterable[Kept]:
    """Alerts with a last day that stand, or that are over since a short time."""
    return (k for k in kept if k.alert.until and (k.state in STANDING or portfolio.day - k.since <= CANCELLED_FOR))


def _event(name: str, kept: Kept, words: Words, portfolio: Portfolio) -> Event:
    alert, said = kept.alert, words.said(kept.alert)
    mark = hashlib.sha256(f"{alert.account}|{alert.key}".encode()).hexdigest()[:24]
    stands = kept.state in STANDING
    headline = f"{cut(name, 60)}: {said.title}" + (f", {said.worth}" if said.worth else "")
    event = Event()
    event.add("uid", f"{mark}@{UID_HOST}")
    event.add("dtstamp", datetime.combine(portfolio.day, time(), UTC))
    event.add("dtstart", alert.until)
    event.add("sequence", kept.sequence)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    event.add("summary", cut(headline, 200))
    event.add("description", "\n".join(part for part in (said.what, said.worth, said.do) if part))
    event.add("transp", "TRANSPARENT")
    if stands:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", cut(headline, 200))
        alarm.add("trigger", vDuration(_REMINDER))
        event.add_component(alarm)
    return event
