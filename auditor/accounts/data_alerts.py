"""What the data lacks: exports that are old or missing, costs that are unknown, an audit that did not end well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.accounts.alert import Alert, Export, Kept, Kind, Seen
from auditor.accounts.batching import Item, batched

#: The newest export is told to be old at once, after twice and after four times as many days.
STALE = (1, 2, 4)


def data_alerts(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """Everything that keeps an account from being judged, or a claim from being valued."""
    if seen.failed:
        yield _alert(seen, "failed", "1", _since_failing(previous, day), {"why": seen.failed})
    if alert := _stale(seen, day):
        yield alert
    exports = [_item(export) for export in seen.to_export]
    yield from batched(seen, "missing", "1", exports, previous, day, by_money=True)
    costs = [Item(c.sku, c.units, c.currency, c.worth_if_sold, c.until) for c in seen.missing_costs]
    yield from batched(seen, "costs", "1", costs, previous, day, by_money=False)


def _stale(seen: Seen, day: date) -> Alert | None:
    """The newest export is older than the account allows; told once at each step of its age."""
    if seen.newest is None:
        return None
    age, allowed = (day - seen.newest).days, seen.account.thresholds.stale_after_days
    step = max((step for step in STALE if age > allowed * step), default=None)
    if step is None:
        return None
    facts = {"newest": seen.newest.isoformat(), "days": str(allowed * step)}
    return _alert(seen, "stale", str(step), f"stale:{seen.newest}:{step}", facts)


def _since_failing(previous: Sequence[Kept], day: date) -> str:
    """The key of a failure that goes on from the day before, or of a new one."""
    for kept in previous:
        if kept.alert.kind == "failed" and (kept.state != "withdrawn" or kept.since == day):
            return kept.alert.key
    return f"failed:{day}"


def _item(export: Export) -> Item:
    """Worth is told in the export's first currency; a rule waits in the currency of its marketplace."""
    currency, amount = export.worth[0] if export.worth else ("", None)
    return Item(export.report, 0, currency, amount, title=export.title)


def _alert(seen: Seen, kind: Kind, step: str, key: str, facts: dict[str, str]) -> Alert:
    return Alert(seen.account.id, key, kind, step, date.min, facts=facts, owner=seen.account.owner)
