"""Money in its currency's own digits: exact until it is rounded once, half up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision


def digits(currency: str) -> int:
    """Digits after the decimal point of a currency by its ISO code: EUR 2, JPY 0; 2 when unknown."""
    return int(get_currency_precision(currency))


def round_money(amount: Decimal | Fraction | int, currency: str) -> Decimal:
    """Round half up, away from zero, to the currency's digits; a float is a defect and raises TypeError."""
    if isinstance(amount, float):
        raise TypeError("Money is Decimal or Fraction, never float.")
    places = digits(currency)
    exact = Fraction(amount)
    smallest_units = (2 * abs(exact) * 10**places + 1) // 2
    sign = int(exact < 0 and smallest_units > 0)
    # From its digits, because every arithmetic operation of Decimal would round to the context's precision.
    return Decimal((sign, tuple(int(figure) for figure in str(smallest_units)), -places))


def format_plain(amount: Decimal | Fraction | int | None, currency: str) -> str:
    """The amount as text for machines, "12.50" or "1250", without a currency sign; "" when unknown."""
    return "" if amount is None else format(round_money(amount, currency), "f")
