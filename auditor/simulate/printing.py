"""How a day, a moment and an amount look in an export of a market."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from auditor.simulate.markets import Market

Row = list[str]


def moment(day: date, market: Market, seed_text: str) -> str:
    """Print an ISO moment with its offset; the time of day follows from an identifier."""
    number = sum(ord(letter) * (place + 1) for place, letter in enumerate(seed_text))
    return f"{day.isoformat()}T{number % 24:02}:{number * 7 % 60:02}:{number * 13 % 60:02}{market.offset}"


def settlement_moment(day: date, market: Market) -> str:
    """Print a settlement's moment, always in UTC."""
    return f"{day.strftime(market.settlement_dates)} 20:21:38 UTC"


def point_amount(amount: Decimal) -> str:
    """Print an amount with two decimals, as flat files do even in yen."""
    return f"{amount:.2f}"


def settlement_amount(amount: Decimal, market: Market) -> str:
    """Print an amount of a settlement, in the EU with a decimal comma."""
    text = point_amount(amount)
    return text.replace(".", ",") if market.decimal_comma else text


def tabbed(rows: list[Row], line_end: str = "\n") -> str:
    """Join rows by tabs; nothing is quoted, trailing tabs stay."""
    return "".join("\t".join(row) + line_end for row in rows)


def quoted(rows: list[Row]) -> str:
    """Join rows by commas with every field quoted, as Seller Central does."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def comma(rows: list[Row]) -> str:
    """Join rows by commas, quoting only what needs it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
