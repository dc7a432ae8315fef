"""`audit deadlines`: what must be filed by when."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS", help="Only what ends within so many days.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-results"),
    show_default=True,
    help="The results folder of `audit run`.",
)
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write them as a calendar file too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def deadlines(within: int | None, out: Path, ics: Path | None, as_json: bool) -> None:
    """Show what must be filed by when, the nearest first.

    Days count from the as-of date of the results to the last day of the claim window. "Safe by" is two days
    earlier: Amazon documents neither the time zone nor whether the last day counts.

    \b
    Examples:
      audit deadlines
      audit deadlines --within 14
      audit deadlines --within 30 --ics deadlines.ics
      audit deadlines --out results/march --json
    """
    from auditor.publish.calendar import calendar_bytes
    from auditor.publish.deadlines import to_file
    from auditor.publish.folder import write_file
    from auditor.publish.reading import read_results
    from auditor.publish.screen import deadlines_json, deadlines_screen, terminal

    results = read_results(out)
    chosen = to_file(results.findings, within)
    if ics is not None:
        write_file(ics, calendar_bytes(chosen, results.manifest))
    if as_json:
        click.echo(json.dumps(deadlines_json(chosen, results), ensure_ascii=False, indent=2))
        return
    deadlines_screen(chosen, results, within, terminal())
    if ics is not None:
        click.echo(f"\nWritten: {ics}")
