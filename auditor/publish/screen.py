"""What the terminal shows: the outcome of a run, the deadlines, one finding's story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from auditor.model import Finding, Results
from auditor.policy.money import format_plain
from auditor.publish.cells import day_text, money_text, one_line, units_text
from auditor.publish.conclusions import not_concluded, silent_rules
from auditor.publish.deadlines import safe_day, to_file, urgency
from auditor.publish.json_values import plain
from auditor.publish.layout import aligned, heading, line, paragraph
from auditor.publish.manifest import as_of, entries, exposures, rule_title
from auditor.publish.page_figures import CurrencyFigures, Tally, by_currency
from auditor.publish.story import Mentions, Story, story_lines
from auditor.publish.what_if_screen import what_if_json, what_if_screen

MOST_URGENT = 5
_WORDS = {
    "open": "Open now",
    "within_7_days": "  last day within 7 days",
    "within_14_days": "  last day within 14 days",
    "within_30_days": "  last day within 30 days",
    "under_review": "  under review: look first",
    "waiting": "Waiting",
    "with_amazon": "With Amazon",
    "expired": "Expired, lost",
    "may_be_taken_back": "May be taken back",
}
_STYLES = {"within 7 days": "bold red", "within 14 days": "yellow", "expired": "dim"}


def terminal() -> Console:
    """The console for standard output: plain when piped, without colours under NO_COLOR."""
    return Console(highlight=False, markup=False, emoji=False)


def summary_screen(results: Results, out: Path, console: Console) -> None:
    """One screen: what was found, what is urgent, what could not be concluded, where the files are."""
    manifest = results.manifest
    account = one_line(str(manifest.get("account") or ""))
    source = manifest.get("as_of_source") or "given"
    line(console, f"Audit{f' of {account}' if account else ''} as of {as_of(manifest)} ({source})", "bold", indent=0)
    if results.findings:
        _figures(by_currency(results.findings, entries(manifest, "already_paid"), exposures(manifest)), console)
    else:
        line(console, _nothing(results), indent=0)
    if urgent := _urgent(results):
        heading(console, "File next")
        deadline_table(urgent, results, console)
    if doubts := list(not_concluded(results)):
        heading(console, "Not concluded")
        for text in doubts:
            paragraph(console, text)
    if results.what_if:
        what_if_screen(results.what_if, console)
    heading(console, "Files")
    for name, what in _places(results):
        line(console, f"{out / name}  {what}")


def summary_json(results: Results) -> dict[str, Any]:
    """The same as one JSON object: money as text with the currency's digits, "" when unknown."""
    manifest = results.manifest
    return {
        "account": manifest.get("account") or "",
        "as_of": as_of(manifest).isoformat(),
        "as_of_source": manifest.get("as_of_source") or "",
        "findings": len(results.findings),
        "not_claimed": len(results.not_claimed),
        "drafts": len(results.drafts),
        "by_currency": [
            {
                "currency": figure.currency,
                **{name: _tally_json(tally, figure.currency) for name, tally in _lines(figure)},
            }
            for figure in by_currency(results.findings, entries(manifest, "already_paid"), exposures(manifest))
        ],
        "file_next": [plain(finding) for finding in _urgent(results)],
        "not_concluded": list(not_concluded(results)),
        "totals": [dict(entry) for entry in entries(manifest, "totals")],
        "warnings": list(manifest.get("warnings") or ()),
        **({"what_if": what_if_json(results.what_if)} if results.what_if else {}),
    }


def deadlines_screen(chosen: Sequence[Finding], results: Results, within: int | None, console: Console) -> None:
    """The deadlines of the results, or a sentence that there are none."""
    day = as_of(results.manifest).isoformat()
    span = "" if within is None else f" within {within} day{'' if within == 1 else 's'}"
    headline = f"To file{span}, as of {day}" if chosen else f"Nothing is to be filed{span}, as of {day}."
    line(console, headline, "bold", indent=0)
    if chosen:
        deadline_table(chosen, results, console)


def deadlines_json(chosen: Sequence[Finding], results: Results) -> dict[str, Any]:
    """The deadlines as one JSON object."""
    return {
        "as_of": as_of(results.manifest).isoformat(),
        "deadlines": [{**plain(finding), "urgency": urgency(finding)} for finding in chosen],
    }


def deadline_table(findings: Sequence[Finding], results: Results, console: Console) -> None:
    """The deadlines in columns; in 80 of them the rule's title gives way first."""
    names = ("safe by", "last day", "left", "units", "amount", "finding", "what")
    rows: list[tuple[str, Sequence[str]]] = [("dim", names)]
    several = len({finding.account for finding in findings}) > 1
    for finding in findings:
        title = one_line(rule_title(results.manifest, finding.rule))
        if several:
            title = f"{one_line(finding.account)}: {title}"
        cells = (
            safe_day(finding).isoformat(),
            day_text(finding.claim_by),
            "" if finding.days_left is None else f"{finding.days_left} d",
            f"{finding.units:,}",
            money_text(finding.amount, finding.currency),
            finding.finding_id,
            f"from {day_text(finding.claim_from)}: {title}" if finding.status == "waiting" else title,
        )
        rows.append((_STYLES.get(urgency(finding), ""), cells))
    aligned(console, rows, "<<>>><<")


def story_screen(told: Story, console: Console) -> None:
    """One finding's story, a heading at the left of its lines."""
    finding = told.finding
    states = [told.title, finding.marketplace, finding.status.replace("_", " "), f"confidence {finding.confidence}"]
    line(console, f"{finding.finding_id}: {_joined(states)}", "bold", indent=0)
    for above, text in story_lines(told):
        if above:
            heading(console, above)
        line(console, text)


def mentions_screen(found: Mentions, results: Results, console: Console) -> None:
    """What the results say about one product or reference, and why a loss may not be in the list."""
    line(console, one_line(found.key), "bold", indent=0)
    rules = {finding.rule for finding in found.findings} | {entry.rule for entry in found.not_claimed}
    titles = {rule: rule_title(results.manifest, rule) for rule in rules}
    if found.findings:
        heading(console, "Findings (audit explain ID tells one)")
    for finding in found.findings:
        amount = money_text(finding.amount, finding.currency)
        last = f"last day {day_text(finding.claim_by)}" if finding.claim_by else "no known last day"
        words = [titles[finding.rule], finding.reference_id, finding.status, units_text(finding.units), amount, last]
        paragraph(console, f"{finding.finding_id}: {_joined(words)}")
    if found.not_claimed:
        heading(console, "Not claimed")
    for entry in found.not_claimed:
        words = [units_text(entry.units), titles[entry.rule], entry.reference_id, day_text(entry.event_date)]
        paragraph(console, f"{entry.reason}: {_joined(words)}. {one_line(entry.explanation)}".rstrip())
    if found.balance:
        heading(console, "Units")
    for row in found.balance:
        ends = ("found", "paid", "corrected", "open", "waiting", "expired")
        paragraph(
            console, f"{row.get('units')} {row.get('family')}: {_joined([f'{row[e]} {e}' for e in ends if row.get(e)])}"
        )
    silent = [] if found.findings else list(silent_rules(results))
    if silent:
        heading(console, "Rules that could not conclude")
    for text in silent:
        paragraph(console, text)


def _joined(words: Sequence[str]) -> str:
    return ", ".join(one_line(word) for word in words if word)


def _figures(figures: Sequence[CurrencyFigures], console: Console) -> None:
    rows: list[tuple[str, Sequence[str]]] = [("dim", ("", "findings", "units", "amount", ""))]
    for figure in figures:
        rows.append(("bold", (figure.currency or "Currency unknown", "", "", "", "")))
        for name, tally in _lines(figure):
            if name in _WORDS and (tally.findings or name == "open"):
                unknown = f"{tally.without_value} without a value" if tally.without_value else ""
                amount = money_text(tally.known, figure.currency)
                cells = (_WORDS[name], f"{tally.findings:,}", f"{tally.units:,}", amount, unknown)
                rows.append(("bold" if name == "open" else "", cells))
    aligned(console, rows, "<>>><", indent=0)


def _lines(figure: CurrencyFigures) -> list[tuple[str, Tally]]:
    return [
        ("open", figure.open),
        *((f"within_{days}_days", tally) for days, tally in figure.soon),
        ("under_review", figure.to_check),
        ("waiting", figure.waiting),
        ("with_amazon", figure.with_amazon),
        ("expired", figure.expired),
        ("already_paid", figure.paid),
        ("may_be_taken_back", figure.exposed),
    ]


def _tally_json(tally: Tally, currency: str) -> dict[str, Any]:
    return {
        "findings": tally.findings,
        "units": tally.units,
        "amount": format_plain(tally.known, currency),
        "without_value": tally.without_value,
    }


def _urgent(results: Results) -> list[Finding]:
    return [finding for finding in to_file(results.findings) if finding.status == "open"][:MOST_URGENT]


def _nothing(results: Results) -> str:
    counts = [entry.get("rows") or {} for entry in entries(results.manifest, "inputs")]
    rows = sum(int(count.get("read") or 0) for count in counts)
    return f"Nothing owed was found in {rows:,} rows of {len(counts)} file{'' if len(counts) == 1 else 's'}."


def _places(results: Results) -> Iterator[tuple[str, str]]:
    yield "summary.html", "the page to read"
    yield "findings.xlsx", "the same as a workbook"
    if results.drafts:
        yield "claims", f"{len(results.drafts):,} draft{'' if len(results.drafts) == 1 else 's'}, ready to file"
    yield "deadlines.ics", "for your calendar"
