"""The synthetic account keeps its own promises, whatever the seed and the market."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from auditor.simulate import Account, build_account
from auditor.simulate.calendar_of_account import ACCOUNT_START, AS_OF, LEDGERS
from auditor.simulate.registry import SCENARIOS
from auditor.simulate.settlements import settle
from auditor.simulate.windows import INBOUND, RETURNS, WAREHOUSE, add_months

MARKETS = ("US", "UK", "DE", "JP")


@pytest.fixture(scope="module", params=[(seed, market) for seed in (1, 2) for market in MARKETS], ids=str)
def account(request: pytest.FixtureRequest) -> Account:
    seed, market = request.param
    return build_account(seed, market, 900)


def test_there_are_more_than_sixty_scenarios_and_their_names_differ() -> None:
    names = [each.id for each in SCENARIOS]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


def test_every_scenario_of_the_market_states_its_truth(account: Account) -> None:
    told = {entry.scenario for entry in account.owed} | {entry.scenario for entry in account.not_owed}
    assert told == set(account.scenarios)
    assert {each.id for each in SCENARIOS if each.fits(account.market.code)} <= told


def test_no_claim_is_stated_twice_and_none_is_both_owed_and_not(account: Account) -> None:
    owed = [(entry.family, entry.reference_id, entry.fnsku, entry.claim_by) for entry in account.owed]
    other = {(entry.family, entry.reference_id, entry.fnsku) for entry in account.not_owed}
    assert len(set(owed)) == len(owed)
    assert not {key[:3] for key in owed} & other


def test_amounts_are_units_times_value_within_half_a_unit_of_rounding(account: Account) -> None:
    smallest = Decimal(1).scaleb(-account.market.digits)
    for entry in account.owed:
        assert (entry.amount is None) == (entry.unit_value is None)
        if entry.amount is not None and entry.unit_value is not None:
            assert entry.amount == entry.amount.quantize(smallest)
            assert abs(entry.amount - entry.unit_value * entry.units) <= smallest * entry.units / 2
            assert entry.amount > 0


def test_a_fresh_figure_says_what_is_owed(account: Account) -> None:
    """Amazon's figure of the last day and the stated truth are two accounts of the same units."""
    unreconciled: Counter[str] = Counter()
    for event in account.ledger:
        if event.explained is not None and event.quantity < 0 and event.day in LEDGERS[-1]:
            unreconciled[event.reference] += -event.quantity - event.reconciled_on(AS_OF)
    owed = Counter({entry.reference_id: entry.units for entry in account.owed})
    planted = {e.reference_id for e in (*account.owed, *account.not_owed) if e.family.startswith("warehouse_")}
    for reference, units in unreconciled.items():
        assert units == (owed[reference] if reference in planted else 0)


def test_no_loss_is_explained_more_than_it_lost(account: Account) -> None:
    for event in account.ledger:
        if event.explained is not None and event.quantity < 0:
            assert 0 <= event.reconciled_on(AS_OF) <= -event.quantity
            assert all(day >= event.day for day, _ in event.explained)


def test_unreconciled_figures_never_rise_from_export_to_export(account: Account) -> None:
    for event in account.ledger:
        figures = [event.reconciled_on(span.last) for span in LEDGERS if event.day in span]
        assert figures == sorted(figures)


def test_ordinary_life_leaves_nothing_owed(account: Account) -> None:
    assert "ordinary" not in {entry.scenario for entry in (*account.owed, *account.not_owed)}


def test_every_row_lies_within_the_account_and_one_on_its_last_day(account: Account) -> None:
    days = [event.day for event in account.ledger]
    assert min(days) >= ACCOUNT_START
    assert max(days) == AS_OF
    for dated in (account.payments, account.returns, account.money):
        assert all(row.day <= AS_OF for row in dated)
    assert all(order.posted <= AS_OF for order in account.orders if order.listed)
    assert all(shipment.updated <= AS_OF for shipment in account.shipments)


def test_the_ledger_holds_many_exact_twins(account: Account) -> None:
    sales = [
        (e.day, e.product.fnsku, e.quantity, e.centre, e.country) for e in account.ledger if e.event_type == "Shipments"
    ]
    twins = sum(count for count in Counter(sales).values() if count > 1)
    assert twins > len(sales) / 10


def test_returns_and_payments_leave_no_silent_week(account: Account) -> None:
    starts = {ACCOUNT_START: account.payments, account.returns_start: account.returns}
    for start, rows in starts.items():
        days = sorted({start, *(row.day for row in rows if row.day >= start), AS_OF})
        assert max((b - a).days for a, b in pairwise(days)) <= 7


def test_settlement_totals_are_sums_in_one_currency_and_the_last_one_ends_late(account: Account) -> None:
    settlements = settle(account)
    assert max(each.last for each in settlements) > AS_OF
    for each in settlements:
        assert each.total == sum((line.amount for line in each.lines), Decimal(0))
        assert {line.currency for line in each.lines} == {each.currency}
        assert all(each.first <= line.day < each.last for line in each.lines)


def test_all_states_and_both_confidences_occur(account: Account) -> None:
    assert {entry.status for entry in account.owed} == {"waiting", "open", "expired"}
    assert {entry.confidence for entry in account.owed} == {"high", "review"}


def test_an_account_with_late_returns_states_no_coverage() -> None:
    late = build_account(1, "US", 0)
    early = build_account(2, "US", 0)
    count = [sum(entry.reason == "no_coverage" for entry in each.not_owed) for each in (late, early)]
    assert count[0] > count[1] > 0


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 9, 30), 9, date(2026, 6, 30)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 6, 30), -9, date(2025, 9, 30)),
    ],
)
def test_months_are_clipped_to_the_last_day(anchor: date, months: int, expected: date) -> None:
    assert add_months(anchor, months) == expected


def test_windows_include_their_first_and_last_day() -> None:
    window = RETURNS["US"]
    anchor = date(2026, 1, 1)
    day = timedelta(days=1)
    assert window.status(anchor, anchor + 59 * day) == "waiting"
    assert window.status(anchor, anchor + 60 * day) == "open"
    assert window.status(anchor, anchor + 120 * day) == "open"
    assert window.status(anchor, anchor + 121 * day) == "expired"


def test_only_a_country_without_a_page_has_an_undocumented_window() -> None:
    every = [*WAREHOUSE.items(), *RETURNS.items(), *INBOUND.items()]
    assert [region for region, window in every if not window.documented] == ["OTHER"]
    assert all(window.source.startswith("https://") for _, window in every if window.documented)


@pytest.mark.parametrize("market", ["US", "UK", "JP"])
def test_a_payment_that_settles_the_only_loss_of_a_product_comes_after_it(market: str) -> None:
    account = build_account(5, market, 900)
    losses, payments = defaultdict(list), defaultdict(list)
    for event in account.ledger:
        if event.explained is not None and event.quantity < 0:
            losses[event.product.fnsku].append(event.day)
    for payment in account.payments:
        if payment.reason.lower() == "lost_warehouse" and not payment.order_id:
            payments[payment.product.fnsku].append(payment.day)
    unpaid = {entry.fnsku for entry in account.owed if entry.family == "warehouse_lost"}
    early = {
        fnsku
        for fnsku, days in payments.items()
        if len(losses[fnsku]) == len(days) == 1 and fnsku not in unpaid and days[0] < losses[fnsku][0]
    }
    assert not early


@pytest.mark.parametrize(("seed", "market"), [(34, "DE"), (35, "US"), (20, "UK")])
def test_of_payments_of_one_day_the_lowest_id_is_the_first(seed: int, market: str) -> None:
    """Nothing else in a report says which came first, and the truth must not know more than the reports."""
    account = build_account(seed, market, 900)
    busy = {entry.fnsku for entry in (*account.owed, *account.not_owed) if entry.group == "busy"}
    ids = defaultdict(list)
    for payment in account.payments:
        if payment.product.fnsku in busy:
            ids[payment.product.fnsku, payment.day].append(payment.reimbursement_id)
    assert max(map(len, ids.values())) > 1
    assert [each for each in ids.values() if each != sorted(each)] == []
