"""Two days of filing: what the policy changed is told apart from what time alone did, and everything adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding
from auditor.policy import Policy
from auditor.policy.comparison import NOT_YET, Comparison, compare

WINDOW_OF = {"warehouse_lost": "fc_lost_damaged", "customer_return_missing": "customer_return", "odd": None}


def finding(anchor: date | None, rule: str = "warehouse_lost", marketplace: str = "US") -> Finding:
    return Finding(
        "F1", "", marketplace, rule, "high", "open", "X1", "S1", "", "", "R1", anchor, 2, "USD", Decimal(5),
        Decimal(10), "cost", anchor, None, None, None, None, "", "",
    )  # fmt: skip


def courses(found: Comparison) -> list[tuple[str, str, str]]:
    return [(move.first, move.by_time, move.second) for move in found.moves]


def test_a_loss_of_early_2024_could_be_claimed_until_the_window_shrank_in_october(policy: Policy) -> None:
    found = compare(policy, [finding(date(2024, 3, 1))], WINDOW_OF, date(2024, 10, 1), date(2024, 10, 23))
    assert courses(found) == [("open", "open", "expired")]
    assert found.moves[0].by_policy
    (change,) = found.changes
    assert (change.claim_type, change.region) == ("fc_lost_damaged", "US")
    assert (str(change.before and change.before.limit), str(change.after and change.after.limit)) == (
        "18 months",
        "60 days",
    )


def test_what_ran_out_by_itself_is_no_change_of_policy(policy: Policy) -> None:
    found = compare(policy, [finding(date(2025, 3, 1))], WINDOW_OF, date(2025, 4, 1), date(2025, 8, 1))
    assert courses(found) == [("open", "expired", "expired")]
    assert not found.moves[0].by_policy
    assert found.changes == ()


def test_a_return_waits_longer_since_its_window_got_a_first_day(policy: Policy) -> None:
    lost = finding(date(2024, 11, 1), "customer_return_missing", "DE")
    found = compare(policy, [lost], WINDOW_OF, date(2024, 12, 1), date(2025, 1, 9))
    assert courses(found) == [("waiting", "open", "open")]


def test_a_loss_that_comes_later_does_not_exist_on_the_first_day(policy: Policy) -> None:
    found = compare(policy, [finding(date(2026, 2, 1))], WINDOW_OF, date(2026, 1, 1), date(2026, 3, 1))
    assert courses(found) == [(NOT_YET, "open", "open")]


def test_findings_without_a_window_are_counted_apart(policy: Policy) -> None:
    odd = [finding(None), finding(date(2026, 1, 1), "odd"), finding(date(2026, 1, 1), marketplace="")]
    found = compare(policy, odd, WINDOW_OF, date(2026, 1, 1), date(2026, 3, 1))
    assert (found.moves, found.without_window) == ((), 3)


DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@given(st.lists(DAYS, max_size=8), DAYS, st.integers(0, 900))
def test_units_and_money_add_up_whatever_the_days(anchors: Sequence[date], first: date, later: int) -> None:
    from auditor.policy import load_policy

    findings = [replace(finding(day), finding_id=f"F{n}") for n, day in enumerate(anchors)]
    found = compare(load_policy(), findings, WINDOW_OF, first, first + timedelta(days=later))
    assert sum(move.findings for move in found.moves) + found.without_window == len(findings)
    assert sum(move.units for move in found.moves) == sum(f.units for f in findings)
    assert sum(move.amount for move in found.moves) == sum(f.amount or 0 for f in findings)
