"""What became of claims: payments taken back or too low, cases without an answer, questions of Amazon's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from auditor.accounts.alert import Alert, Kept, Kind, Seen, claimable
from auditor.accounts.batching import Item, batched
from auditor.accounts.deadline_alerts import until
from auditor.claims.cases.log import Case
from auditor.claims.cases.plan import ANSWER, SILENCE

#: Days without an answer after which a case is told, each once.
SILENT = (SILENCE, 14, 30)
#: Days that are left to answer Amazon's question when it is told again.
LAST_DAYS = 2
_RULES: dict[Kind, frozenset[str]] = {
    "reversed": frozenset({"reimbursement_reversed"}),
    "underpaid": frozenset({"reimbursed_below_value", "reimbursed_short"}),
}
_WAITS_FOR_AMAZON = frozenset({"filed", "in_progress", "appealed"})


def case_alerts(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """Everything about payments and cases that somebody has to look at."""
    for kind in ("reversed", "underpaid"):
        yield from batched(seen, kind, "1", _paid_wrongly(seen, kind, day), previous, day, by_money=True)
    for step, items in _without_answer(seen, day).items():
        yield from batched(seen, "unanswered", str(step), items, previous, day, by_money=False)
    for step, items in _asked(seen, day).items():
        yield from batched(seen, "information", str(step), items, previous, day, by_money=False)


def _paid_wrongly(seen: Seen, kind: Kind, day: date) -> list[Item]:
    """Findings that say so, and cases that the log saw it happen to."""
    items = [
        Item(finding.finding_id, finding.units, finding.currency, finding.amount, until(finding, day))
        for finding in claimable(seen, day)
        if finding.rule in _RULES[kind]
    ]
    wanted = {moved.finding_id for moved in seen.moved if moved.reason == kind}
    state = "open" if kind == "reversed" else "paid"
    told = {item.name for item in items}
    cases = [c for c in seen.cases if c.finding_id in wanted - told and c.state == state]
    # What a case was underpaid by is a finding of its own; its whole amount is not what is at stake.
    return items + [_item(case, None, worth=kind == "reversed") for case in cases]


def _without_answer(seen: Seen, day: date) -> dict[int, list[Item]]:
    """Cases that Amazon has, at the step of its silence where they are; the steps in order."""
    steps: dict[int, list[Item]] = {step: [] for step in SILENT}
    for case in seen.cases:
        silent = (day - case.state_since).days
        step = max((step for step in SILENT if step <= silent), default=None)
        if case.state in _WAITS_FOR_AMAZON and step is not None:
            steps[step].append(_item(case, None))
    return steps


def _asked(seen: Seen, day: date) -> dict[int, list[Item]]:
    """Cases that wait for an answer of the seller's: told at once, and again when few days are left."""
    steps: dict[int, list[Item]] = defaultdict(list, {LAST_DAYS: [], ANSWER: []})
    for case in seen.cases:
        if case.state == "info_needed":
            due = case.state_since + timedelta(days=ANSWER)
            steps[LAST_DAYS if (due - day).days <= LAST_DAYS else ANSWER].append(_item(case, due))
    return steps


def _item(case: Case, due: date | None, *, worth: bool = True) -> Item:
    """A case; its name says since when, so that the same question asked again is a new one."""
    amount = case.amount if worth else None
    return Item(f"{case.finding_id}@{case.state_since}", case.units, case.currency, amount, due)
