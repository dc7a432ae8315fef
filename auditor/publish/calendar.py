"""deadlines.ics: one all-day event per filing deadline, on its safe date, cancelled when there is nothing to file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vDuration

from auditor.model import EndedDeadline, Finding
from auditor.publish.cells import day_text, money_text, one_line, units_text
from auditor.publish.deadlines import safe_day, to_file
from auditor.publish.manifest import as_of, entries, rule_title

UID_HOST = "fba-reimbursement-auditor"
_REMINDER = timedelta(days=-3)
#: SEQUENCE counts from here.
_FIRST = date(2000, 1, 1)


def calendar_bytes(findings: Iterable[Finding], manifest: Mapping[str, Any]) -> bytes:
    """An RFC 5545 calendar of every open or waiting finding with a last day.

    What was filed, found or paid before its safe date is cancelled in it. The stamp is the as-of date at midnight UTC,
    each UID is made of the finding's ID, and SEQUENCE grows with the as-of date: importing a later calendar moves or
    cancels events instead of doubling them.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{UID_HOST}//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    account = one_line(str(manifest.get("account", "")))
    calendar.add("x-wr-calname", f"Amazon claims {account}".strip())
    findings, day = list(findings), as_of(manifest)
    for finding in to_file(findings):
        title = rule_title(manifest, finding.rule)
        headline = _headline(finding.units, title, finding.reference_id or finding.fnsku)
        event = _event(finding.finding_id, safe_day(finding), headline, day)
        event.add("status", "CONFIRMED")
        event.add("description", _description(finding))
        event.add("categories", ["Amazon FBA claim", finding.rule])
        event.add_component(_alarm(headline))
        calendar.add_component(event)
    for ended in sorted({*_filed(findings, day), *_ended(manifest)}, key=lambda each: (each.safe_by, each.finding_id)):
        headline = _headline(ended.units, rule_title(manifest, ended.rule), ended.what)
        event = _event(ended.finding_id, ended.safe_by, headline, day, cancelled=True)
        event.add("status", "CANCELLED")
        event.add("description", f"Nothing to file any more: {ended.state.replace('_', ' ')}")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _filed(findings: Iterable[Finding], day: date) -> Iterator[EndedDeadline]:
    """Findings that somebody has filed, though their safe date is still to come."""
    for f in findings:
        if f.status not in {"open", "waiting", "expired"} and f.safe_by and f.safe_by >= day:
            yield EndedDeadline(f.finding_id, f.rule, f.reference_id or f.fnsku, f.units, f.status, f.safe_by)


def _ended(manifest: Mapping[str, Any]) -> Iterator[EndedDeadline]:
    for row in entries(manifest, "ended_deadlines"):
        yield EndedDeadline(**{**row, "safe_by": date.fromisoformat(row["safe_by"])})


def _headline(units: int, title: str, what: str) -> str:
    return one_line(f"File claim: {units_text(units)}, {title}, {what}")


def _event(finding_id: str, safe_by: date, headline: str, day: date, *, cancelled: bool = False) -> Event:
    event = Event()
    event.add("uid", f"{finding_id}@{UID_HOST}")
    event.add("dtstamp", _midnight(day))
    event.add("dtstart", safe_by)
    # On one day a claim is filed after it was open, never the other way round.
    event.add("sequence", 2 * (day - _FIRST).days + cancelled)
    event.add("summary", headline)
    event.add("transp", "TRANSPARENT")  # a deadline does not make a person busy
    return event


def _description(finding: Finding) -> str:
    opens = f"Can be filed from: {day_text(finding.claim_from)}" if finding.status == "waiting" else ""
    lines = [
        f"Last day to file: {day_text(finding.claim_by)}",
        opens,
        f"Amount: {money_text(finding.amount, finding.currency)}",
        f"Marketplace: {finding.marketplace}",
        f"Product: {one_line(finding.fnsku)} {one_line(finding.title)}".rstrip(),
        f"Confidence: {finding.confidence}",
        f"Finding: {finding.finding_id}",
    ]
    return "\n".join(line for line in lines if line)


def _alarm(headline: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", headline)
    alarm.add("trigger", vDuration(_REMINDER))
    return alarm


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
