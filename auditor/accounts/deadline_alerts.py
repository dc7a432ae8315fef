"""The ladder of deadlines: each finding is told once at each step, with the others that reach it on the same day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from auditor.accounts.alert import Alert, Kept, Seen, claimable
from auditor.accounts.batching import Item, batched
from auditor.claims.cases.plan import HELD_UNTIL
from auditor.claims.drafts import AUTO_PAYMENT
from auditor.model import Finding

#: Days before the safe date.
LADDER = (1, 3, 7, 14, 30)


def deadline_alerts(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """One alert for each step that holds something new today, and those of earlier days that still stand.

    A finding that goes on to the next step leaves its earlier alert, which is withdrawn once it is empty. One that is
    seen late begins at the step where it is. What Amazon normally pays by itself is told when waiting for it ends.
    """
    by_step: dict[int, list[Item]] = defaultdict(list)
    for finding in claimable(seen, day):
        step = step_of(finding, day)
        if step is not None:
            item = Item(finding.finding_id, finding.units, finding.currency, finding.amount, until(finding, day))
            by_step[step].append(item)
    for step in LADDER:
        yield from batched(seen, "deadline", str(step), by_step[step], previous, day, by_money=True)


def until(finding: Finding, day: date) -> date | None:
    """The day to file by: the safe date, or the last day when the safe date is over."""
    return finding.claim_by if finding.safe_by and finding.safe_by < day else finding.safe_by


def step_of(finding: Finding, day: date) -> int | None:
    """The step of the ladder where the finding is; None when its safe date is far, or unknown.

    A safe date that is over leaves the finding at the last step while its window lasts.
    """
    if finding.safe_by is None:
        return None
    left = (finding.safe_by - day).days
    if AUTO_PAYMENT in finding.reasons and left > HELD_UNTIL:
        return None
    return next((step for step in LADDER if left <= step), None)
