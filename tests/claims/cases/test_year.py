"""120 days of one account: new exports, an audit, and what the seller does by `audit claims next`."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.claims.cases.deciding import decide
from auditor.claims.cases.filed_before import import_filed, read_filed
from auditor.claims.cases.learning import Audited, known_states
from auditor.claims.cases.log import UNDECIDED, Case, CaseLog
from auditor.claims.cases.past import results_on
from auditor.claims.cases.plan import PER_DAY, Action, plan
from auditor.model import Problem, Results
from auditor.publish.difference import Difference, difference
from auditor.request import Request
from auditor.store.workspace import open_workspace

from .world import FIRST, Does, Story, World

DAYS = 120
#: Until when somebody audits on how many days: on each, then on every second, then, in a quiet time, on every fourth.
PACES = ((24, 1), (60, 2), (DAYS, 4))
#: Rules that no story concerns; each would cost every audit its time.
OFF = (
    "fulfillment_fee_overcharge", "storage_fee_overcharge", "refund_exceeds_charge", "commission_not_refunded",
    "mcf_lost", "removal_lost", "removal_short", "inbound_missing", "inbound_damaged", "unused_label",
    "shipped_beyond_order", "return_damaged", "return_not_restocked", "replacement_return_missing", "ledger_imbalance",
)  # fmt: skip
STORIES = (
    Story("found before anyone files", 1, 2, [Does(9, "find", 2)], ("withdrawn", "found"), files=False),
    Story("paid by Amazon itself", 2, 2, [Does(6, "auto_pay", 2)], ("paid", "paid_automatically")),
    Story("approved and paid", 3, 3, [Does(2, "answer", "approved"), Does(6, "pay", 3)], ("paid", "paid")),
    Story("paid without a word", 3, 2, [Does(5, "pay", 2, names_case=False)], ("paid", "paid")),
    Story(
        "denied, appealed, paid",
        4,
        4,
        [Does(3, "answer", "denied"), Does(9, "answer", "approved"), Does(12, "pay", 4)],
        ("paid", "paid"),
    ),
    Story("denied twice", 5, 1, [Does(3, "answer", "denied"), Does(8, "answer", "denied")], ("denied", "answer")),
    Story(
        "asked for the invoice",
        5,
        2,
        [
            Does(2, "answer", "info_needed"),
            Does(4, "answer", "in_progress"),
            Does(9, "answer", "approved"),
            Does(12, "pay", 2),
        ],
        ("paid", "paid"),
    ),
    Story("paid in two parts", 6, 5, [Does(5, "pay", 2), Does(11, "pay", 3)], ("paid", "paid")),
    Story("paid below the cost", 7, 2, [Does(5, "pay", 2, each=Decimal("5.00"))], ("paid", "underpaid")),
    Story(
        "paid, taken back, paid again",
        8,
        2,
        [Does(4, "pay", 2), Does(20, "reverse", 2), Does(30, "pay", 2)],
        ("paid", "paid"),
    ),
    Story("taken back and never paid again", 8, 2, [Does(4, "pay", 2), Does(15, "reverse", 2)], ("open", "reversed")),
    Story("a refund without a return", 5, 1, [Does(7, "pay", 1)], ("paid", "paid"), kind="refund"),
    Story("a refund Amazon pays by itself", 6, 1, [Does(50, "auto_pay", 1)], ("paid", "paid_automatically"), "refund"),
    Story("never filed", 10, 1, [], ("expired", "date"), files=False),
    Story("withdrawn by the seller", 11, 1, [Does(2, "withdraw")], ("withdrawn", "closed")),
    Story("filed by another service", 12, 2, [Does(5, "import"), Does(6, "pay", 2)], ("paid", "paid")),
    Story("found after it was filed", 14, 3, [Does(20, "find", 3)], ("withdrawn", "closed")),
    Story("one payment for two losses, the first", 20, 2, [], ("paid", "paid"), product=50),
    Story("the second of them", 22, 3, [Does(3, "pay", 5, names_case=False)], ("paid", "paid"), product=50),
    Story("a payment that could be of either, this one", 24, 2, [], ("filed", "filed"), product=51),
    Story("that one", 25, 2, [Does(3, "pay", 2, names_case=False)], ("paid", "paid"), product=51),
    Story("the rest of its value", 0, 2, [Does(3, "answer", "approved")], ("paid", "closed"), of="paid below the cost"),
    *(Story(f"one of many on one day, number {n}", 40, 1, [Does(3, "pay", 1)], ("paid", "paid")) for n in range(12)),
)  # fmt: skip


@dataclass
class Year:
    """The seller's side, with a log in each database: the same audits and moves reach both."""

    folder: Path
    logs: dict[str, CaseLog]
    patch: pytest.MonkeyPatch
    world: World = field(default_factory=lambda: World(STORIES))
    results: dict[date, Results] = field(default_factory=dict)
    drafted: dict[str, list[date]] = field(default_factory=dict)
    filed: dict[date, list[str]] = field(default_factory=dict)
    actions: dict[date, list[Action]] = field(default_factory=dict)

    def run(self) -> None:
        """Live through all days."""
        self.patch.setattr("auditor.claims.cases.learning.known_states", self._in_every_log)
        for number in range(DAYS):
            every = next(every for until, every in PACES if number < until)
            self._live(FIRST + timedelta(number), audits=number % every == 0)

    def _live(self, today: date, *, audits: bool) -> None:
        world = self.world
        world.lives(today)
        for story in world.imported():
            self._import(story)
        if not audits:
            for story, does in world.answers():
                self._take(story, does)
            return
        world.write(self.folder / "exports")
        settings = {rule: {"off": True} for rule in OFF}
        place, room = self.folder / "exports", open_workspace(self.folder / "ws")
        results = audit(Request([place], room, as_of=today, case_log="-", rule_settings=settings))
        self.results[today] = results
        for each in results.drafts:
            self.drafted.setdefault(each.finding_id, []).append(today)
        for story, does in world.answers():
            self._take(story, does)
        self._work(today, {each.finding_id for each in results.drafts})

    def _in_every_log(self, _url: str, audited: Audited) -> tuple[dict[str, str], list[Problem]]:
        told = [known_states(log.url, audited) for log in self.logs.values()]
        assert all(each == told[0] for each in told)
        return told[0]

    def _case(self, log: CaseLog, story: Story) -> Case:
        reference, fnsku = self.world.reference(story), f"X0000000{self.world.product(story)}"
        mine = [c for c in log.cases() if c.reference_id == reference and c.fnsku in {fnsku, ""}]
        assert len(mine) == 1, (story.name, mine)
        return mine[0]

    def _take(self, story: Story, does: Does) -> None:
        for log in self.logs.values():
            case = self._case(log, story)
            state = "withdrawn" if does.what == "withdraw" else str(does.value)
            reason = "closed" if does.what == "withdraw" else "answer"
            log.move(case, state, day=self.world.today, who="Mira", reason=reason)

    def _import(self, story: Story) -> None:
        case_id, day = f"5{self.world.product(story)}", self.world.today
        self.world.filed_on[story.name], self.world.case_ids[story.name] = day, case_id
        path = self.folder / "filed.csv"
        path.write_text(
            "case_id,filed_on,state,finding_id,rule,fnsku,msku,reference_id,units,note\n"
            f"{case_id},{day},filed,,warehouse_lost,X0000000{self.world.product(story)},,{self.world.reference(story)},"
            f"{story.units},\n"
        )
        for log in self.logs.values():
            import_filed(log, "", read_filed(path), "another service")

    def _work(self, today: date, drafted: set[str]) -> None:
        plans = {name: plan(log.cases(), log.paid(), today) for name, log in self.logs.items()}
        (actions, *others) = plans.values()
        assert all(other == actions for other in others)
        self.actions[today] = actions
        by_id = {self._case(next(iter(self.logs.values())), s).finding_id: s for s in STORIES if self._known(s)}
        for action in actions:
            story = by_id.get(action.finding_id)
            if action.step == "file" and action.day == today and story and story.files:
                assert action.finding_id in drafted
                self._file(story, action.finding_id)
            elif action.step == "appeal" and story:
                self._move(action.finding_id, "appealed", "appeal")
            elif action.step == "check_payment" and story and story.of:
                self._move(action.finding_id, "paid", "closed")
            elif action.step == "decide":
                self._decide(next(s for s in STORIES if s.name.endswith("that one")))
        for story in STORIES:
            if story.name == "found after it was filed" and self._known(story) and self._was_found(story):
                self._move(self._case(next(iter(self.logs.values())), story).finding_id, "withdrawn", "closed")

    def _known(self, story: Story) -> bool:
        log = next(iter(self.logs.values()))
        return any(case.reference_id == self.world.reference(story) for case in log.cases())

    def _was_found(self, story: Story) -> bool:
        log = next(iter(self.logs.values()))
        case = self._case(log, story)
        return case.state == "filed" and any(entry.reason == "found" for entry in log.history(case))

    def _file(self, story: Story, finding_id: str) -> None:
        today, case_id = self.world.today, f"4{self.world.reference(story).replace('-', '')}"
        self.filed.setdefault(today, []).append(finding_id)
        if story.name not in self.world.filed_on:
            self.world.filed_on[story.name] = today
        self.world.case_ids[story.name] = case_id
        self._move(finding_id, "filed", "filed", case_id=case_id, filed_on=today)

    def _move(self, finding_id: str, state: str, reason: str, **changes: object) -> None:
        for log in self.logs.values():
            log.move(log.case(finding_id), state, day=self.world.today, who="Mira", reason=reason, **changes)

    def _decide(self, story: Story) -> None:
        for log in self.logs.values():
            (waiting,) = [each for each in log.paid() if each.finding_id == UNDECIDED]
            case = self._case(log, story)
            decide(log, case, waiting.reimbursement_id, None, day=self.world.today, who="Mira")


def test_a_year(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year, lived once; in PostgreSQL too where it is installed (CI fails where it is not)."""
    logs = {"sqlite": CaseLog(f"sqlite:///{tmp_path / 'cases.db'}")}
    with suppress(pytest.skip.Exception):
        logs["postgresql"] = CaseLog(request.getfixturevalue("postgres"))
    year = Year(tmp_path, logs, monkeypatch)
    year.run()
    wrong: list[Exception] = []
    for holds in WHAT_HOLDS:
        try:
            holds(year)
        except AssertionError as error:
            wrong.append(error)
    for log in logs.values():
        log.engine.dispose()
    if wrong:
        raise ExceptionGroup("the year did not go as it should", wrong)


def every_case_ends_as_the_script_says(year: Year) -> None:
    told = {}
    for story in STORIES:
        for log in year.logs.values():
            case = year._case(log, story)
            last = [entry for entry in log.history(case) if entry.from_state != entry.to_state][-1]
            if (case.state, last.reason) != story.ends:
                told[story.name] = (case.state, last.reason)
    assert told == {}


def no_finding_is_drafted_again_once_it_is_filed(year: Year) -> None:
    filed = {finding_id: day for day, ids in year.filed.items() for finding_id in ids}
    assert len(filed) > len(STORIES) // 2
    assert sum(map(len, year.filed.values())) == len(filed)
    assert [finding_id for finding_id, day in filed.items() if max(year.drafted[finding_id]) > day] == []


def what_another_service_filed_is_never_drafted(year: Year) -> None:
    story = next(story for story in STORIES if story.name == "filed by another service")
    for log in year.logs.values():
        case = year._case(log, story)
        assert max(year.drafted.get(case.finding_id, [FIRST])) < year.world.filed_on[story.name]
        assert case.case_id == f"5{year.world.product(story)}"


def no_unit_is_claimed_twice(year: Year) -> None:
    claimed: Counter[str] = Counter()
    for case in year.logs["sqlite"].cases():
        if case.filed_on is not None and case.rule in {"warehouse_lost", "customer_return_missing"}:
            claimed[case.fnsku] += case.units
    lost: Counter[str] = Counter()
    for story in STORIES:
        lost[f"X0000000{year.world.product(story)}"] += 0 if story.of else story.units
    assert claimed
    assert claimed <= lost


def money_in_the_log_is_money_in_the_reimbursements(year: Year) -> None:
    there: dict[str, Decimal] = defaultdict(Decimal)
    for row in year.world.payments:
        there[row["fnsku"]] += Decimal(row["amount-total"])
    del there["X000000099"]
    for log in year.logs.values():
        product = {case.finding_id: case.fnsku for case in log.cases()}
        kept: dict[str, Decimal] = defaultdict(Decimal)
        for paid in log.paid():
            assert paid.finding_id != UNDECIDED
            kept[product[paid.finding_id]] += paid.amount or Decimal(0)
        assert kept == there


def no_day_files_more_than_the_pace_and_no_claim_comes_late(year: Year) -> None:
    for day, actions in year.actions.items():
        planned = [action for action in actions if action.step == "file"]
        assert sum(action.day == day for action in planned) <= PER_DAY
    assert any(action.step == "file" and action.day > day for day, told in year.actions.items() for action in told)
    log = year.logs["sqlite"]
    for day, ids in year.filed.items():
        assert all(day <= (log.case(finding_id).safe_by or day) for finding_id in ids)


def the_difference_of_any_two_days_adds_up(year: Year) -> None:
    days = sorted(year.results)
    for old, new in [*pairwise(days), *((days[n], days[-1 - n]) for n in range(0, len(days) // 2, 7))]:
        check_sum(difference(year.results[old], year.results[new]))


def the_difference_of_two_days_of_the_log_adds_up_and_names_what_happened(year: Year) -> None:
    days = sorted(year.results)
    for log in year.logs.values():
        told = [difference(results_on(log, "", old), results_on(log, "", new)) for old, new in pairwise(days[::3])]
        told.append(difference(results_on(log, "", days[3]), results_on(log, "", days[-1])))
        for each in told:
            check_sum(each)
        kinds = {change.kind for each in told for change in each.changes}
        assert kinds >= {"new", "filed", "found", "paid", "expired", "reopened"}


def both_databases_hold_the_same_log(year: Year) -> None:
    told = [
        [(case, log.history(case)) for case in sorted(log.cases(), key=lambda c: c.finding_id)]
        for log in year.logs.values()
    ]
    assert all(each == told[0] for each in told)


def check_sum(told: Difference) -> None:
    for currency in told.before.keys() | told.after.keys() | {change.currency for change in told.changes}:
        mine = [change for change in told.changes if change.currency == currency]
        before, after = told.before.get(currency), told.after.get(currency)
        assert (before.units if before else 0) + sum(c.units for c in mine) == (after.units if after else 0)
        assert (before.amount if before else 0) + sum(c.amount for c in mine) == (after.amount if after else 0)


WHAT_HOLDS = (
    every_case_ends_as_the_script_says,
    no_finding_is_drafted_again_once_it_is_filed,
    what_another_service_filed_is_never_drafted,
    no_unit_is_claimed_twice,
    money_in_the_log_is_money_in_the_reimbursements,
    no_day_files_more_than_the_pace_and_no_claim_comes_late,
    the_difference_of_any_two_days_adds_up,
    the_difference_of_two_days_of_the_log_adds_up_and_names_what_happened,
    both_databases_hold_the_same_log,
)
