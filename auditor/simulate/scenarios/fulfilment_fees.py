"""Scenarios of fulfilment fees that are too high, or only seem to be."""

from __future__ import annotations

from datetime import date

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.charging import FULFILMENT, FulfilmentStory, Size
from auditor.simulate.registry import scenario

S = FulfilmentStory
# The months before and after the rise, as the storage fees name them.
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_and_stayed(s: S) -> None:
    """The plain case, in two months."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    high = fair + s.raised()
    s.fee_owed(product, [s.sell(product, ago(days), high) for days in (47, 44, 20, 6)], fair)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_for_orders_of_several_units(s: S) -> None:
    """Each unit counts."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    high = fair + s.raised()
    s.fee_owed(product, [s.sell(product, ago(days), high, s.units(1, 4)) for days in (25, 22, 12)], fair)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_and_came_down_again(s: S) -> None:
    """Amazon mended the size, but gave nothing back."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    high = fair + s.raised()
    orders = [s.sell(product, ago(days), high) for days in (26, 23, 20)]
    for days in (12, 8):
        s.sell(product, ago(days), fair)
    s.fee_owed(product, orders, fair)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_with_a_size_that_measurements_refute(s: S) -> None:
    """The seller's own measurements fit the size before: the claim is proven."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    s.recorded(product, APRIL, Size())
    s.recorded(product, MAY, Size(weight="1.80"))
    s.measure(product, Size(longest="9.90"))
    high = fair + s.raised()
    s.fee_owed(product, [s.sell(product, ago(days), high) for days in (47, 40, 33)], fair, "high")


@scenario(FULFILMENT, S, alone=True)
def a_fee_of_which_a_part_was_given_back(s: S) -> None:
    """The correction settles the oldest month first."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    rise = 2 * s.raised()
    orders = [s.sell(product, ago(days), fair + rise) for days in (40, 37, 20, 15)]
    # Of the last two orders a whole rise is left.
    back = rise * 3
    s.give_back_fee(product, back, ago(5))
    s.fee_owed(product, orders, fair, back=back)


@scenario(FULFILMENT, S, alone=True)
def a_fee_whose_claim_has_lapsed(s: S) -> None:
    """Nobody noticed for ninety days."""
    product = s.account.new_product()
    fair = product.fulfilment
    for days in (131, 129, 127):
        s.sell(product, ago(days), fair)
    high = fair + s.raised()
    s.fee_owed(product, [s.sell(product, ago(days), high) for days in (112, 108, 104)], fair)


@scenario(FULFILMENT, S, alone=True)
def a_fee_above_the_fee_preview(s: S) -> None:
    """Amazon itself expects less."""
    product = s.account.new_product()
    s.others_stay()
    fair = product.fulfilment
    high = fair + s.raised()
    orders = [s.sell(product, ago(days), high) for days in (28, 18, 8)]
    s.preview(product, fair, Size())
    s.fee_owed(product, orders, fair)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_by_less_than_a_tenth(s: S) -> None:
    """Rates move a little all the time."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    high = fair + s.account.rounded(fair / 20)
    orders = [s.sell(product, ago(days), high) for days in (40, 20)]
    s.fee_not_owed(product, orders, "within_a_tenth", "the fee rose by less than a tenth", candidate=False)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_differs_from_order_to_order(s: S) -> None:
    """Some orders are served from another country."""
    product = s.account.new_product()
    s.sold_before(product, low := product.fulfilment)
    high = low + s.raised()
    orders = []
    for days in (26, 20, 14):
        orders.append(s.sell(product, ago(days), high))
        s.sell(product, ago(days - 3), low)
    s.fee_not_owed(product, orders, "fees_mixed", "the fee rises and falls again and again")


@scenario(FULFILMENT, S, alone=True, markets=("US", "UK", "DE"))
def a_fee_that_rose_with_new_rates(s: S) -> None:
    """The holiday surcharge, or the rates of the new year."""
    product = s.account.new_product()
    low = product.fulfilment
    for day in (date(2025, 12, 28), date(2026, 1, 3)):
        s.sell(product, day, low)
    high = low + s.raised()
    orders = [s.sell(product, day, high) for day in (date(2026, 2, 4), date(2026, 2, 10))]
    s.fee_not_owed(product, orders, "rates_changed", "the rates changed in between")


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_was_given_back(s: S) -> None:
    """Nothing is left to claim."""
    product = s.account.new_product()
    s.sold_before(product, fair := product.fulfilment)
    rise = s.raised()
    orders = [s.sell(product, ago(days), fair + rise) for days in (26, 22)]
    s.give_back_fee(product, rise * 2, ago(9))
    s.fee_owed(product, orders, fair, back=rise * 2)


@scenario(FULFILMENT, S, alone=True)
def a_fee_that_rose_with_the_recorded_size(s: S) -> None:
    """Nobody has measured the product but Amazon."""
    product = s.account.new_product()
    s.sold_before(product, low := product.fulfilment)
    s.recorded(product, APRIL, Size())
    s.recorded(product, MAY, Size(weight="1.80"))
    orders = [s.sell(product, ago(days), low + s.account.money_of(1, 1)) for days in (40, 35)]
    s.fee_not_owed(product, orders, "size_changed", "the recorded size grew with the fee")


@scenario(FULFILMENT, S, alone=True)
def a_fee_of_units_sold_at_a_higher_price(s: S) -> None:
    """Cheap products are charged less."""
    product = s.account.new_product()
    s.sold_before(product, low := product.fulfilment, price=s.account.rounded(product.price / 2))
    high = low + s.raised()
    orders = [s.sell(product, ago(days), high) for days in (26, 22)]
    s.fee_not_owed(product, orders, "price_higher", "sold at a higher price than before")


@scenario(FULFILMENT, S, alone=True)
def a_single_order_charged_more(s: S) -> None:
    """One charge proves no rise."""
    product = s.account.new_product()
    s.sold_before(product, low := product.fulfilment)
    order = s.sell(product, ago(15), low + s.raised())
    s.fee_not_owed(product, [order], "too_few_charges", "one charge alone")


@scenario(FULFILMENT, S, alone=True)
def a_fee_as_the_preview_says(s: S) -> None:
    """Charged just what was expected."""
    product = s.account.new_product()
    s.others_stay()
    orders = [s.sell(product, ago(days), product.fulfilment) for days in (28, 18)]
    s.preview(product, product.fulfilment, Size())
    s.fee_not_owed(product, orders, "as_expected", "the fee is that of the preview", candidate=False)
