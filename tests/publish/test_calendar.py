"""deadlines.ics, checked line by line against RFC 5545 and read with a small parser of our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from auditor.model import Finding, Results
from auditor.publish.calendar import calendar_bytes

_LINE = re.compile(r"[A-Z-]+(?:;[A-Z-]+=[^:;]+)*:[^\x00-\x08\x0a-\x1f\x7f]*")


def _lines(content: bytes) -> list[str]:
    """The unfolded lines; fails when the text breaks RFC 5545 section 3.1."""
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    assert not [line for line in physical if b"\r" in line or b"\n" in line or len(line) > 75]
    for line in physical:
        line.decode("utf-8")  # no letter is torn apart by folding
    lines = b"\r\n".join(physical).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    assert not [line for line in lines if not _LINE.fullmatch(line)]
    return lines


def _events(content: bytes) -> list[dict[str, str]]:
    events: list[dict[str, str]] = []
    stack: list[str] = []
    for line in _lines(content):
        name, value = line.split(":", 1)
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in events[-1], f"{name} twice"
            events[-1][name] = value
        elif stack[-1] == "VALARM":
            events[-1][f"ALARM {name}"] = value
    assert stack == []
    return events


def _calendar(results: Results) -> bytes:
    return calendar_bytes(results.findings, results.manifest)


def test_there_is_one_all_day_event_per_open_or_waiting_finding_with_a_last_day(results: Results) -> None:
    due = {f.finding_id: f for f in results.findings if f.status in {"open", "waiting"} and f.claim_by}
    events = {event["UID"].partition("@")[0]: event for event in _events(_calendar(results))}
    assert events.keys() == due.keys()
    for finding_id, event in events.items():
        day = due[finding_id].safe_by
        assert day is not None
        assert event["DTSTART;VALUE=DATE"] == f"{day:%Y%m%d}"


def test_an_event_says_what_to_file_until_when_and_for_how_much(results: Results) -> None:
    event = _events(_calendar(results))[0]
    assert event["UID"] == "f00000000001@fba-reimbursement-auditor"
    assert event["SUMMARY"] == "File claim: 2 units\\, Lost in a warehouse\\, 7700000001"
    assert "Last day to file: 2026-07-03\\nAmount: 25.00 EUR" in event["DESCRIPTION"]
    assert event["CATEGORIES"] == "Amazon FBA claim,warehouse_lost"


def test_an_unknown_amount_is_called_unknown(results: Results) -> None:
    events = {event["UID"][:12]: event for event in _events(_calendar(results))}
    assert "Amount: unknown" in events["f00000000007"]["DESCRIPTION"]


def test_what_was_filed_before_its_safe_date_is_cancelled_and_reminds_nobody(results: Results) -> None:
    before = {event["UID"]: event for event in _events(_calendar(results))}
    first, second, *others = results.findings
    filed = replace(results, findings=(replace(first, status="filed"), replace(second, status="in_progress"), *others))
    after = {event["UID"]: event for event in _events(_calendar(filed))}
    assert after.keys() == before.keys()
    for finding in (first, second):
        [was] = [event for uid, event in before.items() if uid.startswith(finding.finding_id)]
        now = after[was["UID"]]
        assert (was["STATUS"], now["STATUS"]) == ("CONFIRMED", "CANCELLED")
        assert int(now["SEQUENCE"]) > int(was["SEQUENCE"])
        assert now["DTSTART;VALUE=DATE"] == was["DTSTART;VALUE=DATE"]
        assert "ALARM TRIGGER" not in now
    assert {
        event["STATUS"] for uid, event in after.items() if not uid.startswith((first.finding_id, second.finding_id))
    } == {"CONFIRMED"}


def test_what_was_found_or_paid_before_its_safe_date_is_cancelled(results: Results) -> None:
    gone = {
        "finding_id": "fgone",
        "rule": "warehouse_lost",
        "what": "770",
        "units": 2,
        "state": "paid",
        "safe_by": "2026-07-09",
    }
    later = replace(results, manifest={**results.manifest, "ended_deadlines": [gone]})
    [event] = [event for event in _events(_calendar(later)) if event["UID"].startswith("fgone")]
    assert (event["STATUS"], event["DTSTART;VALUE=DATE"]) == ("CANCELLED", "20260709")
    assert event["SUMMARY"] == "File claim: 2 units\\, Lost in a warehouse\\, 770"


def test_a_safe_date_that_is_over_needs_no_cancelling(results: Results) -> None:
    old = replace(results.findings[0], status="filed", safe_by=results.findings[8].claim_by)
    assert _events(_calendar(replace(results, findings=(old,)))) == []


def test_a_later_audit_moves_an_event_and_brings_back_one_that_was_cancelled(results: Results) -> None:
    def sequence(day: str, status: str) -> int:
        one = replace(results.findings[0], status=status)
        [event] = _events(_calendar(replace(results, findings=(one,), manifest={**results.manifest, "as_of": day})))
        return int(event["SEQUENCE"])

    steps = [("2026-06-29", "open"), ("2026-06-29", "filed"), ("2026-06-30", "filed"), ("2026-07-01", "open")]
    told = [sequence(*step) for step in steps]
    assert told == sorted(set(told))


def test_it_reminds_three_days_before(results: Results) -> None:
    for event in _events(_calendar(results)):
        assert event["ALARM TRIGGER"] == "-P3D"
        assert event["ALARM ACTION"] == "DISPLAY"


def test_the_stamp_is_the_as_of_date_and_not_now(results: Results) -> None:
    assert {event["DTSTAMP"] for event in _events(_calendar(results))} == {"20260630T000000Z"}


def test_hostile_and_japanese_titles_break_no_line(
    results: Results, make_finding: Callable[..., Finding], hostile_titles: tuple[str, ...]
) -> None:
    titles = (
        *hostile_titles,
        "マグカップ" * 40,
        "a\rb\nc\r\nEND:VEVENT",
        "\x00\x07\x1b]0;x\x07",
        "\\n\\,;:" * 30,
        "é" * 37,
    )
    findings = tuple(
        make_finding(n, title=title, reference_id=title, fnsku=title) for n, title in enumerate(titles, start=1)
    )
    assert len(_events(_calendar(replace(results, findings=findings)))) == len(titles)


def test_without_findings_the_calendar_is_empty_and_valid(empty: Results) -> None:
    lines = _lines(_calendar(empty))
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert _events(_calendar(empty)) == []
