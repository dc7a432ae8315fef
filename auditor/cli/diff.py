"""`audit diff`: what changed between two audits of one account, or between two days of its case log."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.case_log import log_options, open_log

if TYPE_CHECKING:
    from auditor.model import Results


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--account", help="The account, when two days are compared and the log holds several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@log_options
def diff(old: str, new: str, account: str | None, as_json: bool, **where: Any) -> None:
    """Say what changed between two results folders of one account, or between two days, the older one first.

    What could be filed before, what came to it (new, open again), what went from it (filed, paid, found, expired) and
    what was counted or valued anew add up to what can be filed now, to the unit and the cent. Two days are told from
    the case log: the states as they were at the end of each day, with the units and values of today.

    \b
    Examples:
      audit diff results/monday results/tuesday
      audit diff results/march results/april --json
      audit diff 2026-05-01 2026-06-01
    """
    from auditor.publish.difference import difference
    from auditor.publish.difference_screen import difference_json, difference_screen
    from auditor.publish.manifest import as_of
    from auditor.publish.screen import terminal

    before, after = _results(old, account, where), _results(new, account, where)
    told = difference(before, after)
    if as_json:
        click.echo(json.dumps(difference_json(told), ensure_ascii=False, indent=2))
        return
    difference_screen(told, (str(as_of(before.manifest)), str(as_of(after.manifest))), terminal())


def _results(named: str, account: str | None, where: dict[str, Any]) -> Results:
    """The results of a folder, or what the case log knew on a day."""
    from auditor.claims.cases.past import only_account, results_on
    from auditor.publish.reading import read_results

    day = None
    with suppress(ValueError):
        day = None if Path(named).is_dir() else date.fromisoformat(named)
    if day is None:
        return read_results(Path(named))
    log = open_log(where["database_url"], where["workspace"], where["out"])
    return results_on(log, only_account(log, account), day)
