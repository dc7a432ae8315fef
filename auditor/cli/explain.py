"""`audit explain`: the whole story of one finding, or why a loss is not in the list."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli.language import language_option, spoken


@click.command()
@click.argument("key", metavar="FINDING_ID")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("audit-results"),
    show_default=True,
    help="The results folder of `audit run`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@language_option()
def explain(key: str, out: Path, as_json: bool, language: str | None) -> None:
    """Tell the whole story of one finding.

    The arithmetic, its value, the policy row that dates it with its source, and each source row by file and line.

    With a reference ID, an FNSKU, an SKU or an ASIN instead: every finding and every rejected candidate of it.

    \b
    Examples:
      audit explain FTD3ZQM5O4JM
      audit explain FTD3ZQM5O4JM --out results/march --json
      audit explain X001ABC2DE         why is this loss not in the list?
    """
    from auditor.model import Problem, WrongUsage
    from auditor.publish.reading import draft_file, read_results
    from auditor.publish.screen import mentions_screen, story_screen, terminal
    from auditor.publish.story import mentions, mentions_json, nearest, story_json, story_of

    key = key.strip()
    results = read_results(out, evidence_of=key)
    finding = next((one for one in results.findings if one.finding_id.lower() == key.lower()), None)
    if finding is not None:
        told = story_of(results, finding, draft_file(out, finding))
        if as_json:
            click.echo(json.dumps(story_json(told), ensure_ascii=False, indent=2))
        else:
            story_screen(told, terminal(), spoken(language))
        return
    found = mentions(results, key)
    if not found:
        like = nearest(results, key)
        remedy = f"Did you mean {', '.join(like)}?" if like else "`audit deadlines` lists what can be filed."
        raise WrongUsage(Problem(f"Nothing in {out} is called {key!r}.", remedy))
    if as_json:
        click.echo(json.dumps(mentions_json(found), ensure_ascii=False, indent=2))
    else:
        mentions_screen(found, results, terminal(), spoken(language))
