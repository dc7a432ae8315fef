"""`audit policy`: the claim windows, values and caps in force on a day, with their sources."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from auditor.cli.policy_diff import diff

if TYPE_CHECKING:
    from auditor.policy import Window
    from auditor.policy.overview import Overview
    from auditor.policy.rows import DatedRow

Key = TypeVar("Key", bound=Hashable)

_WORTH = {
    "cost": "sourcing cost",
    "order": "price of the order less fees",
    "proceeds": "estimated sale price less fees",
    "charge": "the amount charged or taken back",
}


@click.group("policy")
def policy() -> None:
    """Amazon's claim windows, as dated data with sources.

    \b
    Examples:
      audit policy show
      audit policy show --marketplace DE --on 2024-12-31
      audit policy diff 2024-10-22 2024-10-23 --on results/us
    """


policy.add_command(diff)


@policy.command("show")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of filing; today when not given.")
@click.option("--marketplace", metavar="CC", help="One marketplace (DE, UK, Amazon.co.jp): also values, cap and notes.")
@click.option(
    "--policy", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Replaces the built-in policy."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show(on: datetime | None, marketplace: str | None, folder: Path | None, as_json: bool) -> None:
    """Show the claim windows in force on a day, with their sources.

    The window in force on the day of FILING counts, whatever the day of the loss.

    \b
    Examples:
      audit policy show
      audit policy show --marketplace US
      audit policy show --marketplace JP --on 2024-12-31
      audit policy show --policy my-policy --json
    """
    from auditor.policy import load_policy
    from auditor.policy.overview import overview

    rules = load_policy(folder)
    shown = overview(rules, (on or datetime.now().astimezone()).date(), marketplace)
    if as_json:
        about = {"on_source": "--on" if on else "today", "version": rules.version, "checked": rules.checked.isoformat()}
        click.echo(json.dumps({**shown.as_json(), **about}, ensure_ascii=False, indent=2))
        return
    place = f" in {shown.marketplace} (region {rules.region(shown.marketplace)})" if shown.marketplace else ""
    click.echo(f"Claim windows{place} on {shown.on}" + ("" if on else ", today (another day: --on DATE)"))
    click.echo(f"Policy {rules.version}, checked against its sources on {rules.checked}\n")
    _print(shown)


def _print(shown: Overview) -> None:
    numbers = {source: n for n, source in enumerate(dict.fromkeys(row.source for row in shown.rows if row.source), 1)}
    _print_windows(shown.windows, numbers)
    for claim_type in shown.undocumented:
        click.echo(f"{claim_type}: no window is documented.")
    _print_anchors(shown.windows)
    if shown.marketplace:
        _print_values(shown, numbers)
        _print_notes(shown)
    click.echo("\nSources (a dash stands for an assumption)")
    for source, number in numbers.items():
        click.echo(f"[{number}] {source}")


def _print_windows(windows: tuple[Window, ...], numbers: dict[str, int]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in ("claim", "region", "window", "since", "confidence", "source"):
        table.add_column(header, overflow="fold")
    for window, regions in _grouped((replace(window, region=""), window.region) for window in windows):
        since = str(window.effective_from or "undated")
        where = " ".join(regions)
        table.add_row(window.claim_type, where, _days(window), since, window.confidence, _cite(window, numbers))
    Console(highlight=False, markup=False).print(table)


def _print_anchors(windows: tuple[Window, ...]) -> None:
    click.echo("\nCounted from (a window without a first day opens when Seller Central says so)")
    for (claim_type, anchor), regions in _grouped(((w.claim_type, w.anchor), w.region) for w in windows):
        click.echo(f"{claim_type}: {anchor.replace('_', ' ')} ({' '.join(regions)})")


def _print_values(shown: Overview, numbers: dict[str, int]) -> None:
    click.echo("\nWhat a unit is worth")
    for row in shown.bases:
        click.echo(f"{row.claim_type}: {_WORTH[row.basis]}, {row.confidence} {_cite(row, numbers)}")
    cap = shown.cap
    most = f"{cap.amount} {cap.currency}, {cap.confidence} {_cite(cap, numbers)}" if cap else "none documented"
    click.echo(f"at most, for one unit: {most}")


def _print_notes(shown: Overview) -> None:
    click.echo("\nNotes")
    for note, subjects in _grouped((row.note, row.subject or "cap") for row in shown.rows if row.note):
        text = f"{', '.join(subjects)}: {note}"
        click.echo(textwrap.fill(text, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def _grouped(pairs: Iterable[tuple[Key, str]]) -> Iterable[tuple[Key, list[str]]]:
    """Equal keys once, in the order of their first appearance, with all that belongs to them."""
    groups: dict[Key, list[str]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return groups.items()


def _days(window: Window) -> str:
    if window.wait_days is None:
        return f"to {window.limit}"
    first = str(window.wait_days) if window.limit.unit == "days" else f"{window.wait_days} days"
    return f"{first} to {window.limit}"


def _cite(row: DatedRow, numbers: dict[str, int]) -> str:
    return f"[{numbers[row.source]}]" if row.source else "-"
