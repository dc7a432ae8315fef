"""Running a rule's own cases: rows in as small text tables, findings out, each case named by a sentence."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import duckdb

from auditor.exports.catalog import Catalog
from auditor.model import AuditError, Finding, NotClaimed, Problem
from auditor.policy import Policy
from auditor.rulebook.balance import balance_units
from auditor.rulebook.candidates import ELSEWHERE
from auditor.rulebook.case_files import Case, ProvingRow, Row
from auditor.rulebook.check import check_rule
from auditor.rulebook.doubts import damaged_skus, incomplete_rows, unclear_payments
from auditor.rulebook.judge import Bench, Judgement, judge
from auditor.rulebook.policy_tables import POLICY_TABLES, create_policy_tables
from auditor.rulebook.rules import Rule
from auditor.rulebook.shared_tables import build_shared_tables, create_covered_days, load_shared_sql, reads_behind
from auditor.rulebook.value import load_valuation
from auditor.store.coverage import Coverage, Span
from auditor.store.database import connect
from auditor.store.repeats import LINES_PER_FILE
from auditor.store.tables import create_tables, lock

_KINDS = {"BIGINT": "whole number", "DECIMAL": "number", "DATE": "date like 2026-05-10", "BOOLEAN": "true or false"}
_KEYS = [column.name for column in fields(Case)]


class CaseRoom:
    """Runs many cases in one database, shut in as that of an audit; tables are emptied between them."""

    def __init__(self, catalog: Catalog, policy: Policy, shared: Mapping[str, str] | None = None) -> None:
        self.policy = policy
        self.shared = load_shared_sql() if shared is None else shared
        self.con = connect()
        self.con.execute("set threads = 1")
        create_tables(self.con, catalog)
        lock(self.con)
        self.tables = {name for (name,) in self.con.execute("select table_name from duckdb_tables()").fetchall()}
        self.reports = {report.table: report for report in catalog.reports.values()}
        self.defaults = load_defaults(files("auditor.rules") / "shared" / "case_defaults.toml")
        self.rows: dict[int, str] = {}
        self._filled: set[str] = set()
        self._checked: dict[str, list[Problem]] = {}

    def mismatches(self, case: Case, rule: Rule) -> list[str]:
        """What differs from the case's expectation, in sentences; empty when it holds."""
        self.prepare(case, rule)
        return self.compare(case, rule)

    def prepare(self, case: Case, rule: Rule) -> None:
        """Fill the tables with the case's rows and build those that the rule reads.

        Raises AuditError when a row does not fit its table or units do not balance.
        """
        self._fill(case)
        self.build(case, rule)

    def build(self, case: Case, rule: Rule) -> None:
        """Build the tables that the rule reads from the rows that are there; raises AuditError as `prepare` does."""
        behind = reads_behind(rule.facts.inputs, self.shared)
        if POLICY_TABLES & behind:
            create_policy_tables(self.con, self.policy)
        create_covered_days(self.con, self._coverage(case))
        build_shared_tables(self.con, case.as_of, self.shared, rule.facts.inputs)
        if "settlements" in behind or "lots" in behind:
            balance_units(self.con, self.policy, case.as_of, case.marketplace)

    def compare(self, case: Case, rule: Rule) -> list[str]:
        """Judge the tables that `prepare` left, and compare as `mismatches` does."""
        rule = rule.with_options(case.options)
        valuation, _ = load_valuation(self.con, self.policy, case.as_of)
        damaged = dict(self.con.execute("select row_id, column_name || ': ' || reason from damaged_rows").fetchall())
        bench = Bench(
            "",
            case.as_of,
            self.policy,
            valuation,
            self._coverage(case),
            case.marketplace,
            damaged_rows=damaged,
            unclear_payments=unclear_payments(self.con),
            damaged_skus=damaged_skus(self.con),
            incomplete_rows=incomplete_rows(self.con),
        )
        judgement = judge(self.con, [rule], bench, check=self._check)
        if judgement.problems:
            return [str(problem) for problem in judgement.problems]
        differences = _unproven(rule, judgement) + _compare("finding", case.findings, judgement.findings)
        if case.not_claimed is not None:
            differences += _compare("not claimed", case.not_claimed, judgement.not_claimed)
        if case.evidence is not None:
            differences += _compare("evidence", case.evidence, self._proving_rows(judgement), in_order=True)
        return differences

    def _check(self, con: duckdb.DuckDBPyConnection, rule: Rule, as_of: date) -> list[Problem]:
        """A rule is checked once: the tables stay the same from case to case."""
        if rule.query not in self._checked:
            self._checked[rule.query] = check_rule(con, rule, as_of)
        return self._checked[rule.query]

    def _proving_rows(self, judgement: Judgement) -> list[ProvingRow]:
        claims = {finding.finding_id: finding.reference_id for finding in judgement.findings}
        return [
            ProvingRow(claims[p.finding_id], p.role, self.rows.get(p.row_id, "no row of the case"), p.units)
            for p in judgement.proofs
        ]

    def _fill(self, case: Case) -> None:
        if strange := sorted(case.tables.keys() - self.tables):
            near = get_close_matches(strange[0], [*self.tables, *_KEYS], n=1)
            remedy = f"Did you mean {near[0]}?" if near else "See `audit rules tables`."
            raise AuditError(case.problem(strange[0], "there is no such table.", remedy))
        self.rows.clear()
        for table in sorted(self._filled):
            self.con.execute(f"delete from {table}")
        self._filled = {"products", *case.tables}
        for table, rows in case.tables.items():
            for number, row in enumerate(rows, start=1):
                if table == "damaged_rows":
                    self._damage(row)
                    continue
                if table == "incomplete_settlements":
                    end = row["period_end"] or None
                    self.con.execute("insert into incomplete_settlements values (?, ?)", [row["settlement_id"], end])
                    continue
                row_id = len(self.rows) + 1 + (int(row.get("export") or 1) - 1) * LINES_PER_FILE
                self.rows[row_id] = f"{table} {number}"
                self._insert(table, row, row_id, case, number)
        self.con.execute(
            """insert into products
               select fnsku, msku, min(asin), max(title) from ledger where fnsku is not null group by fnsku, msku"""
        )

    def _insert(self, table: str, row: Row, row_id: int, case: Case, number: int) -> None:
        given = {name: cell for name, cell in row.items() if cell and name != "export"}
        unsaid = {**self.defaults.get(table, {}), **case.defaults.get(table, {})}
        cells: dict[str, Any] = {**unsaid, **given, "row_id": row_id}
        if table in self.reports:
            cells.setdefault("export_last_day", case.as_of)
            cells.setdefault("has_figures", "unreconciled" in row)
        cells = {name: None if cell == "null" else cell for name, cell in cells.items()}
        columns, marks = ", ".join(cells), ", ".join("?" * len(cells))
        try:
            self.con.execute(f"insert into {table} ({columns}) values ({marks})", list(cells.values()))
        except duckdb.Error as error:
            raise AuditError(self._misfit(table, cells, error, case, number)) from error

    def _misfit(self, table: str, cells: Mapping[str, Any], error: duckdb.Error, case: Case, number: int) -> Problem:
        """The column or the cell of row `number` that does not fit its table; its header stands below the key."""
        described = self.con.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?", [table]
        )
        types = dict(described.fetchall())
        for name, cell in cells.items():
            if name not in types:
                near = get_close_matches(name, types, n=1)
                remedy = (f"Did you mean {near[0]}? " if near else "") + f"It has: {', '.join(types)}."
                return case.problem(table, f"there is no column {name!r}.", remedy)
            fitting = self.con.execute(f"select try_cast(? as {types[name]})", [cell]).fetchone()
            if cell is not None and fitting == (None,):
                kind = _KINDS.get(types[name].split("(")[0], types[name])
                return case.problem(table, f"{cell!r} in the column {name} is no {kind}.", below=1 + number)
        return case.problem(table, f"{error}")

    def _damage(self, row: Row) -> None:
        place = next((row_id for row_id, name in self.rows.items() if name == row["row"]), None)
        if place is None:
            raise AuditError(Problem(f"damaged_rows: there is no row {row['row']} above."))
        self.con.execute("insert into damaged_rows values (?, ?, ?)", [place, row["column_name"], row["reason"]])

    def _coverage(self, case: Case) -> dict[str, Coverage]:
        everything = Coverage((Span(date(2000, 1, 1), case.as_of),))
        return {table: _stated(case.covers[table]) if table in case.covers else everything for table in self.reports}


def load_defaults(path: Traversable | Path) -> dict[str, dict[str, Any]]:
    """What a case's row holds where the case says nothing, by table."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _stated(text: str) -> Coverage:
    spans = [part.split("..") for part in text.split(",") if part.strip()]
    return Coverage(tuple(Span(date.fromisoformat(a.strip()), date.fromisoformat(b.strip())) for a, b in spans))


def _unproven(rule: Rule, judgement: Judgement) -> list[str]:
    """Findings whose evidence does not add up, lacks a row or counts one twice."""
    signs = dict.fromkeys(rule.facts.plus, 1) | dict.fromkeys((*rule.facts.minus, ELSEWHERE), -1)
    proven: Counter[str] = Counter()
    for proof in judgement.proofs:
        proven[proof.finding_id] += signs.get(proof.role, 0) * (proof.units or 0)
    claimed: Counter[str] = Counter()
    for finding in judgement.findings:
        claimed[finding.finding_id] += finding.units
    names = {finding.finding_id: finding.reference_id for finding in judgement.findings}
    differences = [
        f"{names[proof.finding_id]}: {proof.role} stands in the evidence without a row"
        for proof in judgement.proofs
        if proof.row_id is None
    ]
    differences += [
        f"{names[known]}: the evidence adds up to {proven[known]} units, the claim to {units}"
        for known, units in claimed.items()
        if rule.counts_units and proven[known] != units
    ]
    places = [(proof.finding_id, proof.role, proof.row_id) for proof in judgement.proofs]
    if len(set(places)) < len(places):
        differences.append("a row stands twice in the evidence of one finding")
    return differences


def _compare(
    what: str, expected: Sequence[Row], actual: Sequence[Finding | NotClaimed | ProvingRow], *, in_order: bool = False
) -> list[str]:
    """Compare the columns that the case names, as multisets. `text*` matches what holds the text, `*` what is there."""
    columns = list(expected[0]) if expected else []
    got = [{name: _text(getattr(item, name)) for name in columns} for item in actual]
    ordered = all(_fits(row, found) for row, found in zip(expected, got, strict=False))
    differences = []
    for row in expected:
        match = next((found for found in got if _fits(row, found)), None)
        if match is None:
            differences.append(f"{what} expected but missing: {row}")
        else:
            got.remove(match)
    if expected:
        differences += [f"{what} not expected: {row}" for row in got]
    else:
        differences += [f"{what} not expected: {item}" for item in actual]
    if in_order and not differences and not ordered:
        differences.append(f"{what} in another order: {[str(item) for item in actual]}")
    return differences


def _fits(expected: Row, found: Row) -> bool:
    return all(_matches(cell, found[name]) for name, cell in expected.items())


def _matches(expected: str, actual: str) -> bool:
    if "*" in (expected[:1], expected[-1:]):
        return expected.strip("*") in actual if expected.strip("*") else bool(actual)
    return expected == actual


def _text(value: object) -> str:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
