from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.policy import NoValueBasis, Policy, PolicyError, load_policy

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("marketplace", "amount", "currency", "confidence"),
    [
        ("US", "5000", "USD", "medium"),
        ("UK", "2000", "GBP", "medium"),
        ("DE", "2000", "EUR", "medium"),
        ("SE", "2000", "EUR", "medium"),
        ("BR", "19250", "BRL", "high"),
        ("IN", "100000", "INR", "high"),
    ],
)
def test_amazon_pays_at_most_so_much_for_a_unit(
    policy: Policy, marketplace: str, amount: str, currency: str, confidence: str
) -> None:
    cap = policy.cap(marketplace, TODAY)
    assert cap is not None
    assert (cap.amount, cap.currency, cap.confidence) == (Decimal(amount), currency, confidence)
    assert cap.source.startswith("https://")


@pytest.mark.parametrize("marketplace", ["JP", "CA", "MX", "AE", "AU", "CZ"])
def test_no_cap_is_made_up_where_none_is_documented(policy: Policy, marketplace: str) -> None:
    assert policy.cap(marketplace, TODAY) is None


def test_a_cap_lowers_what_is_above_it_and_nothing_else(policy: Policy) -> None:
    cap = policy.cap("DE", TODAY)
    assert cap is not None
    assert cap.applied(Decimal("2000.01"), "EUR") == Decimal(2000)
    assert cap.applied(Decimal("1999.99"), "EUR") == Decimal("1999.99")
    assert cap.applied(Decimal(20000), "SEK") == Decimal(20000)


@pytest.mark.parametrize("claim_type", ["fc_lost_damaged", "inbound", "removal_lost", "removal_other"])
@pytest.mark.parametrize(
    ("marketplace", "first_day"),
    [("US", 31), ("CA", 31), ("UK", 31), ("DE", 31), ("AE", 31), ("JP", 11)],
)
def test_before_an_order_the_sourcing_cost_counts_since_march_2025(
    policy: Policy, claim_type: str, marketplace: str, first_day: int
) -> None:
    assert policy.value_basis(claim_type, marketplace, date(2025, 3, first_day)).basis == "cost"
    assert policy.value_basis(claim_type, marketplace, date(2025, 3, first_day - 1)).basis == "proceeds"


@pytest.mark.parametrize(("marketplace", "first_day"), [("US", 31), ("CA", 31), ("DE", 31), ("BR", 31), ("JP", 11)])
def test_after_an_order_its_price_less_fees_counts_since_march_2025(
    policy: Policy, marketplace: str, first_day: int
) -> None:
    assert policy.value_basis("customer_return", marketplace, date(2025, 3, first_day)).basis == "order"
    assert policy.value_basis("customer_return", marketplace, date(2025, 3, first_day - 1)).basis == "proceeds"


def test_india_values_by_fair_market_value(policy: Policy) -> None:
    for claim_type in ("fc_lost_damaged", "customer_return", "removal_lost"):
        assert policy.value_basis(claim_type, "IN", TODAY).basis == "proceeds"


def test_removals_are_valued_by_inference_and_say_so(policy: Policy) -> None:
    assert policy.value_basis("removal_lost", "US", TODAY).confidence == "assumption"
    assert policy.value_basis("fc_lost_damaged", "US", TODAY).confidence == "high"


def test_every_claim_type_has_a_value_basis_in_every_marketplace_at_any_time(policy: Policy) -> None:
    for claim_type in policy.claim_types:
        for marketplace in (*policy.marketplaces, "CZ"):
            for on in (date(2020, 1, 1), date(2025, 3, 10), date(2025, 3, 30), TODAY):
                policy.value_basis(claim_type, marketplace, on)


def test_a_claim_type_that_nothing_values_is_named(policy: Policy) -> None:
    with pytest.raises(NoValueBasis, match="No row names lost_in_space"):
        policy.value_basis("lost_in_space", "US", TODAY)


@pytest.mark.parametrize("amount", ["2000.5", "true", '"2,000"', '"-1"', '"0"', '"NaN"', '"1e3"'])
def test_a_cap_is_written_exactly_or_refused(small_policy: Callable[[str], Path], amount: str) -> None:
    table = f'[[cap]]\nregions = ["EU"]\namount = {amount}\ncurrency = "EUR"\nconfidence = "assumption"\nsource = ""\n'
    with pytest.raises(PolicyError, match="key amount"):
        load_policy(small_policy(table))
