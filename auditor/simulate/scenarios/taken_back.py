"""Scenarios of payments that Amazon took back, with reason or without."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.paying import REVERSED, PayingStory
from auditor.simulate.registry import scenario

S = PayingStory
AGE = (150, 30)


@scenario(REVERSED, S)
def a_payment_taken_back_without_a_trace(s: S) -> None:
    """Nothing was found, nothing came back."""
    _, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    s.taken(s.take_back(payment, s.after(payment.day, 3, 28)), n)


@scenario(REVERSED, S)
def a_payment_taken_back_after_a_find(s: S) -> None:
    """The units turned up: Amazon is right."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    found = s.find(loss.product, n, s.after(payment.day, 2, 12), [(loss, n)])
    reversal = s.take_back(payment, s.after(found.day, 0, 10))
    s.not_owed_on(reversal, "found_later", "the units were found")


@scenario(REVERSED, S)
def a_payment_taken_back_before_the_find_shows(s: S) -> None:
    """A find after the reversal explains it as well."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    reversal = s.take_back(payment, s.after(payment.day, 2, 9))
    s.find(loss.product, n, s.after(reversal.day, 1, 9), [(loss, n)])
    s.not_owed_on(reversal, "found_later", "the units were found a little later")


@scenario(REVERSED, S)
def five_units_taken_back_and_two_found(s: S) -> None:
    """Three were taken without reason."""
    loss, payment = s.paid_loss(s.product(), 5, age=AGE)
    found = s.find(loss.product, 2, s.after(payment.day, 2, 9), [(loss, 2)])
    s.taken(s.take_back(payment, s.after(found.day, 1, 9)), 3)


@scenario(REVERSED, S)
def a_find_that_another_loss_needs(s: S) -> None:
    """What settles an open loss explains no reversal."""
    product = s.product()
    _, payment = s.paid_loss(product, 2, age=(100, 90))
    other = s.lose(product, 2, payment.day + timedelta(days=5))
    s.find(product, 2, s.after(other.day, 1, 9), [(other, 2)])
    s.taken(s.take_back(payment, s.after(other.day, 12, 20)), 2)


@scenario(REVERSED, S)
def two_reversals_and_one_find(s: S) -> None:
    """Each unit found explains one unit, the older loss first."""
    product = s.product()
    first_loss, first = s.paid_loss(product, 2, age=(120, 110))
    _, second = s.paid_loss(product, 2, age=(90, 80))
    found = s.find(product, 2, s.after(second.day, 2, 9), [(first_loss, 2)])
    s.not_owed_on(s.take_back(first, s.after(found.day, 1, 5)), "found_later", "the find explains the older one")
    s.taken(s.take_back(second, s.after(found.day, 6, 15)), 2)


@scenario(REVERSED, S)
def money_swapped_for_inventory(s: S) -> None:
    """The units were given back instead."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    reversal = s.take_back(payment, s.after(payment.day, 3, 20), inventory=n)
    s.adjust(loss.product, reversal.day + timedelta(days=s.units(0, 6)), n, "N")
    s.not_owed_on(reversal, "swapped_for_inventory", "units for money")


@scenario(REVERSED, S)
def a_loss_that_was_found_before_it_was_paid(s: S) -> None:
    """The payment was one too many, and was rightly taken back."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.ago(150, 60))
    found = s.find(loss.product, n, s.after(loss.day, 1, 5), [(loss, n)])
    payment = s.reimburse(loss.product, s.after(found.day, 1, 5), [], cash=n, reason="Lost_Warehouse")
    reversal = s.take_back(payment, s.after(payment.day, 3, 20))
    s.not_owed_on(reversal, "paid_in_error", "the loss was settled before")


@scenario(REVERSED, S)
def a_payment_for_an_order_taken_back_after_the_return(s: S) -> None:
    """The customer sent the unit back after all."""
    seller = s.seller(s.product())
    order, day = seller.refunded(1, s.ago(60, 45))
    payment = seller.compensate(order, s.after(day, 20, 25), 1)
    seller.give_back(order, day, s.after(payment.day, 2, 6))
    reversal = s.take_back(payment, s.after(payment.day, 7, 12))
    s.not_owed_on(reversal, "returned", "the unit came back")


@scenario(REVERSED, S)
def a_payment_for_an_order_taken_back_without_a_return(s: S) -> None:
    """Nothing came back for that order."""
    seller = s.seller(s.product())
    order, day = seller.refunded(1, s.ago(52, 45))
    payment = seller.compensate(order, s.after(day, 20, 25), 1)
    s.taken(s.take_back(payment, s.after(payment.day, 7, 12)), 1)


@scenario(REVERSED, S)
def a_damage_taken_back_after_its_correction(s: S) -> None:
    """Inspected, and put back into stock."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.ago(150, 60))
    payment = s.reimburse(damage.product, s.after(damage.day, 1, 5), [(damage, n)], cash=n, reason="Damaged_Warehouse")
    s.correct(damage, n, s.after(payment.day, 2, 12))
    reversal = s.take_back(payment, s.after(payment.day, 13, 20))
    s.not_owed_on(reversal, "found_later", "the units went back to sellable stock")
