"""`audit policy diff`: what a change of policy did to the claims and the money of one audit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.options import Day

if TYPE_CHECKING:
    from auditor.policy.comparison import Comparison, Move
    from auditor.policy.rows import Window


@click.command("diff")
@click.argument("first", metavar="DATE1", type=Day())
@click.argument("second", metavar="DATE2", type=Day())
@click.option(
    "--on", "out", metavar="RUN", type=click.Path(path_type=Path), default=Path("audit-results"), show_default=True,
    help="The results folder of `audit run`.",
)  # fmt: skip
@click.option("--policy", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Another policy folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def diff(first: date, second: date, out: Path, folder: Path | None, as_json: bool) -> None:
    """Compare two days of filing: which windows differ, and what that did to the findings of RUN.

    Each finding is judged three times: on DATE1, on DATE2 as if DATE1's windows still held (what time alone does), and
    on DATE2 as it is. Where the last two differ, the policy made the difference.

    \b
    Examples:
      audit policy diff 2024-10-22 2024-10-23 --on results/us
      audit policy diff 2024-12-31 2026-06-30 --on results/de --json
    """
    from auditor.policy import load_policy
    from auditor.policy.comparison import compare
    from auditor.publish.manifest import entries
    from auditor.publish.reading import read_results

    results = read_results(out)
    window_of = {rule["rule"]: rule["window"] for rule in entries(results.manifest, "rules")}
    found = compare(load_policy(folder), results.findings, window_of, first, second)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    _print(found)


def _print(found: Comparison) -> None:
    click.echo(f"Filing on {found.second} instead of {found.first}\n")
    click.echo("Windows that differ" if found.changes else "No window of these findings differs.")
    for change in found.changes:
        click.echo(f"  {change.claim_type}, {change.region}: {_words(change.before)} -> {_words(change.after)}")
        if change.after:
            since = f"since {change.after.effective_from}" if change.after.effective_from else "undated"
            click.echo(f"    {since}, {change.after.confidence}: {change.after.source or 'no public source'}")
    _print_moves("\nChanged by the policy", [move for move in found.moves if move.by_policy])
    _print_moves("\nChanged by time alone", [m for m in found.moves if not m.by_policy and m.first != m.second])
    _print_moves("\nUnchanged", [m for m in found.moves if not m.by_policy and m.first == m.second])
    if found.without_window:
        click.echo(f"\n{found.without_window} findings have no claim window and are not compared.")


def _print_moves(title: str, moves: list[Move]) -> None:
    from rich.console import Console
    from rich.table import Table

    from auditor.publish.cells import money_text

    if not moves:
        return
    click.echo(title)
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("rule", no_wrap=True)
    for name in ("from", "to", "instead of"):
        table.add_column(name)
    for name in ("findings", "units", "amount"):
        table.add_column(name, justify="right")
    for move in moves:
        amount = money_text(move.amount, move.currency) if move.findings > move.without_value else "unknown"
        instead = move.by_time if move.by_policy else ""
        table.add_row(move.rule, move.first, move.second, instead, str(move.findings), str(move.units), amount)
    Console(highlight=False, markup=False).print(table)


def _words(window: Window | None) -> str:
    if window is None:
        return "no window documented"
    return f"{window.wait_days} days to {window.limit}" if window.wait_days else f"to {window.limit}"
