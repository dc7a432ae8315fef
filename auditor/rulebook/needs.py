"""What a rule needs of the exports, whether they give it, and what to export where they do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from auditor.exports.catalog import Catalog
from auditor.exports.layout import Report
from auditor.rulebook.rules import Requires, Rule
from auditor.store.coverage import QUIET_DAYS, Coverage, Span, unite

OWN = "the seller"
#: The seller's own costs: without them an amount may be unknown, and nothing else.
COSTS = "costs"

State = Literal["covered", "missing", "has gaps", "ends early"]


@dataclass(frozen=True, slots=True)
class Need:
    """One export that a rule needs.

    `report` is the one to export, `instead` those that state the same rows, `title` names them all. `absence`: the rule
    concludes from rows that are not there; `without` says what that costs: no_finding, review, not_seen (what happened
    on other days is not found) or no_amount. `days` are those to export; empty when the export is missing or has no
    days.
    """

    rule: str
    report: str
    instead: tuple[str, ...]
    title: str
    absence: bool
    without: str
    state: State
    days: tuple[Span, ...]
    remedy: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in run.json and in `audit check --json`."""
        return {
            "rule": self.rule,
            "report": self.report,
            "instead": list(self.instead),
            "title": self.title,
            "from_absence": self.absence,
            "without": self.without,
            "state": self.state,
            "days": [{"from": span.first.isoformat(), "to": span.last.isoformat()} for span in self.days],
            "remedy": self.remedy,
        }


def needs_of(
    rules: Iterable[Rule],
    catalog: Catalog,
    coverage: Mapping[str, Coverage],
    present: Collection[str],
    as_of: date | None,
) -> list[Need]:
    """One line for each export (or choice of exports) of each rule; `present` are the tables with an export."""
    needs = []
    for rule in rules:
        required = {need.table: need for need in rule.facts.requires}
        chosen_from = {table for group in rule.facts.reads if len(group) > 1 for table in group}
        groups = [*rule.facts.reads, *((table,) for table in required if table not in chosen_from)]
        known = dict.fromkeys(tuple(t for t in group if t in catalog.tables) for group in groups)
        needs += [
            _need(rule, tables, required.get(tables[0]), catalog, coverage, present, as_of)
            for tables in known
            if tables
        ]
    return needs


def _need(
    rule: Rule,
    tables: tuple[str, ...],
    required: Requires | None,
    catalog: Catalog,
    coverage: Mapping[str, Coverage],
    present: Collection[str],
    as_of: date | None,
) -> Need:
    report, *others = (catalog.to_export(table) for table in tables)
    if required and len(tables) == 1:
        together = required.covered(coverage)
    else:
        together = unite(span for table in tables for span in coverage[table].spans)
    quiet = required.quiet_days if required else QUIET_DAYS
    there = any(table in present for table in tables) and bool(together.spans or not report.covers)
    state, days = _state(together, quiet, _last_day(required, as_of)) if there else ("missing", ())
    return Need(
        rule=rule.rule_id,
        report=report.id,
        instead=tuple(other.id for other in others),
        title=" or ".join(each.title for each in (report, *others)),
        absence=required is not None,
        without=required.without if required else "no_amount" if report.table == COSTS else "not_seen",
        state=state,
        days=days,
        remedy=_remedy(state, days, [report, *others]),
    )


def _last_day(required: Requires | None, as_of: date | None) -> date | None:
    """The day that the export must reach; a finding's own day is no day of the whole rule."""
    return None if required and required.to == "event_date" else as_of


def _state(coverage: Coverage, quiet_days: int, until: date | None) -> tuple[State, tuple[Span, ...]]:
    quiet, day = timedelta(days=quiet_days), timedelta(days=1)
    days = tuple(gap for gap in coverage.gaps if gap.last - gap.first + day > quiet)
    if coverage.last and until and coverage.last + quiet < until:
        return "ends early", (*days, Span(coverage.last + day, until))
    return ("has gaps", days) if days else ("covered", ())


def _remedy(state: State, days: Iterable[Span], reports: list[Report]) -> str:
    where = ", or ".join(report.download for report in reports)
    if reports[0].source == OWN:
        return "" if state == "covered" else f"add it: {where}"
    if state == "covered":
        return ""
    if state == "missing":
        return f"export it: {where}"
    spans = " and ".join(f"{span.first} to {span.last}" for span in days)
    return f"export the days {spans}: {where}"
