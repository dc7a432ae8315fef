"""What changed between two runs: every unit that can be filed comes from somewhere and goes somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from auditor.model import FOUND, PAID, Finding, NotClaimed, Problem, Results, WrongUsage
from auditor.policy.money import round_money
from auditor.publish.manifest import exposures

Kind = Literal[
    "new", "reopened", "filed", "expired", "paid", "found", "closed", "no_longer_claimed", "not_in_exports",
    "recounted", "value_changed",
]  # fmt: skip

KINDS: tuple[Kind, ...] = (
    "new", "reopened", "recounted", "value_changed", "filed", "paid", "found", "expired", "closed", "no_longer_claimed",
    "not_in_exports",
)  # fmt: skip
_LIVE = frozenset({"open", "waiting"})
_FILED = frozenset({"filed", "in_progress", "info_needed", "approved", "appealed", "denied"})


@dataclass(frozen=True, slots=True)
class Change:
    """What one finding adds to what can be filed (or takes from it): units, and money as far as its value is known."""

    finding_id: str
    rule: str
    kind: Kind
    currency: str
    units: int
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What can be filed, now or once its window opens: findings, their units, and the money of those with a value."""

    findings: int
    units: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding whose window has moved although its facts stand: another policy dates it."""

    finding_id: str
    rule: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` plus all `changes` is `after`, in units and money, in each currency ("" where the value is unknown)."""

    before: Mapping[str, Stock]
    after: Mapping[str, Stock]
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    rules_changed: tuple[str, ...]
    policy_changed: bool


def difference(old: Results, new: Results) -> Difference:
    """What changed from the older results to the newer ones.

    Raises WrongUsage when they are of two accounts or in the wrong order.
    """
    if old.manifest.get("account") != new.manifest.get("account"):
        names = " and ".join(repr(str(results.manifest.get("account") or "")) for results in (old, new))
        raise WrongUsage(Problem(f"These are results of two accounts: {names}.", "Compare two runs of one account."))
    if str(old.manifest["as_of"]) > str(new.manifest["as_of"]):
        what = f"The first results speak for {old.manifest['as_of']}, the second ones for {new.manifest['as_of']}."
        raise WrongUsage(Problem(what, "Name the older results first."))
    before, after = ({f.finding_id: f for f in _claims(results)} for results in (old, new))
    told = {(n.rule, n.reference_id, n.fnsku): n for n in new.not_claimed}
    changes = [
        change
        for finding_id in sorted(before.keys() | after.keys())
        for change in _changes(before.get(finding_id), after.get(finding_id), told)
    ]
    changes.sort(key=lambda c: (KINDS.index(c.kind), -abs(c.amount), c.finding_id))
    return Difference(
        _stock(list(before.values())),
        _stock(list(after.values())),
        tuple(changes),
        tuple(_moved(before, after)),
        tuple(sorted((_versions(old).keys() | _versions(new).keys()) - _same_rules(old, new))),
        old.manifest["policy"]["version"] != new.manifest["policy"]["version"],
    )


def _claims(results: Results) -> list[Finding]:
    """The findings that can be filed; what may be taken back is no claim."""
    left_out = exposures(results.manifest)
    return [finding for finding in results.findings if finding.rule not in left_out]


def _changes(
    old: Finding | None, new: Finding | None, told: Mapping[tuple[str, str, str], NotClaimed]
) -> Iterator[Change]:
    was, now = (finding if finding and finding.status in _LIVE else None for finding in (old, new))
    if now and not was:
        kind: Kind = "reopened" if old else "new"
        yield _change(now, kind, now.units, _money(now), f"was {old.status}" if old else now.summary)
    elif was and not now:
        kind, why = _whereto(was, new, told)
        yield _change(was, kind, -was.units, -_money(was), why)
    elif was and now and was.currency != now.currency:
        why = f"valued in {now.currency or 'no currency'}, before in {was.currency or 'none'}"
        yield _change(was, "value_changed", -was.units, -_money(was), why)
        yield _change(now, "value_changed", now.units, _money(now), why)
    elif was and now:
        yield from _recounted(was, now, told)


def _recounted(was: Finding, now: Finding, told: Mapping[tuple[str, str, str], NotClaimed]) -> Iterator[Change]:
    """Units that were added or settled, at the value they had; the rest of the money is another value."""
    by_units = Decimal(0)
    if was.units != now.units:
        if was.unit_value is not None and was.amount is not None:
            by_units = round_money(was.unit_value * now.units, was.currency) - was.amount
        kind: Kind = "recounted"
        note = told.get((was.rule, was.reference_id, was.fnsku))
        if now.units < was.units and note is not None and note.reason in FOUND | PAID:
            kind = "found" if note.reason in FOUND else "paid"
        yield _change(now, kind, now.units - was.units, by_units, f"{was.summary}; now {now.summary}")
    by_value = _money(now) - _money(was) - by_units
    if by_value:
        why = f"a unit was worth {was.unit_value or 'an unknown amount'}, now {now.unit_value or 'unknown'}"
        yield _change(now, "value_changed", 0, by_value, why)


def _whereto(was: Finding, new: Finding | None, told: Mapping[tuple[str, str, str], NotClaimed]) -> tuple[Kind, str]:
    if new is not None:
        if new.status in _FILED:
            return "filed", f"is {new.status}"
        if new.status in {"expired", "paid"}:
            return ("expired" if new.status == "expired" else "paid"), f"is {new.status}"
        return "closed", f"is {new.status}"
    note = told.get((was.rule, was.reference_id, was.fnsku))
    if note is None:
        return "not_in_exports", "the newer exports do not show it any more"
    if note.reason in FOUND | PAID:
        return ("found" if note.reason in FOUND else "paid"), note.explanation
    return "no_longer_claimed", f"{note.reason}: {note.explanation}"


def _change(finding: Finding, kind: Kind, units: int, amount: Decimal, why: str) -> Change:
    return Change(finding.finding_id, finding.rule, kind, finding.currency, units, amount, why)


def _money(finding: Finding) -> Decimal:
    return finding.amount if finding.amount is not None else Decimal(0)


def _stock(findings: Sequence[Finding]) -> dict[str, Stock]:
    live = [finding for finding in findings if finding.status in _LIVE]
    return {
        currency: Stock(
            sum(f.currency == currency for f in live),
            sum(f.units for f in live if f.currency == currency),
            sum((_money(f) for f in live if f.currency == currency), Decimal(0)),
        )
        for currency in sorted({f.currency for f in live})
    }


def _moved(before: Mapping[str, Finding], after: Mapping[str, Finding]) -> Iterator[Moved]:
    for finding_id in sorted(before.keys() & after.keys()):
        was, now = before[finding_id], after[finding_id]
        if was.anchor_date == now.anchor_date and was.claim_by != now.claim_by:
            yield Moved(finding_id, now.rule, was.claim_by, now.claim_by)


def _versions(results: Results) -> dict[str, str]:
    return {str(rule["rule"]): str(rule["version"]) for rule in results.manifest["rules"]}


def _same_rules(old: Results, new: Results) -> set[str]:
    return {rule for rule, version in _versions(old).items() if _versions(new).get(rule) == version}
