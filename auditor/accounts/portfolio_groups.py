"""Performance of groups of accounts and claims: by owner, segment, market and rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.accounts.alert import Worth
from auditor.accounts.performance import Figures, together
from auditor.accounts.portfolio import AccountView, Portfolio
from auditor.accounts.settings import Account

#: What the figures are told by, in this order; "all" is one group of everything.
BY = ("all", "owner", "segment", "market", "rule")


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group: what it is told `by`, its `name`, and its `title` in words."""

    by: str
    name: str
    title: str
    figures: Figures


def groups_of(portfolio: Portfolio) -> list[Group]:
    """Groups of whose claims something was filed, decided or lost; one account may stand in several of a kind."""
    figures: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    for view in portfolio.accounts:
        for group, each in _of_account(view):
            figures[group].append(each)
    titles = rule_titles(portfolio.accounts)
    sums = [
        Group(by, name, _title(by, name, portfolio, titles), together(each)) for (by, name), each in figures.items()
    ]
    told = [group for group in sums if group.figures != Figures()]
    return sorted(told, key=lambda group: (BY.index(group.by), group.title, group.name))


def rule_titles(views: Iterable[AccountView]) -> Mapping[str, str]:
    """The titles of rules, as the results of any account give them."""
    return {rule: title for view in views for rule, title in view.seen.titles.items() if title}


def segment(account: Account) -> str:
    """Experience and model of the seller, as one name."""
    return f"{account.experience}, {account.model.replace('_', ' ')}"


def group_json(group: Group) -> dict[str, Any]:
    """The figures for programs; money as text by currency, what nothing can be counted from is None or 0."""
    figures = group.figures
    return {
        "by": group.by,
        "name": group.name,
        "days_to_filing": figures.typical_wait,
        "filed": figures.filed,
        "in_time": figures.in_time,
        "decided": figures.decided,
        "approved": figures.approved,
        "recovered": plain(figures.recovered),
        "expired": plain(figures.lost),
    }


def plain(worth: Worth) -> dict[str, str]:
    """Amounts by currency as text with their digits."""
    return {currency: format(amount, "f") for currency, amount in worth}


def _of_account(view: AccountView) -> Iterator[tuple[tuple[str, str], Figures]]:
    yield ("all", ""), view.figures
    yield ("owner", view.account.owner), view.figures
    yield ("segment", segment(view.account)), view.figures
    yield from view.figures_by.items()


def _title(by: str, name: str, portfolio: Portfolio, titles: Mapping[str, str]) -> str:
    match by:
        case "all":
            return "all accounts"
        case "owner":
            person = portfolio.people.get(name)
            return person.name if person else name or "nobody"
        case "rule":
            return titles.get(name) or name.replace("_", " ")
    return name or "unknown"
