"""`audit claims`: follow each claim until it is paid."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.case_log import log_options, open_log, person, today
from auditor.cli.case_moves import MOVES
from auditor.cli.case_papers import PAPERS
from auditor.cli.options import Day

Command = TypeVar("Command", bound=Callable[..., Any])
UNFOLDED = 240


@click.group()
def claims() -> None:
    """Follow each claim from its filing to its payment.

    Every `audit run` tells the case log what it found, which dates passed and what was paid. You tell it what you filed
    and what Amazon answered. What is filed is never drafted again.

    \b
    Examples:
      audit claims next
      audit claims file FTD3ZQM5O4JM --case-id 12345678901
      audit claims answer FTD3ZQM5O4JM approved
    """


for command in (*MOVES, *PAPERS):
    claims.add_command(command)


@claims.command()
@click.argument("finding_id")
@click.option("--account", help="The account, when the log holds several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@log_options
def show(finding_id: str, account: str | None, as_json: bool, **where: Any) -> None:
    """Tell the whole history of a case: who moved it when, from which state, and why; and what was paid for it.

    \b
    Examples:
      audit claims show FTD3ZQM5O4JM
    """
    log = open_log(where["database_url"], where["workspace"], where["out"])
    case = log.case(finding_id, account)
    entries = log.history(case)
    paid = [each for each in log.paid(case.account) if each.finding_id == case.finding_id]
    if as_json:
        told = {"case": asdict(case), "history": list(map(asdict, entries)), "payments": list(map(asdict, paid))}
        _print_json(told)
        return
    click.echo(f"{case.finding_id}  {case.rule}  {case.units} units  {_money(case.amount, case.currency)}")
    click.echo(f"{case.state} since {case.state_since}" + (f", case {case.case_id}" if case.case_id else ""))
    for entry in entries:
        moved = (
            entry.to_state if entry.from_state == entry.to_state else f"{entry.from_state or '-'} > {entry.to_state}"
        )
        click.echo(f"{entry.day}  {entry.who:<12}  {moved:<24}  {entry.reason}{': ' if entry.note else ''}{entry.note}")
    for each in paid:
        money = _money(each.amount, each.currency)
        click.echo(f"{each.day}  paid {each.units} units, {money} by {each.reimbursement_id} (same {each.how})")


@claims.command("list")
@click.option("--state", "states", multiple=True, help="Only cases in this state; may be given several times.")
@click.option("--rule", help="Only claims of this rule.")
@click.option("--owner", help="Only cases of this person.")
@click.option("--account", help="Only cases of this account.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@log_options
def list_(
    states: Sequence[str], rule: str | None, owner: str | None, account: str | None, as_json: bool, **where: Any
) -> None:
    """List the cases, the nearest safe date first.

    \b
    Examples:
      audit claims list
      audit claims list --state filed --state info_needed --owner Mira
      audit claims list --json
    """
    from auditor.claims.cases.states import MOVES as STATES

    if strange := sorted(set(states) - set(STATES)):
        raise click.BadParameter(
            f"{strange[0]!r} is no state. It is one of: {', '.join(STATES)}.", param_hint="--state"
        )
    log = open_log(where["database_url"], where["workspace"], where["out"])
    found = [case for case in log.cases(account, states) if rule in {None, case.rule} and owner in {None, case.owner}]
    if as_json:
        _print_json({"cases": list(map(asdict, found))})
        return
    rows = [
        (
            case.finding_id,
            case.state,
            str(case.safe_by or ""),
            case.rule,
            str(case.units),
            _money(case.amount, case.currency),
            case.case_id,
            case.owner,
        )
        for case in found
    ]
    _table(("finding", "state", "safe by", "rule", "units", "amount", "case", "owner"), rows, "No case.")


@claims.command("next")
@click.option(
    "--per-day", type=click.IntRange(min=1), default=5, show_default=True, help="New claims a day and account."
)
@click.option("--owner", help="Only what this person has to do.")
@click.option("--account", help="Only this account.")
@click.option("--on", "day", type=Day(), help="The day to plan for (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@log_options
def next_(per_day: int, owner: str | None, account: str | None, day: date | None, as_json: bool, **where: Any) -> None:
    """Say what to do now and in the next days: what to file, to answer, to ask for, to appeal, to look at.

    Not more than `--per-day` new claims a day; those that Amazon normally pays by itself wait until their safe date is
    near. What is overdue says so, beside the person who owns it.

    \b
    Examples:
      audit claims next
      audit claims next --owner Mira --per-day 3
    """
    from auditor.claims.cases.plan import plan

    log, now = open_log(where["database_url"], where["workspace"], where["out"]), day or today()
    actions = plan(log.cases(account), log.paid(account), now, per_day)
    actions = [action for action in actions if owner in {None, action.owner}]
    if as_json:
        _print_json({"actions": list(map(asdict, actions))})
        return
    rows = [
        (
            str(action.day),
            action.step.replace("_", " "),
            _until(action.until, now),
            action.finding_id,
            action.rule,
            _money(action.amount, action.currency),
            action.owner,
            action.why,
        )
        for action in actions
    ]
    _table(("day", "do", "until", "finding", "rule", "amount", "owner", "why"), rows, "Nothing to do.")


@claims.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--template", is_flag=True, help="Print what the file looks like.")
@click.option("--account", default="", help="The account whose cases they are.")
@click.option("--by", "who", help="Who imports them (default: the name of your login).")
@log_options
def import_(path: Path | None, template: bool, account: str, who: str | None, **where: Any) -> None:
    """Import cases that were filed by hand or by another service; their findings are not drafted again.

    \b
    Examples:
      audit claims import --template > filed.csv
      audit claims import filed.csv
    """
    from auditor.claims.cases.filed_before import TEMPLATE, import_filed, read_filed

    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if path is None:
        raise click.UsageError("Name the file, or ask for its columns with --template.")
    filed = read_filed(path)
    log = open_log(where["database_url"], where["workspace"], where["out"])
    done = import_filed(log, account, filed, who or person())
    click.echo(
        f"{done.moved} findings are filed now, {done.kept} cases wait for a finding, {done.known} were known already."
    )


@claims.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--to", "tool", type=click.Choice(["tickets", "hubspot", "zendesk", "jira"]), default="tickets", help="The tool."
)
@click.option("--account", help="Only this account.")
@log_options
def export(folder: Path, tool: str, account: str | None, **where: Any) -> None:
    """Write the cases as files that a ticket tool imports; the finding ID keeps a second import from doubling them.

    \b
    Examples:
      audit claims export tickets/
      audit claims export tickets/ --to hubspot
    """
    from auditor.claims.cases.tickets import ticket_files
    from auditor.publish.folder import write_file

    log = open_log(where["database_url"], where["workspace"], where["out"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ticket_files(tool, log.cases(account)).items():
        write_file(folder / name, content)
        click.echo(f"Written: {folder / name}")


def _until(until: date | None, now: date) -> str:
    """The last day to do it, and whether that day is over."""
    return "" if until is None else f"{until}, overdue" if until < now else str(until)


def _money(amount: object, currency: str) -> str:
    return "" if amount is None else f"{amount} {currency}".strip()


def _print_json(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, default=str, ensure_ascii=False, indent=2))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from auditor.publish.cells import one_line
    from auditor.publish.screen import terminal

    if not rows:
        click.echo(empty)
        return
    table = Table(box=None, pad_edge=False)
    for name in head:
        folds = name in {"why", "rule", "case", "owner", "until"}
        number = name in {"units", "amount"}
        table.add_column(name, no_wrap=not folds, overflow="fold", justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(one_line, row))
    console = terminal()
    # What another program reads is never folded.
    (console if console.is_terminal else Console(width=UNFOLDED)).print(table)
