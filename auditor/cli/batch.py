"""`audit batch`: many accounts, one after the other or side by side."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.case_log import database_option, remember, url_in
from auditor.cli.options import Day, default_workspace
from auditor.cli.settings import rule_settings

if TYPE_CHECKING:
    from auditor.accounts.batch import Order
    from auditor.accounts.listing import Listing

DEFAULT_OUT = Path("audit-batch")


@click.command("batch")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="ACCOUNTS.toml")
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Accounts at a time, each on one processor (default: all)."
)
@click.option("--cluster", default="", metavar="URL", help="Work on a Dask cluster, as tcp://scheduler:8786.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=True, help="Folder of all results."
)
@click.option("--as-of", type=Day(), help="Day the audits speak for (default: newest date in each account's exports).")
@click.option("--only", multiple=True, metavar="ID", help="Only this account; may be given several times.")
@click.option("--accept", multiple=True, metavar="ID", help="You have checked: the exports are this account's.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder for what was read before and the case log.")
@click.option("--rules", "rule_folders", multiple=True, type=click.Path(path_type=Path), help="More rules.")
@click.option("--policy", "policy_folder", type=click.Path(path_type=Path), help="Another policy folder.")
@click.option(
    "--time-limit", type=click.FloatRange(min=1), default=1800, show_default=True, help="Seconds an account may take."
)
@click.option(
    "--memory-limit", type=click.IntRange(min=64), default=4096, show_default=True, help="MiB an account may take."
)
@database_option
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    file: Path,
    jobs: int | None,
    cluster: str,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Audit every account of the list into a folder of its own below --out.

    An account of which nothing is new is skipped. One that fails, hangs or crashes is tried once more, then named;
    the others finish, and its old results stay. One without results or exports gets start.html, which says what to do
    first. Exits 5 when accounts failed.

    \b
    Examples:
      audit batch accounts.toml
      audit batch accounts.toml --jobs 4 --out results/
      audit batch accounts.toml --only blue_kettle --as-of 2026-05-31
      audit batch accounts.toml --cluster tcp://scheduler:8786 --quiet
    """
    from auditor.accounts.listing import read_listing
    from auditor.accounts.night import audit_accounts
    from auditor.rulebook.rules import load_rules

    listing = read_listing(file)
    order = _order(file, **options)
    load_rules(order.rule_folders, order.rule_settings)  # what no account could run with is told before the first
    on_end = _progress if not (quiet or as_json) else lambda *_: None
    content = audit_accounts(listing, order, jobs=jobs or _cores(), cluster=cluster, on_end=on_end)
    _remember(listing, order)
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    elif not quiet:
        from auditor.cli.batch_screen import batch_screen
        from auditor.publish.screen import terminal

        batch_screen(content, order.out, terminal())
    for entry in content["accounts"]:
        if entry["id"] in content["failed"]:
            for problem in entry["problems"]:
                click.echo(f"audit: {entry['id']}: {problem}", err=True)
    if content["failed"]:
        ctx.exit(5)


def _order(
    file: Path,
    *,
    out: Path,
    workspace: Path | None,
    as_of: date | None,
    database_url: str | None,
    **options: Any,
) -> Order:
    from auditor.accounts.batch import Order
    from auditor.store.workspace import open_workspace

    base = open_workspace(workspace) if workspace else default_workspace("batch", [file])
    folders = options.pop("rule_folders")
    return Order(
        out.resolve(),
        base.folder.resolve(),
        database_url or url_in(base),
        as_of,
        rule_folders=tuple(folders),
        rule_settings=rule_settings(),
        **options,
    )


def _remember(listing: Listing, order: Order) -> None:
    """So that `audit claims --out DIR/ID` finds the case log of the batch."""
    from auditor.store.workspace import Workspace

    for account in listing.accounts:
        if not account.case_log and (order.out / account.id).is_dir():
            remember(order.out / account.id, Workspace(order.workspace))


def _progress(number: int, count: int, account_id: str, state: str) -> None:
    from rich.console import Console

    if Console(stderr=True).is_terminal:
        click.echo(f"{number}/{count} {account_id}: {state}", err=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
