"""Each finding is told once at each step before its safe date; what is done is withdrawn; nothing repeats daily."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.accounts.alert import Kept
from auditor.accounts.deadline_alerts import LADDER
from auditor.accounts.raising import after, alerts_on
from auditor.claims.drafts import AUTO_PAYMENT

from .alert_world import DAY, account, case, day_after_day, finding, seen, standing, told


def days(count: int) -> list[date]:
    return [DAY + timedelta(days=n) for n in range(count)]


def test_a_finding_is_told_at_30_14_7_3_and_1_days_before_its_safe_date_and_on_no_other_day() -> None:
    view = seen(findings=[finding(safe_by=DAY + timedelta(days=40))])
    kept = day_after_day([(day, view) for day in days(41)])
    new = {(day - DAY).days: told(after_day, day) for day, after_day in zip(days(41), kept, strict=True)}
    assert [40 - offset for offset, keys in new.items() if any(key.startswith("deadline") for key in keys)] == [
        30,
        14,
        7,
        3,
        1,
    ]


def test_the_alert_of_an_earlier_step_is_withdrawn_when_the_next_one_speaks() -> None:
    view = seen(findings=[finding(safe_by=DAY + timedelta(days=15))])
    kept = day_after_day([(day, view) for day in days(2)])
    assert standing(kept[0]) == [f"deadline:30:{DAY}"]
    assert standing(kept[1]) == [f"deadline:14:{DAY + timedelta(days=1)}"]
    assert [k.state for k in kept[1] if k.alert.step == "30"] == ["withdrawn"]


def test_a_finding_that_is_seen_late_begins_at_its_step() -> None:
    kept = day_after_day([(DAY, seen(findings=[finding(safe_by=DAY + timedelta(days=2))]))])
    assert told(kept[0], DAY) == [f"deadline:3:{DAY}"]


def test_findings_that_reach_a_step_on_one_day_are_one_alert_with_the_sum_by_currency() -> None:
    safe = DAY + timedelta(days=7)
    euros = finding(3, safe_by=safe, currency="EUR", amount=Decimal("5.50"))
    [kept] = day_after_day([(DAY, seen(findings=[finding(1, safe_by=safe), finding(2, safe_by=safe), euros]))])
    [alert] = [k.alert for k in kept]
    assert alert.worth == (("EUR", Decimal("5.50")), ("USD", Decimal("40.00")))
    assert alert.facts["count"] == "3"
    assert alert.until == safe


def test_a_filed_finding_leaves_its_alert_and_the_last_one_withdraws_it() -> None:
    safe = DAY + timedelta(days=7)
    both = [finding(1, safe_by=safe), finding(2, safe_by=safe)]
    first, second, third = day_after_day(
        [
            (DAY, seen(findings=both)),
            (DAY + timedelta(days=1), seen(findings=both, cases=[case(1)])),
            (DAY + timedelta(days=2), seen(findings=both, cases=[case(1), case(2)])),
        ]
    )
    assert first[0].alert.items == ("F00000000001", "F00000000002")
    assert (second[0].alert.items, second[0].sequence) == (("F00000000002",), 1)
    assert (third[0].state, third[0].sequence) == ("withdrawn", 2)


def test_small_amounts_wait_until_they_are_worth_a_message_together() -> None:
    modest = account(thresholds={"least_money": Decimal(50)})
    safe = DAY + timedelta(days=7)
    findings = [finding(n, safe_by=safe) for n in (1, 2, 3)]
    first, second = day_after_day(
        [
            (DAY, seen(account=modest, findings=findings[:2])),
            (DAY + timedelta(days=1), seen(account=modest, findings=findings)),
        ]
    )
    assert first == []
    assert second[0].alert.worth == (("USD", Decimal("60.00")),)


def test_an_unknown_value_is_not_a_small_one() -> None:
    modest = account(thresholds={"least_money": Decimal(50)})
    unknown = finding(safe_by=DAY + timedelta(days=7), amount=None, unit_value=None)
    [kept] = day_after_day([(DAY, seen(account=modest, findings=[unknown]))])
    assert kept[0].alert.facts["unknown"] == "1"


def test_what_amazon_normally_pays_by_itself_is_told_when_waiting_for_it_ends() -> None:
    view = seen(findings=[finding(safe_by=DAY + timedelta(days=10), reasons=AUTO_PAYMENT)])
    kept = day_after_day([(day, view) for day in days(4)])
    assert kept[2] == []
    assert told(kept[3], DAY + timedelta(days=3)) == [f"deadline:7:{DAY + timedelta(days=3)}"]


def test_a_waiting_finding_and_an_exposure_are_no_deadline() -> None:
    safe = DAY + timedelta(days=7)
    waiting = finding(1, safe_by=safe, status="waiting")
    exposure = finding(2, safe_by=safe, rule="payout_exposure")
    [kept] = day_after_day([(DAY, seen(findings=[waiting, exposure], exposures=frozenset({"payout_exposure"})))])
    assert kept == []


def test_a_closed_alert_stays_closed_and_the_next_step_still_speaks() -> None:
    view = seen(findings=[finding(safe_by=DAY + timedelta(days=8))])
    [kept] = day_after_day([(DAY, view)])
    closed = [Kept(k.alert, "closed", DAY, DAY, k.sequence + 1, who="mira") for k in kept]
    _, second = day_after_day([(DAY, view), (DAY + timedelta(days=1), view)], closed)
    assert [k.state for k in second] == ["open", "closed"]
    assert told(second, DAY + timedelta(days=1)) == [f"deadline:7:{DAY + timedelta(days=1)}"]


def test_a_snoozed_alert_wakes_on_its_day_once() -> None:
    view = seen(findings=[finding(safe_by=DAY + timedelta(days=14))])
    [kept] = day_after_day([(DAY, view)])
    until = DAY + timedelta(days=2)
    snoozed = [Kept(k.alert, "snoozed", DAY, DAY, k.sequence + 1, until) for k in kept]
    one, two, three = day_after_day([(DAY + timedelta(days=n), view) for n in (1, 2, 3)], snoozed)
    assert [k.state for k in one] == ["snoozed"]
    assert [(k.state, k.since) for k in two] == [("open", until)]
    assert [(k.state, k.since) for k in three] == [("open", until)]


AMOUNTS = st.one_of(st.none(), st.decimals(Decimal("0.01"), 1000, places=2))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 40), AMOUNTS, st.integers(0, 20)), min_size=1, max_size=6))
def test_nothing_is_told_twice_at_a_step_and_a_second_run_on_a_day_changes_nothing(
    stories: list[tuple[int, Decimal | None, int]],
) -> None:
    """Findings appear on some day with some safe date; whatever happens, each is told at most once at each step."""
    kept: list[Kept] = []
    tellings: Counter[tuple[str, str]] = Counter()
    for day in days(45):
        findings = [
            finding(n, safe_by=DAY + timedelta(days=safe), amount=amount)
            for n, (safe, amount, first) in enumerate(stories)
            if day >= DAY + timedelta(days=first)
        ]
        view = seen(findings=findings, account=account(thresholds={"least_money": Decimal(30)}))
        kept = after(kept, alerts_on(view, kept, day), day)
        assert after(kept, alerts_on(view, kept, day), day) == kept
        tellings.update((item, k.alert.step) for k in kept if k.alert.first_day == day for item in k.alert.items)
    assert set(tellings.values()) <= {1}
    assert {int(step) for _, step in tellings} <= set(LADDER)
