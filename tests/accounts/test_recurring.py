"""What several accounts have in the same way is told once, with whose it is and what it may be worth."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from auditor.accounts.alert import Export, MissingCost, RejectReason, Seen
from auditor.accounts.portfolio_page import portfolio_json, render
from auditor.accounts.recurring import Recurring, recurring
from auditor.accounts.seeing import _absent, _rejects
from auditor.exports.reject_reasons import reason_lines
from auditor.model import Reject

from .alert_world import account, case, finding, seen
from .portfolio_world import person, portfolio, rich_view, view_of

RETURNS = Export("customer_returns", "FBA customer returns", (("EUR", Decimal("88.00")),), 3)


def told(*views: Seen) -> dict[tuple[str, str], Recurring]:
    people = (person(), person("de", id="jan", name="Jan Muster"))
    return {(each.kind, each.what): each for each in recurring(portfolio([view_of(v) for v in views], *people))}


def of(account_id: str, owner: str = "mira", **what: object) -> Seen:
    return seen(**{"account": account(account_id, owner=owner)} | what)


def test_one_account_is_no_pattern_and_two_are() -> None:
    one, two = of("a", to_export=[RETURNS]), of("b", to_export=[RETURNS])
    assert told(one) == {}
    assert told(one, of("b")) == {}
    assert list(told(one, two)) == [("missing export", "FBA customer returns")]


def test_a_missing_export_says_whose_accounts_lack_it_and_what_it_may_be_worth_by_currency() -> None:
    yen = Export("customer_returns", "FBA customer returns", (("JPY", Decimal(900)),), 2)
    absent = Export("customer_returns", "FBA customer returns", ())
    views = of("a", to_export=[RETURNS]), of("b", "jan", to_export=[yen]), of("c", absent=[absent])
    found = told(*views)["missing export", "FBA customer returns"]
    assert found.accounts == ("a", "b", "c")
    assert found.owners == (("Mira", 2), ("Jan Muster", 1))
    assert found.worth == (("EUR", Decimal("88.00")), ("JPY", Decimal(900)))
    assert (found.count, found.raised) == (5, 2)


def test_an_export_that_is_missing_twice_in_one_account_is_one_account() -> None:
    absent = Export("customer_returns", "FBA customer returns", ())
    assert told(of("a", to_export=[RETURNS], absent=[absent])) == {}


def test_reject_reasons_are_the_same_by_report_column_and_kind_of_fault() -> None:
    bad = RejectReason("Inventory Ledger", "Quantity", "'…' is no whole number", 4)
    other = replace(bad, column="Date")
    found = told(of("a", rejects=[bad]), of("b", rejects=[replace(bad, rows=3), other]))
    assert [(what, each.count, each.raised) for (_, what), each in found.items()] == [
        ("Inventory Ledger, Quantity: '…' is no whole number", 7, 0)
    ]


def test_claims_of_one_rule_that_can_be_filed_are_a_pattern_and_filed_ones_are_not() -> None:
    small = {"amount": Decimal("2.00"), "currency": "EUR"}
    first = of("a", findings=[finding(1, **small), finding(2)], titles={"warehouse_lost": "Lost in warehouse"})
    found = told(first, of("b", findings=[finding(3)]))["unpaid", "Lost in warehouse"]
    assert (found.count, found.worth) == (3, (("EUR", Decimal("2.00")), ("USD", Decimal("40.00"))))
    assert found.raised == 0
    filed = of("b", findings=[finding(3)], cases=[case(3, "filed")])
    assert told(first, filed) == {}


def test_costs_and_the_same_failure_are_patterns_and_a_cancelled_account_is_none() -> None:
    lacks = {"missing_costs": [MissingCost("S", 1, "EUR", None, None)], "failed": "mixed accounts"}
    found = told(of("a", **lacks), of("b", **lacks))
    assert {key: each.raised for key, each in found.items()} == {
        ("missing costs", "unit costs"): 2,
        ("failing audit", "mixed accounts"): 2,
    }
    gone = seen(account=account("b", stage="cancelled"), **lacks)
    assert told(of("a", **lacks), gone) == {}


def test_reasons_of_single_cells_are_one_reason_and_no_cell_stands_in_it() -> None:
    reasons = [
        "'12.7' is no whole number",
        "'it's: 3' is no whole number",
        "identifier damaged by a spreadsheet: 1.2E+11",
        "the amounts of the row do not add up to its total of -1,204.50",
    ]
    rejects = [
        ("ledger_detail", Reject("f.txt", n, "Quantity", each, "raw", "left_out")) for n, each in enumerate(reasons)
    ]
    lines = reason_lines([*rejects, ("returns", replace(rejects[0][1], severity="kept"))])
    assert [(line["report"], line["reason"], line["rows"]) for line in lines] == [
        ("ledger_detail", "'…' is no whole number", 2),
        ("ledger_detail", "identifier damaged by a spreadsheet", 1),
        ("ledger_detail", "the amounts of the row do not add up to its total of …", 1),
        ("returns", "'…' is no whole number", 1),
    ]


def test_a_manifest_says_which_exports_are_not_there_at_all_and_why_rows_fell_out() -> None:
    manifest = {
        "inputs": [{"report": "ledger_detail", "report_title": "Inventory Ledger"}],
        "needs": [
            {"report": "ledger_detail", "title": "Inventory Ledger", "state": "covered"},
            {"report": "settlement_v2", "title": "Settlement V2 or Transaction report", "state": "missing"},
            {"report": "settlement_v2", "title": "Settlement V2", "state": "missing"},
            {"report": "costs", "title": "Costs", "state": "missing"},
            {"report": "removal_receipts", "title": "Removal receiving record", "state": "missing"},
        ],
        "reject_reasons": [{"report": "ledger_detail", "column": "Date", "reason": "'…' is no date", "rows": 2}],
    }
    assert [each.report for each in _absent(manifest)] == ["settlement_v2", "costs"]
    assert list(_rejects(manifest)) == [RejectReason("Inventory Ledger", "Date", "'…' is no date", 2)]


def test_the_page_tells_each_once_with_links_to_its_accounts_and_programs_get_the_same() -> None:
    shown = portfolio([view_of(replace(rich_view(), account=account(f"a{n}"))) for n in range(3)])
    page = render(shown)
    section = page[page.index('id="recurring"') : page.index('id="figures"')]
    assert re.findall(r"<h3>(.+?)</h3>", section) == [
        "Missing exports",
        "Claims of one kind that can be filed",
        "Missing costs",
    ]
    assert section.count('<a href="#a-a2">') == 3
    assert "(Mira: 3), products: 3, an alert tells of it in 3" in section
    returns = next(each for each in portfolio_json(shown)["recurring"] if each["kind"] == "missing export")
    assert (returns["worth"], returns["owners"]) == ({"EUR": "264.00"}, {"Mira": 3})
    assert "Nothing that two accounts share" in render(portfolio([view_of(rich_view())]))
