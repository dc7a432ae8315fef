"""`audit portfolio`: whom to call first, and why."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import click

from auditor.cli.case_log import database_option
from auditor.cli.options import Day


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("accounts.toml"))
@click.option(
    "--batch",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("batch-results"),
    show_default=True,
    help="The results folder of `audit batch`: one folder an account.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where to write (default: into --batch).")
@click.option("--as-of", "day", type=Day(), help="The day to look at (default: newest day of any results).")
@click.option("--page-url", default="", metavar="URL", help="Where people open the page; digests link to it.")
@click.option("--json", "as_json", is_flag=True, help="Print portfolio.json and nothing else.")
@database_option
@click.pass_context
def portfolio(
    ctx: click.Context,
    /,
    file: Path,
    batch: Path,
    out: Path | None,
    day: date | None,
    page_url: str,
    as_json: bool,
    database_url: str | None,
) -> None:
    """Raise the alerts of the day for every account of FILE, and write the portfolio and the digests.

    Reads what `audit batch` wrote and the case logs; audits nothing and sends nothing. Writes portfolio.html,
    portfolio.json, alerts.csv, and for each person with something new to do a digest as e-mail, Slack and Teams message
    in digests/, beside a calendar. The same day again changes nothing.

    \b
    Examples:
      audit portfolio accounts.toml
      audit portfolio accounts.toml --batch nightly/ --as-of 2026-05-31
      audit portfolio accounts.toml --page-url https://intranet.example/portfolio.html
    """
    from auditor.accounts.listing import read_listing
    from auditor.accounts.portfolio import build, standing_alerts
    from auditor.accounts.portfolio_files import write_portfolio
    from auditor.accounts.portfolio_page import portfolio_json

    if page_url and not page_url.startswith(("https://", "http://")):
        raise click.BadParameter("it must begin with https:// or http://.", param_hint="--page-url")
    made = build(read_listing(file), batch, day, database_url or "")
    target = out or batch
    written = write_portfolio(made, target, _from_to(target, batch), page_url)
    if as_json:
        click.echo(json.dumps(portfolio_json(made), ensure_ascii=False, indent=1, default=str))
    else:
        _tell(made.day, len(made.accounts), standing_alerts(made.accounts), target, len(written))
    for problem in made.problems:
        click.echo(f"audit: {problem}", err=True)
    if made.problems:
        ctx.exit(5)


def _tell(day: date, accounts: int, alerts: int, target: Path, files: int) -> None:
    click.echo(f"{day}: {accounts} accounts, {alerts} alerts stand.")
    click.echo(f"Written: {target / 'portfolio.html'} and {files - 1} more files")


def _from_to(page: Path, results: Path) -> str:
    """The way from the page's folder to the results, as a link has it; "" when they are the same."""
    way = Path(os.path.relpath(results.resolve(), page.resolve())).as_posix()
    return "" if way == "." else way
