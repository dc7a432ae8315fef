"""`audit accounts`: who is looked after."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli.accounts_alerts import COMMANDS

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("accounts.toml"))


@click.group("accounts")
def accounts() -> None:
    """Keep the list of accounts that a batch audits.

    \b
    Examples:
      audit accounts check
      audit accounts check clients/accounts.toml --json
    """


for command in COMMANDS:
    accounts.add_command(command)


@accounts.command("check")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def check(ctx: click.Context, /, file: Path, as_json: bool) -> None:
    """Show the accounts of FILE (default: accounts.toml) and everything that is wrong with it.

    Looks at the file and at the folders that it names; no export is read. Exits 2 when something is wrong: a batch
    leaves such accounts out, names them and audits the others.

    \b
    Examples:
      audit accounts check
      audit accounts check clients/accounts.toml
      audit accounts check clients/accounts.toml --json
    """
    from auditor.accounts.listing import missing_exports, read_listing
    from auditor.cli.accounts_screen import accounts_json, accounts_screen
    from auditor.publish.screen import terminal

    listing = read_listing(file)
    missing = {account.id: missing_exports(account, str(file)) for account in listing.accounts}
    problems = [*listing.problems, *(problem for found in missing.values() for problem in found)]
    if as_json:
        click.echo(json.dumps(accounts_json(listing, missing), ensure_ascii=False, indent=2))
    else:
        accounts_screen(listing, missing, terminal())
    for problem in sorted(problems, key=lambda problem: problem.line or 0):
        click.echo(f"audit: {problem}", err=True)
    if problems:
        ctx.exit(2)
