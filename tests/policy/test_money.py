from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.policy import digits, format_plain, round_money

CURRENCIES = st.sampled_from(["USD", "EUR", "GBP", "JPY", "SEK", "INR", "AED"])
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)


@pytest.mark.parametrize(("currency", "expected"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("SEK", 2)])
def test_each_currency_has_its_own_digits(currency: str, expected: int) -> None:
    assert digits(currency) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("12.5"), "EUR", "12.50"),
        (Decimal(1250), "JPY", "1250"),
        (Decimal("0.125"), "USD", "0.13"),
        (Decimal("0.135"), "USD", "0.14"),
        (Decimal("-0.125"), "USD", "-0.13"),
        (Decimal("0.5"), "JPY", "1"),
        (Decimal("-0.004"), "USD", "0.00"),
        (Fraction(100, 3), "EUR", "33.33"),
        (Fraction(200, 3), "EUR", "66.67"),
        (Fraction(1, 8), "EUR", "0.13"),
        (Decimal("1E+3"), "JPY", "1000"),
        (7, "GBP", "7.00"),
        (Decimal("123456789012345678901234567890.125"), "USD", "123456789012345678901234567890.13"),
        (None, "EUR", ""),
    ],
)
def test_money_is_printed_with_the_currencys_digits_rounded_half_up(
    amount: Decimal | Fraction | int | None, currency: str, text: str
) -> None:
    assert format_plain(amount, currency) == text


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError, match="never float"):
        round_money(12.5, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(amount: Decimal) -> None:
    with pytest.raises((ValueError, OverflowError)):
        round_money(amount, "EUR")


@given(AMOUNTS, CURRENCIES)
def test_rounding_agrees_with_the_decimal_module(amount: Decimal, currency: str) -> None:
    with localcontext(prec=60):
        expected = amount.quantize(Decimal(1).scaleb(-digits(currency)), rounding=ROUND_HALF_UP)
    assert round_money(amount, currency) == expected


@given(AMOUNTS, CURRENCIES)
def test_rounding_twice_changes_nothing(amount: Decimal, currency: str) -> None:
    once = round_money(amount, currency)
    assert round_money(once, currency) == once
    assert abs(once - amount) * 2 <= Decimal(1).scaleb(-digits(currency))


@given(AMOUNTS, CURRENCIES)
def test_printed_money_reads_back_as_the_rounded_amount(amount: Decimal, currency: str) -> None:
    text = format_plain(amount, currency)
    assert Decimal(text) == round_money(amount, currency)
    assert len(text.partition(".")[2]) == digits(currency)
    assert not text.startswith("-0") or Decimal(text) != 0
