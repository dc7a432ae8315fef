"""`audit diff`: what changed between two runs, and why."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Say what changed between two results folders of one account, the older one first.

    What could be filed before, what came to it (new, open again), what went from it (filed, paid, found, expired) and
    what was counted or valued anew add up to what can be filed now, to the unit and the cent.

    \b
    Examples:
      audit diff results/monday results/tuesday
      audit diff results/march results/april --json
    """
    from auditor.publish.difference import difference
    from auditor.publish.difference_screen import difference_json, difference_screen
    from auditor.publish.manifest import as_of
    from auditor.publish.reading import read_results
    from auditor.publish.screen import terminal

    before, after = read_results(old), read_results(new)
    told = difference(before, after)
    if as_json:
        click.echo(json.dumps(difference_json(told), ensure_ascii=False, indent=2))
        return
    difference_screen(told, (str(as_of(before.manifest)), str(as_of(after.manifest))), terminal())
