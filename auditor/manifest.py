"""run.json: what was read, with which rules and policy, what balances, what stayed silent, and the totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor import __version__
from auditor.activity import activity
from auditor.brands import brands
from auditor.exports.catalog import Catalog
from auditor.exports.reject_reasons import reason_lines
from auditor.missing_costs import missing_costs
from auditor.model import EndedDeadline, EvidenceRow, Finding, Problem
from auditor.policy import NoWindow, Policy, money
from auditor.rulebook.balance import Balance
from auditor.rulebook.balance import totals as balance_totals
from auditor.rulebook.judge import Judgement, Missing
from auditor.rulebook.needs import needs_of
from auditor.rulebook.rules import Rule
from auditor.rulebook.to_export import exports_to_make
from auditor.store.coverage import Coverage, part_of
from auditor.store.reading import ReadExport
from auditor.store.tables import Tables
from auditor.what_if import sale_prices


@dataclass(frozen=True, slots=True)
class Ran:
    """Everything that a finished audit can say about itself."""

    account: str
    as_of: date
    as_of_source: str
    marketplaces: Sequence[str]
    exports: Sequence[ReadExport]
    catalog: Catalog
    policy: Policy
    rules: Sequence[Rule]
    tables: Tables
    balances: Sequence[Balance]
    judgement: Judgement
    evidence: Sequence[EvidenceRow]
    ended_deadlines: Sequence[EndedDeadline]
    warnings: Sequence[Problem]


def build_manifest(ran: Ran) -> dict[str, Any]:
    """The content of run.json, in a fixed order; it names no folder, no duration and no clock."""
    unique = [export.reading for export in ran.exports if not export.same_as]
    rejects = [(reading.report_id or "", reject) for reading in unique for reject in reading.rejects]
    return {
        "tool": {"name": "audit", "version": __version__},
        "account": ran.account,
        "as_of": ran.as_of.isoformat(),
        "as_of_source": ran.as_of_source,
        "newest_event": _iso(
            max((e.reading.newest_event for e in ran.exports if e.reading.newest_event), default=None)
        ),
        "marketplaces": list(ran.marketplaces),
        "rules": [_rule(rule) for rule in ran.rules],
        "policy": _policy(ran),
        "inputs": _inputs(ran),
        "unknown_files": [
            {"file": export.source.name, "why": export.reading.why_unknown or "not a known export"}
            for export in ran.exports
            if not export.reading.report_id
        ],
        "coverage": coverage_lines(ran.rules, ran.tables.exports, ran.catalog, ran.tables.coverage),
        **_needs(ran),
        "silent_rules": silent_rules(ran.judgement.missing, ran.catalog),
        "unit_balance": [asdict(balance) for balance in ran.balances],
        "balance_totals": balance_totals(ran.balances),
        "activity": activity(ran.exports, ran.as_of),
        "brands": brands(ran.exports, ran.catalog),
        "totals": _totals(ran.judgement.findings),
        "missing_costs": missing_costs(ran.judgement.findings, ran.rules, ran.policy, sale_prices(ran.tables.con)),
        "already_paid": _already_paid(ran),
        "ended_deadlines": [{**asdict(each), "safe_by": each.safe_by.isoformat()} for each in ran.ended_deadlines],
        "unknown_codes": _unknown_codes(ran),
        "warnings": [str(problem) for problem in [*ran.warnings, *ran.judgement.problems]],
        "rejects": {
            "left_out": sum(r.severity == "left_out" for _, r in rejects),
            "kept": sum(r.severity == "kept" for _, r in rejects),
        },
        "reject_reasons": reason_lines(rejects),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    facts = rule.facts
    return {
        "rule": rule.rule_id,
        "title": facts.title,
        "kind": facts.kind,
        "version": rule.version,
        "window": facts.window,
        "plus": list(facts.plus),
        "minus": list(facts.minus),
        "options": {name: value if isinstance(value, int) else str(value) for name, value in facts.options.items()},
        "source": "built in" if rule.built_in else "added",
    }


def _policy(ran: Ran) -> dict[str, Any]:
    """The policy rows that the findings rest on."""
    window_of = {rule.rule_id: rule.facts.window for rule in ran.rules}
    used = sorted({(window_of[f.rule] or "", f.marketplace) for f in ran.judgement.findings if f.claim_by})
    windows = []
    for claim_type, marketplace in used:
        try:
            windows.append(ran.policy.window(claim_type, marketplace, ran.as_of).as_manifest(marketplace))
        except NoWindow:
            continue
    return {"version": ran.policy.version, "checked": ran.policy.checked.isoformat(), "windows": windows}


def _inputs(ran: Ran) -> list[dict[str, Any]]:
    index_of = {export.source.name: index for index, export in enumerate(ran.tables.exports)}
    inputs = []
    for export in sorted(ran.exports, key=lambda e: e.source.name):
        reading = export.reading
        if not reading.report_id:
            continue
        rejected = 0 if export.same_as else reading.rows_rejected
        if export.same_as:
            repeated = reading.rows_read
        else:
            index = index_of.get(export.source.name)
            repeated = ran.tables.repeated.get(index, 0) if index is not None else 0
        rows = {
            "read": reading.rows_read,
            "loaded": reading.rows_read - rejected - repeated,
            "repeated": repeated,
            "rejected": rejected,
        }
        inputs.append(
            {
                "file": reading.name,
                "sha256": reading.sha256,
                "bytes": reading.size,
                "report": reading.report_id,
                "report_title": ran.catalog.reports[reading.report_id].title,
                "encoding": reading.encoding,
                "delimiter": reading.delimiter,
                "first_date": _iso(reading.first_date),
                "last_date": _iso(reading.last_date),
                "rows": rows,
                "same_as": export.same_as,
            }
        )
    return inputs


def _needs(ran: Ran) -> dict[str, Any]:
    """What each rule reads and concludes from, whether the exports give it, and what to export where they do not."""
    present = filled_tables(ran.tables.exports, ran.catalog)
    needs = needs_of(ran.rules, ran.catalog, ran.tables.coverage, present, ran.as_of)
    to_export = exports_to_make(needs, silent_rules(ran.judgement.missing, ran.catalog), ran.catalog)
    return {"needs": [need.as_json() for need in needs], "to_export": [line.as_json() for line in to_export]}


def filled_tables(exports: Iterable[ReadExport], catalog: Catalog) -> frozenset[str]:
    """The tables for which an export was read."""
    return frozenset(
        catalog.reports[e.reading.report_id].table for e in exports if e.reading.report_id and e.reading.parquet
    )


def coverage_lines(
    rules: Iterable[Rule], exports: Sequence[ReadExport], catalog: Catalog, coverage: Mapping[str, Coverage]
) -> list[dict[str, Any]]:
    """Every report that was read, and every one that a rule asks for and nothing stands in for."""
    known = [e.reading for e in exports if e.reading.report_id and e.reading.parquet and not e.same_as]
    read = {reading.report_id for reading in known if reading.report_id}
    filled = filled_tables(exports, catalog)
    missing_for: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        groups = [*rule.facts.reads, *((need.table,) for need in rule.facts.requires)]
        for tables in (tuple(t for t in group if t in catalog.tables) for group in groups):
            if tables and not filled & set(tables):
                asked = missing_for[catalog.to_export(tables[0]).id]
                asked += [rule.rule_id] if rule.rule_id not in asked else []
    lines = []
    for report in sorted((catalog.reports[name] for name in read | set(missing_for)), key=lambda r: r.id):
        covered = coverage[part_of(report.table, report.part)]
        lines.append(
            {
                "report": report.id,
                "title": report.title,
                "present": report.id in read,
                "first_date": _iso(covered.first),
                "last_date": _iso(covered.last),
                "rows": sum(reading.rows_read for reading in known if reading.report_id == report.id),
                "gaps": [{"from": _iso(gap.first), "to": _iso(gap.last)} for gap in covered.gaps],
                "missing_for": missing_for.get(report.id, []),
            }
        )
    return lines


def silent_rules(missing: Iterable[Missing], catalog: Catalog) -> list[dict[str, Any]]:
    """Per rule and export: how many candidates could not be concluded, and which days would let the rule speak."""
    grouped: dict[tuple[str, str], list[Missing]] = defaultdict(list)
    for gap in missing:
        grouped[gap.rule, gap.table].append(gap)
    lines = []
    for (rule, table), gaps in sorted(grouped.items()):
        firsts = [gap.first for gap in gaps if gap.first]
        first, last = min(firsts, default=None), max(gap.last for gap in gaps)
        report = catalog.to_export(table)
        days = f"from {first} to {last}" if first else f"up to {last}"
        lines.append(
            {
                "rule": rule,
                "candidates": len(gaps),
                "units": sum(gap.units for gap in gaps),
                "worth": _worth(gaps),
                "why": f"{report.title}: the exports do not cover the days {days}",
                "report": report.id,
                "from": _iso(first),
                "to": _iso(last),
            }
        )
    return lines


def _worth(gaps: Iterable[Missing]) -> dict[str, str]:
    """What the candidates might be worth, by currency, as far as their value is known."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for gap in gaps:
        if gap.amount is not None:
            sums[gap.currency] += gap.amount
    return {currency: money.format_plain(amount, currency) for currency, amount in sorted(sums.items())}


def _totals(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.currency, finding.rule, finding.status, finding.confidence].append(finding)
    lines = []
    for (currency, rule, status, confidence), group in sorted(groups.items()):
        known = [finding.amount for finding in group if finding.amount is not None]
        lines.append(
            {
                "currency": currency,
                "rule": rule,
                "status": status,
                "confidence": confidence,
                "findings": len(group),
                "units": sum(finding.units for finding in group),
                "amount": money.format_plain(sum(known, Decimal(0)), currency) if known else "",
                "without_value": len(group) - len(known),
            }
        )
    return lines


def _already_paid(ran: Ran) -> list[dict[str, Any]]:
    """What the reimbursements in the exports have paid, by currency and kind."""
    rows = ran.tables.con.execute(
        """select coalesce(currency, ''), family, sum(greatest(units, 0))::bigint, sum(amount_total)
           from payments where family not in ('reversal', 'fee') group by all order by all"""
    ).fetchall()
    rule_of = {rule.facts.payment_family: rule.rule_id for rule in ran.rules if rule.facts.payment_family != "other"}
    return [
        {
            "currency": currency,
            "rule": rule_of.get(family, "other"),
            "units": units or 0,
            "amount": money.format_plain(amount, currency) if currency and amount is not None else "",
        }
        for currency, family, units, amount in rows
    ]


def _unknown_codes(ran: Ran) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for export in ran.exports:
        for column, values in ({} if export.same_as else export.reading.unknown_values).items():
            for value, rows in values.items():
                counts[export.reading.report_id or "", column, value] += rows
    return [
        {"report": report, "column": column, "value": value, "rows": rows}
        for (report, column, value), rows in sorted(counts.items())
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def newest_payment_day(coverage: Mapping[str, Any]) -> date | None:
    """The last day that the reimbursements exports cover."""
    last: date | None = coverage["reimbursements"].last
    return last
