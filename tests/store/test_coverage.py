"""Which days are covered, and which silence is a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.store.coverage import Coverage, Span, part_of, unite

from .conftest import Shelf, event, ledger

START = date(2026, 4, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def span(first: int, last: int) -> Span:
    return Span(day(first), day(last))


spans = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 30)).map(lambda t: span(t[0], t[0] + t[1])), max_size=6)


def test_exports_that_overlap_or_touch_are_one_span() -> None:
    assert unite([span(5, 9), span(0, 5), span(10, 12)]) == Coverage((span(0, 12),))


@pytest.mark.parametrize(("silent_days", "pieces"), [(7, 1), (8, 2)])
def test_seven_silent_days_between_two_exports_are_no_gap(silent_days: int, pieces: int) -> None:
    assert len(unite([span(0, 10), span(11 + silent_days, 30)]).spans) == pieces


def test_a_gap_is_the_days_that_no_export_covers() -> None:
    assert unite([span(0, 10), span(20, 30), span(50, 60)]).gaps == (span(11, 19), span(31, 49))


def test_an_export_inside_another_one_ends_nothing_early() -> None:
    assert unite([span(0, 40), span(5, 9), span(45, 50)]) == Coverage((span(0, 50),))


@pytest.mark.parametrize(("first", "last", "covered"), [(-7, 20, True), (-8, 20, False), (0, 27, True), (0, 28, False)])
def test_seven_silent_days_at_either_end_are_covered(first: int, last: int, covered: bool) -> None:
    assert unite([span(0, 20)]).covers(day(first), day(last)) is covered


def test_days_on_both_sides_of_a_gap_are_not_covered_together() -> None:
    coverage = unite([span(0, 10), span(30, 40)])
    assert (coverage.covers(day(5), day(35)), coverage.covers(day(0), day(10))) == (False, True)
    assert coverage.covers(day(30), day(40)) is True


@pytest.mark.parametrize(("until", "reached"), [(20, True), (27, True), (28, False)])
def test_a_day_is_reached_when_the_last_covered_day_is_at_most_seven_days_before(until: int, reached: bool) -> None:
    assert unite([span(0, 20)]).reaches(day(until)) is reached


def test_without_exports_nothing_is_covered() -> None:
    nothing = unite([])
    assert (nothing.first, nothing.last, nothing.gaps) == (None, None, ())
    assert not nothing.covers(day(0), day(0))
    assert not nothing.reaches(day(0))


@given(spans, st.randoms(use_true_random=False))
def test_the_order_of_exports_changes_no_coverage(some: list[Span], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert unite(shuffled) == unite(some)


@given(spans)
def test_spans_are_in_order_with_more_than_a_quiet_week_between_them(some: list[Span]) -> None:
    assert all((gap.last - gap.first).days + 1 > 7 for gap in unite(some).gaps)


@given(spans)
def test_every_day_of_an_export_is_covered_and_no_day_of_a_gap_stands_in_one(some: list[Span]) -> None:
    coverage = unite(some)
    assert all(any(c.first <= one.first and one.last <= c.last for c in coverage.spans) for one in some)
    assert not any(one.first <= gap.last and gap.first <= one.last for one in some for gap in coverage.gaps)


@given(spans, spans)
def test_uniting_what_is_united_already_changes_nothing(some: list[Span], more: list[Span]) -> None:
    assert unite([*unite(some).spans, *more]) == unite([*some, *more])


def test_a_ledger_that_was_filtered_to_adjustments_says_nothing_of_receipts(shelf: Shelf) -> None:
    only = [event(f"04-{n:02}", event="Adjustments", reason="M") for n in range(1, 25)]
    coverage = shelf.put(filtered=ledger(*only)).tables().coverage
    assert coverage["ledger"].spans == ()
    assert coverage[part_of("ledger", "Adjustments")].spans == (Span(date(2026, 4, 1), date(2026, 4, 24)),)


def test_a_short_ledger_or_one_with_other_events_covers_all_of_them(shelf: Shelf) -> None:
    short = [event("04-01", event="Adjustments", reason="M"), event("04-02", event="Adjustments", reason="F")]
    mixed = [event(f"05-{n:02}", event="Shipments" if n == 9 else "Adjustments", reason="M") for n in range(1, 25)]
    coverage = shelf.put(short=ledger(*short), mixed=ledger(*mixed)).tables().coverage
    assert coverage["ledger"].spans == (
        Span(date(2026, 4, 1), date(2026, 4, 2)),
        Span(date(2026, 5, 1), date(2026, 5, 24)),
    )
