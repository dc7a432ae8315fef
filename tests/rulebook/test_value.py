"""What one unit is worth, and when that is unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from auditor.policy import Policy
from auditor.rulebook.shared_tables import build_shared_tables
from auditor.rulebook.value import Valuation, Value, load_valuation

from .conftest import AS_OF


def add_cost(
    con: duckdb.DuckDBPyConnection,
    cost: str | None,
    since: str | None = "2026-01-01",
    currency: str | None = "USD",
    msku: str | None = "SKU-1",
) -> None:
    con.execute(
        "insert into costs (msku, unit_cost, currency, effective_from, row_id) values (?, ?, ?, ?, 1)",
        [msku, cost, currency, since],
    )


def add_payment(con: duckdb.DuckDBPyConnection, on: str, amount: str | None, **more: object) -> None:
    row = {
        "date": on, "amount_per_unit": amount, "fnsku": "X1", "reason": "Lost_Warehouse", "currency": "USD",
        "quantity_cash": 1, "quantity_inventory": 0, "reimbursement_id": "1", "row_id": 1, **more,
    }  # fmt: skip
    names = ", ".join(row)
    con.execute(f"insert into reimbursements ({names}) values ({', '.join('?' * len(row))})", list(row.values()))


def value(con: duckdb.DuckDBPyConnection, policy: Policy, as_of: date = AS_OF) -> Valuation:
    build_shared_tables(con, as_of)
    return load_valuation(con, policy, as_of)[0]


def of_sku_1(valuation: Valuation, family: str = "lost", marketplace: str = "US") -> tuple[Fraction | None, str, str]:
    worth = valuation.cost("SKU-1", "X1", family, marketplace)
    return worth.per_unit, worth.currency, worth.basis


def test_the_cost_in_force_on_the_as_of_date_counts(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    for cost, since in (("3.00", "2025-01-01"), ("4.10", "2026-05-10"), ("5.00", "2026-05-11")):
        add_cost(con, cost, since)
    assert of_sku_1(value(con, policy)) == (Fraction("4.10"), "USD", "cost")


def test_a_cost_without_a_date_holds_until_a_dated_one(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "3.00", None)
    assert of_sku_1(value(con, policy)) == (3, "USD", "cost")
    add_cost(con, "4.00", "2026-02-01")
    assert of_sku_1(value(con, policy)) == (4, "USD", "cost")
    assert of_sku_1(value(con, policy, date(2026, 1, 31))) == (3, "USD", "cost")


@pytest.mark.parametrize("cost", [None, "0", "-1.00"])
def test_a_cost_that_is_blank_zero_or_negative_is_no_cost(
    con: duckdb.DuckDBPyConnection, policy: Policy, cost: str | None
) -> None:
    add_cost(con, cost)
    assert value(con, policy).cost("SKU-1", "X1", "lost", "US").per_unit is None


def test_a_cost_without_a_currency_is_no_cost(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "3.00", currency=None)
    assert value(con, policy).cost("SKU-1", "X1", "lost", "US").per_unit is None


def test_contradicting_costs_of_one_day_are_named_and_not_used(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    for cost, since in (("2.00", "2025-01-01"), ("3.00", "2026-01-01"), ("4.00", "2026-01-01")):
        add_cost(con, cost, since)
    build_shared_tables(con, AS_OF)
    valuation, (problem,) = load_valuation(con, policy, AS_OF)
    assert of_sku_1(valuation) == (None, "", "")
    assert "SKU-1 has 2 different costs in USD from 2026-01-01" in problem.what


def test_a_later_clear_cost_ends_a_contradiction(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    for cost, since in (("3.00", "2026-01-01"), ("4.00", "2026-01-01"), ("5.00", "2026-02-01")):
        add_cost(con, cost, since)
    assert of_sku_1(value(con, policy)) == (5, "USD", "cost")


def test_the_same_cost_twice_is_no_contradiction(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "3.00")
    add_cost(con, "3.0000", currency=" usd ")
    assert of_sku_1(value(con, policy)) == (3, "USD", "cost")


def test_the_currency_of_the_marketplace_is_taken_and_none_is_guessed(
    con: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    add_cost(con, "3.00", currency="USD")
    add_cost(con, "2.50", currency="EUR")
    valuation = value(con, policy)
    assert of_sku_1(valuation, marketplace="DE") == (Fraction("2.5"), "EUR", "cost")
    assert of_sku_1(valuation, marketplace="US") == (3, "USD", "cost")
    assert of_sku_1(valuation, marketplace="JP") == (None, "", "")


def test_the_only_currency_known_serves_every_marketplace(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "3.00", currency="USD")
    assert of_sku_1(value(con, policy), marketplace="DE") == (3, "USD", "cost")


def test_without_a_cost_amazons_latest_payment_for_the_product_and_reason_serves(
    con: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    add_payment(con, "2026-03-01", "9.00")
    add_payment(con, "2026-04-01", "8.00")
    add_payment(con, "2026-04-02", "7.00", reason="Damaged_Warehouse")
    valuation = value(con, policy)
    assert of_sku_1(valuation) == (8, "USD", "last_payment")
    assert of_sku_1(valuation, "damaged") == (7, "USD", "last_payment")
    assert of_sku_1(valuation, "inbound") == (None, "", "")


@pytest.mark.parametrize(
    "what",
    [
        {"order_id": "111-0000001-0000001"},
        {"quantity_cash": 0, "quantity_inventory": 1},
        {"currency": None},
        {"fnsku": "X2"},
        {"reason": "Reimbursement_Reversal"},
    ],
    ids=["keyed to an order", "in inventory", "without a currency", "of another product", "a reversal"],
)
def test_no_other_payment_is_a_value(con: duckdb.DuckDBPyConnection, policy: Policy, what: dict[str, object]) -> None:
    add_payment(con, "2026-04-01", "8.00", **what)
    assert of_sku_1(value(con, policy)) == (None, "", "")


@pytest.mark.parametrize("amount", [None, "0", "-8.00"])
def test_a_payment_of_nothing_is_no_value(con: duckdb.DuckDBPyConnection, policy: Policy, amount: str | None) -> None:
    add_payment(con, "2026-03-01", "9.00")
    add_payment(con, "2026-04-01", amount)
    assert of_sku_1(value(con, policy)) == (9, "USD", "last_payment")


def test_a_cost_goes_before_a_payment(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "3.00")
    add_payment(con, "2026-04-01", "8.00")
    assert of_sku_1(value(con, policy)) == (3, "USD", "cost")


def test_a_value_above_the_cap_is_the_cap_and_says_so(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "99999.00", currency="EUR")
    worth = value(con, policy).cost("SKU-1", "X1", "lost", "DE")
    cap = policy.cap("DE", AS_OF)
    assert cap is not None
    assert worth.per_unit == cap.amount
    assert worth.reasons[0].startswith("capped: ")


def test_a_value_in_another_currency_than_the_cap_is_not_capped(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    add_cost(con, "99999.00", currency="JPY")
    assert value(con, policy).cost("SKU-1", "X1", "lost", "DE").per_unit == 99999


def test_a_value_at_the_cap_is_not_called_capped(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    cap = policy.cap("DE", AS_OF)
    assert cap is not None
    add_cost(con, str(cap.amount), currency="EUR")
    assert value(con, policy).cost("SKU-1", "X1", "lost", "DE").reasons == ()


def test_without_any_basis_the_value_is_unknown_and_not_zero(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    worth = value(con, policy).cost("SKU-1", "X1", "lost", "US")
    assert (worth.per_unit, worth.currency, worth.basis) == (None, "", "")
    assert worth.reasons[0].startswith("cost_unknown")


def test_an_order_is_worth_its_exact_share_a_unit(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    assert value(con, policy).order(Decimal("40.99"), 3, "USD") == Value(Fraction("40.99") / 3, "USD", "order")


@pytest.mark.parametrize(
    ("total", "units", "currency", "why"),
    [
        (None, 1, "USD", "no settlement"),
        (Decimal(5), None, "USD", "no settlement"),
        (Decimal(5), 0, "USD", "no settlement"),
        (Decimal(5), 1, "", "no settlement"),
        (Decimal(0), 1, "USD", "exceed its price"),
        (Decimal("-0.01"), 1, "USD", "exceed its price"),
    ],
)
def test_an_order_without_a_positive_rest_has_no_value(
    con: duckdb.DuckDBPyConnection, policy: Policy, total: Decimal | None, units: int | None, currency: str, why: str
) -> None:
    worth = value(con, policy).order(total, units, currency)
    assert worth.per_unit is None
    assert why in worth.reasons[0]
