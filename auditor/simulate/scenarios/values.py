"""Scenarios about what a unit is worth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.records import Cost
from auditor.simulate.registry import scenario
from auditor.simulate.story import DAMAGED, LOST, Value
from auditor.simulate.warehouse import WarehouseStory

S = WarehouseStory
UNKNOWN = Value(None, "", "")


@scenario(LOST, S, alone=True)
def a_cost_that_changed_twice(s: S) -> None:
    """The cost in force on the last day counts, not the older one, not the one to come."""
    product = s.account.new_product(with_cost=False)
    market = s.account.market
    current = s.account.money_of(5, 20)
    for cost, since in ((current * 2, date(2025, 1, 1)), (current, ago(40)), (current * 3, ago(-15))):
        s.account.costs.append(Cost(product.msku, cost, market.currency, since))
    loss = s.lose(product, n := s.units(1, 4), s.some_day())
    s.owed(loss, n, value=Value(current, market.currency, "cost"))


@scenario(LOST, S, alone=True)
def a_cost_above_the_cap(s: S) -> None:
    """Amazon pays no more than its cap for a unit."""
    market = s.account.market
    product = s.account.new_product(s.account.money_of(6200, 7400))
    loss = s.lose(product, n := s.units(1, 3), s.some_day())
    assert product.cost is not None  # noqa: S101 - given above
    s.owed(loss, n, value=Value(min(product.cost, market.cap or product.cost), market.currency, "cost"))


@scenario(LOST, S, alone=True)
def no_cost_but_an_earlier_payment(s: S) -> None:
    """Amazon's own last payment for the product values the unit."""
    product = s.account.new_product(with_cost=False)
    old = s.lose(product, 2, s.ago(250, 180))
    paid = s.reimburse(product, s.after(old.day), [(old, 2)], cash=2)
    loss = s.lose(product, n := s.units(1, 4), s.some_day_after_half_a_year())
    s.not_owed(old, "paid", "paid in full")
    s.owed(loss, n, value=Value(paid.per_unit, s.account.market.currency, "last_payment"))


@scenario(LOST, S, alone=True)
def no_cost_and_two_earlier_payments(s: S) -> None:
    """The latest one counts."""
    product = s.account.new_product(with_cost=False)
    first = s.lose(product, 1, s.ago(300, 260))
    s.reimburse(product, s.after(first.day), [(first, 1)], cash=1)
    second = s.lose(product, 2, s.ago(230, 190))
    paid = s.reimburse(product, s.after(second.day), [(second, 2)], cash=2)
    paid.per_unit = product.payout + s.account.money_of(1, 2)
    loss = s.lose(product, n := s.units(1, 3), s.some_day_after_half_a_year())
    s.not_owed(second, "paid", "paid in full")
    s.owed(loss, n, value=Value(paid.per_unit, s.account.market.currency, "last_payment"))


@scenario(LOST, S, alone=True)
def no_cost_and_a_payment_for_another_reason(s: S) -> None:
    """A payment for damage says nothing about a loss."""
    product = s.account.new_product(with_cost=False)
    s.reimburse(product, s.ago(300, 260), [], cash=1, reason="Damaged_Warehouse")
    loss = s.lose(product, n := s.units(1, 3), s.some_day_after_half_a_year())
    s.owed(loss, n, value=UNKNOWN)


@scenario(LOST, S, alone=True)
def no_cost_and_no_payment(s: S) -> None:
    """An unknown value stays unknown."""
    loss = s.lose(s.account.new_product(with_cost=False), n := s.units(1, 3), s.some_day())
    s.owed(loss, n, value=UNKNOWN)


@scenario(LOST, S, alone=True)
def a_cost_that_is_not_in_force_yet(s: S) -> None:
    """A cost of next month values nothing today."""
    product = s.account.new_product(with_cost=False)
    market = s.account.market
    s.account.costs.append(Cost(product.msku, s.account.money_of(5, 20), market.currency, ago(-10)))
    loss = s.lose(product, n := s.units(1, 3), s.some_day())
    s.owed(loss, n, value=UNKNOWN)


@scenario(DAMAGED, S, alone=True)
def a_damage_without_a_cost_takes_the_last_payment(s: S) -> None:
    """Part of it was paid: the rest is worth as much per unit."""
    product = s.account.new_product(with_cost=False)
    damage = s.damage(product, 4, s.some_day())
    paid = s.reimburse(product, s.after(damage.day), [(damage, 1)], cash=1)
    s.owed(damage, 3, value=Value(paid.per_unit, s.account.market.currency, "last_payment"))


@scenario(DAMAGED, S, alone=True)
def a_cost_below_a_dollar_has_its_digits(s: S) -> None:
    """Small money is money: many units of a cheap product."""
    market = s.account.market
    cost = Decimal("0.37") if market.digits else Decimal(37)
    damage = s.damage(s.account.new_product(cost), n := s.units(11, 29), s.some_day())
    s.owed(damage, n, value=Value(cost, market.currency, "cost"))
