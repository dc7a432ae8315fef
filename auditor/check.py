"""Reading without writing: the state of the exports, which rule can speak with them, and what would let it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.account_files import as_of_day, reading_doubts, wanted
from auditor.audit import audit
from auditor.exports.catalog import Catalog, load_catalog
from auditor.exports.sources import find_sources
from auditor.manifest import coverage_lines, filled_tables
from auditor.model import DataRefused, Problem
from auditor.policy import load_policy
from auditor.request import Request
from auditor.rulebook.needs import Need, needs_of
from auditor.rulebook.rules import load_rules, replacements, switched_off
from auditor.rulebook.to_export import ToExport, exports_to_make
from auditor.store.coverage import Coverage, coverage_by_table
from auditor.store.gate import refuse_mixed_accounts, refuse_unreadable
from auditor.store.reading import ReadExport, read_exports


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The exports found, the days each report covers, what each rule misses, and why a run would be refused.

    `reports` are the days covered, report by report, and `silent` the rules that had candidates but could not conclude,
    with the days that would let them and what that might be worth; both as in run.json.
    """

    as_of: date | None
    exports: Sequence[ReadExport]
    catalog: Catalog
    coverage: dict[str, Coverage]
    reports: Sequence[Mapping[str, Any]]
    needs: Sequence[Need]
    to_export: Sequence[ToExport]
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
            "reports": list(self.reports),
            "needs": [need.as_json() for need in self.needs],
            "to_export": [line.as_json() for line in self.to_export],
            "silent_rules": list(self.silent),
            "warnings": list(self.warnings),
            "refusals": [str(problem) for problem in self.refusals],
        }


def check_exports(request: Request) -> CheckReport:
    """Read everything under the paths and say what it is; only wrong usage raises."""
    catalog, policy = load_catalog(), load_policy(request.policy_folder)
    rules, rule_problems = load_rules(request.rule_folders, request.rule_settings)
    found = find_sources(request.paths)
    exports = read_exports(wanted(found.sources, request), catalog, request.workspace, request.how, request.progress)
    refusals: list[Problem] = []
    warnings: list[Problem] = []
    as_of = None
    try:
        refuse_unreadable(exports, found.problems)
    except DataRefused as error:
        refusals += error.problems
    try:
        warnings += refuse_mixed_accounts(exports, policy, request.account, one_account=request.one_account)
    except DataRefused as error:
        refusals += error.problems
    try:
        as_of, _ = as_of_day(exports, request.as_of)
    except DataRefused as error:
        refusals += [] if refusals else error.problems
    coverage = coverage_by_table(catalog, [e.reading for e in exports], as_of or date.max)
    needs = needs_of(rules, catalog, coverage, filled_tables(exports, catalog), as_of)
    reports = coverage_lines(rules, exports, catalog, coverage)
    told = [*rule_problems, *replacements(rules), *switched_off(request.rule_settings)]
    words = [str(problem) for problem in [*warnings, *reading_doubts(exports), *told]]
    silent: Sequence[Mapping[str, Any]] = ()
    if not refusals:
        try:
            manifest = audit(request).manifest
            words, silent = manifest["warnings"], manifest["silent_rules"]
        except DataRefused as error:  # a file has changed since it was read above
            refusals += error.problems
    to_export = exports_to_make(needs, silent, catalog)
    return CheckReport(as_of, exports, catalog, coverage, reports, needs, to_export, silent, words, refusals)


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
