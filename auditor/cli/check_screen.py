"""The tables of `audit check`."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from auditor.check import CheckReport


def print_report(report: CheckReport) -> None:
    """Print files, coverage and needs; plain when piped, at most 80 columns wide on a narrow terminal."""
    console = Console()
    if report.as_of:
        console.print(f"As of {report.as_of}")
    console.print(_files(report))
    console.print(_needs(report))
    for line in report.silent:
        worth = (
            " and ".join(f"{amount} {currency}" for currency, amount in line["worth"].items()) or "an unknown amount"
        )
        days = f"from {line['from']} to {line['to']}" if line["from"] else f"up to {line['to']}"
        title = report.catalog.reports[line["report"]].title
        text = f"{line['rule']}: export {title} {days}; {line['units']} units wait for it, worth {worth}"
        console.print(text, markup=False)
    rejects = [(e, reject) for e in report.exports for reject in e.reading.rejects if not e.same_as]
    for export, reject in rejects[:10]:
        words = "left out" if reject.severity == "left_out" else "kept in part"
        console.print(f"{export.source.name}:{reject.line}: {words}: {reject.reason} ({reject.column})", markup=False)
    if len(rejects) > 10:
        console.print(f"... and {len(rejects) - 10} more rows")
    for problem in report.warnings:
        console.print(f"warning: {problem}", markup=False)


def _files(report: CheckReport) -> Table:
    table = Table(title="Files", title_justify="left", box=None, pad_edge=False)
    for name, justify in (("file", "left"), ("report", "left"), ("days", "left"), ("rows", "right"), ("bad", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
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


def _needs(report: CheckReport) -> Table:
    table = Table(title="What each rule needs", title_justify="left", box=None, pad_edge=False)
    for name in ("rule", "report", "state", "what to do"):
        table.add_column(name, overflow="fold")
    for need in report.needs:
        table.add_row(need.rule, report.catalog.reports[need.report].title, need.state, need.remedy)
    return table
