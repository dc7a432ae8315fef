"""The tables of `audit check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rich.console import Console
from rich.table import Table

from auditor.check import CheckReport

MOST_REJECTS = 10
_WITHOUT = {"no_finding": "no finding", "review": "review", "not_seen": "unseen", "no_amount": "no amount"}
_LEGEND = (
    "No finding, review: the rule concludes from rows that are not there, and only on days that are covered. "
    "Unseen: what happened on other days is not found."
)
#: So many files of one encoding are named.
FEW_FILES = 3


def print_report(report: CheckReport) -> None:
    """Print files, days, needs and what to export; plain when piped, within 80 columns on a narrow terminal."""
    console = Console()
    if report.as_of:
        console.print(f"As of {report.as_of}\n")
    for table in (_files(report), _days_covered(report), _needs(report)):
        console.print(table)
        console.print()
    if encodings := _encodings(report):
        console.print(f"{encodings}\n", markup=False)
    console.print(f"{_LEGEND}\n")
    if report.to_export:
        console.print(_to_export(report))
        for name in dict.fromkeys(name for line in report.to_export for name in (line.report, *line.instead)):
            export = report.catalog.reports[name]
            console.print(f"{export.title}: {export.download}", markup=False)
        console.print()
    _print_rejects(console, report)
    for problem in report.warnings:
        console.print(f"warning: {problem}", markup=False)


def _print_rejects(console: Console, report: CheckReport) -> None:
    rejects = [(e, reject) for e in report.exports for reject in e.reading.rejects if not e.same_as]
    for export, reject in rejects[:MOST_REJECTS]:
        words = "left out" if reject.severity == "left_out" else "kept in part"
        column = f" ({reject.column})" if reject.column else ""
        console.print(f"{export.source.name}:{reject.line}: {words}: {reject.reason}{column}", markup=False)
    if len(rejects) > MOST_REJECTS:
        console.print(f"... and {len(rejects) - MOST_REJECTS} more rows")


def _table(title: str, *columns: str) -> Table:
    """A table without lines; a column whose name begins with `#` holds numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.removeprefix("#"), justify="right" if name.startswith("#") else "left", overflow="fold")
    return table


def _files(report: CheckReport) -> Table:
    table = _table("Files", "file", "report", "days", "#rows", "#bad")
    for export in report.exports:
        reading = export.reading
        if reading.report_id is None:
            table.add_row(export.source.name, f"unknown: {reading.why_unknown or 'cannot be read'}", "", "", "")
            continue
        title = report.catalog.reports[reading.report_id].title
        note = f" (same as {export.same_as})" if export.same_as else ""
        days = f"{reading.first_date} to {reading.last_date}" if reading.first_date else ""
        days = days or ("" if reading.rows_read else "no rows")
        table.add_row(export.source.name, title + note, days, str(reading.rows_read), str(reading.rows_rejected))
    return table


def _days_covered(report: CheckReport) -> Table:
    table = _table("Days covered", "report", "from", "to", "gaps", "#rows")
    for line in report.reports:
        if not line["present"]:
            table.add_row(line["title"], "missing", "", "", "")
            continue
        gaps = ", ".join(f"{gap['from']} to {gap['to']}" for gap in line["gaps"]) or (
            "none" if line["first_date"] else ""
        )
        table.add_row(line["title"], line["first_date"] or "no days", line["last_date"] or "", gaps, str(line["rows"]))
    return table


def _encodings(report: CheckReport) -> str:
    """How the bytes of the exports were read, the encodings of few files by their names."""
    files: dict[str, list[str]] = {}
    for export in report.exports:
        if export.reading.encoding and export.reading.report_id:
            files.setdefault(export.reading.encoding, []).append(export.source.name)
    parts = [
        f"{encoding} in {', '.join(names) if len(names) <= FEW_FILES else f'{len(names)} files'}"
        for encoding, names in sorted(files.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    return f"Read as: {'; '.join(parts)}" if parts else ""


def _needs(report: CheckReport) -> Table:
    table = _table("What each rule needs", "rule", "export", "without it", "state")
    table.columns[0].no_wrap = True
    before = ""
    for need in report.needs:
        table.add_row(need.rule if need.rule != before else "", need.title, _WITHOUT[need.without], need.state)
        before = need.rule
    return table


def _to_export(report: CheckReport) -> Table:
    table = _table("What to export next", "export", "days", "for", "#units", "may be worth")
    table.columns[2].no_wrap = True
    for line in report.to_export:
        worth, units = (_worth(line.worth), str(line.units)) if line.units else ("not known", "")
        table.add_row(line.title, _spans(line.days), line.rule, units, worth)
    return table


def _spans(days: Iterable[tuple[date | None, date]]) -> str:
    return "\n".join(f"{first} to {last}" if first else f"up to {last}" for first, last in days) or "as it is"


def _worth(worth: Mapping[str, str]) -> str:
    return " and ".join(f"{amount} {currency}" for currency, amount in worth.items()) or "an unknown amount"
