"""`audit check`: what is there, which days it covers, what is missing for which rule; nothing is judged or written."""

from __future__ import annotations

import json
from typing import Any

import click

from auditor.cli.language import language_option, spoken
from auditor.cli.options import make_request, reading_options


@click.command("check")
@reading_options
@language_option()
@click.pass_context
def check(ctx: click.Context, /, language: str | None, quiet: bool, as_json: bool, **options: Any) -> None:
    """Say which reports lie under PATHS, which days they cover, and what is missing for which rule.

    Exits 3 when `audit run` would refuse these files, and says why.

    \b
    Examples:
      audit check exports/
      audit check exports/ledger.zip --json
      audit check exports/ --lang de
    """
    from auditor.check import check_exports
    from auditor.cli.progress import shown

    speech = spoken(language)
    with shown(make_request(**options), speech, quiet=quiet or as_json) as request:
        report = check_exports(request)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    elif not quiet:
        from rich.console import Console

        from auditor.cli.check_screen import print_report

        print_report(report, Console(), speech)
    for problem in report.refusals:
        click.echo(f"audit: {problem}", err=True)
    if report.refusals:
        ctx.exit(3)
