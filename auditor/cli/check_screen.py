"""The tables of `audit check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rich.console import Console
from rich.table import Table

from auditor.check import CheckReport
from auditor.publish.speech import Speech, marked

MOST_REJECTS = 10
_WITHOUT = {
    "no_finding": marked("no finding"),
    "review": marked("review"),
    "not_seen": marked("unseen"),
    "no_amount": marked("no amount"),
}
_STATES = {
    "covered": marked("covered"),
    "missing": marked("missing"),
    "has gaps": marked("has gaps"),
    "ends early": marked("ends early"),
}
_LEGEND = marked(
    "No finding, review: the rule concludes from rows that are not there, and only on days that are covered. "
    "Unseen: what happened on other days is not found."
)
#: So many files of one encoding are named.
FEW_FILES = 3


def print_report(report: CheckReport, console: Console, speech: Speech) -> None:
    """Print files, days, needs and what to export; plain when piped, within 80 columns on a narrow terminal.

    Warnings and the way to an export in Seller Central are in English.
    """
    if report.as_of:
        console.print(speech.say("As of {day}", day=report.as_of), markup=False)
        console.print()
    for table in (_files(report, speech), _days_covered(report, speech), _needs(report, speech)):
        console.print(table)
        console.print()
    if encodings := _encodings(report, speech):
        console.print(f"{encodings}\n", markup=False)
    console.print(f"{speech.say(_LEGEND)}\n")
    if report.to_export:
        console.print(_to_export(report, speech))
        for name in dict.fromkeys(name for line in report.to_export for name in (line.report, *line.instead)):
            export = report.catalog.reports[name]
            console.print(f"{speech.reports(export.title)}: {export.download}", markup=False)
        console.print()
    _print_rejects(console, report, speech)
    for problem in report.warnings:
        console.print(f"warning: {problem}", markup=False)


def _print_rejects(console: Console, report: CheckReport, speech: Speech) -> None:
    rejects = [(e, reject) for e in report.exports for reject in e.reading.rejects if not e.same_as]
    for export, reject in rejects[:MOST_REJECTS]:
        words = speech.say("left out") if reject.severity == "left_out" else speech.say("kept in part")
        column = f" ({reject.column})" if reject.column else ""
        console.print(f"{export.source.name}:{reject.line}: {words}: {speech.why(reject.reason)}{column}", markup=False)
    if (more := len(rejects) - MOST_REJECTS) > 0:
        console.print(speech.counted(more, "... and {n} more row", "... and {n} more rows"))


def _table(title: str, *columns: str) -> Table:
    """A table without lines; a column whose name begins with `#` holds numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.removeprefix("#"), justify="right" if name.startswith("#") else "left", overflow="fold")
    return table


def _files(report: CheckReport, speech: Speech) -> Table:
    say = speech.say
    table = _table(say("Files"), say("file"), say("report"), say("days"), "#" + say("rows"), "#" + say("bad"))
    for export in report.exports:
        reading = export.reading
        if reading.report_id is None:
            why = speech.why(reading.why_unknown) or say("cannot be read")
            table.add_row(export.source.name, say("unknown: {why}", why=why), "", "", "")
            continue
        title = speech.reports(report.catalog.reports[reading.report_id].title)
        note = say(" (same as {file})", file=export.same_as) if export.same_as else ""
        days = _span(reading.first_date, reading.last_date, speech) if reading.first_date else ""
        days = days or ("" if reading.rows_read else say("no rows"))
        table.add_row(export.source.name, title + note, days, str(reading.rows_read), str(reading.rows_rejected))
    return table


def _days_covered(report: CheckReport, speech: Speech) -> Table:
    say = speech.say
    table = _table(say("Days covered"), say("report"), say("from"), say("to"), say("gaps"), "#" + say("rows"))
    for line in report.reports:
        title = speech.reports(line["title"])
        if not line["present"]:
            table.add_row(title, say("missing"), "", "", "")
            continue
        first, last = line["first_date"], line["last_date"]
        gaps = ", ".join(_span(gap["from"], gap["to"], speech) for gap in line["gaps"])
        table.add_row(
            title, first or say("no days"), last or "", gaps or (say("none") if first else ""), str(line["rows"])
        )
    return table


def _encodings(report: CheckReport, speech: Speech) -> str:
    """How the bytes of the exports were read, the encodings of few files by their names."""
    files: dict[str, list[str]] = {}
    for export in report.exports:
        if export.reading.encoding and export.reading.report_id:
            files.setdefault(export.reading.encoding, []).append(export.source.name)
    parts = []
    for encoding, names in sorted(files.items(), key=lambda item: (-len(item[1]), item[0])):
        many = speech.counted(len(names), "{n} file", "{n} files")
        shown = ", ".join(names) if len(names) <= FEW_FILES else many
        parts.append(speech.say("{encoding} in {files}", encoding=encoding, files=shown))
    return speech.say("Read as: {files}", files="; ".join(parts)) if parts else ""


def _needs(report: CheckReport, speech: Speech) -> Table:
    say = speech.say
    table = _table(say("What each rule needs"), say("rule"), say("export"), say("without it"), say("state"))
    table.columns[0].no_wrap = True
    before = ""
    for need in report.needs:
        rule = need.rule if need.rule != before else ""
        table.add_row(rule, speech.reports(need.title), say(_WITHOUT[need.without]), say(_STATES[need.state]))
        before = need.rule
    return table


def _to_export(report: CheckReport, speech: Speech) -> Table:
    say = speech.say
    names = (say("export"), say("days"), say("for"), "#" + say("units"), say("may be worth"))
    table = _table(say("What to export next"), *names)
    table.columns[2].no_wrap = True
    for line in report.to_export:
        worth, units = (_worth(line.worth, speech), str(line.units)) if line.units else (say("not known"), "")
        table.add_row(speech.reports(line.title), _spans(line.days, speech), line.rule, units, worth)
    return table


def _span(first: date | str, last: date | str | None, speech: Speech) -> str:
    return speech.say("{first} to {last}", first=first, last=last)


def _spans(days: Iterable[tuple[date | None, date]], speech: Speech) -> str:
    spans = [_span(first, last, speech) if first else speech.say("up to {day}", day=last) for first, last in days]
    return "\n".join(spans) or speech.say("as it is")


def _worth(worth: Mapping[str, str], speech: Speech) -> str:
    amounts = [f"{amount} {currency}" for currency, amount in worth.items()]
    return speech.say(" and ").join(amounts) or speech.say("an unknown amount")
