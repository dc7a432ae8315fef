"""deadlines.ics: one all-day event per filing deadline, on its safe date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vDuration

from auditor.model import Finding
from auditor.publish.cells import day_text, money_text, one_line, units_text
from auditor.publish.deadlines import safe_day, to_file
from auditor.publish.manifest import as_of, rule_title

UID_HOST = "fba-reimbursement-auditor"
_REMINDER = timedelta(days=-3)


def calendar_bytes(findings: Iterable[Finding], manifest: Mapping[str, Any]) -> bytes:
    """An RFC 5545 calendar of every open or waiting finding with a last day.

    The stamp is the as-of date at midnight UTC, and each UID is made of the finding's ID: importing a later
    calendar moves events instead of doubling them.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{UID_HOST}//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    account = one_line(str(manifest.get("account", "")))
    calendar.add("x-wr-calname", f"Amazon claims {account}".strip())
    stamp = _midnight(as_of(manifest))
    for finding in to_file(findings):
        calendar.add_component(_event(finding, rule_title(manifest, finding.rule), stamp))
    text: bytes = calendar.to_ical()
    return text


def _event(finding: Finding, title: str, stamp: datetime) -> Event:
    headline = one_line(f"File claim: {units_text(finding.units)}, {title}, {finding.reference_id or finding.fnsku}")
    event = Event()
    event.add("uid", f"{finding.finding_id}@{UID_HOST}")
    event.add("dtstamp", stamp)
    event.add("dtstart", safe_day(finding))
    event.add("sequence", 0)
    event.add("summary", headline)
    event.add("description", _description(finding))
    event.add("categories", ["Amazon FBA claim", finding.rule])
    event.add("transp", "TRANSPARENT")  # a deadline does not make a person busy
    event.add_component(_alarm(headline))
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
