"""The costs that are missing, ranked by the money that waits for them: what a seller should look up first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.model import Finding
from auditor.policy import Policy, money
from auditor.rulebook.rules import Rule


def missing_costs(
    findings: Sequence[Finding], rules: Iterable[Rule], policy: Policy, prices: Mapping[str, Mapping[str, Decimal]]
) -> list[dict[str, Any]]:
    """One entry a SKU and currency: its findings of unknown cost that can still be filed, nearest deadline, worth.

    The worth is what a sale of so many units would leave after fees (`prices`, by SKU and currency), a measure of how
    much waits and not of what is owed; blank where the exports show no sale. The most comes first.
    """
    by_cost = {rule.rule_id for rule in rules if rule.facts.basis == "cost" and rule.facts.kind == "claim"}
    waiting: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule in by_cost and finding.amount is None and finding.status != "expired" and finding.msku:
            waiting[finding.msku, policy.currency(finding.marketplace) or ""].append(finding)
    entries = [_entry(sku, currency, group, prices) for (sku, currency), group in waiting.items()]
    entries.sort(key=lambda e: (-(e["_worth"] or Decimal(-1)), -e["units"], e["sku"], e["currency"]))
    return [{key: value for key, value in entry.items() if key != "_worth"} for entry in entries]


def _entry(
    sku: str, currency: str, group: Sequence[Finding], prices: Mapping[str, Mapping[str, Decimal]]
) -> dict[str, Any]:
    units = sum(finding.units for finding in group)
    price = prices.get(sku, {}).get(currency)
    worth = None if price is None else price * units
    deadlines = [finding.claim_by for finding in group if finding.claim_by]
    return {
        "sku": sku,
        "currency": currency,
        "fnsku": group[0].fnsku,
        "title": next((finding.title for finding in group if finding.title), ""),
        "findings": len(group),
        "units": units,
        "next_deadline": _iso(min(deadlines, default=None)),
        "worth_if_sold": "" if worth is None else money.format_plain(worth, currency),
        "_worth": worth,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
