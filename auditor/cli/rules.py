"""`audit rules`: the rulebook, readable and testable."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.rulebook.rules import Rule

_more_rules = click.option(
    "--rules", "folders", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More rules."
)


@click.group("rules")
def rules() -> None:
    """The rules that find what is owed: what each one finds, and its cases.

    \b
    Examples:
      audit rules list
      audit rules show warehouse_lost
      audit rules test
      audit rules tables ledger
      audit rules new lost_and_old
    """


@rules.command("list")
@_more_rules
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def list_rules(folders: tuple[Path, ...], as_json: bool) -> None:
    """List every rule with its title and claim window.

    \b
    Examples:
      audit rules list
      audit rules list --rules my-rules/
    """
    found = _load(folders)
    if as_json:
        rows = [
            {"rule": r.rule_id, "title": r.facts.title, "window": r.facts.window, "built_in": r.built_in} for r in found
        ]
        click.echo(json.dumps({"rules": rows}, ensure_ascii=False, indent=2))
        return
    width = max(len(rule.rule_id) for rule in found)
    for rule in found:
        click.echo(f"{rule.rule_id:<{width}}  {rule.facts.title}{'' if rule.built_in else ' (added)'}")


@rules.command("show")
@click.argument("rule_id", metavar="RULE")
@_more_rules
@click.option("--files", "as_files", is_flag=True, help="Print its files instead: query, claim text, cases.")
def show(rule_id: str, folders: tuple[Path, ...], as_files: bool) -> None:
    """Show what a rule finds, why Amazon owes it, what it needs and leaves out, its window and its cases.

    \b
    Examples:
      audit rules show customer_return_missing
      audit rules show warehouse_lost --files
    """
    from auditor.rulebook.pages import rule_page
    from auditor.rulebook.scaffold import FILES

    rule = _one(_load(folders), rule_id, folders)
    if not as_files:
        click.echo(rule_page(rule))
        return
    for name in FILES:
        if (rule.folder / name).is_file():
            click.echo(f"==> {rule.rule_id}/{name} <==\n{(rule.folder / name).read_text(encoding='utf-8')}")


@rules.command("test")
@click.argument("rule_ids", metavar="[RULE]...", nargs=-1)
@_more_rules
@click.option("--verbose", is_flag=True, help="Name every case, not only those that fail.")
@click.pass_context
def test(ctx: click.Context, rule_ids: tuple[str, ...], folders: tuple[Path, ...], verbose: bool) -> None:
    """Run the cases of all rules, or of those named. Exits 1 when a case fails.

    \b
    Examples:
      audit rules test
      audit rules test warehouse_lost --verbose
    """
    from auditor.claims.texts import texts_by_rule
    from auditor.exports.catalog import load_catalog
    from auditor.policy import load_policy
    from auditor.rulebook.case_files import load_cases
    from auditor.rulebook.cases import CaseRoom
    from auditor.rulebook.check import TODO, unfinished

    found = _load(folders)
    chosen = [_one(found, rule_id, folders) for rule_id in rule_ids] or found
    room = CaseRoom(load_catalog(), load_policy())
    mine = [rule for rule in chosen if not rule.built_in]
    faults = [problem for rule in mine for problem in unfinished(rule)] + texts_by_rule(mine)[1]
    for fault in faults:
        click.echo(f"FAIL {fault}")
    passed, failed = 0, len(faults)
    for rule in chosen:
        told: list[str] = []
        for case in load_cases(rule):
            if not rule.built_in and TODO.search(case.name):
                click.echo(f"FAIL {case.problem('', 'still says TODO.', 'Say what it shows.')}")
                failed += 1
            differences = room.mismatches(case, rule)
            passed, failed = passed + (not differences), failed + bool(differences)
            if differences or verbose:
                click.echo(f"{'FAIL' if differences else 'ok  '} {rule.rule_id}: {case.name}")
            if differences and differences == told:
                click.echo("       the same as above")
                continue
            told = differences
            for line in differences:
                click.echo(textwrap.indent(line, "       "))
    click.echo(f"{passed} passed, {failed} failed")
    if failed:
        ctx.exit(1)


@rules.command("tables")
@click.argument("name", metavar="[TABLE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def tables(name: str | None, as_json: bool) -> None:
    """List the tables that a rule may read, or the columns of one: what they hold, which exports fill them.

    \b
    Examples:
      audit rules tables
      audit rules tables removal_orders
    """
    from difflib import get_close_matches

    from auditor.exports.catalog import load_catalog
    from auditor.model import Problem, WrongUsage
    from auditor.policy import load_policy
    from auditor.rulebook.table_pages import rule_tables

    found = rule_tables(load_catalog(), load_policy())
    if name and name not in {table.name for table in found}:
        near = get_close_matches(name, [table.name for table in found], n=3)
        remedy = f"Did you mean {', '.join(near)}?" if near else "See `audit rules tables`."
        raise WrongUsage(Problem(f"there is no table {name}.", remedy))
    chosen = [table for table in found if name in (None, table.name)]
    if as_json:
        click.echo(json.dumps({"tables": [asdict(table) for table in chosen]}, ensure_ascii=False, indent=2))
    elif not name:
        width = max(len(table.name) for table in chosen)
        for table in chosen:
            click.echo(f"{table.name:<{width}}  {table.what}")
    else:
        for table in chosen:
            click.echo(f"{table.what}" + (f" From: {'; '.join(table.exports)}." if table.exports else ""))
            width, kinds = (max(len(getattr(column, part)) for column in table.columns) for part in ("name", "type"))
            for column in table.columns:
                click.echo(f"  {column.name:<{width}}  {column.type:<{kinds}}  {column.meaning}".rstrip())


@rules.command("new")
@click.argument("name", metavar="NAME")
@click.option(
    "--rules", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("my-rules"), show_default=True,
    metavar="DIR", help="Where the rule's folder is made.",
)  # fmt: skip
def new(name: str, folder: Path) -> None:
    """Begin a rule of your own: a folder with a query, texts and cases that fail until you fill them in.

    \b
    Examples:
      audit rules new lost_and_old
      audit rules new lost_and_old --rules our-rules/
    """
    from auditor.rulebook.scaffold import FILES, new_rule

    replaced = any(rule.rule_id == name for rule in _load(()))
    made = new_rule(name, folder)
    for file in FILES:
        click.echo(made / file)
    if replaced:
        click.echo(f"audit: {name} is a rule of the package; with --rules {folder} yours runs instead of it.", err=True)
    click.echo(
        f"Next: edit them, then `audit rules test {name} --rules {folder}`; docs/writing-rules.md explains each."
    )


def _load(folders: tuple[Path, ...]) -> list[Rule]:
    from auditor.rulebook.rules import load_rules, replacements

    found, problems = load_rules(folders)
    for problem in [*problems, *replacements(found)]:
        click.echo(f"audit: {problem}", err=True)
    return list(found)


def _one(found: list[Rule], rule_id: str, folders: tuple[Path, ...] = ()) -> Rule:
    from difflib import get_close_matches

    from auditor.model import Problem, WrongUsage

    for rule in found:
        if rule.rule_id == rule_id:
            return rule
    if there := next((folder / rule_id for folder in folders if (folder / rule_id / "rule.sql").is_file()), None):
        raise WrongUsage(Problem(f"the rule {rule_id} cannot be read.", "Mend what is said above.", file=str(there)))
    near = get_close_matches(rule_id, [rule.rule_id for rule in found], n=3, cutoff=0.3)
    remedy = f"Did you mean {', '.join(near)}?" if near else "See `audit rules list`."
    remedy += "" if folders else " A rule of your own needs --rules DIR."
    raise WrongUsage(Problem(f"there is no rule {rule_id}.", remedy))
