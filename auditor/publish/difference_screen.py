"""What changed between two runs, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console

from auditor.policy.money import format_plain
from auditor.publish.cells import money_text, one_line
from auditor.publish.difference import KINDS, Change, Difference, Stock
from auditor.publish.layout import aligned, heading, line, paragraph

#: So many findings are named on the screen; --json names all.
MOST_NAMED = 20
_WORDS = {
    "new": "new",
    "reopened": "open again",
    "recounted": "counted anew",
    "value_changed": "valued anew",
    "filed": "filed",
    "paid": "paid",
    "found": "found",
    "expired": "expired",
    "closed": "closed",
    "no_longer_claimed": "no longer claimed",
    "not_in_exports": "no longer in the exports",
}


def difference_screen(told: Difference, names: tuple[str, str], console: Console) -> None:
    """For each currency what could be filed before, each way it changed, what can be filed now; then the findings."""
    line(console, f"What can be filed, from {names[0]} to {names[1]}", "bold", indent=0)
    for currency in sorted(told.before.keys() | told.after.keys() | {change.currency for change in told.changes}):
        heading(console, currency or "Without a value")
        aligned(console, _account(told, currency), "<>>>")
    if told.changes:
        heading(console, "Findings")
        for change in told.changes[:MOST_NAMED]:
            worth = f", {_signed(change)}" if change.amount else ""
            what = f"{change.finding_id}  {change.rule}: {_WORDS[change.kind]}, {change.units:+} units{worth}."
            paragraph(console, one_line(f"{what} {change.why}"))
        if len(told.changes) > MOST_NAMED:
            line(console, f"and {len(told.changes) - MOST_NAMED} more: --json shows all")
    else:
        line(console, "Nothing changed.", indent=0)
    for text in _notes(told):
        paragraph(console, text)


def difference_json(told: Difference) -> dict[str, Any]:
    """All of it in JSON's types: money as text with the currency's digits."""
    return {
        "before": {currency: _stock_json(stock, currency) for currency, stock in told.before.items()},
        "after": {currency: _stock_json(stock, currency) for currency, stock in told.after.items()},
        "changes": [
            {
                "finding_id": change.finding_id,
                "rule": change.rule,
                "kind": change.kind,
                "currency": change.currency,
                "units": change.units,
                "amount": format_plain(change.amount, change.currency),
                "why": change.why,
            }
            for change in told.changes
        ],
        "moved": [
            {
                "finding_id": each.finding_id,
                "rule": each.rule,
                "claim_by_before": str(each.before or ""),
                "claim_by_after": str(each.after or ""),
            }
            for each in told.moved
        ],
        "rules_changed": list(told.rules_changed),
        "policy_changed": told.policy_changed,
    }


def _account(told: Difference, currency: str) -> list[tuple[str, Sequence[str]]]:
    empty = Stock(0, 0, Decimal(0))
    rows: list[tuple[str, Sequence[str]]] = [("dim", ("", "findings", "units", "amount"))]
    rows.append(("", _cells("before", told.before.get(currency, empty), currency)))
    for kind in KINDS:
        mine = [change for change in told.changes if change.kind == kind and change.currency == currency]
        if mine:
            units, amount = sum(c.units for c in mine), sum((c.amount for c in mine), Decimal(0))
            found = len({c.finding_id for c in mine})
            rows.append(
                ("", (_WORDS[kind], f"{found:,}", f"{units:+,}", money_text(amount, currency) if amount else ""))
            )
    rows.append(("bold", _cells("now", told.after.get(currency, empty), currency)))
    return rows


def _cells(name: str, stock: Stock, currency: str) -> Sequence[str]:
    return name, f"{stock.findings:,}", f"{stock.units:,}", money_text(stock.amount, currency) if currency else ""


def _signed(change: Change) -> str:
    sign = "+" if change.amount > 0 else ""
    return sign + money_text(change.amount, change.currency)


def _notes(told: Difference) -> list[str]:
    notes = []
    if told.policy_changed:
        notes.append("The policy is another one: `audit policy diff` tells what that did.")
    if told.moved:
        notes.append(f"{len(told.moved)} findings have another last day although their facts stand.")
    if told.rules_changed:
        notes.append(f"Rules that are others now: {', '.join(told.rules_changed)}.")
    return notes


def _stock_json(stock: Stock, currency: str) -> dict[str, Any]:
    return {"findings": stock.findings, "units": stock.units, "amount": format_plain(stock.amount, currency)}
