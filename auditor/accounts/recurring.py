"""The same small problem in several accounts, so that its cause is mended once instead of its trace in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from auditor.accounts.alert import STANDING, Kind, Worth, claimable, total
from auditor.accounts.portfolio import AccountView, Portfolio
from auditor.accounts.portfolio_groups import plain, rule_titles
from auditor.accounts.raising import QUIET_STAGES
from auditor.rulebook.needs import COSTS

#: So many accounts with the same problem make it recurring.
LEAST = 2
#: What is told, in this order, and what is counted in it ("" for nothing but accounts).
KINDS = {
    "missing export": "units waiting",
    "reject reason": "cells or rows",
    "unpaid": "open claims",
    "missing costs": "products",
    "failing audit": "",
}


@dataclass(frozen=True, slots=True)
class Recurring:
    """One problem of several accounts.

    `accounts` are their IDs, `owners` how many of them each person looks after, the most first ("nobody" without one).
    `count` is how often it occurs in all; `worth` what it may be worth by currency, as far as that is known. `raised`
    is in how many of these accounts an alert that stands tells of it.
    """

    kind: str
    what: str
    accounts: tuple[str, ...]
    owners: tuple[tuple[str, int], ...]
    count: int
    worth: Worth
    raised: int

    def as_json(self) -> dict[str, Any]:
        """For programs; money as text by currency."""
        return {
            "kind": self.kind,
            "what": self.what,
            "accounts": list(self.accounts),
            "owners": dict(self.owners),
            "count": self.count,
            "worth": plain(self.worth),
            "with_alert": self.raised,
        }


@dataclass(slots=True)
class _Trace:
    """What one account has of a problem."""

    count: int = 0
    amounts: list[tuple[str, Decimal | None]] = field(default_factory=list)
    raised: bool = False


_Found = tuple[str, str, _Trace]


def recurring(portfolio: Portfolio) -> list[Recurring]:
    """Problems that at least LEAST accounts have in the same way: by kind, those of most accounts first."""
    titles = {**_export_titles(portfolio), **rule_titles(portfolio.accounts)}
    found: dict[tuple[str, str], list[tuple[AccountView, _Trace]]] = {}
    for view in portfolio.accounts:
        if view.account.stage not in QUIET_STAGES:
            for kind, what, trace in _traces(view, portfolio, titles):
                found.setdefault((kind, what), []).append((view, trace))
    often = [_together(kind, what, those, portfolio) for (kind, what), those in found.items() if len(those) >= LEAST]
    order = list(KINDS)
    return sorted(often, key=lambda each: (order.index(each.kind), -len(each.accounts), each.what))


def _export_titles(portfolio: Portfolio) -> dict[str, str]:
    """The shortest title of each export: a longer one names what may stand in for it."""
    titles: dict[str, str] = {}
    for view in portfolio.accounts:
        for export in (*view.seen.to_export, *view.seen.absent):
            known = (titles.get(export.report), export.title or None)
            titles[export.report] = min((title for title in known if title), key=lambda t: (len(t), t), default="")
    return titles


def _together(kind: str, what: str, those: list[tuple[AccountView, _Trace]], portfolio: Portfolio) -> Recurring:
    owners = Counter(_owner(view, portfolio) for view, _ in those)
    return Recurring(
        kind=kind,
        what=what,
        accounts=tuple(sorted(view.account.id for view, _ in those)),
        owners=tuple(sorted(owners.items(), key=lambda pair: (-pair[1], pair[0]))),
        count=sum(trace.count for _, trace in those),
        worth=total(pair for _, trace in those for pair in trace.amounts),
        raised=sum(trace.raised for _, trace in those),
    )


def _owner(view: AccountView, portfolio: Portfolio) -> str:
    person = portfolio.people.get(view.account.owner)
    return person.name if person else view.account.owner or "nobody"


def _traces(view: AccountView, portfolio: Portfolio, titles: Mapping[str, str]) -> Iterator[_Found]:
    """Each problem of one account once."""
    seen = view.seen
    asked = _told(view, "missing")
    exports: dict[str, _Trace] = {}
    for export in (*seen.to_export, *(each for each in seen.absent if each.report != COSTS)):
        trace = exports.setdefault(export.report, _Trace())
        trace.count += export.units
        trace.amounts += export.worth
        trace.raised |= export.report in asked
    yield from (("missing export", titles.get(report) or report, trace) for report, trace in exports.items())
    for each in seen.rejects:
        place = f"{each.title}, {each.column}" if each.column else each.title
        yield "reject reason", f"{place}: {each.reason}", _Trace(each.rows)
    yield from (
        ("unpaid", titles.get(rule) or rule.replace("_", " "), trace) for rule, trace in _unpaid(view, portfolio)
    )
    if seen.missing_costs:
        yield "missing costs", "unit costs", _Trace(len(seen.missing_costs), [], bool(_told(view, "costs")))
    if seen.failed:
        yield "failing audit", seen.failed, _Trace(1, [], _stands(view, "failed"))


def _unpaid(view: AccountView, portfolio: Portfolio) -> Iterator[tuple[str, _Trace]]:
    """The claims that can be filed now, by rule."""
    told = _told(view, "deadline", "reversed", "underpaid")
    rules: dict[str, _Trace] = {}
    for finding in claimable(view.seen, portfolio.day):
        trace = rules.setdefault(finding.rule, _Trace())
        trace.count += 1
        trace.amounts.append((finding.currency, finding.amount))
        trace.raised |= finding.finding_id in told
    yield from rules.items()


def _told(view: AccountView, *kinds: Kind) -> set[str]:
    """Everything that alerts of these kinds speak of and that stands."""
    return {item for k in view.kept if k.state in STANDING and k.alert.kind in kinds for item in k.alert.items}


def _stands(view: AccountView, kind: Kind) -> bool:
    return any(k.alert.kind == kind and k.state in STANDING for k in view.kept)
