"""The cases beside a rule as they stand in cases.toml: rows in as small text tables, findings out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from auditor.model import AuditError, Finding, NotClaimed, Problem, WrongUsage
from auditor.rulebook.rules import Rule
from auditor.toml_lines import TomlLines

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
    places: Places | None = None

    def problem(self, key: str, what: str, remedy: str = "", below: int = 0) -> Problem:
        """What is wrong with a part of the case, with its line, or so many lines below it."""
        places = self.places or Places(f"{self.rule_id}/cases.toml", TomlLines(""), 0)
        return places.problem(self.name, key, what, remedy, below=below)


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
    file = f"{rule.rule_id}/cases.toml"
    if not path.is_file():
        raise AuditError(Problem("the rule has no cases.", "Add cases.toml beside rule.sql.", file=file))
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AuditError(Problem(f"no TOML: {error}.", file=file)) from error
    if strange := [name for name in content if name not in {"case", DEFAULTS}]:
        what = f"there is no table {strange[0]}."
        raise AuditError(Problem(what, "A case is a [[case]].", file, TomlLines(text).line(strange[0])))
    cases = content.get("case", [])
    lines = TomlLines(text)
    return [
        replace(_case(rule, table, Places(file, lines, number)), defaults=content.get(DEFAULTS, {}))
        for number, table in enumerate(cases)
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys of one case stand, to say it when one cannot be meant."""

    file: str
    lines: TomlLines
    number: int

    def problem(self, case: str, key: str, what: str, remedy: str = "", at: str = "", below: int = 0) -> Problem:
        """The problem with its file, and the line of the key or of `at`, or so many lines below it."""
        told = f"case {case!r}, {key}: {what}" if key else f"case {case!r} {what}"
        place = [part for part in (at or key,) if part]
        return Problem(told, remedy, self.file, self.lines.line("case", self.number, *place) + below)


def _case(rule: Rule, table: Mapping[str, Any], places: Places) -> Case:
    name = str(table.get("name", "?"))
    for key in ("name", "as_of", "findings"):
        if key not in table:
            near = get_close_matches(key, table, n=1)
            remedy = f"Did you mean it by {near[0]}?" if near else ""
            raise AuditError(places.problem(name, "", f"has no {key}.", remedy, near[0] if near else ""))
    if type(table["as_of"]) is not date:
        what = f"{table['as_of']!r} is no date."
        raise AuditError(places.problem(name, "as_of", what, "Write it without quotation marks: 2026-05-10."))
    tables = {key: _table(key, text, name, places) for key, text in table.items() if key not in NO_TABLES}
    findings, not_claimed, evidence = (tables.pop(key, None) for key in (FINDINGS, NOT_CLAIMED, EVIDENCE))
    return Case(
        name=name,
        rule_id=rule.rule_id,
        as_of=table["as_of"],
        tables=tables,
        covers=table.get("covers", {}),
        marketplace=table.get("marketplace"),
        findings=findings or [],
        not_claimed=not_claimed,
        evidence=evidence,
        options=_options(rule, table.get("options", {}), name, places),
        places=places,
    )


def _options(rule: Rule, chosen: object, case: str, places: Places) -> Mapping[str, object]:
    """What the case sets; AuditError when the rule could not take it."""
    try:
        if not isinstance(chosen, dict):
            raise WrongUsage(Problem("this is no table of options.", "Write it as in { least_units = 2 }."))
        rule.with_options(chosen)
    except WrongUsage as error:
        raise AuditError(*(places.problem(case, "options", p.what, p.remedy) for p in error.problems)) from error
    return chosen


def read_table(text: str) -> list[Row]:
    """A text table as rows: the first line names the columns, cells are parted by `|`."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    for line in lines:
        if len(line) != len(lines[0]):
            what = f"the row {' | '.join(line)!r} has {len(line)} cells, its header {len(lines[0])}."
            raise AuditError(Problem(what, "Part the cells by |, and leave blank what is unknown."))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _table(name: str, text: object, case: str, places: Places) -> list[Row]:
    """One table of a case; AuditError names file, line, case and table when it is none, or has unknown columns."""
    if not isinstance(text, str):
        remedy = "A table is a text whose first line names its columns; see docs/writing-rules.md."
        raise AuditError(places.problem(case, name, "this is no table.", remedy))
    try:
        rows = read_table(text)
    except AuditError as error:
        raise AuditError(*(places.problem(case, name, p.what, p.remedy) for p in error.problems)) from error
    if name in _RESULTS:
        _refuse_columns(rows, [column.name for column in fields(_RESULTS[name])], case, name, places)
    return rows


def _refuse_columns(rows: Sequence[Row], known: Sequence[str], case: str, table: str, places: Places) -> None:
    """Raises AuditError for the first column of `rows` that is not known."""
    if unknown := [column for row in rows[:1] for column in row if column not in known]:
        near = get_close_matches(unknown[0], known, n=1)
        remedy = (f"Did you mean {near[0]}? " if near else "") + f"It has: {', '.join(known)}."
        raise AuditError(places.problem(case, table, f"there is no column {unknown[0]!r}.", remedy))
