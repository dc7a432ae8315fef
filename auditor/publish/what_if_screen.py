"""What another value would change, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from auditor.model import WhatIfLine
from auditor.policy.money import format_plain
from auditor.publish.cells import money_text
from auditor.publish.layout import aligned, heading, line

_HEAD = ("rule", "status", "findings", "now", "then", "difference", "known in both")


def what_if_screen(lines: Sequence[WhatIfLine], console: Console) -> None:
    """Each rule and state with its worth now and then, and each currency together; nothing was written of it."""
    heading(console, "What if (the results stand as they are)")
    if not lines:
        line(console, "No finding is valued at cost.")
        return
    rows: list[tuple[str, Sequence[str]]] = [("dim", _HEAD)]
    rows += [("", _cells(each)) for each in lines]
    for currency in sorted({each.currency for each in lines if each.currency}):
        rows.append(("bold", _cells(_together([each for each in lines if each.currency == currency], currency))))
    aligned(console, rows, "<<>>>><")


def what_if_json(lines: Sequence[WhatIfLine]) -> list[dict[str, Any]]:
    """The lines in JSON's types: money as text with the currency's digits."""
    return [
        {
            "rule": each.rule,
            "status": each.status,
            "currency": each.currency,
            "findings": each.findings,
            "units": each.units,
            "now": format_plain(each.now, each.currency),
            "without_value_now": each.unknown_now,
            "then": format_plain(each.then, each.currency),
            "without_value_then": each.unknown_then,
            "known_in_both_ways": each.both,
            "difference": format_plain(each.difference, each.currency),
        }
        for each in lines
    ]


def _together(lines: Sequence[WhatIfLine], currency: str) -> WhatIfLine:
    def total(name: str) -> Any:
        return sum(getattr(each, name) for each in lines)

    names = ("findings", "units", "now", "unknown_now", "then", "unknown_then", "both", "difference")
    return WhatIfLine("all", "", currency, *(total(name) for name in names))


def _cells(each: WhatIfLine) -> tuple[str, ...]:
    known_now, known_then = each.findings > each.unknown_now, each.findings > each.unknown_then
    return (
        each.rule,
        each.status,
        f"{each.findings:,}",
        money_text(each.now, each.currency) if known_now else "unknown",
        money_text(each.then, each.currency) if known_then else "unknown",
        money_text(each.difference, each.currency) if each.both else "",
        f"{each.both:,} of {each.findings:,}",
    )
