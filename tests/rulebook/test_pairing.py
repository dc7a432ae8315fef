"""Two sides of one movement are joined one to one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.pairing import Side, pair

START = date(2026, 4, 1)


def side(row_id: int, on: int, units: int = 1, key: str = "A", order: str = "") -> Side:
    return Side(row_id, (key,), units, START + timedelta(days=on), (order,))


@st.composite
def sides(draw: st.DrawFn, first_row: int) -> list[Side]:
    return [
        side(row, draw(st.integers(0, 25)), draw(st.integers(1, 2)), draw(st.sampled_from("AB")))
        for row in range(first_row, first_row + draw(st.integers(0, 6)))
    ]


def fits(one: Side, other: Side, earliest: int, latest: int) -> bool:
    return (one.key, one.units) == (other.key, other.units) and earliest <= (other.day - one.day).days <= latest


@given(sides(0), sides(100), st.integers(-10, 0), st.integers(0, 10))
def test_pairs_are_one_to_one_equal_and_in_time(
    left: list[Side], right: list[Side], earliest: int, latest: int
) -> None:
    pairs = pair(left, right, earliest, latest)
    by_row = {one.row_id: one for one in left + right}
    assert len(set(pairs.values())) == len(pairs)
    assert all(fits(by_row[one], by_row[other], earliest, latest) for one, other in pairs.items())


@given(sides(0), sides(100), st.integers(-10, 0), st.integers(0, 10))
def test_no_two_rows_that_fit_both_stay_alone(left: list[Side], right: list[Side], earliest: int, latest: int) -> None:
    pairs = pair(left, right, earliest, latest)
    alone_left = [one for one in left if one.row_id not in pairs]
    alone_right = [one for one in right if one.row_id not in pairs.values()]
    assert not any(fits(one, other, earliest, latest) for one in alone_left for other in alone_right)


@given(sides(0), sides(100))
def test_the_order_of_rows_changes_no_pair(left: list[Side], right: list[Side]) -> None:
    assert pair(left, right, -10, 10) == pair(left[::-1], right[::-1], -10, 10)


@given(sides(0), sides(100))
def test_rows_of_other_products_change_no_pair(left: list[Side], right: list[Side]) -> None:
    mine = [[one for one in both if one.key == ("A",)] for both in (left, right)]
    together, alone = pair(left, right, -10, 10), pair(*mine, -10, 10)
    assert alone == {one: other for one, other in together.items() if one in {s.row_id for s in mine[0]}}


def test_the_nearest_days_are_joined_first() -> None:
    assert pair([side(1, 10), side(2, 14)], [side(101, 13)], -10, 10) == {2: 101}


def test_a_nearer_pair_is_joined_even_when_another_row_loses_its_only_partner() -> None:
    assert pair([side(1, 0), side(2, 4)], [side(101, 5), side(102, 14)], -10, 10) == {2: 101}


def test_different_quantities_are_no_pair() -> None:
    assert pair([side(1, 10, units=2)], [side(101, 10, units=1), side(102, 10, units=1)], -10, 10) == {}


def test_the_limits_are_days_from_the_left_row_to_the_right_one_both_included() -> None:
    left = [side(1, 10)]
    assert [pair(left, [side(101, 10 + days)], -7, 1) for days in (-8, -7, 1, 2)] == [{}, {1: 101}, {1: 101}, {}]


def test_content_decides_between_rows_of_one_day_not_their_place_in_the_file() -> None:
    right = [side(101, 10, order="b"), side(102, 10, order="a")]
    assert pair([side(1, 10)], right, -1, 1) == {1: 102}
