"""`audit deadlines`: what must be filed by when, for one account or for all of a list."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.batch import DEFAULT_OUT as DEFAULT_BATCH
from auditor.cli.language import language_option, spoken
from auditor.cli.options import Day

if TYPE_CHECKING:
    from auditor.model import Problem, Results


@click.command()
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS", help="Only what ends within so many days.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-results"),
    show_default=True,
    help="The results folder of `audit run`.",
)
@click.option(
    "--accounts",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="All accounts of this accounts.toml instead, from the results of `audit batch`.",
)
@click.option(
    "--batch",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_BATCH,
    show_default=True,
    help="The results folder of `audit batch`.",
)
@click.option("--owner", default="", metavar="ID", help="Only the accounts of this person.")
@click.option("--as-of", "day", type=Day(), help="Count days from here (default: newest day of any results).")
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write them as a calendar file too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option(
    "--fail-within", type=click.IntRange(min=0), metavar="DAYS", help="Exit 4 if an open finding expires soon."
)
@language_option()
@click.pass_context
def deadlines(  # noqa: PLR0913, PLR0917 - one argument per option
    ctx: click.Context,
    /,
    within: int | None,
    out: Path,
    accounts: Path | None,
    batch: Path,
    owner: str,
    day: date | None,
    ics: Path | None,
    as_json: bool,
    fail_within: int | None,
    language: str | None,
) -> None:
    """Show what must be filed by when, the nearest first.

    Days count from the as-of date of the results to the last day of the claim window. "Safe by" is two days
    earlier: Amazon documents neither the time zone nor whether the last day counts. With --accounts, days of all
    accounts count from one day; accounts without results are named, and exit 5 says so.

    \b
    Examples:
      audit deadlines
      audit deadlines --within 14
      audit deadlines --within 30 --ics deadlines.ics
      audit deadlines --out results/march --json
      audit deadlines --accounts accounts.toml --owner mara --fail-within 3
    """
    from auditor.publish.calendar import calendar_bytes
    from auditor.publish.deadlines import to_file
    from auditor.publish.folder import write_file
    from auditor.publish.screen import deadlines_json, deadlines_screen, terminal

    if accounts is None and (owner or day):
        raise click.UsageError("--owner and --as-of are for many accounts: name their list with --accounts.")
    results, problems = _results(out, accounts, batch, owner, day)
    chosen = to_file(results.findings, within)
    if ics is not None:
        ended = [finding for finding in results.findings if finding.status not in {"open", "waiting"}]
        write_file(ics, calendar_bytes([*chosen, *ended], results.manifest))
    if as_json:
        click.echo(json.dumps(deadlines_json(chosen, results), ensure_ascii=False, indent=2))
    else:
        speech = spoken(language)
        deadlines_screen(chosen, results, within, terminal(), speech)
        if ics is not None:
            click.echo("\n" + speech.say("Written: {file}", file=ics))
    for problem in problems:
        click.echo(f"audit: {problem}", err=True)
    if problems:
        ctx.exit(5)
    if fail_within is not None and any(
        f.status == "open" and f.days_left is not None and f.days_left <= fail_within for f in to_file(results.findings)
    ):
        ctx.exit(4)


def _results(
    out: Path, accounts: Path | None, batch: Path, owner: str, day: date | None
) -> tuple[Results, list[Problem]]:
    """The results whose deadlines are meant, and the accounts that have none."""
    if accounts is None:
        from auditor.publish.reading import read_results

        return read_results(out), []
    from auditor.accounts.deadlines import deadlines_of
    from auditor.accounts.listing import read_listing

    return deadlines_of(read_listing(accounts), batch, owner, day)
