"""The windows of the built-in policy, typed a second time from the published rules."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.policy import NoWindow, Policy

# claim type, regions, from, to, wait, limit, confidence
EXPECTED = """
fc_lost_damaged   US,CA  -          2024-10-22 0  18m  high
fc_lost_damaged   US     2024-10-23 -          0  60d  high
fc_lost_damaged   CA     2024-10-23 -          0  60d  medium
fc_lost_damaged   UK,EU  -          2025-01-08 0  18m  high
fc_lost_damaged   UK,EU  2025-01-09 -          0  60d  high
fc_lost_damaged   JP     -          2025-01-09 30 18m  medium
fc_lost_damaged   JP     2025-01-10 -          0  60d  medium
fc_lost_damaged   AE     2024-09-05 -          0  60d  high
fc_lost_damaged   IN     -          -          0  60d  medium
fc_lost_damaged   OTHER  2025-01-10 -          0  60d  assumption
customer_return   US     -          2024-10-22 60 18m  medium
customer_return   US     2024-10-23 -          60 120d high
customer_return   CA     -          2024-10-22 45 18m  medium
customer_return   CA     2024-10-23 -          60 120d low
customer_return   UK,EU  -          2025-01-08 45 18m  medium
customer_return   UK,EU  2025-01-09 -          45 105d high
customer_return   JP     -          2025-01-09 45 18m  medium
customer_return   JP     2025-01-10 -          45 105d medium
customer_return   OTHER  2025-01-10 -          60 105d assumption
removal_lost      US     -          2024-10-22 14 18m  medium
removal_lost      US     2024-10-23 -          15 75d  high
removal_lost      CA     2024-10-23 -          15 75d  medium
removal_lost      UK,EU  -          2025-01-08 14 18m  medium
removal_lost      UK,EU  2025-01-09 -          15 75d  high
removal_lost      AE     2024-09-05 -          15 75d  high
removal_lost      IN     -          -          0  30d  medium
removal_lost      OTHER  2025-01-10 -          15 75d  assumption
removal_other     US     -          2024-10-22 0  18m  medium
removal_other     US     2024-10-23 -          0  60d  high
removal_other     CA     2024-10-23 -          0  60d  medium
removal_other     UK,EU  -          2025-01-08 0  18m  medium
removal_other     UK,EU  2025-01-09 -          0  60d  high
removal_other     AE     2024-09-05 -          0  30d  high
removal_other     OTHER  2025-01-10 -          0  30d  assumption
inbound           US     -          -          ?  9m   medium
inbound           UK,EU  -          -          ?  6m   high
inbound           JP     -          -          ?  9m   medium
inbound           AE     2024-09-05 -          15 60d  high
inbound           IN     -          -          ?  60d  medium
inbound           CA,MX  -          -          ?  9m   low
inbound           OTHER  -          -          ?  60d  assumption
fee_weight_dims   EU,AU  -          -          0  90d  high
fee_weight_dims   US     -          -          0  90d  low
fee_weight_dims   OTHER  -          -          0  90d  assumption
valuation_dispute US     2025-03-31 -          0  60d  high
valuation_dispute IN     -          -          0  60d  medium
valuation_dispute OTHER  2025-03-31 -          0  60d  assumption
unused_label      US     -          -          0  9m   medium
mcf_lost          US     -          -          7  90d  medium
mcf_lost          OTHER  -          -          7  90d  assumption
reversal_dispute  OTHER  -          -          0  60d  assumption
"""

ANCHORS = {
    "fc_lost_damaged": {"ledger_event_date"},
    "customer_return": {"refund_or_replacement_date"},
    "removal_lost": {"removal_shipment_creation_date", "removal_ship_date"},
    "removal_other": {"removal_delivery_date"},
    "inbound": {"verified_delivery_date"},
    "fee_weight_dims": {"fee_charge_date"},
    "valuation_dispute": {"reimbursement_date"},
    "unused_label": {"shipment_creation_date"},
    "mcf_lost": {"promised_delivery_date"},
    "reversal_dispute": {"reversal_date"},
}

TODAY = date(2026, 11, 23)


def expected_rows() -> list[tuple[str, ...]]:
    rows = [line.split() for line in EXPECTED.strip().splitlines()]
    return sorted((claim, region, *rest) for claim, regions, *rest in rows for region in regions.split(","))


def test_the_built_in_windows_are_exactly_the_published_ones(policy: Policy) -> None:
    actual = [
        (
            row.claim_type,
            row.region,
            str(row.effective_from or "-"),
            str(row.effective_to or "-"),
            "?" if row.wait_days is None else str(row.wait_days),
            f"{row.limit.count}{row.limit.unit[0]}",
            row.confidence,
        )
        for row in policy.rows()
    ]
    assert sorted(actual) == expected_rows()


def test_every_claim_type_counts_from_its_own_anchor(policy: Policy) -> None:
    anchors: dict[str, set[str]] = {}
    for row in policy.rows():
        anchors.setdefault(row.claim_type, set()).add(row.anchor)
    assert anchors == ANCHORS


def test_a_removal_counts_from_the_day_it_left_in_the_uae_and_in_india_only(policy: Policy) -> None:
    left = {row.region for row in policy.rows() if row.anchor == "removal_ship_date"}
    assert left == {"AE", "IN"}


def test_every_row_that_is_no_assumption_names_its_source(policy: Policy) -> None:
    for row in policy.rows():
        assert row.source.startswith("https://") or row.confidence == "assumption", row


@pytest.mark.parametrize(
    ("marketplace", "on", "limit"),
    [
        ("US", date(2024, 10, 22), "18 months"),
        ("US", date(2024, 10, 23), "60 days"),
        ("DE", date(2025, 1, 8), "18 months"),
        ("DE", date(2025, 1, 9), "60 days"),
        ("UK", date(2025, 1, 9), "60 days"),
        ("JP", date(2025, 1, 9), "18 months"),
        ("JP", date(2025, 1, 10), "60 days"),
    ],
)
def test_the_window_is_the_one_in_force_on_the_day_of_filing(
    policy: Policy, marketplace: str, on: date, limit: str
) -> None:
    assert str(policy.window("fc_lost_damaged", marketplace, on).limit) == limit


@pytest.mark.parametrize("marketplace", ["BR", "AU", "SG", "TR", "SA", "EG", "ZA", "MX", "CZ"])
def test_a_marketplace_that_no_row_names_uses_the_rows_for_others(policy: Policy, marketplace: str) -> None:
    window = policy.window("fc_lost_damaged", marketplace, TODAY)
    assert (window.region, window.confidence) == ("OTHER", "assumption")


def test_a_row_may_name_a_marketplace_that_has_no_region_of_its_own(policy: Policy) -> None:
    assert policy.region("MX") == "OTHER"
    assert str(policy.window("inbound", "MX", TODAY).limit) == "9 months"
    assert str(policy.window("inbound", "BR", TODAY).limit) == "60 days"


def test_australia_has_its_own_fee_window_and_borrows_the_others(policy: Policy) -> None:
    assert policy.window("fee_weight_dims", "AU", TODAY).region == "AU"
    assert policy.window("customer_return", "AU", TODAY).region == "OTHER"


def test_a_named_region_never_borrows_the_rows_for_others(policy: Policy) -> None:
    """The UAE is named, but nothing is known before 2024-09-05; that others have a row does not help."""
    assert policy.window("mcf_lost", "AE", date(2024, 9, 4)).region == "OTHER"
    with pytest.raises(NoWindow):
        policy.window("inbound", "AE", date(2024, 9, 4))


@pytest.mark.parametrize(
    ("claim_type", "marketplace", "on"),
    [
        ("fc_lost_damaged", "AE", date(2024, 9, 4)),
        ("customer_return", "IN", date(2025, 1, 9)),
        ("unused_label", "DE", TODAY),
        ("valuation_dispute", "US", date(2025, 3, 30)),
    ],
)
def test_no_window_says_which_claim_type_marketplace_and_day(
    policy: Policy, claim_type: str, marketplace: str, on: date
) -> None:
    with pytest.raises(NoWindow) as refused:
        policy.window(claim_type, marketplace, on)
    message = str(refused.value)
    for part in (claim_type, marketplace, policy.region(marketplace), on.isoformat(), "rules/policy/", ".toml"):
        assert part in message


def test_an_unknown_claim_type_is_named(policy: Policy) -> None:
    with pytest.raises(NoWindow, match="No row names lost_in_space"):
        policy.window("lost_in_space", "US", TODAY)


def test_a_window_stands_in_the_manifest_as_plain_values(policy: Policy) -> None:
    manifest = policy.window("inbound", "FR", TODAY).as_manifest("FR")
    assert list(manifest) == [
        "claim_type",
        "marketplace",
        "region",
        "anchor",
        "effective_from",
        "effective_to",
        "wait_days",
        "limit",
        "confidence",
        "source",
        "note",
    ]
    assert (manifest["marketplace"], manifest["region"]) == ("FR", "EU")
    assert (manifest["wait_days"], manifest["limit"], manifest["effective_from"]) == (None, "6 months", None)
    past = policy.window("fc_lost_damaged", "FR", date(2025, 1, 1)).as_manifest("FR")
    assert (past["effective_to"], past["wait_days"]) == ("2025-01-08", 0)
