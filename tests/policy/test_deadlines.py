from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.policy import Deadline, Limit, NoWindow, Policy, load_policy

BUILT_IN = load_policy()
CLAIM_TYPES = st.sampled_from(BUILT_IN.claim_types)
MARKETPLACES = st.sampled_from([*BUILT_IN.marketplaces, "CZ"])
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def days(deadline: Deadline) -> tuple[str, str, str]:
    return str(deadline.claim_from), str(deadline.safe_by), str(deadline.claim_by)


def test_a_us_loss_of_1_may_can_be_claimed_from_that_day_to_30_june(policy: Policy) -> None:
    deadline = policy.deadline("fc_lost_damaged", "US", date(2026, 5, 1), date(2026, 5, 10))
    assert days(deadline) == ("2026-05-01", "2026-06-28", "2026-06-30")
    assert deadline.shortened_by is None


def test_a_german_refund_waits_45_days_and_closes_after_105(policy: Policy) -> None:
    deadline = policy.deadline("customer_return", "DE", date(2026, 1, 1), date(2026, 1, 2))
    assert days(deadline) == ("2026-02-15", "2026-04-14", "2026-04-16")


def test_a_us_refund_waits_60_days_and_closes_after_120(policy: Policy) -> None:
    deadline = policy.deadline("customer_return", "US", date(2026, 1, 1), date(2026, 1, 2))
    assert days(deadline) == ("2026-03-02", "2026-04-29", "2026-05-01")


def test_an_unknown_wait_counts_as_none(policy: Policy) -> None:
    deadline = policy.deadline("inbound", "US", date(2026, 1, 15), date(2026, 2, 1))
    assert days(deadline) == ("2026-01-15", "2026-10-13", "2026-10-15")


@pytest.mark.parametrize(
    ("anchor", "months", "last_day"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 18, date(2025, 8, 29)),
        (date(2025, 12, 31), 9, date(2026, 9, 30)),
        (date(2025, 12, 1), 12, date(2026, 12, 1)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(
    anchor: date, months: int, last_day: date
) -> None:
    assert Limit(months, "months").after(anchor) == last_day


def test_a_european_shipment_delivered_on_31_august_can_be_claimed_to_28_february(policy: Policy) -> None:
    assert policy.deadline("inbound", "DE", date(2025, 8, 31), date(2025, 9, 1)).claim_by == date(2026, 2, 28)


class TestStatus:
    deadline = BUILT_IN.deadline("customer_return", "DE", date(2026, 1, 1), date(2026, 1, 2))

    @pytest.mark.parametrize(
        ("on", "status"),
        [
            (date(2026, 2, 14), "waiting"),
            (date(2026, 2, 15), "open"),
            (date(2026, 4, 16), "open"),
            (date(2026, 4, 17), "expired"),
        ],
    )
    def test_the_first_and_the_last_day_are_both_open(self, on: date, status: str) -> None:
        assert self.deadline.status(on) == status


class TestKnownShortening:
    """On 2024-10-23 the US window went from 18 months to 60 days."""

    def test_an_old_us_loss_can_be_claimed_until_the_day_before_the_change(self, policy: Policy) -> None:
        deadline = policy.deadline("fc_lost_damaged", "US", date(2024, 6, 1), date(2024, 10, 1))
        assert days(deadline) == ("2024-06-01", "2024-10-20", "2024-10-22")
        assert str(deadline.window.limit) == "18 months"
        assert deadline.shortened_by is not None
        assert deadline.shortened_by.effective_from == date(2024, 10, 23)

    def test_a_young_us_loss_ends_under_the_new_window(self, policy: Policy) -> None:
        deadline = policy.deadline("fc_lost_damaged", "US", date(2024, 9, 30), date(2024, 10, 1))
        assert deadline.claim_by == date(2024, 11, 29)

    def test_a_loss_that_expires_before_the_change_is_left_alone(self, policy: Policy) -> None:
        deadline = policy.deadline("fc_lost_damaged", "US", date(2023, 2, 1), date(2024, 7, 1))
        assert (deadline.claim_by, deadline.shortened_by) == (date(2024, 8, 1), None)

    def test_after_the_change_the_old_loss_is_expired(self, policy: Policy) -> None:
        deadline = policy.deadline("fc_lost_damaged", "US", date(2024, 6, 1), date(2024, 10, 23))
        assert deadline.claim_by == date(2024, 7, 31)
        assert deadline.status(date(2024, 10, 23)) == "expired"

    def test_two_later_rows_shorten_one_after_the_other(self, small_policy: Callable[[str], Path]) -> None:
        policy = load_policy(small_policy(_changing(("12 months", None), ("90 days", 2026), ("30 days", 2027))))
        old = policy.deadline("lost", "DE", date(2026, 11, 1), date(2025, 6, 1))
        assert old.claim_by == date(2026, 12, 31)
        assert old.shortened_by is not None
        assert str(old.shortened_by.limit) == "30 days"
        young = policy.deadline("lost", "DE", date(2026, 6, 1), date(2025, 6, 1))
        assert young.claim_by == date(2026, 8, 30)

    def test_a_later_row_never_prolongs(self, small_policy: Callable[[str], Path]) -> None:
        policy = load_policy(small_policy(_changing(("30 days", None), ("12 months", 2026))))
        deadline = policy.deadline("lost", "DE", date(2025, 12, 20), date(2025, 12, 21))
        assert (deadline.claim_by, deadline.shortened_by) == (date(2026, 1, 19), None)


def _changing(*limits: tuple[str, int | None]) -> str:
    tables = []
    for (limit, year), following in zip(limits, [*limits[1:], None], strict=True):
        start = f"effective_from = {year}-01-01\n" if year else ""
        end = f"effective_to = {following[1] - 1}-12-31\n" if following and following[1] else ""
        tables.append(
            f'[[window]]\nclaim_type = "lost"\nregions = ["EU"]\nanchor = "day"\n{start}{end}'
            f'wait_days = 0\nlimit = "{limit}"\nconfidence = "assumption"\nsource = ""\n'
        )
    return "\n".join(tables)


def deadline_or_none(claim_type: str, marketplace: str, anchor: date, on: date) -> Deadline | None:
    try:
        return BUILT_IN.deadline(claim_type, marketplace, anchor, on)
    except NoWindow:
        return None


@given(CLAIM_TYPES, MARKETPLACES, DAYS, DAYS)
def test_a_claim_opens_on_or_after_its_anchor_and_before_it_closes(
    claim_type: str, marketplace: str, anchor: date, on: date
) -> None:
    if deadline := deadline_or_none(claim_type, marketplace, anchor, on):
        assert deadline.safe_by == deadline.claim_by - timedelta(days=2)
        assert deadline.claim_by <= deadline.window.closes(anchor)
        assert anchor <= deadline.claim_from <= deadline.claim_by


@given(CLAIM_TYPES, MARKETPLACES, DAYS, DAYS, st.integers(0, 400))
def test_a_later_anchor_never_gives_an_earlier_day(
    claim_type: str, marketplace: str, anchor: date, on: date, later: int
) -> None:
    first = deadline_or_none(claim_type, marketplace, anchor, on)
    second = deadline_or_none(claim_type, marketplace, anchor + timedelta(days=later), on)
    if first and second:
        assert first.claim_from <= second.claim_from
        assert first.claim_by <= second.claim_by


@given(CLAIM_TYPES, MARKETPLACES, DAYS, DAYS, st.integers(0, 1500))
def test_a_day_up_to_claim_by_is_never_expired_when_asked_on_that_day(
    claim_type: str, marketplace: str, anchor: date, on: date, later: int
) -> None:
    """What is promised today holds: asking again on a promised day gives the same promise or a better one."""
    promised = deadline_or_none(claim_type, marketplace, anchor, on)
    day = on + timedelta(days=later)
    if promised and on <= day <= promised.claim_by:
        again = BUILT_IN.deadline(claim_type, marketplace, anchor, day)
        assert again.status(day) != "expired"


@given(DAYS, st.integers(1, 60))
def test_a_window_of_months_ends_in_the_month_it_should(anchor: date, months: int) -> None:
    last = Limit(months, "months").after(anchor)
    assert (last.year * 12 + last.month) - (anchor.year * 12 + anchor.month) == months
    assert last.day == anchor.day or (last + timedelta(days=1)).day == 1
