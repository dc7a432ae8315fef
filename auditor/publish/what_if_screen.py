"""What another value would change, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console

from auditor.model import WhatIfLine
from auditor.policy.money import format_plain
from auditor.publish.layout import aligned, heading, line
from auditor.publish.speech import Speech


def what_if_screen(lines: Sequence[WhatIfLine], console: Console, speech: Speech) -> None:
    """Each rule with its worth now and then, by currency and state, and each currency together; 80 columns are enough.

    Nothing was written of it.
    """
    heading(console, speech.say("What if (the results stand as they are)"))
    if not lines:
        line(console, speech.say("No finding is valued at cost."))
        return
    rows: list[tuple[str, Sequence[str]]] = [("dim", _head(speech))]
    for currency in sorted({each.currency for each in lines}):
        mine = [each for each in lines if each.currency == currency]
        for status in dict.fromkeys(each.status for each in mine):
            group = [part for part in (currency or speech.say("Currency unknown"), speech.state(status)) if part]
            rows.append(("bold", (", ".join(group), "", "", "", "")))
            rows += [("", _cells(each, f"  {each.rule}", speech)) for each in mine if each.status == status]
        if currency:
            rows.append(("bold", _cells(_together(mine, currency), speech.say("all"), speech)))
    aligned(console, rows, "<>>><")


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
    return WhatIfLine("", "", currency, *(total(name) for name in names))


def _head(speech: Speech) -> tuple[str, ...]:
    names = (speech.say("rule"), speech.say("now"), speech.say("then"), speech.say("difference"))
    return (*names, speech.say("in both"))


def _cells(each: WhatIfLine, name: str, speech: Speech) -> tuple[str, ...]:
    known_now, known_then = each.findings > each.unknown_now, each.findings > each.unknown_then

    def money(amount: Decimal | None) -> str:
        return speech.money(amount, each.currency).removesuffix(f" {each.currency}")

    return (
        name,
        money(each.now if known_now else None),
        money(each.then if known_then else None),
        money(each.difference) if each.both else "",
        speech.say("{both} of {n}", both=f"{each.both:,}", n=f"{each.findings:,}"),
    )
