"""What to export when days are not covered."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.store.coverage import Coverage, Span, unite

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_days_before_the_first_export_are_missing_up_to_it() -> None:
    coverage = Coverage((Span(date(2026, 3, 1), date(2026, 6, 30)),))
    assert coverage.missing(date(2026, 1, 10), date(2026, 6, 30)) == Span(date(2026, 1, 10), date(2026, 2, 28))


def test_days_after_the_last_export_are_missing_from_the_next_day_on() -> None:
    coverage = Coverage((Span(date(2026, 1, 1), date(2026, 5, 31)),))
    assert coverage.missing(date(2026, 2, 1), date(2026, 6, 30)) == Span(date(2026, 6, 1), date(2026, 6, 30))


def test_a_hole_between_two_exports_is_what_is_missing() -> None:
    coverage = Coverage((Span(date(2026, 1, 1), date(2026, 2, 1)), Span(date(2026, 4, 1), date(2026, 6, 1))))
    assert coverage.missing(date(2026, 1, 5), date(2026, 5, 1)) == Span(date(2026, 2, 2), date(2026, 3, 31))


def test_without_any_export_everything_is_missing() -> None:
    assert Coverage().missing(date(2026, 1, 5), date(2026, 5, 1)) == Span(date(2026, 1, 5), date(2026, 5, 1))


@given(st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=4), DAYS, st.integers(0, 200))
def test_exporting_the_missing_days_closes_the_gap(spans: list[tuple[date, int]], first: date, length: int) -> None:
    last = first + timedelta(days=length)
    coverage = unite(Span(start, start + timedelta(days=days)) for start, days in spans)
    if not coverage.covers(first, last):
        assert unite([*coverage.spans, coverage.missing(first, last)]).covers(first, last)
