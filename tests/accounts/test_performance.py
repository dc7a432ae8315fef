"""How well claims are followed, by whom, where and for what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from auditor.accounts.performance import Figures, figures_by, figures_of, together
from auditor.accounts.portfolio import AccountView
from auditor.accounts.portfolio_groups import groups_of
from auditor.accounts.portfolio_page import portfolio_json, render

from .alert_world import DAY, account, case, seen
from .portfolio_world import person, portfolio, view_of

TWENTY = (("USD", Decimal("20.00")),)


def followed() -> AccountView:
    """Paid in dollars in the US, denied in euros in Germany, and two that expired: one of them before it was seen."""
    cases = [
        case(1, "paid", DAY, filed_on=DAY, safe_by=DAY + timedelta(days=20)),
        case(2, "denied", DAY, filed_on=DAY, safe_by=DAY + timedelta(days=3), marketplace="DE", currency="EUR"),
        case(3, "expired", DAY, filed_on=None, claim_by=DAY - timedelta(days=1), rule="inbound_missing"),
        case(4, "expired", DAY, filed_on=None, claim_by=DAY - timedelta(days=30)),
        case(5, "paid", DAY, filed_on=DAY, safe_by=None, marketplace="DE", currency="EUR", amount=Decimal("7.50")),
    ]
    found = {each.finding_id: DAY - timedelta(days=10) for each in cases}
    titles = {"warehouse_lost": "Lost in <warehouse>"}
    return replace(
        view_of(seen(account=account("kettle"), cases=cases, titles=titles)),
        figures=figures_of(cases, found, DAY),
        figures_by=figures_by(cases, found, DAY),
    )


def test_performance_counts_days_to_filing_filing_in_time_approval_recovery_and_loss() -> None:
    figures = followed().figures
    both = (("EUR", Decimal("7.50")), *TWENTY)
    assert figures == Figures((10, 10, 10), 2, 1, 3, 2, both, TWENTY)
    assert together([figures, figures]).typical_wait == 10


def test_each_claim_counts_in_its_market_and_in_its_rule_and_currencies_stay_apart() -> None:
    pan = replace(followed(), account=account("pan", owner="jan", model="wholesale"))
    groups = {(each.by, each.name): each.figures for each in groups_of(portfolio([followed(), pan], person()))}
    assert groups["all", ""].recovered == (("EUR", Decimal("15.00")), ("USD", Decimal("40.00")))
    assert groups["market", "US"].recovered == (("USD", Decimal("40.00")),)
    assert groups["market", "DE"] == Figures((10,) * 4, 2, 0, 4, 2, (("EUR", Decimal("15.00")),), ())
    assert groups["rule", "inbound_missing"] == Figures(lost=(("USD", Decimal("40.00")),))
    assert {name for by, name in groups if by == "owner"} == {"mira", "jan"}
    assert {name for by, name in groups if by == "segment"} == {"new, private label", "new, wholesale"}
    for kind in ("owner", "market", "rule"):
        assert sum(f.decided for (by, _), f in groups.items() if by == kind) == groups["all", ""].decided


def test_a_group_of_which_nothing_was_filed_or_lost_is_left_out() -> None:
    quiet = view_of(seen(account=account("quiet", owner="jan")))
    assert {group.name for group in groups_of(portfolio([followed(), quiet])) if group.by == "owner"} == {"mira"}


def test_the_page_names_rules_by_their_titles_and_programs_get_the_same_figures() -> None:
    shown = portfolio([followed()], person())
    page = render(shown)
    section = page[page.index('id="figures"') :]
    assert re.findall(r"By (\w+)</th>", section) == ["owner", "segment", "market", "rule"]
    assert "Lost in &lt;warehouse&gt;" in section
    assert '67 % <span class="soft">(2 of 3)</span>' in section
    told = {(row["by"], row["name"]): row for row in portfolio_json(shown)["performance"]}
    assert told["market", "DE"] == {
        "by": "market", "name": "DE", "days_to_filing": 10, "filed": 1, "in_time": 0, "decided": 2, "approved": 1,
        "recovered": {"EUR": "7.50"}, "expired": {},
    }  # fmt: skip
