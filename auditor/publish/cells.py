"""How one value becomes the text of one cell, safe on a terminal and in a calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from auditor.policy.money import round_money

# Control characters could drive a terminal; direction marks could turn an amount around.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """The text on one line, without control characters and without marks that turn the writing direction."""
    return " ".join(_UNPRINTABLE.sub(" ", _DIRECTION.sub("", text)).split())


def row_json(row: Mapping[str, str]) -> str:
    """A source row's own cells as compact JSON, in the order of the export."""
    return json.dumps(dict(row), ensure_ascii=False, separators=(",", ":"))


def day_text(day: date | None) -> str:
    """ISO date; "" when there is none."""
    return day.isoformat() if day else ""


def money_text(amount: Decimal | None, currency: str) -> str:
    """Amount for people, with its currency's digits and its code, "1,012.50 EUR"; "unknown" when there is none."""
    return "unknown" if amount is None else f"{round_money(amount, currency):,f} {currency}".rstrip()


def units_text(units: int) -> str:
    """The count with its word: "1 unit", "5 units"."""
    return f"{units:,} unit" + ("" if abs(units) == 1 else "s")
