"""Scenarios of refunds that cost the seller more than the sale brought, or only seem to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditor.simulate.refund_money import COMMISSION, EXCESS, RefundMoneyStory
from auditor.simulate.registry import scenario

S = RefundMoneyStory


@scenario(EXCESS, S, alone=True)
def more_refunded_than_charged(s: S) -> None:
    """The plain case: the price and then some."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    s.refund_row(order, day, "Principal", -(excess := s.coins(2, 5)))
    s.owed_money(order, day, 1, excess, "excess")


@scenario(EXCESS, S, alone=True)
def a_refund_posted_a_second_time(s: S) -> None:
    """The second refund, a week later, is all too much, its tax included."""
    day = s.recent()
    order = s.sold(3, day)
    s.refund(order, day, 3)
    s.refund(order, later := day + timedelta(days=7), 3)
    principal = order.lines[0].principal
    s.owed_money(order, later, 3, principal + s.account.rounded(principal * order.tax_rate), "excess")


@scenario(EXCESS, S, alone=True)
def shipping_refunded_that_was_never_charged(s: S) -> None:
    """The order was sent free of charge, yet shipping was refunded."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    s.refund_row(order, day, "Shipping", -(shipping := s.coins(4, 6)))
    s.refund_row(order, day, "ShippingTax", -(tax := s.coins(1, 2)))
    s.owed_money(order, day, 1, shipping + tax, "excess")


@scenario(EXCESS, S, alone=True)
def an_excess_of_which_a_part_was_taken_back(s: S) -> None:
    """Only what stayed with the customer is too much."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    s.refund_row(order, day, "Principal", -(excess := s.coins(6, 9)))
    s.refund_row(order, day + timedelta(days=9), "Principal", back := s.coins(1, 4))
    s.owed_money(order, day, 1, excess - back, "excess")


@scenario(EXCESS, S, alone=True)
def an_excess_that_a_promotion_pays_for_in_part(s: S) -> None:
    """The seller bears only the rest."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    # The tax that the marketplace withheld comes back, so that charge and refund are alike but for the excess.
    tax = s.account.rounded(order.lines[0].principal * order.tax_rate)
    s.refund_row(order, day, "MarketplaceFacilitatorTax-Principal", tax, "ItemWithheldTax")
    s.refund_row(order, day, "Principal", -(excess := s.coins(6, 9)))
    s.refund_row(order, day, "Principal", paid := s.coins(1, 4), "Promotion")
    s.owed_money(order, day, 1, excess - paid, "excess")


@scenario(EXCESS, S, alone=True, markets=("DE",))
def an_excess_in_another_currency(s: S) -> None:
    """Sold in Poland: charged and refunded in zloty."""
    day = s.recent()
    order = s.sold(1, day, channel="Amazon.pl", currency="PLN")
    s.refund(order, day, 1)
    s.refund_row(order, day, "Principal", -(excess := s.coins(2, 5)))
    s.owed_money(order, day, 1, excess, "excess")


@scenario(EXCESS, S, alone=True)
def an_excess_that_a_promotion_pays_for(s: S) -> None:
    """What comes back as a promotion costs the seller nothing."""
    day = s.recent()
    order = s.sold(1, day)
    tax = s.account.rounded(order.lines[0].principal * order.tax_rate)
    s.refund(order, day, 1)
    s.refund_row(order, day, "MarketplaceFacilitatorTax-Principal", tax, "ItemWithheldTax")
    s.refund_row(order, day, "Principal", -(excess := s.coins(2, 5)))
    s.refund_row(order, day, "Principal", excess, "Promotion")
    s.not_owed(order, 1, "not_borne_by_seller", "a promotion paid for the difference")


@scenario(EXCESS, S, alone=True)
def a_second_refund_that_was_taken_back(s: S) -> None:
    """In the end no more was refunded than charged."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    s.refund(order, day + timedelta(days=2), 1)
    s.refund(order, day + timedelta(days=11), share=Decimal(-1))
    s.not_owed(order, 1, "refund_taken_back", "the second refund was taken back")


@scenario(EXCESS, S, alone=True)
def gift_wrap_and_shipping_that_were_charged(s: S) -> None:
    """Everything charged is refunded, gift wrap and shipping too."""
    day = s.recent()
    order = s.sold(1, day)
    s.refund(order, day, 1)
    for description in ("GiftWrap", "Shipping"):
        amount = s.coins(2, 5)
        s.charge_row(order, description, amount)
        s.refund_row(order, day, description, -amount)
    s.not_owed(order, 0, "as_charged", "no more was refunded than charged", candidate=False)


@scenario(EXCESS, S, alone=True)
def a_refund_of_tax_alone(s: S) -> None:
    """The customer is exempt: the tax goes back, the sale stands."""
    day = s.recent()
    order = s.order([(s.account.new_product(), 1)], day)
    s.refund_row(order, day, "Tax", -s.coins(1, 2))
    s.not_owed(order, 0, "as_charged", "only tax was refunded", candidate=False)


@scenario(EXCESS, S, alone=True)
def a_refund_whose_charge_no_export_shows(s: S) -> None:
    """Nobody can say what was charged."""
    day = s.recent()
    order = s.sold(1, day, listed=False)
    s.refund(order, day, 1)
    s.refund_row(order, day, "Shipping", -s.coins(2, 5))
    s.not_owed(order, 0, "charge_unknown", "the charge is older than the exports", candidate=False)


@scenario(EXCESS, S, alone=True)
def an_excess_of_a_merchant_order(s: S) -> None:
    """The seller refunded this order."""
    day = s.recent()
    order = s.sold(1, day, by_merchant=True)
    s.refund(order, day, 1)
    s.refund_row(order, day, "Principal", -s.coins(2, 5))
    s.not_owed(order, 1, "not_fba", "fulfilled by the merchant")


@scenario(COMMISSION, S, alone=True)
def no_commission_came_back(s: S) -> None:
    """Without a row for the administration fee, a fifth of the commission is allowed for it."""
    order, day, due = s.refund_without_fees(1, 1)
    s.owed_money(order, day, 1, due - s.account.rounded(due / 5), "commission")


@scenario(COMMISSION, S, alone=True)
def no_commission_came_back_for_a_part_of_the_units(s: S) -> None:
    """Three of four units were refunded."""
    order, day, due = s.refund_without_fees(4, 3)
    s.owed_money(order, day, 3, due - s.account.rounded(due / 5), "commission")


@scenario(COMMISSION, S, alone=True)
def half_of_the_commission_came_back(s: S) -> None:
    """The administration fee has a row of its own, so the whole commission was due."""
    order, day, due = s.refund_without_fees(1, 1)
    s.refund_row(order, day, "Commission", back := s.account.rounded(due / 2), "ItemFees")
    s.refund_row(order, day, "RefundCommission", -s.account.rounded(due / 5), "ItemFees")
    s.owed_money(order, day, 1, due - back, "commission")


@scenario(COMMISSION, S, alone=True)
def the_second_of_two_refunds_brought_no_commission(s: S) -> None:
    """The first one is as it should be; the fees of both count together."""
    day = s.recent()
    order = s.sold(3, day)
    later = day + timedelta(days=4)
    s.refund(order, day, 2)
    line = order.lines[0]
    s.refund_row(order, later, "Principal", -line.unit_price)
    s.refund_row(order, later, "RefundCommission", -s.account.rounded(line.commission / 3 / 5), "ItemFees")
    s.owed_money(order, later, 3, line.commission / 3, "commission")


@scenario(COMMISSION, S, alone=True)
def an_administration_fee_of_half_the_commission(s: S) -> None:
    """More than a fifth was kept."""
    order, day, due = s.refund_without_fees(1, 1)
    s.refund_row(order, day, "Commission", due, "ItemFees")
    s.refund_row(order, day, "RefundCommission", -(fee := s.account.rounded(due / 2)), "ItemFees")
    s.owed_money(order, day, 1, fee - s.account.rounded(due / 5), "commission")


@scenario(COMMISSION, S, alone=True, markets=("DE",))
def commission_missing_in_another_currency(s: S) -> None:
    """Sold in Poland: the fee is in zloty."""
    order, day, due = s.refund_without_fees(1, 1, channel="Amazon.pl", currency="PLN")
    s.owed_money(order, day, 1, due - s.account.rounded(due / 5), "commission")


@scenario(COMMISSION, S, alone=True)
def commission_that_came_back_later(s: S) -> None:
    """A row of the next week brings it."""
    order, day, due = s.refund_without_fees(1, 1)
    later = day + timedelta(days=7)
    s.refund_row(order, later, "Commission", due, "ItemFees")
    s.refund_row(order, later, "RefundCommission", -s.account.rounded(due / 5), "ItemFees")
    s.not_owed(order, 1, "given_back_later", "the commission came back a week later")


@scenario(COMMISSION, S, alone=True)
def commission_less_the_fee_in_one_row(s: S) -> None:
    """The older layout nets the administration fee."""
    order, day, due = s.refund_without_fees(1, 1)
    s.refund_row(order, day, "Commission", due - s.account.rounded(due / 5), "ItemFees")
    s.not_owed(order, 0, "given_back", "the commission came back less its fee", candidate=False)


@scenario(COMMISSION, S, alone=True)
def commission_of_a_refund_that_was_taken_back(s: S) -> None:
    """The customer paid again, so the fee stays charged."""
    order, day, _ = s.refund_without_fees(1, 1)
    principal = order.lines[0].principal
    s.refund_row(order, day + timedelta(days=8), "Principal", principal)
    s.not_owed(order, 1, "refund_taken_back", "the refund was taken back")


@scenario(COMMISSION, S, alone=True)
def commission_on_shipping_that_stays_paid(s: S) -> None:
    """Only the product was refunded: the fee on its shipping is not due."""
    day = s.recent()
    order = s.sold(1, day)
    shipping = s.coins(10, 14)
    s.charge_row(order, "Shipping", shipping)
    s.charge_row(order, "Commission", -s.account.rounded(shipping * Decimal("0.15")), "ItemFees")
    s.refund(order, day, 1)
    s.not_owed(order, 0, "given_back", "the refunded share of the commission came back", candidate=False)


@scenario(COMMISSION, S, alone=True)
def commission_of_a_merchant_order(s: S) -> None:
    """The rule is about orders that Amazon fulfilled."""
    order, _, _ = s.refund_without_fees(1, 1, by_merchant=True)
    s.not_owed(order, 1, "not_fba", "fulfilled by the merchant")
