"""Reading without writing: the state of the exports, which rule can speak with them, and what would let it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.audit import Request, as_of_day, audit, wanted
from auditor.exports.catalog import Catalog, load_catalog
from auditor.exports.sources import find_sources
from auditor.model import DataRefused, Problem
from auditor.policy import load_policy
from auditor.rulebook.rules import Rule, load_rules
from auditor.store.coverage import Coverage, coverage_by_table
from auditor.store.gate import refuse_mixed_accounts, refuse_unreadable
from auditor.store.reading import ReadExport, read_exports


@dataclass(frozen=True, slots=True)
class Need:
    """One export that a rule needs: `state` is covered, ends early or missing, `remedy` what to export."""

    rule: str
    report: str
    state: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The exports found, the days each table covers, what each rule misses, and why a run would be refused.

    `silent` are the rules that had candidates but could not conclude, with the days that would let them and what
    that might be worth, as in run.json.
    """

    as_of: date | None
    exports: Sequence[ReadExport]
    catalog: Catalog
    coverage: dict[str, Coverage]
    needs: Sequence[Need]
    silent: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]
    refusals: Sequence[Problem]

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object; tables without an export that no rule needs are left out."""
        asked_for = {self.catalog.reports[need.report].table for need in self.needs}
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "files": [_file(export) for export in self.exports],
            "coverage": {
                table: [[span.first.isoformat(), span.last.isoformat()] for span in coverage.spans]
                for table, coverage in self.coverage.items()
                if coverage.spans or table in asked_for
            },
            "needs": [{"rule": n.rule, "report": n.report, "state": n.state, "remedy": n.remedy} for n in self.needs],
            "silent_rules": list(self.silent),
            "warnings": list(self.warnings),
            "refusals": [str(problem) for problem in self.refusals],
        }


def check_exports(request: Request) -> CheckReport:
    """Read everything under the paths and say what it is; only wrong usage raises."""
    catalog, policy = load_catalog(), load_policy(request.policy_folder)
    found = find_sources(request.paths)
    exports = read_exports(wanted(found.sources, request), catalog, request.workspace, request.how, request.progress)
    refusals: list[Problem] = []
    warnings: list[Problem] = []
    as_of = None
    try:
        refuse_unreadable(exports, found.problems)
        warnings += refuse_mixed_accounts(exports, policy, request.account)
        as_of, _ = as_of_day(exports, request.as_of)
    except DataRefused as error:
        refusals += error.problems
    coverage = coverage_by_table(catalog, [e.reading for e in exports], as_of or date.max)
    rules, rule_problems = load_rules(request.rule_folders, request.rule_settings)
    present = {catalog.reports[e.reading.report_id].table for e in exports if e.reading.report_id and e.reading.parquet}
    needs = [need for rule in rules for need in _needs(rule, catalog, coverage, present, as_of)]
    words = [str(problem) for problem in [*warnings, *rule_problems]]
    if refusals:
        return CheckReport(as_of, exports, catalog, coverage, needs, (), words, refusals)
    manifest = audit(request).manifest
    return CheckReport(
        as_of, exports, catalog, coverage, needs, manifest["silent_rules"], manifest["warnings"], refusals
    )


def _needs(
    rule: Rule, catalog: Catalog, coverage: dict[str, Coverage], present: set[str], as_of: date | None
) -> list[Need]:
    """What the rule reads or concludes from, one line a table, under the report to export for it."""
    needs = []
    tables = {*rule.facts.reads, *(need.table for need in rule.facts.requires)} & catalog.tables
    for report in sorted(map(catalog.to_export, tables), key=lambda r: r.id):
        required = [need for need in rule.facts.requires if need.table == report.table]
        covered = required[0].covered(coverage) if required else coverage[report.table]
        if report.table not in present or (required and report.covers and not covered.spans):
            state, remedy = "missing", f"export it: {report.download}"
        elif required and as_of and any(n.to != "event_date" for n in required) and not covered.reaches(as_of):
            state, remedy = "ends early", f"export the days from {covered.last} to {as_of}: {report.download}"
        elif covered.gaps and required:
            days = ", ".join(f"{gap.first} to {gap.last}" for gap in covered.gaps)
            state, remedy = "has gaps", f"export the days {days}: {report.download}"
        else:
            state, remedy = "covered", ""
        needs.append(Need(rule.rule_id, report.id, state, remedy))
    return needs


def _file(export: ReadExport) -> dict[str, Any]:
    reading = export.reading
    return {
        "file": export.source.name,
        "report": reading.report_id,
        "why_unknown": reading.why_unknown,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter_name,
        "first_date": reading.first_date.isoformat() if reading.first_date else None,
        "last_date": reading.last_date.isoformat() if reading.last_date else None,
        "rows_read": reading.rows_read,
        "rows_rejected": reading.rows_rejected,
        "same_as": export.same_as,
    }
