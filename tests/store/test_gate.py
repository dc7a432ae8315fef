"""What must not be judged is refused, and what merely looks odd is not."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.exports.sources import find_sources
from auditor.model import DataRefused, Problem
from auditor.policy import Policy
from auditor.store.gate import refuse_mixed_accounts, refuse_unreadable

from .conftest import ORDER_ROW, ORDERS, SETTLEMENT, Shelf, event, ledger, table


def ledger_of(country: str, skus: range = range(1), days: tuple[str, str] = ("04-01", "04-30")) -> str:
    rows = [event(day, sku=f"SKU-{number}", country=country) for number in skus for day in days]
    return ledger(*rows)


def settlement_of(marketplace: str) -> str:
    row = {
        "settlement-id": "25000000001", "transaction-type": "Refund", "order-id": "111-1",
        "marketplace-name": marketplace, "amount-type": "ItemPrice",
        "amount-description": "Principal", "amount": "-10.00", "posted-date": "2026-04-10",
        "sku": "SKU-1",
    }  # fmt: skip
    return table(SETTLEMENT, [row])


def warnings(shelf: Shelf, policy: Policy, account: str = "") -> list[Problem]:
    return refuse_mixed_accounts(shelf.read(), policy, account)


def refusal(shelf: Shelf, policy: Policy, account: str = "") -> str:
    with pytest.raises(DataRefused) as refused:
        refuse_mixed_accounts(shelf.read(), policy, account)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def test_an_empty_folder_is_refused(shelf: Shelf) -> None:
    with pytest.raises(DataRefused, match="no files"):
        refuse_unreadable(shelf.read(), [])


def test_a_folder_without_any_export_is_refused_and_says_what_is_there(shelf: Shelf) -> None:
    shelf.put(notes="Call the forwarder on Monday.\n", list="a\tb\n1\t2\n")
    with pytest.raises(DataRefused, match=r"none of the 2 files .*list\.txt, notes\.txt"):
        refuse_unreadable(shelf.read(), [])


def test_a_strange_file_beside_an_export_is_left_alone(shelf: Shelf) -> None:
    refuse_unreadable(shelf.put(notes="Call the forwarder.\n", one=ledger_of("US")).read(), [])


def test_a_problem_of_finding_files_is_passed_on(shelf: Shelf) -> None:
    with pytest.raises(DataRefused, match=r"broken\.zip: cannot be opened"):
        refuse_unreadable(shelf.put(one=ledger_of("US")).read(), [Problem("cannot be opened.", file="broken.zip")])


def test_an_export_without_a_column_it_must_have_is_refused(shelf: Shelf) -> None:
    shelf.put(one=ledger_of("US").replace("\tQuantity\t", "\tHow many\t"))
    with pytest.raises(DataRefused, match=r"one\.txt"):
        refuse_unreadable(shelf.read(), [])


@pytest.mark.parametrize(
    ("good", "bad", "is_refused"),
    [
        (0, 2, False),
        (0, 3, True),
        (200, 20, False),
        (180, 20, False),
        (189, 21, False),
        (188, 21, True),
        (10, 20, False),
    ],
)
def test_too_many_rejected_rows_are_refused(shelf: Shelf, good: int, bad: int, is_refused: bool) -> None:
    rows = [event("04-10")] * good + [event("04-10") | {"Date": "someday"}] * bad
    exports = shelf.put(one=ledger(*rows)).read()
    assert exports[0].reading.rows_rejected == bad
    if is_refused:
        with pytest.raises(DataRefused, match=f"one.txt:.*{bad} of {good + bad} rows cannot be read"):
            refuse_unreadable(exports, [])
    else:
        refuse_unreadable(exports, [])


def test_a_refusal_for_days_that_can_be_read_two_ways_asks_for_their_order(shelf: Shelf) -> None:
    header = "Shipment name,Shipment ID,Created,Last updated,Ship to,SKUs,Units expected,Units located,Status\n"
    rows = [f"A,FBA1000000{day},0{day}/07/2026,0{day}/07/2026,LBE1,1,1,1,CLOSED\n" for day in range(1, 5)]
    exports = shelf.put(queue=header + "".join(rows)).read()
    with pytest.raises(DataRefused) as caught:
        refuse_unreadable(exports, [])
    first, *_, last = map(str, caught.value.problems)
    assert first.startswith("queue.txt: Day and month cannot be told apart in 'Created', as in 01/07/2026.")
    assert "--date-order mdy or dmy" in first
    assert "4 of 4 rows" in last


def test_a_ledger_without_its_zeros_is_no_other_account(shelf: Shelf, policy: Policy) -> None:
    whole, short = ([event("04-10") | {"MSKU": f"{zeros}{sku}"} for sku in range(1000, 1060)] for zeros in ("00", ""))
    exports = shelf.put(one=ledger(*whole), two=ledger(*short)).read()
    assert refuse_mixed_accounts(exports, policy, "") == []


def test_two_ledgers_of_51_skus_on_the_same_days_without_a_common_one_are_refused(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US", range(51)), two=ledger_of("US", range(100, 151)))
    assert "share none of their SKUs" in refusal(shelf, policy)


def test_with_50_skus_they_are_only_warned_of(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US", range(51)), two=ledger_of("US", range(100, 150)))
    (warning,) = warnings(shelf, policy)
    assert "share none of their SKUs" in warning.what


def test_with_one_common_sku_they_are_one_account(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US", range(51)), two=ledger_of("US", range(50, 150)))
    assert warnings(shelf, policy) == []


def test_without_overlapping_days_they_are_one_account(shelf: Shelf, policy: Policy) -> None:
    shelf.put(
        one=ledger_of("US", range(51), ("04-01", "04-15")), two=ledger_of("US", range(100, 151), ("04-16", "04-30"))
    )
    assert warnings(shelf, policy) == []


def test_one_common_day_is_enough_to_compare_them(shelf: Shelf, policy: Policy) -> None:
    shelf.put(
        one=ledger_of("US", range(51), ("04-01", "04-16")), two=ledger_of("US", range(100, 151), ("04-16", "04-30"))
    )
    assert "share none" in refusal(shelf, policy)


def test_two_ledgers_that_share_skus_with_a_third_are_one_account(shelf: Shelf, policy: Policy) -> None:
    shelf.put(
        one=ledger_of("US", range(60)), two=ledger_of("US", range(100, 160)), three=ledger_of("US", range(50, 101))
    )
    assert warnings(shelf, policy) == []


def test_a_person_who_checked_turns_the_refusal_of_skus_into_a_warning_and_no_other(
    shelf: Shelf, policy: Policy
) -> None:
    shelf.put(one=ledger_of("US", range(51)), two=ledger_of("US", range(100, 151)))
    (warning,) = refuse_mixed_accounts(shelf.read(), policy, "", one_account=True)
    assert "share none of their SKUs" in warning.what
    assert "--one-account" in refusal(shelf, policy, "Kitchen & Co")
    shelf.put(three=settlement_of("Amazon.de"))
    with pytest.raises(DataRefused, match=r"DE in three\.txt"):
        refuse_mixed_accounts(shelf.read(), policy, "", one_account=True)
    (shelf.folder / "three.txt").unlink()
    orders = table(ORDERS, [ORDER_ROW])
    shelf.put(four=with_seller(orders, "A1EXAMPLE00001"), five=with_seller(orders, "A2EXAMPLE00002"))
    with pytest.raises(DataRefused, match="different seller IDs"):
        refuse_mixed_accounts(shelf.read(), policy, "", one_account=True)


def fees_of(currency: str) -> str:
    """A settlement that names no marketplace: a service fee, in the currency of its summary row."""
    first = {"settlement-id": "25000000001", "total-amount": "-39.99", "currency": currency}
    fee = {
        "settlement-id": "25000000001", "transaction-type": "ServiceFee", "amount-type": "other-transaction",
        "amount-description": "Subscription Fee", "amount": "-39.99", "posted-date": "2026-04-10",
    }  # fmt: skip
    return table(SETTLEMENT, [first, fee])


def test_a_settlement_in_yen_among_american_exports_is_refused_though_it_names_no_marketplace(
    shelf: Shelf, policy: Policy
) -> None:
    words = refusal(shelf.put(one=ledger_of("US"), two=fees_of("JPY")), policy)
    assert "FE: JPY in two.txt" in words
    assert "NA: US in one.txt" in words


@pytest.mark.parametrize(
    ("country", "currencies"), [("DE", ("EUR", "GBP", "SEK", "PLN")), ("US", ("USD", "CAD", "MXN")), ("JP", ("JPY",))]
)
def test_settlements_in_every_currency_of_one_account_group_are_one_account(
    shelf: Shelf, policy: Policy, country: str, currencies: tuple[str, ...]
) -> None:
    shelf.put(ledger=ledger_of(country), **{f"fees{currency}": fees_of(currency) for currency in currencies})
    assert warnings(shelf, policy) == []


def test_reimbursements_in_the_currency_of_another_account_are_refused(shelf: Shelf, policy: Policy) -> None:
    header = ("approval-date", "reimbursement-id", "reason", "fnsku", "currency-unit", "amount-per-unit")
    row = {"approval-date": "2026-04-10", "reimbursement-id": "1", "fnsku": "X1", "currency-unit": "GBP"}
    shelf.put(one=ledger_of("US"), two=table(header, [row]))
    assert "EU: GBP in two.txt" in refusal(shelf, policy)


def test_costs_may_be_in_any_currency(shelf: Shelf, policy: Policy) -> None:
    costs = "sku\tunit-cost\tcurrency\teffective-from\nSKU-1\t4.00\tEUR\t\n"
    assert warnings(shelf.put(one=ledger_of("US"), costs=costs), policy) == []


def test_an_order_from_outside_amazon_may_be_paid_in_any_currency(shelf: Shelf, policy: Policy) -> None:
    other = ORDER_ROW | {"amazon-order-id": "S01-1", "sales-channel": "Non-Amazon US", "currency": "GBP"}
    assert warnings(shelf.put(one=ledger_of("US"), two=table(ORDERS, [ORDER_ROW, other])), policy) == []


def test_a_currency_that_no_marketplace_uses_contradicts_nothing(shelf: Shelf, policy: Policy) -> None:
    assert warnings(shelf.put(one=ledger_of("US"), two=fees_of("CHF")), policy) == []


def test_stock_in_countries_without_a_marketplace_contradicts_nothing(shelf: Shelf, policy: Policy) -> None:
    countries = ("DE", "CZ", "SK", "PL")
    shelf.put(one=ledger(*(event("04-10", country=country) for country in countries)), two=settlement_of("Amazon.de"))
    assert warnings(shelf, policy) == []


def test_a_marketplace_is_seen_in_every_column_that_names_one(shelf: Shelf, policy: Policy) -> None:
    header = [c.names[0] for c in shelf.catalog.reports["inventory_planning"].columns.values() if c.names]
    row = dict.fromkeys(header, "") | {"marketplace": "DE", "snapshot-date": "2026-04-10", "sku": "SKU-1"}
    shelf.put(one=ledger_of("US"), two=table(header, [row]))
    assert "EU: DE in two.txt" in refusal(shelf, policy)


def test_many_files_of_another_account_are_counted(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US"), **{f"two{i}": settlement_of("Amazon.de") + "\n" * i for i in range(5)})
    assert "DE in two0.txt, two1.txt, two2.txt and 2 more" in refusal(shelf, policy)


@pytest.mark.parametrize(("one", "other"), [("US", "DE"), ("DE", "JP"), ("JP", "US")])
def test_marketplaces_of_different_account_groups_are_refused(
    shelf: Shelf, policy: Policy, one: str, other: str
) -> None:
    words = refusal(shelf.put(one=ledger_of(one), two=ledger_of(other)), policy)
    assert f"{one} in one.txt" in words
    assert f"{other} in two.txt" in words


@pytest.mark.parametrize("countries", [("DE", "GB", "PL", "FR"), ("US", "CA", "MX")])
def test_marketplaces_of_one_account_group_are_one_account(
    shelf: Shelf, policy: Policy, countries: tuple[str, ...]
) -> None:
    shelf.put(**{f"ledger{country}": ledger_of(country) for country in countries})
    assert warnings(shelf, policy) == []


def test_a_german_settlement_beside_an_american_ledger_is_refused(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US"), two=settlement_of("Amazon.de"))
    assert "DE in two.txt" in refusal(shelf, policy)


def test_an_order_from_outside_amazon_contradicts_nothing(shelf: Shelf, policy: Policy) -> None:
    orders = [ORDER_ROW, ORDER_ROW | {"amazon-order-id": "S01-1", "sales-channel": "Non-Amazon"}]
    assert warnings(shelf.put(one=ledger_of("US"), two=table(ORDERS, orders)), policy) == []


def test_a_german_order_beside_an_american_ledger_is_refused(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US"), two=table(ORDERS, [ORDER_ROW | {"sales-channel": "Amazon.de"}]))
    assert "DE in two.txt" in refusal(shelf, policy)


def test_one_ledger_of_two_groups_is_refused_too(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger(event("04-10", country="US"), event("04-11", country="DE")))
    assert "different seller accounts" in refusal(shelf, policy)


def with_seller(text: str, seller: str) -> str:
    header, *rows = text.rstrip("\n").split("\n")
    return "\n".join([f"{header}\tseller-id", *(f"{row}\t{seller}" for row in rows)]) + "\n"


def test_exports_of_two_seller_ids_are_refused(shelf: Shelf, policy: Policy) -> None:
    orders = table(ORDERS, [ORDER_ROW])
    shelf.put(one=with_seller(orders, "A1EXAMPLE00001"), two=with_seller(orders, "A2EXAMPLE00002"))
    assert "different seller IDs" in refusal(shelf, policy)


def test_an_account_that_is_another_seller_id_is_refused(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=with_seller(table(ORDERS, [ORDER_ROW]), "A1EXAMPLE00001"))
    assert "A2EXAMPLE00002 contradicts the seller ID A1EXAMPLE00001" in refusal(shelf, policy, "A2EXAMPLE00002")
    assert warnings(shelf, policy, "a1example00001") == []


@pytest.mark.parametrize("account", ["", "Kitchen & Co", "AMAZONIA-DE", "A SHOP"])
def test_a_name_alone_contradicts_nothing(shelf: Shelf, policy: Policy, account: str) -> None:
    shelf.put(one=with_seller(table(ORDERS, [ORDER_ROW]), "A1EXAMPLE00001"))
    assert warnings(shelf, policy, account) == []


def test_files_outside_the_catalog_are_not_looked_into(shelf: Shelf, policy: Policy) -> None:
    shelf.put(one=ledger_of("US"), list="country\tsku\nDE\tSKU-1\n")
    assert warnings(shelf, policy) == []
    assert len(find_sources([shelf.folder]).sources) == 2
    assert shelf.tables(date(2026, 5, 1)).con.execute("select count(*) from ledger").fetchall() == [(2,)]
