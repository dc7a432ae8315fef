"""The alerts of one account on one day, and what becomes of those that were there before.

A pure function of what is seen, the alerts so far and the day: the same day again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from auditor.accounts.alert import STANDING, Alert, Kept, Seen
from auditor.accounts.case_alerts import case_alerts
from auditor.accounts.data_alerts import data_alerts
from auditor.accounts.deadline_alerts import deadline_alerts
from auditor.accounts.life_alerts import life_alerts
from auditor.accounts.wave_alerts import wave_alerts

#: Nobody audits these accounts, or waits for them: only the change itself is news.
QUIET_STAGES = frozenset({"cancelled"})


def alerts_on(seen: Seen, previous: Sequence[Kept], day: date) -> list[Alert]:
    """Everything that stands on this day: what is new, and what was told before and is still so."""
    found: list[Alert] = list(life_alerts(seen, previous, day))
    if seen.account.stage not in QUIET_STAGES:
        for raise_them in (deadline_alerts, wave_alerts, case_alerts, data_alerts):
            found += raise_them(seen, previous, day)
    first = {kept.alert.key: kept.alert.first_day for kept in previous}
    return [replace(alert, first_day=first.get(alert.key, day)) for alert in found]


def after(previous: Sequence[Kept], raised: Iterable[Alert], day: date) -> list[Kept]:
    """The alerts after this day, those of the past included; what did not change keeps its sequence.

    What stands no more is withdrawn. A snoozed alert wakes on its day. One that a person closed stays closed.
    """
    before = {kept.alert.key: kept for kept in previous}
    now = {alert.key: alert for alert in raised}
    kept = [_standing(before.get(key), alert, day) for key, alert in now.items()]
    return kept + [_gone(old, day) for key, old in before.items() if key not in now]


def changed(previous: Sequence[Kept], current: Iterable[Kept]) -> Iterator[Kept]:
    """Those of `current` that are not in `previous` as they are."""
    before = {kept.alert.key: kept for kept in previous}
    return (kept for kept in current if before.get(kept.alert.key) != kept)


def _standing(old: Kept | None, alert: Alert, day: date) -> Kept:
    if old is None:
        return Kept(alert, "open", day, day)
    seen = replace(old, seen_on=day)
    if old.state == "closed":
        return seen
    if old.state == "withdrawn":
        return replace(seen, alert=alert, state="open", since=day, sequence=old.sequence + 1)
    if old.state == "snoozed" and old.snoozed_until is not None and old.snoozed_until <= day:
        return replace(seen, alert=alert, state="open", since=day, snoozed_until=None, sequence=old.sequence + 1)
    return replace(seen, alert=alert, sequence=old.sequence + (old.alert != alert))


def _gone(old: Kept, day: date) -> Kept:
    if old.state not in STANDING:
        return old
    return replace(old, state="withdrawn", since=day, seen_on=day, snoozed_until=None, sequence=old.sequence + 1)
