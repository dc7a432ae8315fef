"""The commands that move a case: what you filed, what Amazon answered, how it ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.case_log import log_options, open_log, person, today
from auditor.cli.options import Day

if TYPE_CHECKING:
    from auditor.claims.cases.log import Case, CaseLog

Command = TypeVar("Command", bound=Callable[..., Any])
ANSWERS = ("in_progress", "info_needed", "approved", "denied", "paid")


def move_options(command: Command) -> Command:
    """What every command that moves a case takes."""
    for option in (
        click.option("--account", help="The account, when the log holds several."),
        click.option("--on", "day", type=Day(), help="The day on which it happened (default: today)."),
        click.option("--by", "who", help="Who did it (default: the name of your login)."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
    ):
        command = option(command)
    return log_options(command)


def begin(finding_id: str, given: dict[str, Any]) -> tuple[CaseLog, Case, date, str]:
    """The log, the case in it, the day and the person of a move."""
    log = open_log(given["database_url"], given["workspace"], given["out"])
    case = log.case(finding_id, given["account"])
    return log, case, given["day"] or today(), given["who"] or person()


def tell(case: Case, given: dict[str, Any]) -> None:
    """Say where the case stands now."""
    if given["as_json"]:
        click.echo(json.dumps(asdict(case), default=str, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{case.finding_id} is {case.state}" + (f", case {case.case_id}." if case.case_id else "."))


@click.command()
@click.argument("finding_id")
@click.option("--case-id", required=True, help="The number that Amazon gave the case.")
@click.option("--note", default="", help="A line for the history.")
@click.option("--owner", help="Who follows the case.")
@move_options
def file(finding_id: str, case_id: str, note: str, owner: str | None, **given: Any) -> None:
    """Note that a claim was filed, and under which case ID.

    \b
    Examples:
      audit claims file FTD3ZQM5O4JM --case-id 12345678901
      audit claims file FTD3ZQM5O4JM --case-id 12345678901 --on 2026-06-02 --owner Mira
    """
    log, case, day, who = begin(finding_id, given)
    changes: dict[str, Any] = {"case_id": case_id.strip(), "filed_on": day}
    if owner:
        changes["owner"] = owner
    tell(log.move(case, "filed", day=day, who=who, reason="filed", note=note, **changes), given)


@click.command()
@click.argument("finding_id")
@click.argument("text")
@click.option("--owner", help="Who follows the case from now on.")
@move_options
def note(finding_id: str, text: str, owner: str | None, **given: Any) -> None:
    """Add a line to the history of a case.

    \b
    Examples:
      audit claims note FTD3ZQM5O4JM "Invoice asked from the supplier" --owner Mira
    """
    log, case, day, who = begin(finding_id, given)
    tell(log.note(case, text, day=day, who=who, **({"owner": owner} if owner else {})), given)


@click.command()
@click.argument("finding_id")
@click.argument("answer", type=click.Choice(ANSWERS))
@click.option("--note", default="", help="What Amazon wrote, word for word or in short.")
@click.option("--because", default="", help="Why it was denied, by a name of the denial library: found, too_late, ...")
@move_options
def answer(finding_id: str, answer: str, note: str, because: str, **given: Any) -> None:
    """Note what Amazon answered.

    After `info_needed` you have seven days; once you have given it, the case is `in_progress` again. Of a denial, the
    reason leads to the reply that fits: `audit claims reply`.

    \b
    Examples:
      audit claims answer FTD3ZQM5O4JM info_needed --note "wants the invoice"
      audit claims answer FTD3ZQM5O4JM denied --because found
    """
    from auditor.claims.cases.answering import DENIED_BECAUSE
    from auditor.claims.replies import packaged_replies

    denials = packaged_replies().of("denied") if because else {}
    if because and (answer != "denied" or because not in denials):
        what = f"{because!r} is no reason of a denial. It is one of: {', '.join(denials)}."
        raise click.BadParameter(what if answer == "denied" else "only a denial has a reason.", param_hint="--because")
    log, case, day, who = begin(finding_id, given)
    reason = f"{DENIED_BECAUSE}{because}" if because else "answer"
    tell(log.move(case, answer, day=day, who=who, reason=reason, note=note), given)


@click.command()
@click.argument("finding_id")
@click.option("--note", default="", help="On which ground.")
@move_options
def appeal(finding_id: str, note: str, **given: Any) -> None:
    """Note that a denied case was appealed. Amazon answers one appeal.

    \b
    Examples:
      audit claims appeal FTD3ZQM5O4JM --note "no find in the ledger up to today"
    """
    log, case, day, who = begin(finding_id, given)
    tell(log.move(case, "appealed", day=day, who=who, reason="appeal", note=note), given)


@click.command()
@click.argument("finding_id")
@click.option(
    "--as",
    "state",
    type=click.Choice(["withdrawn", "paid"]),
    default="withdrawn",
    help="How it ends.",
)
@click.option("--note", default="", help="Why.")
@move_options
def close(finding_id: str, state: str, note: str, **given: Any) -> None:
    """Close a case: withdrawn, or paid where no export shows the payment.

    \b
    Examples:
      audit claims close FTD3ZQM5O4JM --note "was a test order"
      audit claims close FTD3ZQM5O4JM --as paid --note "paid outside the report"
    """
    log, case, day, who = begin(finding_id, given)
    tell(log.move(case, state, day=day, who=who, reason="closed", note=note), given)


@click.command()
@click.argument("finding_id")
@click.option("--note", default="", help="Why.")
@move_options
def reopen(finding_id: str, note: str, **given: Any) -> None:
    """Take up a case again that was withdrawn or paid.

    \b
    Examples:
      audit claims reopen FTD3ZQM5O4JM --note "the payment was reversed"
    """
    log, case, day, who = begin(finding_id, given)
    tell(log.move(case, "open", day=day, who=who, reason="reopened", note=note), given)


@click.command()
@click.argument("reimbursement_id")
@click.argument("finding_id")
@click.option("--units", type=click.IntRange(min=1), help="How many of its units (default: as many as both have).")
@move_options
def match(reimbursement_id: str, finding_id: str, units: int | None, **given: Any) -> None:
    """Give a payment that could be of several cases to one of them.

    \b
    Examples:
      audit claims match 13023497823 FTD3ZQM5O4JM --units 2
    """
    from auditor.claims.cases.deciding import decide

    log, case, day, who = begin(finding_id, given)
    tell(decide(log, case, reimbursement_id.strip(), units, day=day, who=who), given)


MOVES = (file, note, answer, appeal, close, reopen, match)
