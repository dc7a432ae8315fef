"""portfolio.html and portfolio.json: the accounts by urgency, for a person and for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from auditor import __version__
from auditor.accounts.alert import STANDING, Kept, total
from auditor.accounts.letters import Letter, letter
from auditor.accounts.page import environment
from auditor.accounts.portfolio import HORIZONS, AccountView, Portfolio, gone_today, new_today, urgency
from auditor.accounts.portfolio_groups import BY, group_json, groups_of, plain
from auditor.accounts.recurring import KINDS, Recurring, recurring
from auditor.accounts.settings import DOCUMENTS, Account
from auditor.accounts.trend_chart import charts_of
from auditor.accounts.words import Said, words_of
from auditor.publish.page_pen import asset, content_policy

#: Alerts named in the row of an account; the rest is folded.
MOST_NAMED = 3
#: Recurring problems of one kind that are named; the rest is folded.
MOST_RECURRING = 8
_BY = {"brand": "the fee preview", "titles": "first words of titles"}
STATES = (
    "open", "waiting", "filed", "in_progress", "info_needed", "approved", "paid", "denied", "appealed", "expired",
    "withdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One account on the page."""

    view: AccountView
    alerts: tuple[tuple[Kept, Said], ...]
    owner: str
    markets: tuple[str, ...]
    link: str
    start: str
    new: int
    letter: Letter | None
    contact: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """Open money of one currency by HORIZONS; `wide` are the shares of each in its largest, in per cent."""

    currency: str
    amounts: tuple[Any, ...]
    wide: tuple[str, ...]


def render(portfolio: Portfolio, to_results: str = "") -> str:
    """The page as HTML; `to_results` leads from the page's folder to that of the batch ("" when they are the same)."""
    style, script = asset("portfolio.css"), asset("portfolio.js")
    rows = [_row(portfolio, view, to_results) for view in portfolio.accounts]
    first = next((row for row in rows if row.alerts and row.alerts[0][0].state == "open"), None)
    return (
        environment()
        .get_template("portfolio.html.j2")
        .render(
            portfolio=portfolio,
            day=portfolio.day,
            rows=rows,
            risks=risks(portfolio.accounts),
            horizons=HORIZONS,
            first=(first, *first.alerts[0]) if first else None,
            then=next((said for kept, said in first.alerts[1:] if kept.state == "open"), None) if first else None,
            changed=_changed(portfolio),
            waves=_waves(portfolio),
            states=_states(portfolio),
            groups=groups_of(portfolio),
            charts=charts_of(portfolio.trend),
            kinds=BY,
            recurring=_by_kind(recurring(portfolio)),
            most_recurring=MOST_RECURRING,
            filters=_filters(rows),
            most=MOST_NAMED,
            style=style,
            script=script,
            policy=content_policy(style, script),
            segments=_segments,
            version=__version__,
        )
    )


def portfolio_json(portfolio: Portfolio) -> dict[str, Any]:
    """The same for programs: amounts as text with their digits, by currency."""
    return {
        "tool": {"name": "audit portfolio", "version": __version__},
        "day": portfolio.day.isoformat(),
        "accounts": [_account_json(view, portfolio) for view in portfolio.accounts],
        "performance": [group_json(group) for group in groups_of(portfolio)],
        "trend": [point.as_json() for point in portfolio.trend],
        "recurring": [each.as_json() for each in recurring(portfolio)],
        "problems": [str(problem) for problem in portfolio.problems],
    }


def portfolio_bytes(portfolio: Portfolio) -> bytes:
    """portfolio.json."""
    return (json.dumps(portfolio_json(portfolio), ensure_ascii=False, indent=1, default=str) + "\n").encode()


def risks(views: Iterable[AccountView]) -> list[Risk]:
    """Open money by currency and days left: currencies are never added."""
    every = list(views)
    columns = [total(pair for view in every for pair in view.at_risk[n]) for n in range(len(HORIZONS))]
    currencies = sorted({currency for column in columns for currency, _ in column})
    found = []
    for currency in currencies:
        amounts = tuple(dict(column).get(currency) for column in columns)
        largest = max(amount for amount in amounts if amount is not None)
        wide = tuple(f"{100 * amount / largest:.1f}" if amount and largest else "0" for amount in amounts)
        found.append(Risk(currency, amounts, wide))
    return found


def _by_kind(problems: Sequence[Recurring]) -> list[tuple[str, str, list[Recurring]]]:
    """What recurs, by kind, with what is counted in it."""
    kinds = [(kind, unit, [each for each in problems if each.kind == kind]) for kind, unit in KINDS.items()]
    return [(kind, unit, those) for kind, unit, those in kinds if those]


def _row(portfolio: Portfolio, view: AccountView, to_results: str) -> Row:
    words = words_of("en")
    standing = [k for k in view.kept if k.state in STANDING]
    standing.sort(key=lambda k: (k.state != "open", *urgency(k, portfolio.day)))
    person = portfolio.people.get(view.account.owner)
    markets = view.account.marketplaces or tuple(sorted({f.marketplace for f in view.seen.findings if f.marketplace}))

    def link(page: str) -> str:
        return "/".join(part for part in (to_results.rstrip("/"), quote(page)) if part) if page else ""

    return Row(
        view=view,
        alerts=tuple((k, words.said(k.alert)) for k in standing),
        owner=person.name if person else view.account.owner,
        markets=tuple(markets),
        link=link(view.page),
        start=link(view.start),
        new=len(new_today(view, portfolio.day)),
        letter=letter(view, portfolio.day),
        contact=_contact(view.account),
        known=tuple(line for line in (brands_line(view), documents_line(view.account)) if line),
    )


def _contact(account: Account) -> str:
    """Whom to call at the seller's, and when not."""
    quiet = f"not {account.quiet_hours[0]:%H:%M}–{account.quiet_hours[1]:%H:%M}" if account.quiet_hours else ""
    parts = (account.contact.name, account.contact.email, f"{quiet} {account.time_zone}" if quiet else "")
    return " · ".join(part for part in parts if part)


def brands_line(view: AccountView) -> str:
    """What the exports show of the account's brands, with the figures it rests on; "" when they show no product."""
    measured = view.seen.brands
    if not measured.get("products"):
        return ""
    pattern, model = str(measured["pattern"]), view.account.model
    told = {"mostly_one_brand": "mostly one brand", "many_brands": "many brands"}.get(pattern, "brands: cannot be told")
    largest = (
        f"largest {measured['largest']}, {100 * Decimal(measured['largest_share']):.0f} %, "
        if measured["largest"]
        else ""
    )
    figures = f"{largest}brands: {measured['brands']}, products: {measured['products']}, by {_BY[measured['by']]}"
    against = "many_brands" if model == "private_label" else "mostly_one_brand"
    doubt = f"; the list says {model.replace('_', ' ')}" if pattern == against else ""
    return f"{told} ({figures}){doubt}"


def documents_line(account: Account) -> str:
    """How many of the documents that Amazon may ask for are at hand; "" when nobody has said."""
    if account.documents is None:
        return ""
    wanted, missing = len(DOCUMENTS[account.model]), account.missing_documents
    lacks = f", missing: {', '.join(missing).replace('_', ' ')}" if missing else ""
    return f"documents at hand: {wanted - len(missing)} of {wanted}{lacks}"


def _changed(portfolio: Portfolio) -> dict[str, list[tuple[str, Kept, Said]]]:
    """What changed since the day before: alerts that are new, and those that are over."""
    words, day = words_of("en"), portfolio.day

    def told(pick: Any) -> list[tuple[str, Kept, Said]]:
        return [(view.account.id, k, words.said(k.alert)) for view in portfolio.accounts for k in pick(view, day)]

    return {"new": told(new_today), "gone": told(gone_today)}


def _waves(portfolio: Portfolio) -> list[tuple[AccountView, Kept, Said]]:
    words = words_of("en")
    return [
        (view, kept, words.said(kept.alert))
        for view in portfolio.accounts
        for kept in view.kept
        if kept.alert.kind == "wave" and kept.state in STANDING
    ]


def _states(portfolio: Portfolio) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for view in portfolio.accounts:
        counted.update(view.states)
    return [(state, counted[state]) for state in STATES if counted[state]]


def _filters(rows: Sequence[Row]) -> list[tuple[str, str, list[str]]]:
    """The choices above the list: (name in the markup, label, values)."""
    return [
        ("owner", "Owner", sorted({row.owner for row in rows if row.owner})),
        ("language", "Language", sorted({row.view.account.language for row in rows})),
        ("segment", "Segment", sorted({segment for row in rows for segment in _segments(row)})),
        ("market", "Market", sorted({market for row in rows for market in row.markets})),
    ]


def _segments(row: Row) -> tuple[str, str]:
    return row.view.account.experience, row.view.account.model


def _account_json(view: AccountView, portfolio: Portfolio) -> dict[str, Any]:
    account = view.account
    return {
        "id": account.id,
        "name": account.name,
        "owner": account.owner,
        "stage": account.stage,
        "language": account.language,
        "segment": [account.experience, account.model],
        "brands": dict(view.seen.brands),
        "documents": None if account.documents is None else list(account.documents),
        "missing_documents": list(account.missing_documents),
        "as_of": view.seen.as_of,
        "failed": view.seen.failed,
        "next_until": view.next_until,
        "at_risk": {
            f"within_{most}" if most else "later": plain(worth)
            for most, worth in zip(HORIZONS, view.at_risk, strict=True)
        },
        "cases": dict(sorted(view.states.items())),
        "alerts": [_alert_json(k) for k in view.kept if k.state in STANDING],
        "gone": [k.alert.key for k in gone_today(view, portfolio.day)],
        "page": view.page,
        "start": view.start,
    }


def _alert_json(kept: Kept) -> dict[str, Any]:
    alert, said = kept.alert, words_of("en").said(kept.alert)
    return {
        "key": alert.key,
        "kind": alert.kind,
        "step": alert.step,
        "state": kept.state,
        "first_day": alert.first_day,
        "until": alert.until,
        "worth": plain(alert.worth),
        "items": list(alert.items),
        "title": said.title,
        "what": said.what,
        "do": said.do,
    }
