"""`audit run`: the main job."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from auditor.cli.case_log import database_option, remember, url_in
from auditor.cli.language import PAGE_LANGUAGES, language_option, spoken
from auditor.cli.options import make_request, reading_options

DEFAULT_OUT = Path("audit-results")


@click.command("run")
@reading_options
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=True, help="Results folder.")
@click.option(
    "--fail-within", type=click.IntRange(min=0), metavar="DAYS", help="Exit 4 if an open finding expires soon."
)
@click.option(
    "--what-if", metavar="BASIS", help="Also show another value: cost=price-basis or cost-file=FILE. Writes nothing."
)
@language_option(
    "Language of summary.html (default: en) and of the terminal: en or de (default: that of the environment)."
)
@click.option("--redact", is_flag=True, help="Also write summary-redacted.html: no titles, orders or amounts.")
@database_option
@click.pass_context
def run(  # noqa: PLR0913, PLR0917 - one argument per option of its own
    ctx: click.Context,
    /,
    out: Path,
    fail_within: int | None,
    what_if: str | None,
    language: str | None,
    redact: bool,
    database_url: str | None,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Read every export under PATHS, find what Amazon owes, and write the results.

    PATHS are folders, files, patterns, .zip or .gz. Files are recognised by their header, whatever their name.

    \b
    Examples:
      audit run exports/
      audit run exports/ --account "Blue Kettle" --out results/
      audit run 'exports/**/*.txt' --as-of 2026-05-31
      audit run ledger.zip reimbursements.txt --as-of 2026-05-31 --marketplace DE
      audit run exports/ --quiet --fail-within 7
      audit run exports/ --lang de --redact
      audit run exports/ --what-if cost-file=costs-2027.csv
    """
    from auditor.audit import audit
    from auditor.cli.progress import shown
    from auditor.publish.folder import checked, write_results
    from auditor.publish.page import render
    from auditor.what_if import WhatIf

    checked(out)
    other = WhatIf.parsed(what_if) if what_if else None
    asked = make_request(**options)
    request = replace(asked, leave_out=(out,), what_if=other, case_log=database_url or url_in(asked.workspace))
    speech, of_page = spoken(language), language or PAGE_LANGUAGES[0]
    with shown(request, speech, quiet=quiet or as_json) as told:
        results = audit(told)
        told.on_step("writing the results")
        pages = {"summary.html": render(results, of_page)}
        if redact:
            pages["summary-redacted.html"] = render(results, of_page, redact=True)
        write_results(results, out, extra={name: page.encode("utf-8") for name, page in pages.items()})
        remember(out, request.workspace)
    if as_json:
        from auditor.publish.screen import summary_json

        click.echo(json.dumps(summary_json(results), ensure_ascii=False, indent=2))
    elif not quiet:
        from rich.console import Console

        from auditor.publish.screen import summary_screen

        summary_screen(results, out, Console(), speech)
    if quiet or as_json:
        for problem in results.broken_rules:
            click.echo(f"audit: {problem}", err=True)
    as_of = date.fromisoformat(results.manifest["as_of"])
    soon = [f for f in results.findings if f.status == "open" and f.claim_by and fail_within is not None]
    if any((f.claim_by - as_of).days <= fail_within for f in soon if f.claim_by and fail_within is not None):
        ctx.exit(4)
