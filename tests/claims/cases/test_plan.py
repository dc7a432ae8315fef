"""What to do now: at a pace, in time, and nothing that is not needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from auditor.claims.cases.learning import learn
from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.plan import Action, plan

from .conftest import audited, finding

TODAY = date(2026, 5, 12)


@pytest.fixture
def url(tmp_path: object) -> str:
    return f"sqlite:///{tmp_path}/cases.db"


def actions(log: CaseLog, today: date = TODAY, per_day: int = 5) -> list[Action]:
    return plan(log.cases(), log.paid(), today, per_day)


def test_at_most_so_many_claims_a_day_the_nearest_safe_date_first(log: CaseLog) -> None:
    ends = {n: date(2026, 6, 20) - timedelta(days=n) for n in range(1, 6)}
    learn(log, audited("2026-05-12", *(finding(n, safe_by=end, claim_by=end) for n, end in ends.items())))
    told = [(action.finding_id[-1], action.day.day, action.step) for action in actions(log, per_day=2)]
    assert told == [("5", 12, "file"), ("4", 12, "file"), ("3", 13, "file"), ("2", 13, "file"), ("1", 14, "file")]


def test_what_was_filed_today_counts(log: CaseLog, moved: Callable[..., None]) -> None:
    learn(log, audited("2026-05-12", finding(1), finding(2)))
    moved("FAAAAAAAAA01", "filed", "2026-05-12", filed_on=TODAY)
    assert [action.day for action in actions(log, per_day=1)] == [TODAY + timedelta(1)]


def test_a_pace_that_is_too_slow_says_so(log: CaseLog) -> None:
    learn(log, audited("2026-05-12", *(finding(n, safe_by=TODAY, claim_by=TODAY + timedelta(2)) for n in (1, 2))))
    assert [(action.late, "the pace of 1 a day" in action.why) for action in actions(log, per_day=1)] == [
        (False, False),
        (True, True),
    ]


def test_a_safe_date_that_is_over_is_not_blamed_on_the_pace(log: CaseLog) -> None:
    safe, last = TODAY - timedelta(1), TODAY + timedelta(1)
    learn(log, audited("2026-05-12", finding(safe_by=safe, claim_by=last)))
    (action,) = actions(log)
    assert (action.day, action.late) == (TODAY, True)
    assert action.why == f"the safe date is over; the last day is {last}"


def test_what_the_newest_audit_does_not_find_is_looked_at_and_not_filed(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", finding(1), finding(2)))
    learn(log, audited("2026-05-12", finding(2)))
    told = {action.finding_id: (action.step, action.why) for action in actions(log)}
    assert told["FAAAAAAAAA01"] == ("look", "the audit as of 2026-05-12 does not claim it")
    assert told["FAAAAAAAAA02"][0] == "file"


@pytest.mark.parametrize(("days_left", "told"), [(8, []), (7, ["file"])])
def test_what_amazon_pays_by_itself_waits_until_its_safe_date_is_near(
    log: CaseLog, days_left: int, told: list[str]
) -> None:
    end = TODAY + timedelta(days_left)
    young = finding(reasons="auto_payment_expected: Amazon pays most of these by itself", safe_by=end, claim_by=end)
    learn(log, audited("2026-05-12", young))
    assert [action.step for action in actions(log)] == told


@pytest.mark.parametrize(
    ("states", "days", "told"),
    [
        (["filed"], 3, []),
        (["filed"], 4, ["ask"]),
        (["filed", "in_progress"], 4, ["ask"]),
        (["filed", "info_needed"], 0, ["answer"]),
        (["filed", "denied"], 0, ["appeal"]),
        (["filed", "denied", "appealed"], 4, ["ask"]),
        (["filed", "denied", "appealed", "denied"], 9, []),
        (["filed", "approved"], 5, []),
        (["filed", "approved"], 6, ["check_payment"]),
        (["filed", "paid"], 9, []),
        (["withdrawn"], 9, []),
    ],
)
def test_each_case_is_followed_up_in_its_time(
    log: CaseLog, moved: Callable[..., None], states: list[str], days: int, told: list[str]
) -> None:
    learn(log, audited("2026-05-12", finding()))
    for state in states:
        moved("FAAAAAAAAA01", state, "2026-05-12")
    assert [action.step for action in actions(log, TODAY + timedelta(days))] == told


def test_asked_information_is_due_within_seven_days(log: CaseLog, moved: Callable[..., None]) -> None:
    learn(log, audited("2026-05-12", finding()))
    for state in ("filed", "info_needed"):
        moved("FAAAAAAAAA01", state, "2026-05-12")
    assert [action.until for action in actions(log)] == [TODAY + timedelta(7)]


def test_what_needs_a_person_comes_last_and_what_is_over_is_not_filed(log: CaseLog) -> None:
    over = finding(3, claim_by=TODAY - timedelta(1), safe_by=TODAY - timedelta(3))
    learn(log, audited("2026-05-10", finding(1, confidence="review", reasons="strange"), finding(2), over))
    assert [(action.step, action.finding_id[-1]) for action in actions(log)] == [("file", "2"), ("look", "1")]
