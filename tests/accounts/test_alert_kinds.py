"""Payments, cases, data, costs and the life of an account: each is told once, and withdrawn when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.accounts.alert import Export, MissingCost, Moved, Seen
from auditor.accounts.life_alerts import done

from .alert_world import DAY, account, case, day_after_day, finding, seen, standing, told


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def run(*views: tuple[int, Seen]) -> dict[int, list[str]]:
    """What is told on each day (days after DAY), in days on which something is."""
    kept = day_after_day([(later(n), view) for n, view in views])
    return {n: told(each, later(n)) for (n, _), each in zip(views, kept, strict=True) if told(each, later(n))}


def every_day(view: Seen, days: int) -> dict[int, list[str]]:
    return run(*((n, view) for n in range(days)))


def test_a_case_without_answer_is_told_after_4_14_and_30_days() -> None:
    views = [(n, seen(cases=[case(1)], newest=later(n))) for n in range(40)]
    assert list(run(*views)) == [4, 14, 30]


def test_an_answer_withdraws_the_silence() -> None:
    kept = day_after_day([(later(4), seen(cases=[case(1)])), (later(5), seen(cases=[case(1, "approved", later(5))]))])
    assert (standing(kept[0]), standing(kept[1])) == ([f"unanswered:4:{later(4)}"], [])


def test_information_that_amazon_asks_for_is_told_at_once_and_two_days_before_it_is_due() -> None:
    view = seen(cases=[case(1, "info_needed")])
    assert list(every_day(view, 12)) == [0, 5]
    [kept] = day_after_day([(DAY, view)])
    assert kept[0].alert.until == later(7)


def test_the_same_question_asked_again_is_told_again() -> None:
    asked = [(0, seen(cases=[case(1, "info_needed")])), (1, seen(cases=[case(1, "in_progress", later(1))]))]
    again = [(2, seen(cases=[case(1, "info_needed", later(2))]))]
    assert list(run(*asked, *again)) == [0, 2]


def test_a_reversal_is_told_once_from_the_results_and_from_the_case_log() -> None:
    taken = finding(1, rule="reimbursement_reversed")
    again = case(2, "open")
    view = seen(findings=[taken], cases=[again], moved=[Moved(again.finding_id, DAY, "reversed")])
    assert every_day(view, 5) == {0: [f"reversed:1:{DAY}"]}


def test_payments_below_their_value_are_one_alert_and_a_second_batch_another() -> None:
    one, two = (finding(n, rule="reimbursed_below_value") for n in (1, 2))
    three = finding(3, rule="reimbursed_short")
    told_on = run((0, seen(findings=[one, two])), (1, seen(findings=[one, two, three])))
    assert told_on == {0: [f"underpaid:1:{DAY}"], 1: [f"underpaid:1:{later(1)}"]}


def test_old_exports_are_told_when_they_are_15_29_and_57_days_old_and_new_ones_withdraw_it() -> None:
    assert list(every_day(seen(), 70)) == [15, 29, 57]
    kept = day_after_day([(later(15), seen()), (later(16), seen(newest=later(16)))])
    assert (standing(kept[0]), standing(kept[1])) == ([f"stale:{DAY}:1"], [])


def test_a_failing_account_is_told_once_while_it_fails() -> None:
    view = seen(failed="mixed accounts")
    assert every_day(view, 4) == {0: [f"failed:{DAY}"]}
    assert list(run((0, view), (1, seen()), (2, seen()), (3, view))) == [0, 3]


def test_a_missing_export_is_told_with_what_waits_for_it() -> None:
    view = seen(to_export=[Export("customer_returns", "FBA customer returns", (("USD", Decimal("290.51")),))])
    [kept] = day_after_day([(DAY, view)])
    assert (kept[0].alert.key, kept[0].alert.worth) == (f"missing:1:{DAY}", (("USD", Decimal("290.51")),))
    assert list(every_day(view, 9)) == [0]


def test_costs_that_are_missing_are_one_alert_until_they_are_given() -> None:
    lacks = [MissingCost("SKU-1", 3, "USD", Decimal("30.00"), later(20)), MissingCost("SKU-2", 1, "USD", None, None)]
    kept = day_after_day([(DAY, seen(missing_costs=lacks)), (later(1), seen(missing_costs=[]))])
    assert (standing(kept[0]), standing(kept[1])) == ([f"costs:1:{DAY}"], [])
    assert kept[0][0].alert.facts["unknown"] == "1"


def test_each_change_of_stage_is_news_once() -> None:
    stages = ["new"] * 3 + ["trial"] * 3 + ["active"] * 20 + ["paused"] * 2 + ["cancelled"] * 20
    views = [
        (n, seen(account=account(stage=stage), newest=later(n), cases=[case(1, "paid")], as_of=later(n)))
        for n, stage in enumerate(stages)
    ]
    news = {n: [key for key in keys if key.startswith("life")] for n, keys in run(*views).items()}
    assert [(n, keys) for n, keys in news.items() if keys] == [
        (0, [f"life:new:{DAY}"]),
        (3, [f"life:trial:{later(3)}"]),
        (6, [f"life:active:{later(6)}"]),
        (26, [f"life:paused:{later(26)}"]),
        (28, [f"life:cancelled:{later(28)}"]),
    ]


def test_a_cancelled_account_raises_nothing_but_the_news() -> None:
    view = seen(account=account(stage="cancelled"), findings=[finding(safe_by=later(3))], failed="gone")
    assert every_day(view, 30) == {0: [f"life:cancelled:{DAY}"]}


def test_a_renewal_is_told_30_and_7_days_before() -> None:
    view = seen(account=account(renewal=later(40)), last_contact=later(1))
    days = {
        n: [k for k in keys if k.startswith("renewal")]
        for n, keys in run(
            *((n, seen(account=view.account, newest=later(n), last_contact=later(n))) for n in range(45))
        ).items()
    }
    assert [n for n, keys in days.items() if keys] == [10, 33]


def test_a_new_account_is_told_what_it_lacks_then_that_it_stalls_then_after_fourteen_days() -> None:
    new = account(stage="new", since=DAY)
    views = [(n, seen(account=new, newest=later(n), last_contact=later(n))) for n in range(20)]
    steps = {n: [k.rsplit(":", 2)[1:] for k in keys if k.startswith("checklist")] for n, keys in run(*views).items()}
    assert {n: s for n, s in steps.items() if s} == {
        0: [[str(DAY), "start"]],
        7: [["stalled", str(DAY)]],
        14: [[str(DAY), "14"]],
    }


def test_a_new_account_that_goes_on_does_not_stall() -> None:
    new = account(stage="new", since=DAY)
    lacking = MissingCost("SKU-1", 3, "USD", None, None)
    views = [
        (n, seen(account=new, newest=later(n), last_contact=later(n), missing_costs=[lacking] if n < 5 else []))
        for n in range(12)
    ]
    keys = [key for keys in run(*views).values() for key in keys if key.startswith("checklist")]
    assert keys == [f"checklist:{DAY}:start"]


def test_a_complete_account_is_not_followed_up() -> None:
    new = account(stage="new", since=DAY)
    views = [(n, seen(account=new, newest=later(n), last_contact=later(n), cases=[case(1, "paid")])) for n in range(20)]
    assert not [key for keys in run(*views).values() for key in keys if key.startswith("checklist")]


def test_what_amazon_found_or_paid_by_itself_is_no_first_claim() -> None:
    by_itself = [case(1, "withdrawn", filed_on=None), case(2, "paid", filed_on=None)]
    new = seen(account=account(stage="new", since=DAY), cases=by_itself)
    assert (done(new)["claims"], done(new)["documents"]) == (False, False)
    assert done(replace(new, cases=[*by_itself, case(3, "filed")]))["claims"]


def test_a_new_account_of_which_a_whole_export_is_missing_is_not_complete_though_nothing_waits_for_it() -> None:
    here = seen(account=account(stage="new", since=DAY))
    assert done(here)["exports"]
    assert done(here)["costs"]
    absent = replace(here, absent=(Export("reimbursements", "Reimbursements", ()),))
    assert (done(absent)["exports"], done(absent)["costs"]) == (False, True)
    without_costs = replace(here, absent=(Export("costs", "Sourcing costs", ()),))
    assert (done(without_costs)["exports"], done(without_costs)["costs"]) == (True, False)


def test_a_quarter_without_a_word_is_told_each_quarter_and_a_contact_withdraws_it() -> None:
    views = [(n, seen(newest=later(n), last_contact=DAY)) for n in range(200)]
    assert list(run(*views)) == [91, 182]
    spoken = seen(newest=later(92), last_contact=later(92))
    kept = day_after_day([(later(91), views[91][1]), (later(92), spoken)])
    assert (standing(kept[0]), standing(kept[1])) == ([f"contact:{DAY}:1"], [])


def test_after_the_safe_date_the_last_day_is_told() -> None:
    taken = finding(1, rule="reimbursement_reversed", safe_by=later(-1))
    [kept] = day_after_day([(DAY, seen(findings=[taken]))])
    assert {k.alert.kind: k.alert.until for k in kept} == {"deadline": later(1), "reversed": later(1)}
