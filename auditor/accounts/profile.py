"""An account among others, measured from its results: how large, how lossy, how well paid, what is at stake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from auditor.model import Finding
from auditor.policy.money import format_plain
from auditor.publish.manifest import entries, exposures

#: States in which money may still be had; waiting money is not due yet.
AT_STAKE = ("open", "waiting", "filed", "in_progress", "info_needed", "approved", "denied", "appealed")


def profile(manifest: Mapping[str, Any], findings: Sequence[Finding]) -> dict[str, Any]:
    """What batch.json says about an account; the same results give the same profile.

    Rates and shares are text with a decimal point, None where there is nothing to divide by. `loss_rate` counts units
    lost or damaged per thousand shipped; `paid_share` is the part of what was neither found nor corrected that Amazon
    has paid. Money is by currency and never added across currencies.
    """
    owed = [f for f in findings if f.rule not in exposures(manifest)]
    active = manifest.get("activity") or {}
    lost = defaultdict(int, _lost(manifest))
    owing = lost["units"] - lost["found"] - lost["corrected"]
    return {
        "as_of": manifest["as_of"],
        "marketplaces": list(manifest["marketplaces"]),
        "newest_export": manifest.get("newest_event"),
        "first_day": active.get("first_day"),
        "skus": active.get("skus", 0),
        "active_skus": active.get("active_skus", 0),
        "units_shipped": active.get("units_shipped", 0),
        "units_a_month": active.get("units_a_month", 0),
        "units_lost_or_damaged": lost["units"],
        "loss_rate": _ratio(1000 * lost["units"], active.get("units_shipped", 0)),
        "paid_share": _ratio(lost["paid"], owing),
        "brands": dict(manifest.get("brands") or {}),
        "findings": len(owed),
        "money": {
            "open": _money(f for f in owed if f.status == "open"),
            "at_stake": _money(f for f in owed if f.status in AT_STAKE),
            "within_14_days": _money(f for f in owed if f.status == "open" and (f.days_left or 0) <= 14 and f.claim_by),
            "expired": _money(f for f in owed if f.status == "expired"),
            "may_be_taken_back": _money(f for f in findings if f.rule in exposures(manifest)),
        },
        "without_value": sum(f.amount is None for f in owed if f.status in AT_STAKE),
        "by_status": _counts(f.status for f in owed),
        "next_deadline": min((f.safe_by.isoformat() for f in owed if f.status == "open" and f.safe_by), default=None),
        "rejects": dict(manifest["rejects"]),
        "to_export": [{"report": line["report"], "days": line["days"]} for line in entries(manifest, "to_export")],
        "missing_costs": len(entries(manifest, "missing_costs")),
        "warnings": list(manifest["warnings"]),
    }


def _lost(manifest: Mapping[str, Any]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for family in (manifest.get("balance_totals") or {}).values():
        for name, units in family.items():
            sums[name] += units
    return sums


def _ratio(part: int, whole: int) -> str | None:
    return format((Decimal(part) / Decimal(whole)).quantize(Decimal("0.001")), "f") if whole > 0 else None


def _money(findings: Iterable[Finding]) -> dict[str, str]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for finding in findings:
        if finding.amount is not None:
            sums[finding.currency] += finding.amount
    return {currency: format_plain(amount, currency) for currency, amount in sorted(sums.items())}


def _counts(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for word in words:
        counts[word] += 1
    return dict(sorted(counts.items()))
