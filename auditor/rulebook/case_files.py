"""The cases beside a rule as they stand in cases.toml: rows in as small text tables, findings out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from auditor.model import AuditError, Finding, NotClaimed, Problem, WrongUsage
from auditor.rulebook.rules import Rule

Row = dict[str, str]
#: What a row of a file's cases holds where they say nothing, by table; it goes before rules/shared/case_defaults.toml.
DEFAULTS = "defaults"
NO_TABLES = {"name", "as_of", "covers", "marketplace", "options"}
FINDINGS, NOT_CLAIMED, EVIDENCE = "findings", "not_claimed", "evidence"


@dataclass(frozen=True, slots=True)
class Case:
    """One case: tables in, findings and rejected candidates out.

    `evidence` names the rows behind all findings, in their order; what is None is not compared. Besides the tables of
    the exports a case may have `damaged_rows`: which rows were kept with an unknown value, by place (`ledger 2`), and
    `incomplete_settlements`: those whose rows do not add up, with their last day (blank: unknown). `options` are what a
    user sets for the rule.
    """

    name: str
    rule_id: str
    as_of: date
    tables: Mapping[str, Sequence[Row]]
    covers: Mapping[str, str]
    marketplace: str | None
    findings: Sequence[Row]
    not_claimed: Sequence[Row] | None
    evidence: Sequence[Row] | None = None
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvingRow:
    """One row behind a finding as a case names it: `row` is its table and place there, as in `ledger 2`."""

    reference_id: str
    role: str
    row: str
    units: int | None


_RESULTS: Mapping[str, type[Finding | NotClaimed | ProvingRow]] = {
    FINDINGS: Finding,
    NOT_CLAIMED: NotClaimed,
    EVIDENCE: ProvingRow,
}


def load_cases(rule: Rule) -> list[Case]:
    """The cases beside a rule; raises AuditError naming the file when it is missing or no TOML."""
    path = rule.folder / "cases.toml"
    if not path.is_file():
        raise AuditError(
            Problem("the rule has no cases.", "Add cases.toml beside rule.sql.", file=f"{rule.rule_id}/cases.toml")
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise AuditError(Problem(f"no TOML: {error}.", file=f"{rule.rule_id}/cases.toml")) from error
    return [replace(_case(rule, table), defaults=content.get(DEFAULTS, {})) for table in content.get("case", [])]


def _case(rule: Rule, table: Mapping[str, Any]) -> Case:
    file = f"{rule.rule_id}/cases.toml"
    for key in ("name", "as_of", "findings"):
        if key not in table:
            raise AuditError(Problem(f"case {table.get('name', '?')!r} has no {key}.", file=file))
    tables = {name: _table(name, text, table["name"], file) for name, text in table.items() if name not in NO_TABLES}
    findings, not_claimed, evidence = (tables.pop(name, None) for name in (FINDINGS, NOT_CLAIMED, EVIDENCE))
    return Case(
        name=table["name"],
        rule_id=rule.rule_id,
        as_of=table["as_of"],
        tables=tables,
        covers=table.get("covers", {}),
        marketplace=table.get("marketplace"),
        findings=findings or [],
        not_claimed=not_claimed,
        evidence=evidence,
        options=_options(rule, table.get("options", {}), table["name"], file),
    )


def _options(rule: Rule, chosen: object, case: str, file: str) -> Mapping[str, object]:
    """What the case sets; AuditError when the rule could not take it."""
    try:
        if not isinstance(chosen, dict):
            raise WrongUsage(Problem("this is no table of options.", "Write it as in { least_units = 2 }."))
        rule.with_options(chosen)
    except WrongUsage as error:
        raise AuditError(
            *(Problem(f"case {case!r}, options: {p.what}", p.remedy, file) for p in error.problems)
        ) from error
    return chosen


def read_table(text: str) -> list[Row]:
    """A text table as rows: the first line names the columns, cells are parted by `|`."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    for line in lines:
        if len(line) != len(lines[0]):
            what = f"the row {' | '.join(line)!r} has {len(line)} cells, its header {len(lines[0])}."
            raise AuditError(Problem(what, "Part the cells by |, and leave blank what is unknown."))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _table(name: str, text: object, case: str, file: str) -> list[Row]:
    """One table of a case; AuditError names file, case and table when it is none, or has columns that nothing has."""
    try:
        if not isinstance(text, str):
            remedy = "A table is a text whose first line names its columns; see docs/writing-rules.md."
            raise AuditError(Problem("this is no table.", remedy))
        rows = read_table(text)
        known = [column.name for column in fields(_RESULTS[name])] if name in _RESULTS else None
        if known and (unknown := [column for row in rows[:1] for column in row if column not in known]):
            raise AuditError(Problem(f"there is no column {unknown[0]!r}.", f"It has: {', '.join(known)}."))
    except AuditError as error:
        raise _of_case(error, case, name, file) from error
    return rows


def _of_case(error: AuditError, case: str, name: str, file: str) -> AuditError:
    """The same error, which says in which part of which case it is."""
    return AuditError(*(Problem(f"case {case!r}, {name}: {p.what}", p.remedy, file=file) for p in error.problems))
