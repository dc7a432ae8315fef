"""`audit portfolio`: whom to call first, and why."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from auditor.cli.batch_log import batch_options, log_url
from auditor.cli.options import Day

if TYPE_CHECKING:
    from auditor.accounts.portfolio import Portfolio


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("accounts.toml"))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write (default: into --batch). A folder that `audit batch` wrote is the batch itself.",
)
@click.option("--as-of", "day", type=Day(), help="The day to look at (default: newest day of any results).")
@click.option("--page-url", default="", metavar="URL", help="Where people open the page; digests link to it.")
@click.option(
    "--send-to",
    "channels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Send the digests too: a TOML file with the channels of each person, as apprise writes them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print portfolio.json and nothing else.")
@batch_options
@click.pass_context
def portfolio(
    ctx: click.Context,
    /,
    file: Path,
    out: Path | None,
    day: date | None,
    page_url: str,
    channels: Path | None,
    as_json: bool,
    **where: Any,
) -> None:
    """Raise the alerts of the day for every account of FILE, and write the portfolio and the digests.

    Reads what `audit batch` wrote and the case logs; audits nothing, and sends nothing without --send-to. Writes
    portfolio.html, portfolio.json, alerts.csv, for each person with something new to do a digest as e-mail, Slack and
    Teams message in digests/, beside a calendar, and in messages/ drafts to sellers. Each day is kept in trend.json in
    the folder of the batch. The same day again changes nothing.

    \b
    Examples:
      audit portfolio accounts.toml
      audit portfolio accounts.toml --batch nightly/ --as-of 2026-05-31
      audit portfolio accounts.toml --page-url https://intranet.example/portfolio.html
      audit portfolio accounts.toml --send-to channels.toml
    """
    from auditor.accounts.listing import read_listing
    from auditor.accounts.portfolio import build, standing_alerts
    from auditor.accounts.portfolio_files import write_portfolio
    from auditor.accounts.portfolio_page import portfolio_json

    if page_url and not page_url.startswith(("https://", "http://")):
        raise click.BadParameter("it must begin with https:// or http://.", param_hint="--page-url")
    batch = _batch(where["batch"], out, named=ctx.get_parameter_source("batch") is not ParameterSource.DEFAULT)
    made = build(read_listing(file), batch, log_url(file, where), day)
    target = out or batch
    written = write_portfolio(made, target, _from_to(target, batch), page_url)
    if as_json:
        click.echo(json.dumps(portfolio_json(made), ensure_ascii=False, indent=1, default=str))
    else:
        _tell(made.day, len(made.accounts), standing_alerts(made.accounts), target, len(written))
    if channels:
        _send(made, target, channels, page_url)
    for problem in made.problems:
        click.echo(f"audit: {problem}", err=True)
    if made.problems:
        ctx.exit(5)


def _batch(batch: Path, out: Path | None, *, named: bool) -> Path:
    """The results to read: --batch, or --out when it alone was named and `audit batch` has written there."""
    from auditor.accounts.record import RECORD

    return out if out and not named and (out / RECORD).is_file() else batch


def _send(made: Portfolio, target: Path, channels: Path, page_url: str) -> None:
    """Send the digests. A channel that fails is named and stops nothing: the files are written."""
    from auditor.accounts.digest import digests
    from auditor.accounts.sending import deliver, read_channels

    for done in deliver(list(digests(made, page_url)), read_channels(channels), target):
        click.echo(
            f"Digest of {done.person} by {done.channel}: {done.outcome}.", err=done.outcome in {"failed", "unknown"}
        )


def _tell(day: date, accounts: int, alerts: int, target: Path, files: int) -> None:
    click.echo(f"{day}: {accounts} accounts, {alerts} alerts stand.")
    click.echo(f"Written: {target / 'portfolio.html'} and {files - 1} more files")


def _from_to(page: Path, results: Path) -> str:
    """The way from the page's folder to the results, as a link has it; "" when they are the same."""
    way = Path(os.path.relpath(results.resolve(), page.resolve())).as_posix()
    return "" if way == "." else way
