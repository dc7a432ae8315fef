"""Scenarios of payments below the value of a unit, or that only look like it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from auditor.simulate.paying import OPEN, PayingStory
from auditor.simulate.records import Cost, Payment, Product
from auditor.simulate.registry import scenario

BELOW = "reimbursed_below_value"
S = PayingStory


def _cost(product: Product) -> Decimal:
    assert product.cost is not None  # noqa: S101 - given where the product is made
    return product.cost


def _share(s: S, product: Product, share: str) -> Decimal:
    return s.account.rounded(_cost(product) * Decimal(share))


def _pay_for_damage(s: S, product: Product, per_unit: Decimal) -> Payment:
    day = s.ago(*OPEN)
    damage = s.damage(product, n := s.units(1, 4), day - timedelta(days=3))
    payment = s.reimburse(product, day, [(damage, n)], cash=n, reason="Damaged_Warehouse")
    payment.per_unit = per_unit
    return payment


@scenario(BELOW, S)
def a_loss_paid_below_its_cost(s: S) -> None:
    """The plain case."""
    product = s.account.new_product(s.account.money_of(12, 40))
    _, payment = s.paid_loss(product, n := s.units(1, 5), per_unit=_share(s, product, "0.6"))
    s.disputed(payment, n, _cost(product) - payment.per_unit)


@scenario(BELOW, S)
def a_loss_paid_at_exactly_half_its_cost(s: S) -> None:
    """A pattern that sellers report."""
    product = s.account.new_product(s.account.money_of(12, 40) * 2)
    _, payment = s.paid_loss(product, n := s.units(1, 3), per_unit=_share(s, product, "0.5"))
    s.disputed(payment, n, _cost(product) - payment.per_unit)


@scenario(BELOW, S)
def a_damage_paid_below_its_cost(s: S) -> None:
    """Damages are worth as much as losses."""
    product = s.account.new_product(s.account.money_of(12, 40))
    payment = _pay_for_damage(s, product, _share(s, product, "0.8"))
    s.disputed(payment, payment.cash, _cost(product) - payment.per_unit)


@scenario(BELOW, S)
def a_missing_shipment_paid_below_its_cost(s: S) -> None:
    """A payment for units lost on the way in."""
    product = s.account.new_product(s.account.money_of(12, 40))
    payment = s.pay(product, s.ago(*OPEN), "Lost_Inbound", cash=s.units(1, 6))
    payment.per_unit = _share(s, product, "0.7")
    s.disputed(payment, payment.cash, _cost(product) - payment.per_unit)


@scenario(BELOW, S)
def a_payment_half_a_percent_below_the_cost(s: S) -> None:
    """Within the tolerance."""
    product = s.account.new_product(s.account.money_of(200, 400))
    _, payment = s.paid_loss(product, s.units(1, 3), per_unit=_share(s, product, "0.995"))
    s.not_owed_on(payment, "paid_at_value", "half a percent is no difference")


@scenario(BELOW, S)
def a_payment_above_the_cost(s: S) -> None:
    """Nothing is lacking."""
    product = s.account.new_product(s.account.money_of(12, 40))
    _, payment = s.paid_loss(product, s.units(1, 3), per_unit=_share(s, product, "1.2"))
    s.not_owed_on(payment, "paid_at_value", "paid more than the cost")


@scenario(BELOW, S)
def a_cost_entered_after_the_payment(s: S) -> None:
    """What Amazon could not know does not count backwards."""
    product = s.account.new_product(with_cost=False)
    _, payment = s.paid_loss(product, s.units(1, 3))
    late = Cost(product.msku, payment.per_unit * 2, s.account.market.currency, payment.day + timedelta(days=1))
    s.account.costs.append(late)
    s.not_owed_on(payment, "cost_unknown", "the cost was entered a day after the approval")


@scenario(BELOW, S)
def a_cost_that_rose_after_the_payment(s: S) -> None:
    """The cost of the day of approval counts."""
    product = s.account.new_product(with_cost=False)
    _, payment = s.paid_loss(product, s.units(1, 3))
    for cost, since in ((payment.per_unit, date(2025, 1, 1)), (payment.per_unit * 2, payment.day + timedelta(days=1))):
        s.account.costs.append(Cost(product.msku, cost, s.account.market.currency, since))
    s.not_owed_on(payment, "paid_at_value", "paid at the cost in force")


@scenario(BELOW, S)
def a_cost_that_fell_before_the_as_of_date(s: S) -> None:
    """Today's lower cost does not excuse a payment below the cost of its day."""
    product = s.account.new_product(with_cost=False)
    _, payment = s.paid_loss(product, n := s.units(1, 3), age=OPEN)
    cost = payment.per_unit * 2
    for amount, since in ((cost, date(2025, 1, 1)), (payment.per_unit, payment.day + timedelta(days=1))):
        s.account.costs.append(Cost(product.msku, amount, s.account.market.currency, since))
    s.disputed(payment, n, cost - payment.per_unit)


@scenario(BELOW, S, markets=("US", "UK", "DE"))
def a_payment_at_the_cap(s: S) -> None:
    """Amazon pays no more than its cap, whatever the unit cost."""
    product = s.account.new_product(s.account.money_of(6200, 7400))
    _, payment = s.paid_loss(product, 1, per_unit=s.account.market.cap)
    s.not_owed_on(payment, "paid_at_value", "paid at the cap")


@scenario(BELOW, S)
def a_small_payment_for_an_order(s: S) -> None:
    """Payments for orders follow the price of the order, not the cost."""
    product = s.account.new_product(s.account.money_of(12, 40))
    seller = s.seller(product)
    order, day = seller.refunded(1, s.ago(60, 30))
    payment = seller.compensate(order, s.after(day, 3, 20), 1)
    payment.per_unit = _share(s, product, "0.5")
    s.not_owed_on(payment, "order", "it names an order", candidate=False)


@scenario(BELOW, S)
def two_amounts_for_one_product_without_a_cost(s: S) -> None:
    """A person should look, but nothing proves which amount is right."""
    product = s.account.new_product(with_cost=False)
    for share in ("1", "0.7"):
        _, payment = s.paid_loss(product, 1, age=(40, 30))
        payment.per_unit = s.account.rounded(product.payout * Decimal(share))
        s.not_owed_on(payment, "inconsistent_values", "two amounts, no cost")


@scenario(BELOW, S)
def a_payment_that_was_adjusted_later(s: S) -> None:
    """The rest came as a general adjustment."""
    product = s.account.new_product(s.account.money_of(12, 40))
    _, payment = s.paid_loss(product, n := s.units(1, 3), age=OPEN, per_unit=_share(s, product, "0.6"))
    rest = s.pay(product, s.after(payment.day, 2, 7), "GeneralAdjustment", cash=n)
    rest.per_unit = _cost(product) - payment.per_unit
    s.not_owed_on(payment, "adjusted", "the rest was paid later")


@scenario(BELOW, S)
def a_small_payment_that_was_taken_back(s: S) -> None:
    """The units were found: nothing is lacking any more."""
    product = s.account.new_product(s.account.money_of(12, 40))
    loss, payment = s.paid_loss(product, n := s.units(1, 3), age=(50, 40), per_unit=_share(s, product, "0.6"))
    found = s.find(product, n, s.after(payment.day, 2, 10), [(loss, n)])
    s.take_back(payment, s.after(found.day, 1, 10))
    s.not_owed_on(payment, "reversed", "the payment was taken back")
