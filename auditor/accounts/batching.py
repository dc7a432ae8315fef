"""One alert a day for everything that is new at a step, instead of one for each thing or one each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.accounts.alert import STANDING, Alert, Kept, Kind, Seen, total


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell: its name, what it is worth (None: unknown), and the last day on which acting helps."""

    name: str
    units: int = 0
    currency: str = ""
    amount: Decimal | None = None
    until: date | None = None
    title: str = ""


def batched(
    seen: Seen, kind: Kind, step: str, items: Iterable[Item], previous: Sequence[Kept], day: date, *, by_money: bool
) -> Iterator[Alert]:
    """What earlier alerts of this step still have to say, and one new alert for the items that none has told.

    With `by_money`, new items whose sum is below the account's smallest amount in every currency wait for more; an
    unknown value is not a small one. Whoever closed an alert is not told its items at this step again.
    """
    current = {item.name: item for item in items}
    earlier = [k for k in previous if k.alert.kind == kind and k.alert.step == step and k.alert.first_day < day]
    told = {name for kept in earlier for name in kept.alert.items}
    for kept in earlier:
        still = [current[name] for name in kept.alert.items if name in current]
        if kept.state in STANDING and still:
            yield _alert(seen, kind, step, kept.alert.key, kept.alert.first_day, still)
    new = [item for name, item in current.items() if name not in told]
    if new and (not by_money or worth_telling(seen, new)):
        yield _alert(seen, kind, step, f"{kind}:{step}:{day}", day, new)


def worth_telling(seen: Seen, items: Sequence[Item]) -> bool:
    """Whether the items together reach the account's smallest amount in a currency, or hold an unknown value."""
    unknown = any(item.amount is None or not item.currency for item in items)
    least = seen.account.thresholds.least
    return unknown or any(amount >= least(currency) for currency, amount in _worth(items))


def facts_of(items: Sequence[Item]) -> Mapping[str, str]:
    """What words may say of the items: how many, how many units, how many without a known value, the largest first."""
    ordered = sorted(items, key=lambda item: (-(item.amount or Decimal(0)), item.name))
    return {
        "count": str(len(items)),
        "units": str(sum(item.units for item in items)),
        "unknown": str(sum(item.amount is None for item in items)),
        "first": ordered[0].name,
    }


def _alert(seen: Seen, kind: Kind, step: str, key: str, first_day: date, items: Sequence[Item]) -> Alert:
    return Alert(
        account=seen.account.id,
        key=key,
        kind=kind,
        step=step,
        first_day=first_day,
        until=min((item.until for item in items if item.until), default=None),
        worth=_worth(items),
        items=tuple(sorted(item.name for item in items)),
        facts={**facts_of(items), **_titles(items)},
        owner=seen.account.owner,
    )


def _titles(items: Sequence[Item]) -> Mapping[str, str]:
    """What people call the items, a line each, where that is not their name."""
    titles = "\n".join(item.title for item in sorted(items, key=lambda item: item.name) if item.title)
    return {"titles": titles} if titles else {}


def _worth(items: Sequence[Item]) -> tuple[tuple[str, Decimal], ...]:
    return total((item.currency, item.amount) for item in items)
