"""Forty-five days of a small portfolio: the alerts are those of a written list, to the day, and none is repeated."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.accounts.alert import Export, Kept, Loss, MissingCost, Seen
from auditor.accounts.raising import after, alerts_on

from .alert_world import DAY, account, case, finding, loss, seen

DAYS = 45
START = DAY - timedelta(days=180)


def at(n: int) -> date:
    return DAY + timedelta(days=n)


def quiet(n: int) -> Seen:
    return seen(account=account("quiet"), newest=at(n), as_of=at(n), last_contact=DAY)


def ladder(n: int) -> Seen:
    """One finding that nobody files, and one that is filed when three days are left."""
    findings = [finding(1, safe_by=at(32)), finding(2, safe_by=at(20))]
    filed = [case(2, "filed", at(17))] if 17 <= n < 20 else [case(2, "paid", at(20))] if n >= 20 else []
    return replace(quiet(n), account=account("ladder"), findings=findings, cases=filed)


def wave(n: int) -> Seen:
    """Ordinary losses, and on the tenth day twenty units in one building; they are filed on the day twenty-five."""
    draw = random.Random(3)
    usual = [
        loss(START + timedelta(days=d), 1, f"LEX{draw.randrange(3)}") for d in range(180 + n) if draw.random() < 0.2
    ]
    hit = Loss(at(10), "LEX1", "lost", 20, 20, "F00000000009", "USD", Decimal("200.00"))
    found = [finding(9, safe_by=at(200), units=20, amount=Decimal("200.00"))] if n >= 10 else []
    filed = [case(9, "in_progress", at(n))] if n >= 25 else []
    losses = [*usual, *([hit] if n >= 10 else [])]
    return replace(quiet(n), account=account("wave"), losses=losses, ledger=(START, at(n)), findings=found, cases=filed)


def stale(n: int) -> Seen:
    """The seller sends nothing after the second day, until day thirty-three."""
    newest = at(n) if n < 3 or n >= 33 else at(2)
    return replace(quiet(n), account=account("stale"), newest=newest)


def broken(n: int) -> Seen:
    """The audit fails from day five to day eight."""
    return replace(quiet(n), account=account("broken"), failed="mixed accounts" if 5 <= n <= 8 else "")


def new(n: int) -> Seen:
    """A new account that gets its exports complete on day four and stalls then."""
    lacks = [Export("customer_returns", "FBA customer returns", (("EUR", Decimal(80)),))] if n < 4 else []
    own = account("new", stage="new", since=DAY, renewal=at(40))
    return replace(quiet(n), account=own, to_export=lacks, missing_costs=[MissingCost("S", 1, "EUR", None, None)])


def leaving(n: int) -> Seen:
    """Active, paused on day twelve, cancelled on day twenty; what it had open is nobody's work then."""
    stage = "active" if n < 12 else "paused" if n < 20 else "cancelled"
    return replace(quiet(n), account=account("leaving", stage=stage), findings=[finding(5, safe_by=at(35))])


def talking(n: int) -> Seen:
    """A case without an answer, then a question of Amazon's, then a payment that is too low."""
    cases = (
        [case(7, "filed", at(1))] if n < 8 else [case(7, "info_needed", at(8))] if n < 14 else [case(7, "paid", at(14))]
    )
    below = [finding(8, rule="reimbursed_below_value", safe_by=at(300))] if n >= 15 else []
    return replace(quiet(n), account=account("talking"), cases=cases, findings=below)


PORTFOLIO = (quiet, ladder, wave, stale, broken, new, leaving, talking)

EXPECTED = [
    (0, "ladder", "deadline 30"),
    (0, "new", "checklist start"),
    (0, "new", "costs 1"),
    (0, "new", "life new"),
    (0, "new", "missing 1"),
    (2, "ladder", "deadline 30"),
    (5, "broken", "failed 1"),
    (5, "leaving", "deadline 30"),
    (5, "talking", "unanswered 4"),
    (6, "ladder", "deadline 14"),
    (8, "talking", "information 7"),
    (10, "new", "renewal 30"),
    (10, "wave", "wave 1"),
    (11, "new", "checklist stalled"),
    (12, "leaving", "life paused"),
    (13, "ladder", "deadline 7"),
    (13, "talking", "information 2"),
    (14, "new", "checklist 14"),
    (15, "talking", "underpaid 1"),
    (17, "stale", "stale 1"),
    (18, "ladder", "deadline 14"),
    (20, "leaving", "life cancelled"),
    (25, "ladder", "deadline 7"),
    (29, "ladder", "deadline 3"),
    (31, "ladder", "deadline 1"),
    (31, "stale", "stale 2"),
    (33, "new", "renewal 7"),
]
WITHDRAWN = {
    ("wave", "wave 1"): 25,
    ("stale", "stale 2"): 33,
    ("broken", "failed 1"): 9,
    ("leaving", "deadline 30"): 20,
    ("ladder", "deadline 1"): 35,
    ("new", "missing 1"): 4,
}


def run() -> tuple[list[tuple[int, str, str]], dict[tuple[str, str], int], Counter[str]]:
    """Every alert by the day on which it was raised, the day on which each was withdrawn, and how often each."""
    raised, gone, times = [], {}, Counter[str]()
    kept: dict[str, list[Kept]] = {}
    for n in range(DAYS):
        for look in PORTFOLIO:
            view = look(n)
            before = kept.get(view.account.id, [])
            now = after(before, alerts_on(view, before, at(n)), at(n))
            assert after(now, alerts_on(view, now, at(n)), at(n)) == now
            for each in now:
                name = (view.account.id, f"{each.alert.kind} {each.alert.step}")
                if each.alert.first_day == at(n):
                    raised.append((n, *name))
                    times[f"{view.account.id} {each.alert.key}"] += 1
                if each.state == "withdrawn" and each.since == at(n):
                    gone[name] = n
            kept[view.account.id] = now
    return sorted(raised), gone, times


def test_the_alerts_of_forty_five_days_are_those_of_the_list_and_none_is_repeated() -> None:
    raised, gone, times = run()
    assert raised == EXPECTED
    assert {name: gone.get(name) for name in WITHDRAWN} == WITHDRAWN
    assert set(times.values()) == {1}


def test_a_batch_that_missed_nights_tells_what_it_would_have_told_later() -> None:
    """Every third night only: each finding is still told at the steps it passes, each step at most once."""
    kept: list[Kept] = []
    for n in range(0, DAYS, 3):
        kept = after(kept, alerts_on(ladder(n), kept, at(n)), at(n))
    tellings = Counter((item, k.alert.step) for k in kept if k.alert.kind == "deadline" for item in k.alert.items)
    assert set(tellings.values()) == {1}
    assert {step for item, step in tellings if item == "F00000000001"} == {"30", "14", "7", "3", "1"}
