"""Which payment answers which case: told by what both name, never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import accumulate

from auditor.policy.money import digits

REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of the Reimbursements report; `family` is what it pays for.

    `units` and `amount` are negative in a reversal. `original_id` is the payment that a reversal takes back; `key` is
    the same in every export of the row.
    """

    key: str
    reimbursement_id: str
    day: date
    case_id: str
    order_id: str
    fnsku: str
    msku: str
    family: str
    units: int
    currency: str
    amount: Decimal | None
    original_id: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A filed case as far as payments ask: `left` units are not paid yet."""

    finding_id: str
    family: str
    case_id: str
    reference_id: str
    fnsku: str
    msku: str
    event_date: date | None
    filed_on: date
    currency: str
    left: int


@dataclass(frozen=True, slots=True)
class Match:
    """`units` and `amount` of the payment answer this case; `how` says what both name."""

    payment: Payment
    finding_id: str
    units: int
    amount: Decimal | None
    how: str


def match(
    payments: Iterable[Payment], claimed: Sequence[Claimed], known: Collection[str], case_ids: Collection[str] = ()
) -> tuple[list[Match], list[Payment]]:
    """The matches of payments that are not `known`, and the payments that several cases could mean.

    The oldest payment first. A payment names a case by its case ID, by its order, or by product and kind from the day
    on which the case was filed; one that names any of the `case_ids` of the account is of no other case. Among several
    cases it is split only where its units are theirs exactly.
    """
    left = {case.finding_id: case.left for case in claimed}
    matches: list[Match] = []
    undecided: list[Payment] = []
    for payment in sorted(payments, key=lambda p: (p.day, p.key)):
        if payment.key in known or payment.family == REVERSAL or payment.units <= 0:
            continue
        named = payment.case_id in case_ids
        for how, meant in _meant(payment, [case for case in claimed if left[case.finding_id] > 0], named=named):
            shares = _shares(payment, meant, left)
            if shares is None:
                undecided.append(payment)
            else:
                amounts = split(payment, list(shares.values()))
                for (finding_id, units), amount in zip(shares.items(), amounts, strict=True):
                    left[finding_id] -= units
                    matches.append(Match(payment, finding_id, units, amount, how))
            break
    return matches, undecided


def _meant(payment: Payment, cases: Sequence[Claimed], *, named: bool) -> Iterable[tuple[str, list[Claimed]]]:
    """The cases that the payment may mean, by the first thing that both name."""
    mine = [case for case in cases if is_of_product(payment, case) and _same_currency(payment, case)]
    ways = {
        "case ID": [case for case in mine if payment.case_id and case.case_id == payment.case_id],
        "order ID": [case for case in mine if payment.order_id and case.reference_id == payment.order_id],
        "product and reason": [
            case
            for case in mine
            if not (payment.order_id or named) and case.family == payment.family and case.filed_on <= payment.day
        ],
    }
    return [(how, meant) for how, meant in ways.items() if meant]


def is_of_product(payment: Payment, case: Claimed) -> bool:
    """Whether the payment names the product of the case, by FNSKU or else by SKU."""
    if payment.fnsku and case.fnsku:
        return payment.fnsku == case.fnsku
    return bool(payment.msku) and payment.msku == case.msku


def _same_currency(payment: Payment, case: Claimed) -> bool:
    return not payment.currency or not case.currency or payment.currency == case.currency


def _shares(payment: Payment, meant: Sequence[Claimed], left: Mapping[str, int]) -> dict[str, int] | None:
    """Units by case; None when the payment could mean several cases in more than one way."""
    if len(meant) == 1:
        case = meant[0]
        return {case.finding_id: min(payment.units, left[case.finding_id])}
    if payment.units == sum(left[case.finding_id] for case in meant):
        return {case.finding_id: left[case.finding_id] for case in meant}
    return None


def split(payment: Payment, shares: Sequence[int]) -> list[Decimal | None]:
    """The payment's amount by its units, to the currency's digits; shares of all units add up to all of it."""
    if payment.amount is None:
        return [None] * len(shares)
    step, whole = Decimal(1).scaleb(-digits(payment.currency)), abs(payment.units)
    ends = [
        (payment.amount * units / whole).quantize(step, ROUND_DOWN) if units < whole else payment.amount
        for units in accumulate(shares)
    ]
    return [end - start for start, end in zip([Decimal(0), *ends], ends, strict=False)]


def with_keys(rows: Iterable[Payment]) -> list[Payment]:
    """The payments with keys that tell equal rows apart by their number."""
    seen: Counter[str] = Counter()
    keyed = []
    for row in rows:
        parts = (row.reimbursement_id, row.day, row.fnsku, row.msku, row.family, row.units, row.amount)
        text = "|".join(map(str, parts))
        seen[text] += 1
        keyed.append(replace(row, key=f"{text}|{seen[text]}"))
    return keyed
