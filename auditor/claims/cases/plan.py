"""What to do now: which claims to file at which pace, whom to ask, what to answer, what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from auditor.claims.cases.log import UNDECIDED, Case, Paid, urgency
from auditor.claims.drafts import AUTO_PAYMENT

Step = Literal["file", "answer", "ask", "appeal", "check_payment", "decide", "look"]

#: New claims an account files a day: more at once draw attention and get poor answers.
PER_DAY = 5
#: Days after which a case without an answer is asked for, and within which asked information has to be given.
SILENCE, ANSWER = 4, 7
#: Days that an approved payment takes to show in the Reimbursements report.
#: https://sellercentral.amazon.com/help/hub/reference/G200732720
PAYOUT = 5
#: A claim that Amazon normally pays by itself waits until its safe date is this near.
HELD_UNTIL = 7


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do on `day`, at the latest by `until` (None: no date); `late` when the pace is too slow for it."""

    step: Step
    day: date
    until: date | None
    finding_id: str
    account: str
    owner: str
    rule: str
    units: int
    currency: str
    amount: Decimal | None
    why: str
    late: bool = False


def plan(cases: Iterable[Case], paid: Iterable[Paid], today: date, per_day: int = PER_DAY) -> list[Action]:
    """Everything there is to do, the most urgent first: by date, then money."""
    every = sorted(cases, key=urgency)
    actions: list[Action] = []
    for account in sorted({case.account for case in every}):
        mine = [case for case in every if case.account == account]
        newest = max((case.last_seen for case in mine if case.last_seen), default=None)
        actions += [action for case in mine if (action := _follow_up(case, today, newest))]
        actions += _filings(mine, today, per_day, newest)
    actions += [_decide(payment, today) for payment in paid if payment.finding_id == UNDECIDED]
    return sorted(actions, key=_order)


def _order(action: Action) -> tuple[bool, date, date, Decimal, str]:
    until = action.until or date.max
    return action.step == "look", action.day, until, -(action.amount or Decimal(0)), action.finding_id


def _follow_up(case: Case, today: date, newest: date | None) -> Action | None:
    since = case.state_since
    match case.state:
        case "info_needed":
            return _action("answer", case, today, since + timedelta(ANSWER), "Amazon asked for information")
        case "filed" | "in_progress" | "appealed" if (today - since).days >= SILENCE:
            return _action("ask", case, today, None, f"no answer since {since}")
        case "denied" if case.appeals == 0:
            return _action("appeal", case, today, None, "denied; one appeal is possible")
        case "approved" if (today - since).days > PAYOUT:
            return _action("check_payment", case, today, None, f"approved on {since}, and no payment shows")
        case "open" if why := _doubt(case, newest):
            return _action("look", case, today, case.safe_by, why)
    return None


def _doubt(case: Case, newest: date | None) -> str:
    """Why a person must look at an open case before anything is filed; "" when nothing speaks against filing it."""
    if case.last_seen != newest:
        since = f"open again since {case.state_since}, " if case.filed_on else ""
        return f"{since}the audit as of {newest} does not claim it"
    return "" if case.confidence == "high" else case.reasons or "needs a person"


def _filings(cases: Sequence[Case], today: date, per_day: int, newest: date | None) -> Iterable[Action]:
    """The claims to file, so many a day, those with the nearest safe date first; today's filed ones count.

    Only what the `newest` audit found: what it does not find has no draft, and its units may be another claim's.
    """
    used = sum(case.filed_on == today for case in cases)
    fit = [case for case in cases if case.state == "open" and not _doubt(case, newest)]
    ready = [case for case in fit if not _held(case, today) and (case.claim_by or today) >= today]
    for place, case in enumerate(ready, start=used):
        day = today + timedelta(place // per_day)
        late = case.safe_by is not None and day > case.safe_by
        why = f"safe until {case.safe_by}" if case.safe_by else "no window is known"
        if case.safe_by is not None and case.safe_by < today:
            why = f"the safe date is over; the last day is {case.claim_by}"
        elif late:
            why += f", but the pace of {per_day} a day reaches it only on {day}"
        yield _action("file", case, day, case.safe_by, why, late=late)


def _held(case: Case, today: date) -> bool:
    """Whether Amazon is expected to pay by itself and there is still time to wait for it."""
    near = case.safe_by is not None and (case.safe_by - today).days <= HELD_UNTIL
    return AUTO_PAYMENT in case.reasons and not near


def _action(step: Step, case: Case, day: date, until: date | None, why: str, *, late: bool = False) -> Action:
    return Action(
        step,
        day,
        until,
        case.finding_id,
        case.account,
        case.owner,
        case.rule,
        case.units,
        case.currency,
        case.amount,
        why,
        late,
    )


def _decide(payment: Paid, today: date) -> Action:
    why = f"payment {payment.reimbursement_id} of {payment.day} could be of several cases: `audit claims match`"
    return Action("decide", today, None, "", "", "", "", payment.units, payment.currency, payment.amount, why)
