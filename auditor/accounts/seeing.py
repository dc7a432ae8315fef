"""What the results folder of an account and its case log say, as far as alerts and the portfolio ask."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from auditor.accounts.alert import Export, Loss, MissingCost, RejectReason, Seen, total
from auditor.accounts.settings import Account
from auditor.claims.cases.log import Case
from auditor.exports.catalog import load_catalog
from auditor.model import FOUND, PAID, AuditError, Finding, Results, WrongUsage
from auditor.publish.manifest import as_of, entries, exposures
from auditor.publish.reading import read_results
from auditor.publish.swap import standing
from auditor.rulebook.needs import COSTS, OWN

#: The rules whose units are losses and damages in a building, and the roles of the rows that tell where and when.
_RULES: Mapping[str, Literal["lost", "damaged"]] = {
    "warehouse_lost": "lost",
    "warehouse_damaged": "damaged",
    "inbound_damaged": "damaged",
}
_ROLES = ("lost", "damaged", "received_damaged")
_LEDGERS = frozenset({"ledger_detail", "inventory_adjustments"})
_BUILDING = ("Fulfillment Center", "Fulfilment Centre", "Fulfillment Center ID")


def see(account: Account, folder: Path, failed: str = "") -> tuple[Seen, Results | None]:
    """The account by its results folder; without usable results, why there are none stands in `failed`."""
    try:
        results = read_results(folder)
        seen = _seen(account, results, standing(folder))
    except WrongUsage:
        return Seen(account, failed=failed or "There are no results of this account."), None
    except AuditError as error:
        return Seen(account, failed=failed or str(error.problems[0].what)), None
    return replace(seen, failed=failed), results


def seen_of(account: Account, manifest: Mapping[str, Any] | None, cases: Sequence[Case]) -> Seen:
    """What run.json alone says of an account, with its cases: what it lacks, not what was found."""
    if manifest is None:
        return Seen(account, cases=cases)
    exports, costs = tuple(_exports(manifest)), tuple(_costs(manifest))
    absent = tuple(_absent(manifest))
    return Seen(account, as_of=as_of(manifest), to_export=exports, missing_costs=costs, cases=cases, absent=absent)


def failures(batch: Path) -> dict[str, str]:
    """Why accounts failed in the newest batch, by ID, as batch.json says."""
    try:
        told = json.loads((batch / "batch.json").read_bytes())
        rows = [row for row in told["accounts"] if row.get("state") not in {"ok", "cancelled"}]
        return {str(row["id"]): " ".join(row.get("problems") or (str(row.get("state")),)) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _seen(account: Account, results: Results, folder: Path) -> Seen:
    manifest = results.manifest
    days = [date.fromisoformat(day) for row in entries(manifest, "inputs") if (day := row.get("last_date"))]
    return Seen(
        account=account,
        as_of=as_of(manifest),
        findings=results.findings,
        exposures=exposures(manifest),
        losses=tuple(_losses(results, folder)),
        ledger=_ledger(manifest),
        newest=min(max(days), as_of(manifest)) if days else None,
        to_export=tuple(_exports(manifest)),
        missing_costs=tuple(_costs(manifest)),
        absent=tuple(_absent(manifest)),
        rejects=tuple(_rejects(manifest)),
        brands=manifest.get("brands") or {},
        titles={str(row["rule"]): str(row.get("title") or "") for row in entries(manifest, "rules")},
    )


def _ledger(manifest: Mapping[str, Any]) -> tuple[date, date] | None:
    rows = [
        row for row in entries(manifest, "coverage") if row.get("report") in {"ledger_detail", "inventory_adjustments"}
    ]
    first = min((row["first_date"] for row in rows if row.get("first_date")), default=None)
    last = max((row["last_date"] for row in rows if row.get("last_date")), default=None)
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def _losses(results: Results, folder: Path) -> Iterator[Loss]:
    """Every lot that was lost or damaged: those with a finding by their rows, the others by what is not claimed."""
    findings = {f.finding_id: f for f in results.findings if f.rule in _RULES}
    left = {finding_id: finding.units for finding_id, finding in findings.items()}
    for row in _rows(folder, findings):
        finding = findings[row["finding_id"]]
        units = row["units"] or 0
        share = min(units, left[finding.finding_id])
        whole = left[finding.finding_id] == finding.units
        left[finding.finding_id] -= share
        yield Loss(
            day=row["date"],
            building=_building(row["row"]),
            kind=_RULES[finding.rule],
            units=units,
            left=share,
            finding_id=finding.finding_id,
            currency=finding.currency,
            amount=_share(finding, share) if share or whole else None,
        )
    for each in results.not_claimed:
        if each.rule in _RULES and each.reason in FOUND | PAID and each.event_date:
            yield Loss(each.event_date, "", _RULES[each.rule], each.units)


def _share(finding: Finding, units: int) -> Decimal | None:
    if finding.amount is None or units == finding.units:
        return finding.amount
    return finding.unit_value * units if finding.unit_value is not None else None


def _rows(folder: Path, findings: Mapping[str, Finding]) -> list[dict[str, Any]]:
    import polars as pl

    if not findings:
        return []
    wanted = pl.col("role").is_in(_ROLES) & pl.col("finding_id").is_in(list(findings)) & pl.col("date").is_not_null()
    columns = ("finding_id", "date", "units", "row", "file", "line")
    try:
        rows = pl.scan_parquet(folder / "evidence.parquet").filter(wanted & (pl.col("units") > 0)).select(columns)
        return rows.sort("date", "file", "line").collect().to_dicts()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise AuditError(f"The evidence in {folder.name} cannot be read.") from error


def _building(row: str) -> str:
    cells = json.loads(row)
    return next((str(cells[name]).strip() for name in _BUILDING if cells.get(name)), "")


def _exports(manifest: Mapping[str, Any]) -> Iterator[Export]:
    """One for each report, whatever rules and days ask for it; those that nothing waits for are not worth a message."""
    titles: dict[str, str] = {}
    waiting: dict[str, list[tuple[str, Decimal | None]]] = defaultdict(list)
    units: Counter[str] = Counter()
    for row in entries(manifest, "to_export"):
        if row.get("units"):
            report = str(row["report"])
            titles.setdefault(report, str(row.get("title", "")))
            units[report] += int(row["units"])
            waiting[report] += [(currency, Decimal(amount)) for currency, amount in row["worth"].items() if amount]
    for report, title in titles.items():
        yield Export(report, title, total(waiting[report]), units[report])


def _costs(manifest: Mapping[str, Any]) -> Iterator[MissingCost]:
    for row in entries(manifest, "missing_costs"):
        until, sold = row.get("next_deadline"), row.get("worth_if_sold")
        yield MissingCost(
            str(row["sku"]),
            int(row.get("units") or 0),
            str(row.get("currency") or ""),
            Decimal(sold) if sold else None,
            date.fromisoformat(until) if until else None,
        )


def _absent(manifest: Mapping[str, Any]) -> Iterator[Export]:
    """Reports of which there is no file and nothing that stands in for it, although a rule needs them.

    Of the files that sellers make themselves only the costs count: the others are for those who keep such records.
    """
    reports = load_catalog().reports
    titles: dict[str, str] = {}
    for row in entries(manifest, "needs"):
        report = str(row.get("report") or "")
        own = report in reports and reports[report].source == OWN
        if row.get("state") == "missing" and report and (report == COSTS or not own):
            titles.setdefault(report, str(row.get("title") or report))
    yield from (Export(report, title, ()) for report, title in titles.items())


def _rejects(manifest: Mapping[str, Any]) -> Iterator[RejectReason]:
    titles = {row.get("report"): str(row.get("report_title", "")) for row in entries(manifest, "inputs")}
    for row in entries(manifest, "reject_reasons"):
        report = str(row["report"])
        yield RejectReason(titles.get(report) or report, str(row["column"]), str(row["reason"]), int(row["rows"]))


def newest_day(seen: Sequence[Seen]) -> date | None:
    """The newest day that any results speak for."""
    return max((each.as_of for each in seen if each.as_of), default=None)
