"""First in, first out, Amazon's figures, and what no settlement may ever do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.settle import Lot, SettledLot, Settlement, Settling, settle

AS_OF = date(2026, 6, 30)
START = date(2026, 4, 1)
KINDS = {"lost": ("found", "paid"), "damaged": ("corrected", "paid"), "inbound": ("paid",)}


def day(number: int) -> date:
    return START + timedelta(days=number)


def lot(row_id: int, on: int = 0, units: int = 1, family: str = "lost", **more: object) -> Lot:
    country = str(more.pop("country", "US"))
    return Lot(row_id, family, str(more.pop("key", "A")), country, day(on), units, **more)  # type: ignore[arg-type]


def event(row_id: int, kind: str, on: int, units: int = 1, family: str = "lost", **more: object) -> Settling:
    key, country = str(more.pop("key", "A")), more.pop("country", None)
    return Settling(row_id, kind, family, key, country, day(on), units, **more)  # type: ignore[arg-type]


def figured(some: Lot, figure: int, known_to: date = AS_OF) -> Lot:
    return replace(some, figure=figure, figure_day=known_to)


def open_units(settled: Sequence[SettledLot]) -> dict[int, int]:
    return {one.row_id: one.open_units for one in settled}


# Accounts made up by hypothesis: mostly one product and one family on few days, so that everything meets everything.

days = st.one_of(st.integers(0, 6), st.integers(0, 60))
keys = st.sampled_from("AAAB")
units = st.integers(1, 4)
countries = st.sampled_from(["DE", "PL"])
dispositions = st.sampled_from([None, "WAREHOUSE_DAMAGED", "DEFECTIVE"])


@st.composite
def accounts(draw: st.DrawFn, figures: bool = True) -> tuple[list[Lot], list[Settling]]:
    lots, events = [], []
    main = draw(st.sampled_from(sorted(KINDS)))
    families = st.sampled_from([main, main, main, *sorted(KINDS)])
    for row_id in range(draw(st.integers(1, 7))):
        family = draw(families)
        key, country = draw(keys), draw(countries)
        one = Lot(row_id, family, key, country, day(draw(days)), draw(units), order=(f"{row_id:03}",))
        if family == "damaged":
            one = replace(one, damaged_into=draw(dispositions))
        if figures and draw(st.booleans()):
            one = figured(
                one, draw(st.integers(-1, 5)), AS_OF - timedelta(days=draw(st.sampled_from([0, 7, 8, 40, 75])))
            )
        lots.append(one)
    for row_id in range(100, 100 + draw(st.integers(0, 8))):
        family = draw(families)
        kind = draw(st.sampled_from(KINDS[family]))
        country = draw(countries) if kind == "found" else None
        taken = draw(dispositions) if kind == "corrected" else None
        key = draw(keys)
        events.append(
            Settling(row_id, kind, family, key, country, day(draw(days)), draw(units), taken, (f"{row_id:03}",))  # type: ignore[arg-type]
        )
    return lots, events


def unit_by_unit(lots: Sequence[Lot], events: Sequence[Settling]) -> dict[int, int]:
    """The history told one unit at a time, without any cleverness: what stays open of each lot."""
    still = [one for one in lots for _ in range(one.units)]
    for happened in sorted(events, key=lambda e: (e.day, e.kind == "paid", e.order, e.row_id)):
        for _ in range(happened.units):
            fits = [one for one in still if _fits(happened, one)]
            if fits:
                still.remove(min(fits, key=lambda one: (_abroad(happened, one), one.day, one.order, one.row_id)))
    left = Counter(one.row_id for one in still)
    return {one.row_id: left[one.row_id] for one in lots}


def _fits(happened: Settling, one: Lot) -> bool:
    if (one.family, one.key) != (happened.family, happened.key) or one.day > happened.day:
        return False
    if happened.kind != "corrected":
        return True
    same_place = None in (one.damaged_into, happened.taken_from) or one.damaged_into == happened.taken_from
    return (happened.day - one.day).days <= 30 and same_place


def _abroad(happened: Settling, one: Lot) -> bool:
    return happened.country is not None and happened.country != one.country


@given(accounts())
def test_every_unit_of_a_lot_is_open_or_explained(account: tuple[list[Lot], list[Settling]]) -> None:
    settled, settlements = settle(*account, AS_OF)
    explained = Counter[int]()
    for one in settlements:
        explained[one.lot_row] += one.units
    assert {one.row_id: one.units for one in account[0]} == {
        row: still + explained[row] for row, still in open_units(settled).items()
    }


@given(accounts())
def test_open_units_lie_between_none_and_what_was_lost(account: tuple[list[Lot], list[Settling]]) -> None:
    held = {one.row_id: one.units for one in account[0]}
    settled, settlements = settle(*account, AS_OF)
    assert all(0 <= one.open_units <= held[one.row_id] and 0 <= one.history_open <= held[one.row_id] for one in settled)
    assert all(one.units > 0 for one in settlements)


@given(accounts())
def test_no_row_explains_more_units_than_it_holds(account: tuple[list[Lot], list[Settling]]) -> None:
    used = Counter[int]()
    for one in settle(*account, AS_OF)[1]:
        if one.kind != "reconciled":
            used[one.settling_row] += one.units
    held = {one.row_id: one.units for one in account[1]}
    assert all(count <= held[row] for row, count in used.items())


@given(accounts())
def test_nothing_is_explained_by_what_came_before_it(account: tuple[list[Lot], list[Settling]]) -> None:
    lost_on = {one.row_id: one.day for one in account[0]}
    assert all(one.day >= lost_on[one.lot_row] for one in settle(*account, AS_OF)[1])


@given(accounts())
def test_a_row_explains_only_its_own_product_and_family(account: tuple[list[Lot], list[Settling]]) -> None:
    lots = {one.row_id: (one.family, one.key) for one in account[0]}
    events = {one.row_id: (one.family, one.key) for one in account[1]}
    for one in settle(*account, AS_OF)[1]:
        assert lots[one.lot_row] == (lots if one.kind == "reconciled" else events)[one.settling_row]


@given(accounts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(account: tuple[list[Lot], list[Settling]], chance: object) -> None:
    lots, events = list(account[0]), list(account[1])
    chance.shuffle(lots)  # type: ignore[attr-defined]
    chance.shuffle(events)  # type: ignore[attr-defined]
    assert settle(lots, events, AS_OF) == settle(*account, AS_OF)


@given(accounts())
def test_rows_of_other_products_change_nothing(account: tuple[list[Lot], list[Settling]]) -> None:
    lots, events = account
    alone = settle([one for one in lots if one.key == "A"], [one for one in events if one.key == "A"], AS_OF)
    mine = {one.row_id for one in lots if one.key == "A"}
    settled, settlements = settle(lots, events, AS_OF)
    assert alone[0] == [one for one in settled if one.row_id in mine]
    assert alone[1] == [one for one in settlements if one.lot_row in mine]


@given(accounts())
def test_a_fresh_figure_stands_exactly_as_amazon_states_it(account: tuple[list[Lot], list[Settling]]) -> None:
    still = open_units(settle(*account, AS_OF)[0])
    for one in account[0]:
        if one.figure is not None and one.figure_day is not None and (AS_OF - one.figure_day).days <= 7:
            assert still[one.row_id] == max(0, min(one.figure, one.units))


@given(accounts())
def test_stale_figures_leave_no_more_open_than_the_history_after_the_fresh_ones(
    account: tuple[list[Lot], list[Settling]],
) -> None:
    settled, _ = settle(*account, AS_OF)
    group = {one.row_id: (one.family, one.key) for one in account[0]}
    for name in set(group.values()):
        mine = [one for one in settled if group[one.row_id] == name]
        fresh = sum(one.open_units for one in mine if one.decided_by == "fresh_figure")
        others = sum(one.open_units for one in mine if one.decided_by != "fresh_figure")
        assert others <= max(0, sum(one.history_open for one in mine) - fresh)


@given(accounts())
def test_a_stale_figure_is_an_upper_bound_of_its_lot(account: tuple[list[Lot], list[Settling]]) -> None:
    still = open_units(settle(*account, AS_OF)[0])
    assert all(still[one.row_id] <= max(0, one.figure) for one in account[0] if one.figure is not None)


@given(accounts(figures=False))
def test_without_figures_the_history_told_unit_by_unit_decides(account: tuple[list[Lot], list[Settling]]) -> None:
    settled, _ = settle(*account, AS_OF)
    assert open_units(settled) == unit_by_unit(*account)
    assert {one.decided_by for one in settled} == {"history"}


@given(accounts())
def test_the_history_count_never_looks_at_a_figure(account: tuple[list[Lot], list[Settling]]) -> None:
    assert {one.row_id: one.history_open for one in settle(*account, AS_OF)[0]} == unit_by_unit(*account)


@given(accounts(), st.data())
def test_a_payment_or_find_in_two_rows_of_one_day_explains_the_same(
    account: tuple[list[Lot], list[Settling]], data: st.DataObject
) -> None:
    lots, events = account
    whole = [one for one in events if one.units > 1]
    if not whole:
        return
    split = data.draw(st.sampled_from(whole))
    first = data.draw(st.integers(1, split.units - 1))
    parts = [
        replace(split, units=first, order=(*split.order, "a")),
        replace(split, units=split.units - first, order=(*split.order, "b"), row_id=split.row_id + 1000),
    ]
    in_parts = [one for one in events if one is not split] + parts
    assert open_units(settle(lots, in_parts, AS_OF)[0]) == open_units(settle(lots, events, AS_OF)[0])


def test_the_oldest_loss_is_explained_first() -> None:
    settled, settlements = settle([lot(2, 5), lot(1, 3), lot(3, 7)], [event(9, "found", 20, 2)], AS_OF)
    assert open_units(settled) == {1: 0, 2: 0, 3: 1}
    assert settlements[0] == Settlement(1, 9, "found", 1, day(20), False)


def test_a_find_with_nothing_to_explain_is_dropped_and_not_saved_up() -> None:
    settled, settlements = settle([lot(1, 10, 2)], [event(9, "found", 9, 2)], AS_OF)
    assert (open_units(settled), settlements) == ({1: 2}, [])


def test_within_a_day_losses_come_first_then_finds_then_payments() -> None:
    _, settlements = settle([lot(1, 5, 2)], [event(8, "paid", 5, 2), event(9, "found", 5, 1)], AS_OF)
    assert [(one.kind, one.units) for one in settlements] == [("found", 1), ("paid", 1)]


def test_a_find_explains_its_own_country_first_even_if_another_loss_is_older() -> None:
    lots = [lot(1, 1, country="DE"), lot(2, 2, country="PL")]
    settled, settlements = settle(lots, [event(9, "found", 20, country="PL")], AS_OF)
    assert open_units(settled) == {1: 1, 2: 0}
    assert settlements[0].other_country is False


def test_what_its_own_country_does_not_need_a_find_explains_abroad_and_says_so() -> None:
    lots = [lot(1, 1, country="DE"), lot(2, 2, country="PL")]
    _, settlements = settle(lots, [event(9, "found", 20, 2, country="PL")], AS_OF)
    assert [(one.lot_row, one.other_country) for one in settlements] == [(2, False), (1, True)]


@pytest.mark.parametrize(("after", "left"), [(0, 0), (30, 0), (31, 1)])
def test_a_correction_counts_for_thirty_days(after: int, left: int) -> None:
    damage = lot(1, 10, family="damaged")
    settled, _ = settle([damage], [event(9, "corrected", 10 + after, family="damaged")], AS_OF)
    assert open_units(settled) == {1: left}


@pytest.mark.parametrize(
    ("arrived_in", "taken_from", "left"),
    [("DEFECTIVE", "DEFECTIVE", 0), ("DEFECTIVE", "EXPIRED", 1), (None, "EXPIRED", 0), ("DEFECTIVE", None, 0)],
)
def test_a_correction_takes_units_out_of_where_the_damage_put_them(
    arrived_in: str | None, taken_from: str | None, left: int
) -> None:
    damage = lot(1, 10, family="damaged", damaged_into=arrived_in)
    correction = event(9, "corrected", 12, family="damaged", taken_from=taken_from)
    assert open_units(settle([damage], [correction], AS_OF)[0]) == {1: left}


def test_a_correction_passes_over_an_older_damage_that_it_cannot_correct() -> None:
    damages = [lot(1, 0, family="damaged"), lot(2, 20, family="damaged")]
    settled, _ = settle(damages, [event(9, "corrected", 40, family="damaged")], AS_OF)
    assert open_units(settled) == {1: 1, 2: 0}


@pytest.mark.parametrize(("age", "decided", "left"), [(7, "fresh_figure", 2), (8, "stale_figure", 1)])
def test_a_figure_is_fresh_for_seven_days(age: int, decided: str, left: int) -> None:
    loss = figured(lot(1, 0, 2), 2, AS_OF - timedelta(days=age))
    (settled,), _ = settle([loss], [event(9, "paid", 30, 1)], AS_OF)
    assert (settled.decided_by, settled.open_units, settled.history_open) == (decided, left, 1)


def test_units_that_only_amazon_calls_settled_are_reconciled_on_the_lots_own_row() -> None:
    _, settlements = settle([figured(lot(1, 0, 3), 1)], [event(9, "found", 5, 1)], AS_OF)
    assert [(one.settling_row, one.kind, one.units) for one in settlements] == [(9, "found", 1), (1, "reconciled", 1)]


def test_a_find_that_the_figure_of_one_loss_does_not_admit_explains_the_next_one() -> None:
    lots = [figured(lot(1, 0, 1), 1), figured(lot(2, 1, 1), 0)]
    settled, settlements = settle(lots, [event(9, "found", 5, 1)], AS_OF)
    assert open_units(settled) == {1: 1, 2: 0}
    assert [(one.lot_row, one.kind) for one in settlements] == [(2, "found")]


def test_of_stale_figures_those_give_way_first_that_the_history_has_explained() -> None:
    old = AS_OF - timedelta(days=60)
    lots = [figured(lot(1, 0, 2, country="DE"), 2, old), figured(lot(2, 1, 2, country="PL"), 2, old)]
    settled, _ = settle(lots, [event(9, "found", 50, 2, country="PL")], AS_OF)
    assert open_units(settled) == {1: 2, 2: 0}


def test_the_oldest_stale_figure_gives_way_when_a_fresh_one_takes_what_is_open() -> None:
    old = AS_OF - timedelta(days=60)
    lots = [figured(lot(1, 0), 1, old), figured(lot(2, 1), 1, old), figured(lot(3, 2), 1)]
    settled, _ = settle(lots, [event(9, "found", 50, 1)], AS_OF)
    assert open_units(settled) == {1: 0, 2: 1, 3: 1}


def test_a_stale_figure_gives_way_even_below_the_history_when_a_fresh_one_claims_what_is_open() -> None:
    old = AS_OF - timedelta(days=60)
    lots = [figured(lot(1, 0, 2), 2), figured(lot(2, 1, 2), 2, old), lot(3, 2, 2)]
    settled, _ = settle(lots, [event(9, "found", 50, 2)], AS_OF)
    assert {one.row_id: one.history_open for one in settled} == {1: 0, 2: 2, 3: 2}
    assert open_units(settled) == {1: 2, 2: 0, 3: 2}


def test_content_decides_between_rows_of_one_day_not_their_place_in_the_file() -> None:
    lots = [lot(1, 5, order=("b",)), lot(2, 5, order=("a",))]
    events = [event(8, "found", 9, order=("b",)), event(9, "found", 9, order=("a",))]
    _, settlements = settle(lots, events, AS_OF)
    assert [(one.lot_row, one.settling_row) for one in settlements] == [(2, 9), (1, 8)]


def test_units_explained_after_the_day_of_a_fresh_figure_are_counted_for_a_person() -> None:
    known_to = AS_OF - timedelta(days=5)
    loss = figured(lot(1, 60, 3), 3, known_to)
    events = [event(8, "found", (known_to - START).days, 1), event(9, "paid", (known_to - START).days + 1, 1)]
    (settled,), _ = settle([loss], events, AS_OF)
    assert (settled.open_units, settled.history_open, settled.after_figure) == (3, 1, 1)


def test_a_stale_figure_counts_nothing_after_its_day_because_the_history_has_the_word() -> None:
    loss = figured(lot(1, 0, 3), 3, AS_OF - timedelta(days=40))
    (settled,), _ = settle([loss], [event(9, "paid", 60, 1)], AS_OF)
    assert (settled.open_units, settled.after_figure) == (2, 0)


def test_a_figure_beyond_the_lot_is_the_lot_and_one_below_zero_is_none() -> None:
    settled, _ = settle([figured(lot(1, 0, 2), 9), figured(lot(2, 1, 2), -3)], [], AS_OF)
    assert open_units(settled) == {1: 2, 2: 0}
