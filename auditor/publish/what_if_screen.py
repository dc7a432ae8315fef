"""What another value would change, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from auditor.model import WhatIfLine
from auditor.policy.money import format_plain
from auditor.publish.layout import aligned, heading, line
from auditor.publish.speech import Speech


def what_if_screen(lines: Sequence[WhatIfLine], console: Console, speech: Speech) -> None:
    """Each rule and state with its worth now and then, and each currency together; nothing was written of it."""
    heading(console, speech.say("What if (the results stand as they are)"))
    if not lines:
        line(console, speech.say("No finding is valued at cost."))
        return
    rows: list[tuple[str, Sequence[str]]] = [("dim", _head(speech))]
    rows += [("", _cells(each, each.rule, speech)) for each in lines]
    for currency in sorted({each.currency for each in lines if each.currency}):
        together = _together([each for each in lines if each.currency == currency], currency)
        rows.append(("bold", _cells(together, speech.say("all"), speech)))
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
    return WhatIfLine("", "", currency, *(total(name) for name in names))


def _head(speech: Speech) -> tuple[str, ...]:
    names = (speech.say("rule"), speech.say("status"), speech.say("findings"), speech.say("now"), speech.say("then"))
    return (*names, speech.say("difference"), speech.say("known in both"))


def _cells(each: WhatIfLine, name: str, speech: Speech) -> tuple[str, ...]:
    known_now, known_then = each.findings > each.unknown_now, each.findings > each.unknown_then
    return (
        name,
        speech.state(each.status),
        f"{each.findings:,}",
        speech.money(each.now if known_now else None, each.currency),
        speech.money(each.then if known_then else None, each.currency),
        speech.money(each.difference, each.currency) if each.both else "",
        speech.say("{both} of {n}", both=f"{each.both:,}", n=f"{each.findings:,}"),
    )
