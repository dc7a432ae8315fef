"""What the terminal shows: the outcome of a run, the deadlines, one finding's story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from auditor.model import Finding, NotClaimed, Results
from auditor.policy.money import format_plain
from auditor.publish.cells import day_text, one_line
from auditor.publish.conclusions import not_concluded, silent_rules
from auditor.publish.deadlines import safe_day, to_file, urgency
from auditor.publish.json_values import plain
from auditor.publish.language import ENGLISH
from auditor.publish.layout import aligned, heading, line, paragraph
from auditor.publish.manifest import as_of, entries, exposures, rule_title
from auditor.publish.page_figures import CurrencyFigures, Tally, by_currency
from auditor.publish.speech import Speech, marked, speech_of
from auditor.publish.story import Mentions, Story, story_lines
from auditor.publish.what_if_screen import what_if_json, what_if_screen

MOST_URGENT = 5
_WORDS = {
    "open": marked("Open now"),
    "within_7_days": marked("  last day within 7 days"),
    "within_14_days": marked("  last day within 14 days"),
    "within_30_days": marked("  last day within 30 days"),
    "under_review": marked("  under review: look first"),
    "waiting": marked("Waiting"),
    "with_amazon": marked("With Amazon"),
    "expired": marked("Expired, lost"),
    "may_be_taken_back": marked("May be taken back"),
}
_CONFIDENCES = {"high": marked("confidence high"), "review": marked("confidence review")}
#: Where the day of the audit comes from, as run.json says it; `--as-of` is the option itself.
_NEWEST, _GIVEN = marked("newest date in the exports"), marked("given")
#: What becomes of units that the ledger calls lost or damaged, as run.json names it.
_ENDS = {
    "found": marked("{n} found"),
    "paid": marked("{n} paid"),
    "corrected": marked("{n} corrected"),
    "open": marked("{n} open"),
    "waiting": marked("{n} waiting"),
    "expired": marked("{n} expired"),
}
_FAMILIES = {"lost": marked("{n} lost"), "damaged": marked("{n} damaged")}
_STYLES = {"within 7 days": "bold red", "within 14 days": "yellow", "expired": "dim"}


def terminal() -> Console:
    """The console for standard output: plain when piped, without colours under NO_COLOR."""
    return Console(highlight=False, markup=False, emoji=False)


def summary_screen(results: Results, out: Path, console: Console, speech: Speech) -> None:
    """One screen: what was found, what is urgent, what could not be concluded, where the files are."""
    manifest = results.manifest
    line(console, _headline(manifest, speech), "bold", indent=0)
    if results.findings:
        _figures(by_currency(results.findings, entries(manifest, "already_paid"), exposures(manifest)), console, speech)
    else:
        line(console, _nothing(results, speech), indent=0)
    if urgent := _urgent(results):
        heading(console, speech.say("File next"))
        deadline_table(urgent, results, console, speech)
    if doubts := list(not_concluded(results, speech)):
        heading(console, speech.say("Not concluded"))
        for text in doubts:
            paragraph(console, text)
    if results.what_if:
        what_if_screen(results.what_if, console, speech)
    heading(console, speech.say("Files"))
    for name, what in _places(results, speech):
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
        "not_concluded": list(not_concluded(results, speech_of(ENGLISH))),
        "totals": [dict(entry) for entry in entries(manifest, "totals")],
        "warnings": list(manifest.get("warnings") or ()),
        **({"what_if": what_if_json(results.what_if)} if results.what_if else {}),
    }


def deadlines_screen(
    chosen: Sequence[Finding], results: Results, within: int | None, console: Console, speech: Speech
) -> None:
    """The deadlines of the results, or a sentence that there are none."""
    line(console, _to_file_line(len(chosen), within, as_of(results.manifest).isoformat(), speech), "bold", indent=0)
    if chosen:
        deadline_table(chosen, results, console, speech)


def deadlines_json(chosen: Sequence[Finding], results: Results) -> dict[str, Any]:
    """The deadlines as one JSON object."""
    return {
        "as_of": as_of(results.manifest).isoformat(),
        "deadlines": [{**plain(finding), "urgency": urgency(finding)} for finding in chosen],
    }


def deadline_table(findings: Sequence[Finding], results: Results, console: Console, speech: Speech) -> None:
    """The deadlines in columns; in 80 of them the rule's title gives way first."""
    say = speech.say
    names = (say("safe by"), say("last day"), say("left"), say("units"), say("amount"), say("finding"), say("what"))
    rows: list[tuple[str, Sequence[str]]] = [("dim", names)]
    several = len({finding.account for finding in findings}) > 1
    for finding in findings:
        title = one_line(speech.rule_in_column(rule_title(results.manifest, finding.rule)))
        if several:
            title = f"{one_line(finding.account)}: {title}"
        cells = (
            safe_day(finding).isoformat(),
            day_text(finding.claim_by),
            "" if finding.days_left is None else say("{n} d", n=finding.days_left),
            f"{finding.units:,}",
            speech.money(finding.amount, finding.currency),
            finding.finding_id,
            say("from {day}: ", day=day_text(finding.claim_from)) + title if finding.status == "waiting" else title,
        )
        rows.append((_STYLES.get(urgency(finding), ""), cells))
    aligned(console, rows, "<<>>><<")


def story_screen(told: Story, console: Console, speech: Speech) -> None:
    """One finding's story, a heading at the left of its lines."""
    finding = told.finding
    states = (
        speech.rule(told.title),
        finding.marketplace,
        speech.state(finding.status),
        speech.say(_CONFIDENCES[finding.confidence]),
    )
    line(console, f"{finding.finding_id}: {_joined(states)}", "bold", indent=0)
    for above, text in story_lines(told, speech):
        if above:
            heading(console, above)
        line(console, text)


def mentions_screen(found: Mentions, results: Results, console: Console, speech: Speech) -> None:
    """What the results say about one product or reference, and why a loss may not be in the list."""
    line(console, one_line(found.key), "bold", indent=0)
    silent = [] if found.findings else list(silent_rules(results, speech))
    parts = (
        (speech.say("Findings (audit explain ID tells one)"), [_claimed(f, results, speech) for f in found.findings]),
        (speech.say("Not claimed"), [_not_claimed(entry, results, speech) for entry in found.not_claimed]),
        (speech.say("Units"), [_balance(row, speech) for row in found.balance]),
        (speech.say("Rules that could not conclude"), silent),
    )
    for above, texts in parts:
        if texts:
            heading(console, above)
        for text in texts:
            paragraph(console, text)


def _claimed(finding: Finding, results: Results, speech: Speech) -> str:
    day = day_text(finding.claim_by)
    words = (
        speech.rule(rule_title(results.manifest, finding.rule)),
        finding.reference_id,
        speech.state(finding.status),
        speech.units(finding.units),
        speech.money(finding.amount, finding.currency),
        speech.say("last day {day}", day=day) if day else speech.say("no known last day"),
    )
    return f"{finding.finding_id}: {_joined(words)}"


def _not_claimed(entry: NotClaimed, results: Results, speech: Speech) -> str:
    title = speech.rule(rule_title(results.manifest, entry.rule))
    words = (speech.units(entry.units), title, entry.reference_id, day_text(entry.event_date))
    return f"{speech.reason(entry.reason)}: {_joined(words)}. {one_line(speech.told(entry.explanation))}".rstrip()


def _balance(row: Mapping[str, Any], speech: Speech) -> str:
    ends = [speech.say(message, n=row[end]) for end, message in _ENDS.items() if row.get(end)]
    return f"{speech.say(_FAMILIES[row['family']], n=row['units'])}: {_joined(ends)}"


def _joined(words: Sequence[str]) -> str:
    return ", ".join(one_line(word) for word in words if word)


def _headline(manifest: Mapping[str, Any], speech: Speech) -> str:
    account, day = one_line(str(manifest.get("account") or "")), as_of(manifest)
    source = str(manifest.get("as_of_source") or _GIVEN)
    source = speech.say(source) if source in {_NEWEST, _GIVEN} else one_line(source)
    if account:
        return speech.say("Audit of {account} as of {day} ({source})", account=account, day=day, source=source)
    return speech.say("Audit as of {day} ({source})", day=day, source=source)


def _to_file_line(findings: int, within: int | None, day: str, speech: Speech) -> str:
    if within is None and findings:
        return speech.say("To file, as of {day}", day=day)
    if within is None:
        return speech.say("Nothing is to be filed, as of {day}.", day=day)
    if findings:
        return speech.counted(
            within, "To file within {n} day, as of {day}", "To file within {n} days, as of {day}", day=day
        )
    return speech.counted(
        within,
        "Nothing is to be filed within {n} day, as of {day}.",
        "Nothing is to be filed within {n} days, as of {day}.",
        day=day,
    )


def _figures(figures: Sequence[CurrencyFigures], console: Console, speech: Speech) -> None:
    head = ("", speech.say("findings"), speech.say("units"), speech.say("amount"), "")
    rows: list[tuple[str, Sequence[str]]] = [("dim", head)]
    for figure in figures:
        rows.append(("bold", (figure.currency or speech.say("Currency unknown"), "", "", "", "")))
        for name, tally in _lines(figure):
            if name in _WORDS and (tally.findings or name == "open"):
                unknown = speech.say("{n} without a value", n=tally.without_value) if tally.without_value else ""
                amount = speech.money(tally.known, figure.currency)
                cells = (speech.say(_WORDS[name]), f"{tally.findings:,}", f"{tally.units:,}", amount, unknown)
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


def _nothing(results: Results, speech: Speech) -> str:
    counts = [entry.get("rows") or {} for entry in entries(results.manifest, "inputs")]
    rows = speech.counted(sum(int(count.get("read") or 0) for count in counts), "{n} row", "{n} rows")
    files = speech.counted(len(counts), "{n} file", "{n} files")
    return speech.say("Nothing owed was found in {rows} of {files}.", rows=rows, files=files)


def _places(results: Results, speech: Speech) -> Iterator[tuple[str, str]]:
    yield "summary.html", speech.say("the page to read")
    yield "findings.xlsx", speech.say("the same as a workbook")
    if results.drafts:
        yield "claims", speech.counted(len(results.drafts), "{n} draft, ready to file", "{n} drafts, ready to file")
    yield "deadlines.ics", speech.say("for your calendar")
