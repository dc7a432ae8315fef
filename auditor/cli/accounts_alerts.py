"""`audit accounts alerts`, `acknowledge`, `snooze`, `close`, `contact`, `contacts`: what people decide and note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.batch_log import batch_options, log_url
from auditor.cli.case_log import person, today
from auditor.cli.options import Day

if TYPE_CHECKING:
    from auditor.claims.cases.log import CaseLog

Command = TypeVar("Command", bound=Callable[..., Any])


def where_options(command: Command) -> Command:
    """What says which account list and which case log are meant, and who decides on which day."""
    for option in (
        click.option("--on", "day", type=Day(), help="The day of it (default: today)."),
        click.option("--by", "who", help="Who it is (default: the name of your login)."),
        click.option(
            "--accounts",
            "file",
            type=click.Path(dir_okay=False, path_type=Path),
            default=Path("accounts.toml"),
            show_default=True,
            help="The list of accounts.",
        ),
    ):
        command = option(command)
    return batch_options(command)


@click.command()
@click.argument("account_id")
@click.option("--all", "every", is_flag=True, help="Also those that are closed or withdrawn.")
@where_options
def alerts(account_id: str, every: bool, **where: Any) -> None:
    """List the alerts of an account with the keys by which they are acknowledged, snoozed or closed.

    \b
    Examples:
      audit accounts alerts blue_kettle
      audit accounts alerts blue_kettle --all
    """
    from auditor.accounts.alert import STANDING
    from auditor.accounts.alert_log import alerts_of
    from auditor.accounts.words import words_of

    log, account, _, _ = _opened(account_id, where)
    with log.changing() as con:
        kept = [each for each in alerts_of(con, account) if every or each.state in STANDING]
    words = words_of("en")
    for each in kept:
        said = words.said(each.alert)
        until = f", by {each.alert.until}" if each.alert.until else ""
        click.echo(f"{each.alert.key}  {each.state} since {each.since}{until}  {said.title}  {said.worth}".rstrip())
    if not kept:
        click.echo("No alert.")


@click.command()
@click.argument("account_id")
@click.argument("key")
@click.option("--note", default="", help="Why, or what was done.")
@where_options
def acknowledge(account_id: str, key: str, note: str, **where: Any) -> None:
    """Say that somebody has taken an alert on: it stays in the list and is not told again.

    \b
    Examples:
      audit accounts acknowledge blue_kettle deadline:7:2026-05-31
    """
    _decide(account_id, key, "acknowledged", note, where)


@click.command()
@click.argument("account_id")
@click.argument("key")
@click.option("--until", type=Day(), required=True, help="The day on which it is told again.")
@click.option("--note", default="", help="Why.")
@where_options
def snooze(account_id: str, key: str, until: date, note: str, **where: Any) -> None:
    """Put an alert aside until a day.

    \b
    Examples:
      audit accounts snooze blue_kettle costs:1:2026-05-31 --until 2026-06-07
    """
    _decide(account_id, key, "snoozed", note, where, until)


@click.command()
@click.argument("account_id")
@click.argument("key")
@click.option("--note", default="", help="What was done.")
@where_options
def close(account_id: str, key: str, note: str, **where: Any) -> None:
    """Close an alert for good; the next step of a deadline still speaks.

    \b
    Examples:
      audit accounts close blue_kettle wave:LEX1:2026-05-28 --note "seller informed"
    """
    _decide(account_id, key, "closed", note, where)


@click.command()
@click.argument("account_id")
@click.option("--note", required=True, help="What it was about.")
@click.option(
    "--channel",
    type=click.Choice(["phone", "e-mail", "video", "chat", "letter", "in person"]),
    default="phone",
    show_default=True,
    help="How you spoke.",
)
@click.option("--outcome", default="", help="What came of it.")
@where_options
def contact(account_id: str, note: str, channel: str, outcome: str, **where: Any) -> None:
    """Note that you spoke with the seller; without one for a quarter you are reminded.

    \b
    Examples:
      audit accounts contact blue_kettle --note "asked for costs" --channel e-mail --outcome "sends them Friday"
    """
    from auditor.accounts.alert_log import Contact, note_contact

    log, account, day, who = _opened(account_id, where)
    note_contact(log, Contact(account, day, who, channel, outcome, note))
    click.echo(f"Noted: {account}, {day}, {channel}.")


@click.command()
@click.argument("account_id")
@where_options
def contacts(account_id: str, **where: Any) -> None:
    """Show who spoke with the seller when, by which channel, about what, and with which outcome.

    \b
    Examples:
      audit accounts contacts blue_kettle
    """
    from auditor.accounts.alert_log import contacts_of

    log, account, _, _ = _opened(account_id, where)
    with log.changing() as con:
        found = contacts_of(con, account)
    for each in found:
        click.echo(
            f"{each.day}  {each.who}  {each.channel}  {each.note}" + (f"  → {each.outcome}" if each.outcome else "")
        )
    if not found:
        click.echo("No contact is noted.")


def _decide(account_id: str, key: str, state: Any, note: str, where: dict[str, Any], until: date | None = None) -> None:
    from auditor.accounts.alert_log import decide

    log, account, day, who = _opened(account_id, where)
    kept = decide(log, account, key, state, day=day, who=who, until=until, note=note)
    click.echo(f"{account} {key}: {kept.state}" + (f" until {until}." if until else "."))


def _opened(account_id: str, where: dict[str, Any]) -> tuple[CaseLog, str, date, str]:
    """The case log of the account, its ID, the day and the person."""
    from auditor.accounts.listing import read_listing
    from auditor.claims.cases.log import CaseLog

    account = read_listing(where["file"]).account(account_id)
    url = account.case_log or log_url(where["file"], where)
    return CaseLog(url), account.id, where["day"] or today(), where["who"] or person()


COMMANDS = (alerts, acknowledge, snooze, close, contact, contacts)
