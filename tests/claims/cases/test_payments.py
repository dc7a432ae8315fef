"""Payments find the cases that they name; what could mean several is left to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.claims.cases.payments import Claimed, match, with_keys

from .conftest import payment

CASE = Claimed(
    "FAAAAAAAAA01",
    "lost",
    "4711",
    "20000000000001",
    "X000000001",
    "SKU-1",
    date(2026, 4, 1),
    date(2026, 5, 11),
    "USD",
    2,
)
OTHER = replace(CASE, finding_id="FAAAAAAAAA02", case_id="4712", reference_id="20000000000002")
ORDER = replace(CASE, finding_id="FAAAAAAAAA03", family="other", reference_id="111-0000001-0000001", case_id="")


@pytest.mark.parametrize(
    ("what", "cases", "answered"),
    [
        ({}, [CASE], {"FAAAAAAAAA01": 2}),
        ({"case_id": "4712"}, [CASE, OTHER], {"FAAAAAAAAA02": 2}),
        ({"case_id": "4711", "day": "2026-05-01"}, [CASE], {"FAAAAAAAAA01": 2}),
        ({"day": "2026-05-10"}, [CASE], {}),
        ({"fnsku": "X000000009", "msku": "SKU-1"}, [CASE], {}),
        ({"fnsku": "", "msku": "SKU-1"}, [CASE], {"FAAAAAAAAA01": 2}),
        ({"family": "damaged"}, [CASE], {}),
        ({"currency": "EUR"}, [CASE], {}),
        ({"order_id": "111-0000001-0000001", "family": "other"}, [CASE, ORDER], {"FAAAAAAAAA03": 2}),
        ({"order_id": "111-0000009-0000009"}, [CASE], {}),
        ({"units": 4}, [CASE, OTHER], {"FAAAAAAAAA01": 2, "FAAAAAAAAA02": 2}),
        ({"units": 5}, [CASE], {"FAAAAAAAAA01": 2}),
        ({"units": 0}, [CASE], {}),
    ],
)
def test_a_payment_answers_the_case_that_it_names(
    what: dict[str, object], cases: list[Claimed], answered: dict[str, int]
) -> None:
    matches, undecided = match([payment(**what)], cases, ())  # type: ignore[arg-type]
    assert {m.finding_id: m.units for m in matches} == answered
    assert undecided == []


def test_two_cases_and_one_payment_that_fits_neither_sum_is_undecided() -> None:
    matches, undecided = match([payment(units=3)], [CASE, OTHER], ())
    assert (matches, [p.units for p in undecided]) == ([], [3])


def test_a_payment_that_names_another_case_of_the_account_is_of_no_other() -> None:
    other = payment(case_id="999")
    assert [m.finding_id for m in match([other], [CASE], (), {"4711"})[0]] == [CASE.finding_id]
    assert match([other], [CASE], (), {"4711", "999"}) == ([], [])


def test_what_is_known_is_not_matched_again() -> None:
    one = payment()
    assert match([one], [CASE], {one.key}) == ([], [])


def test_equal_rows_have_keys_of_their_own() -> None:
    one = payment()
    assert len({row.key for row in with_keys([one, one, payment(2)])}) == 3


@given(
    st.lists(st.tuples(st.integers(1, 9), st.decimals("0.01", "999", places=2)), max_size=8),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_no_unit_is_paid_twice_and_no_money_is_lost(paid: list[tuple[int, Decimal]], left: list[int]) -> None:
    cases = [replace(CASE, finding_id=f"F{n}", left=units) for n, units in enumerate(left)]
    rows = with_keys(payment(units=units, amount=amount) for units, amount in paid)
    matches, undecided = match(rows, cases, ())
    for case in cases:
        assert sum(m.units for m in matches if m.finding_id == case.finding_id) <= case.left
    for row in rows:
        mine = [m for m in matches if m.payment.key == row.key]
        assert sum(m.units for m in mine) <= row.units
        if sum(m.units for m in mine) == row.units:
            assert sum(m.amount or 0 for m in mine) == row.amount
        assert not (mine and row in undecided)
