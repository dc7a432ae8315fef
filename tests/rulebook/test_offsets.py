"""Offsets give out each unit once, the surest stage first, and explain as many units as possible."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.offsets import OffsetSide, offset

DAY = date(2026, 4, 10)


def side(
    row_id: int, days: int, units: int, *, demand: bool, stage: int = 1, key: str = "A", tie: str = ""
) -> OffsetSide:
    return OffsetSide(stage, "kind", demand, row_id, key, units, DAY + timedelta(days=days), -7, 7, (tie,))


def told(sides: list[OffsetSide]) -> list[tuple[int, int, int]]:
    return [(each.demand_row, each.supply_row, each.units) for each in offset(sides)]


def test_a_supply_is_used_once_and_the_oldest_demand_goes_first() -> None:
    sides = [side(2, 1, 3, demand=True), side(1, 0, 3, demand=True), side(9, 2, 4, demand=False)]
    assert told(sides) == [(1, 9, 3), (2, 9, 1)]


def test_several_supplies_explain_one_demand() -> None:
    sides = [side(1, 0, 5, demand=True), side(8, 2, 4, demand=False), side(9, 1, 2, demand=False)]
    assert told(sides) == [(1, 9, 2), (1, 8, 3)]


def test_both_ends_of_the_reach_count_and_nothing_beyond() -> None:
    for days, met in ((-8, False), (-7, True), (7, True), (8, False)):
        assert bool(told([side(1, 0, 1, demand=True), side(9, days, 1, demand=False)])) is met


def test_other_keys_and_stages_do_not_meet() -> None:
    assert told([side(1, 0, 1, demand=True), side(9, 0, 1, demand=False, key="B")]) == []
    assert told([side(1, 0, 1, demand=True), side(9, 0, 1, demand=False, stage=2)]) == []


def test_what_an_earlier_stage_used_is_gone_on_both_sides() -> None:
    sides = [
        side(1, 0, 3, demand=True, stage=2),
        side(1, 0, 3, demand=True),
        side(2, 0, 3, demand=True, stage=2),
        side(9, 0, 2, demand=False),
        side(9, 0, 2, demand=False, stage=2),
        side(8, 0, 2, demand=False, stage=2),
    ]
    assert told(sides) == [(1, 9, 2), (1, 8, 1), (2, 8, 1)]


def test_a_supply_that_is_too_early_for_a_demand_is_no_use_to_later_ones() -> None:
    sides = [side(1, 0, 1, demand=True), side(9, -9, 1, demand=False), side(8, 3, 1, demand=False)]
    assert told(sides) == [(1, 8, 1)]


def test_equal_days_are_told_apart_by_content_not_by_the_number_of_the_row() -> None:
    sides = [side(1, 0, 1, demand=True, tie="b"), side(2, 0, 1, demand=True, tie="a"), side(9, 0, 1, demand=False)]
    assert told(sides) == [(2, 9, 1)]


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.integers(1, 3)), max_size=10)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_no_unit_is_used_twice(
    drawn: list[tuple[bool, int, int]], chance: object
) -> None:
    sides = [side(n, days, units, demand=demand) for n, (demand, days, units) in enumerate(drawn)]
    shuffled = list(sides)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert offset(sides) == offset(shuffled)
    for each in sides:
        used = sum(o.units for o in offset(sides) if each.row_id == (o.demand_row if each.demand else o.supply_row))
        assert used <= each.units


@given(rows)
def test_no_other_way_explains_more_units(drawn: list[tuple[bool, int, int]]) -> None:
    sides = [side(n, days, units, demand=demand) for n, (demand, days, units) in enumerate(drawn)]
    demands = [each.day for each in sides if each.demand for _ in range(each.units)]
    supplies = [each.day for each in sides if not each.demand for _ in range(each.units)]
    assert sum(o.units for o in offset(sides)) == _most_pairs(demands, supplies)


def _most_pairs(demands: list[date], supplies: list[date]) -> int:
    """The size of the greatest matching, by augmenting paths."""
    taken: dict[int, int] = {}

    def place(demand: int, seen: set[int]) -> bool:
        for supply, day in enumerate(supplies):
            if abs((day - demands[demand]).days) <= 7 and supply not in seen:
                seen.add(supply)
                if supply not in taken or place(taken[supply], seen):
                    taken[supply] = demand
                    return True
        return False

    return sum(place(demand, set()) for demand in range(len(demands)))
