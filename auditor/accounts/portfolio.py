"""The view over all accounts on one day: whom to call first, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from auditor.accounts.alert import STANDING, Kept, Seen, Worth, claimable, total
from auditor.accounts.alert_log import contacts_of, first_days_of, keep, moved_of
from auditor.accounts.listing import Listing
from auditor.accounts.performance import Figures, figures_by, figures_of
from auditor.accounts.raising import after, alerts_on
from auditor.accounts.seeing import failures, newest_day, see
from auditor.accounts.settings import Account, Person
from auditor.accounts.trend import Point, keep_point
from auditor.claims.cases.log import CaseLog
from auditor.model import AuditError, Problem
from auditor.policy.money import digits
from auditor.publish.files import START

#: The columns of money at risk: at most so many days to the safe date; None: later, or unknown.
HORIZONS: tuple[int | None, ...] = (7, 14, 30, None)
#: Money is pressing when its safe date is at most so many days away.
SOON = 14
#: Alerts are put in order by these groups of days left: the last chance, this week, next week, this month.
NEAR = (1, 7, 14, 30)


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account on the day. `at_risk` is open money by HORIZONS; `before` and `kept` its alerts before and now.

    `figures_by` are its figures by ("market", code) and ("rule", ID). `page` is its summary and `start` its
    first page, relative to the folder of the batch; "" when there is none.
    """

    account: Account
    seen: Seen
    before: Sequence[Kept]
    kept: Sequence[Kept]
    at_risk: tuple[Worth, ...]
    next_until: date | None
    states: Mapping[str, int]
    figures: Figures
    page: str
    figures_by: Mapping[tuple[str, str], Figures] = field(default_factory=dict)
    start: str = ""

    def open_alerts(self, day: date) -> list[Kept]:
        """Those that ask for something now, the most urgent first."""
        return sorted((k for k in self.kept if k.state == "open"), key=lambda k: urgency(k, day))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All accounts, the most urgent first.

    `problems` are accounts that could not be looked at; `trend` are the days that were looked at, this one the last.
    """

    day: date
    accounts: tuple[AccountView, ...]
    people: Mapping[str, Person]
    problems: tuple[Problem, ...] = ()
    trend: tuple[Point, ...] = ()


def build(listing: Listing, batch: Path, case_log: str, day: date | None = None) -> Portfolio:
    """Look at every account, bring its alerts to the day, and put the accounts in order.

    `day` is by default the newest day that any results speak for; `case_log` the URL of the log of those accounts that
    name none. Raises AuditError when there is none.
    """
    failed = failures(batch)
    seen = [see(account, batch / account.id, failed.get(account.id, ""))[0] for account in listing.accounts]
    day = day or newest_day(seen)
    if day is None:
        what = f"No account of {listing.path} has results in {batch}."
        raise AuditError(Problem(what, "Run `audit batch` first, name its folder with --batch, or a day with --as-of."))
    logs: dict[str, CaseLog] = {}
    views: list[AccountView] = []
    problems = [problem for faults in listing.refused.values() for problem in faults]
    for each in seen:
        try:
            views.append(_view(each, _log_of(each.account, case_log, logs), batch, day))
        except AuditError as error:
            problems += [replace(p, what=f"{each.account.id}: {p.what}") for p in error.problems]
    ordered = sorted(views, key=lambda view: (*_account_urgency(view, day), view.account.id))
    point = point_of(ordered, day)
    try:
        trend = keep_point(batch, listing.path.name, point)
    except AuditError as error:
        problems += error.problems
        trend = (point,)
    return Portfolio(day, tuple(ordered), listing.people, tuple(problems), trend)


def point_of(views: Sequence[AccountView], day: date) -> Point:
    """What the trend keeps of this day."""
    near = [n for n, most in enumerate(HORIZONS) if most and most <= SOON]
    return Point(
        day=day,
        accounts=len(views),
        to_contact=sum(bool(view.open_alerts(day)) for view in views),
        without_results=sum(view.seen.as_of is None for view in views),
        soon=total(pair for view in views for n in near for pair in view.at_risk[n]),
        at_risk=total(pair for view in views for risk in view.at_risk for pair in risk),
    )


def urgency(kept: Kept, day: date) -> tuple[int, Decimal, date, str, str]:
    """Nearest and biggest first: by the group of days until the last one, then by the largest amount in one currency.

    What ends today or tomorrow has no later morning, so it comes before any sum that can wait until then. Amounts are
    ranked in their currency's smallest coin: a yen is near a cent, and no exchange rate is assumed.
    """
    alert = kept.alert
    left = ((alert.until or date.max) - day).days
    group = next((n for n, most in enumerate(NEAR) if left <= most), len(NEAR) + (not alert.worth))
    largest = max((amount.scaleb(digits(currency)) for currency, amount in alert.worth), default=Decimal(0))
    return group, -largest, alert.until or date.max, alert.account, alert.key


def _account_urgency(view: AccountView, day: date) -> tuple[int, Decimal]:
    first = next(iter(view.open_alerts(day)), None)
    return urgency(first, day)[:2] if first else (9, Decimal(0))


def _log_of(account: Account, case_log: str, logs: dict[str, CaseLog]) -> CaseLog:
    url = account.case_log or case_log
    if url not in logs:
        logs[url] = CaseLog(url)
    return logs[url]


def _view(seen: Seen, log: CaseLog, batch: Path, day: date) -> AccountView:
    account = seen.account
    with log.changing() as con:
        spoken = [contact.day for contact in contacts_of(con, account.id) if contact.day <= day]
        moved, found = moved_of(con, account.name), first_days_of(con, account.name)
    cases = log.cases(account.name)
    seen = replace(seen, cases=cases, moved=moved, last_contact=max(spoken, default=None))
    before, now = keep(log, account.id, day, lambda old: after(old, alerts_on(seen, old, day), day))
    page, start = f"{account.id}/summary.html", f"{account.id}/{START}"
    return AccountView(
        account=account,
        seen=seen,
        before=before,
        kept=now,
        at_risk=at_risk(seen, day),
        next_until=min((f.safe_by for f in claimable(seen, day) if f.safe_by), default=None),
        states=Counter(case.state for case in cases) if cases else Counter(f.status for f in seen.findings),
        figures=figures_of(cases, found, day),
        page=page if (batch / page).is_file() else "",
        figures_by=figures_by(cases, found, day),
        start=start if (batch / start).is_file() else "",
    )


def at_risk(seen: Seen, day: date) -> tuple[Worth, ...]:
    """Money that can be claimed, by the days left to its safe date; no finding counts twice."""
    rows: list[list[tuple[str, Decimal | None]]] = [[] for _ in HORIZONS]
    for finding in claimable(seen, day):
        left = (finding.safe_by - day).days if finding.safe_by else None
        place = next((n for n, most in enumerate(HORIZONS[:-1]) if left is not None and most and left <= most), -1)
        rows[place].append((finding.currency, finding.amount))
    return tuple(total(row) for row in rows)


def new_today(view: AccountView, day: date) -> list[Kept]:
    """Alerts raised on the day, or open again since."""
    return [k for k in view.open_alerts(day) if k.since == day]


def gone_today(view: AccountView, day: date) -> list[Kept]:
    """Alerts that resolved themselves on the day."""
    return [k for k in view.kept if k.state == "withdrawn" and k.since == day]


def standing_alerts(views: Iterable[AccountView]) -> int:
    """How many alerts still ask for something, now or later."""
    return sum(k.state in STANDING for view in views for k in view.kept)
