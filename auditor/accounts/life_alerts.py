"""The life of an account: what changed, what a new account still lacks, when it is renewed, when somebody called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from auditor.accounts.alert import Alert, Kept, Kind, Seen
from auditor.rulebook.needs import COSTS

#: A change of stage is news for so many days.
NEWS = timedelta(days=14)
#: Days before a renewal, each told once.
RENEWAL = (7, 30)
#: A new account is followed up after so many days, and when nothing of its checklist was done for so many.
FOLLOW_UP, STALL = timedelta(days=14), timedelta(days=7)
#: Somebody should speak to each account every quarter.
QUARTER = timedelta(days=91)
CHECKLIST = ("exports", "costs", "documents", "claims")


def life_alerts(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """What an account's own dates ask for."""
    yield from _stage(seen, previous, day)
    if seen.account.stage == "cancelled":
        return
    yield from _renewal(seen, day)
    if seen.account.stage in {"new", "trial"}:
        yield from _checklist(seen, previous, day)
    yield from _quarter(seen, previous, day)


def done(seen: Seen) -> Mapping[str, bool]:
    """The checklist of a new account: what of it is done.

    What Amazon found or paid by itself is nobody's claim. Documents are at hand when the list says so of each, or once
    a case got as far as Amazon's answer.
    """
    filed = [case for case in seen.cases if case.filed_on is not None]
    answered = {"approved", "paid", "denied", "appealed"}
    absent = {export.report for export in seen.absent}
    return {
        "exports": seen.as_of is not None and not seen.failed and not seen.to_export and absent <= {COSTS},
        "costs": seen.as_of is not None and not seen.missing_costs and COSTS not in absent,
        "documents": not seen.account.missing_documents or any(case.state in answered for case in filed),
        "claims": bool(filed),
    }


def _stage(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """A stage is news once: from the day that the list gives, else from the day on which it was first seen."""
    stage, since = seen.account.stage, seen.account.since
    told = [k for k in previous if k.alert.kind == "life"]
    last = max(told, key=lambda k: (k.alert.first_day, k.sequence), default=None)
    same = last is not None and last.alert.facts["stage"] == stage
    if last is not None and same:
        if day - last.alert.first_day <= NEWS:
            yield _alert(seen, "life", stage, last.alert.key, last.alert.facts)
        return
    before = last.alert.facts["stage"] if last is not None else ""
    # An account that was active all along when it is seen for the first time is no news.
    old = last is None and (since is None or day - since > NEWS)
    if not old or stage != "active":
        yield _alert(seen, "life", stage, f"life:{stage}:{day}", {"stage": stage, "before": before})


def _renewal(seen: Seen, day: date) -> Iterator[Alert]:
    renewal = seen.account.renewal
    left = (renewal - day).days if renewal else -1
    step = next((step for step in RENEWAL if 0 <= left <= step), None)
    if renewal and step:
        facts = {"renewal": renewal.isoformat()}
        yield _alert(seen, "renewal", str(step), f"renewal:{renewal}:{step}", facts, renewal)


def _checklist(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """What a new account lacks: at the start, when it stalls, and after fourteen days; each once."""
    state = done(seen)
    lacks = ",".join(name for name in CHECKLIST if not state[name])
    if not lacks:
        return
    mine = [kept for kept in previous if kept.alert.kind == "checklist" and kept.alert.first_day < day]
    start = min((kept.alert.first_day for kept in mine), default=day)
    facts = {"lacks": lacks, "start": start.isoformat()}
    moved = _last_progress(mine, lacks, day)
    facts["progress"] = moved.isoformat()
    if day - start >= FOLLOW_UP:
        yield _alert(seen, "checklist", "14", f"checklist:{start}:14", facts)
    elif day - moved >= STALL:
        yield _alert(seen, "checklist", "stalled", f"checklist:{start}:stalled:{moved}", facts)
    else:
        yield _alert(seen, "checklist", "start", f"checklist:{start}:start", facts)


def _last_progress(mine: Sequence[Kept], lacks: str, day: date) -> date:
    """The day on which the list got shorter for the last time, as far as earlier alerts tell."""
    last = max(mine, key=lambda kept: (kept.seen_on, kept.alert.first_day), default=None)
    if last is None:
        return day
    return date.fromisoformat(last.alert.facts["progress"]) if last.alert.facts["lacks"] == lacks else day


def _quarter(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """Nobody has noted a contact for a quarter, counted from the last one, or from the account's first day here."""
    first = min((kept.alert.first_day for kept in previous), default=day)
    last = seen.last_contact or seen.account.since or first
    # A quarter without a word is told again every quarter.
    quarters = (day - last) // QUARTER
    if quarters >= 1 and seen.account.stage in {"new", "trial", "active"}:
        facts = {"last": seen.last_contact.isoformat() if seen.last_contact else "", "since": last.isoformat()}
        yield _alert(seen, "contact", str(quarters), f"contact:{last}:{quarters}", facts)


def _alert(seen: Seen, kind: Kind, step: str, key: str, facts: Mapping[str, str], until: date | None = None) -> Alert:
    return Alert(seen.account.id, key, kind, step, date.min, until, facts=facts, owner=seen.account.owner)
