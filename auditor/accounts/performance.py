"""How well claims are followed: figures that the case log gives, each with what it is counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from auditor.accounts.alert import Worth, total
from auditor.claims.cases.log import Case

#: A claim filed with so many days to its safe date is filed in good time.
IN_TIME = 14
_DECIDED = frozenset({"approved", "paid", "denied", "appealed"})


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, so that figures of several accounts can be put together before any share is taken.

    `waits` are the days from detection to filing of each filed case. `recovered` is the amount of paid cases that were
    filed, `lost` that of cases which expired while they were followed and were never filed, both by currency.
    """

    waits: tuple[int, ...] = ()
    filed: int = 0
    in_time: int = 0
    decided: int = 0
    approved: int = 0
    recovered: Worth = ()
    lost: Worth = ()

    @property
    def typical_wait(self) -> int | None:
        """The median of the days from detection to filing; None without a filed case."""
        return round(median(self.waits)) if self.waits else None


def figures_of(cases: Sequence[Case], found: Mapping[str, date], day: date) -> Figures:
    """The figures of one account; `found` says on which day a case was seen first."""
    filed = [case for case in cases if case.filed_on and case.filed_on <= day]
    dated = [(case, case.filed_on) for case in filed if case.filed_on and case.finding_id in found]
    decided = [case for case in filed if case.state in _DECIDED]
    return Figures(
        waits=tuple(max((on - found[case.finding_id]).days, 0) for case, on in dated),
        filed=sum(case.safe_by is not None for case in filed),
        in_time=sum((case.safe_by - case.filed_on).days >= IN_TIME for case in filed if case.safe_by and case.filed_on),
        decided=len(decided),
        approved=sum(case.state in {"approved", "paid"} for case in decided),
        recovered=total((case.currency, case.amount) for case in filed if case.state == "paid"),
        lost=total(
            (case.currency, case.amount)
            for case in cases
            if case.state == "expired" and not case.filed_on and _was_open(case, found)
        ),
    )


def figures_by(cases: Sequence[Case], found: Mapping[str, date], day: date) -> dict[tuple[str, str], Figures]:
    """The figures of one account by ("market", code) and ("rule", ID); a case without a marketplace is of market ""."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups["market", case.marketplace].append(case)
        groups["rule", case.rule].append(case)
    return {group: figures_of(mine, found, day) for group, mine in sorted(groups.items())}


def together(figures: Iterable[Figures]) -> Figures:
    """The figures of several accounts as one."""
    every = list(figures)
    return Figures(
        waits=tuple(wait for each in every for wait in each.waits),
        filed=sum(each.filed for each in every),
        in_time=sum(each.in_time for each in every),
        decided=sum(each.decided for each in every),
        approved=sum(each.approved for each in every),
        recovered=total(pair for each in every for pair in each.recovered),
        lost=total(pair for each in every for pair in each.lost),
    )


def _was_open(case: Case, found: Mapping[str, date]) -> bool:
    """Whether the case could still be filed when it was seen first: what was too late then was not lost by us."""
    first = found.get(case.finding_id)
    return first is not None and case.claim_by is not None and first <= case.claim_by
