"""What an alert is: something that happened to an account, what it is worth, and until when somebody should act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from auditor.accounts.settings import Account
from auditor.claims.cases.log import Case
from auditor.model import Finding

Kind = Literal[
    "deadline", "wave", "reversed", "underpaid", "unanswered", "information", "stale", "failed", "missing", "costs",
    "life", "renewal", "checklist", "contact",
]  # fmt: skip
State = Literal["open", "acknowledged", "snoozed", "closed", "withdrawn"]
Worth = tuple[tuple[str, Decimal], ...]

#: States in which an alert still asks for something, now or later.
STANDING: frozenset[str] = frozenset({"open", "acknowledged", "snoozed"})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. The same `key` of the same account is the same alert, on whichever day it is raised.

    `step` is its place in a ladder ("14": fourteen days before the safe date). `items` are what it speaks of (finding
    IDs, SKUs, exports), so that nothing is told twice at one step. `worth` is by currency, never added up; what has no
    known value is counted in `facts`. `until` is the last day on which acting helps; None when there is no such day.
    """

    account: str
    key: str
    kind: Kind
    step: str
    first_day: date
    until: date | None = None
    worth: Worth = ()
    items: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert as the case log keeps it: its state since a day, and who gave it. `sequence` counts its changes."""

    alert: Alert
    state: State
    since: date
    seen_on: date
    sequence: int = 0
    snoozed_until: date | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """Units lost or damaged on one day in one building ("" when the results do not say which).

    `left` are those that are neither found nor paid; `worth` is their amount by currency.
    """

    day: date
    building: str
    kind: Literal["lost", "damaged"]
    units: int
    left: int = 0
    finding_id: str = ""
    currency: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """An export to make, so that the rules that wait for it can speak.

    `worth` is what waits, by currency as far as it is known, and `units` how many.
    """

    report: str
    title: str
    worth: Worth
    units: int = 0


@dataclass(frozen=True, slots=True)
class RejectReason:
    """Rows or cells of one report that could not be read for one reason; `column` is as the files print it."""

    title: str
    column: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class MissingCost:
    """A product whose cost is unknown while claims wait for it; `until` is their nearest last day."""

    sku: str
    units: int
    currency: str
    worth_if_sold: Decimal | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that the log says was reversed or paid below its claim."""

    finding_id: str
    day: date
    reason: Literal["reversed", "underpaid"]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that is known of one account when its alerts are raised.

    `as_of` is the day of its results; None when there are none. `newest` is the newest day in its exports, `ledger` the
    first and last day of its ledger. `failed` says why its last audit did not end well; "" when it did. `absent`
    are exports that rules ask for and of which there is not one file. `titles` are those of its rules, by ID;
    `brands` says whether its products are of one brand or many, as in run.json.
    """

    account: Account
    as_of: date | None = None
    findings: Sequence[Finding] = ()
    exposures: frozenset[str] = frozenset()
    losses: Sequence[Loss] = ()
    ledger: tuple[date, date] | None = None
    newest: date | None = None
    to_export: Sequence[Export] = ()
    missing_costs: Sequence[MissingCost] = ()
    cases: Sequence[Case] = ()
    moved: Sequence[Moved] = ()
    failed: str = ""
    last_contact: date | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    absent: Sequence[Export] = ()
    rejects: Sequence[RejectReason] = ()
    brands: Mapping[str, Any] = field(default_factory=dict)


def total(amounts: Iterable[tuple[str, Decimal | None]]) -> Worth:
    """Amounts by currency, the currencies in order; unknown ones and those without a currency are left out."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        if currency and amount is not None:
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return tuple(sorted(sums.items()))


def claimable(seen: Seen, day: date) -> list[Finding]:
    """The findings that can be filed on this day and have not been, by the case log where it knows more."""
    states = {case.finding_id: case.state for case in seen.cases}
    return [
        finding
        for finding in seen.findings
        if finding.rule not in seen.exposures
        and states.get(finding.finding_id, finding.status) == "open"
        and (finding.claim_from is None or finding.claim_from <= day)
        and (finding.claim_by is None or finding.claim_by >= day)
    ]
