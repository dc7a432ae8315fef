"""Scenarios of units that turn up after they were paid for."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.paying import EXPOSED, PayingStory
from auditor.simulate.registry import scenario

S = PayingStory
AGE = (150, 30)


@scenario(EXPOSED, S)
def a_loss_paid_and_then_found(s: S) -> None:
    """The money may be taken back."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    s.exposed(payment, s.find(loss.product, n, s.after(payment.day, 2, 20), [(loss, n)]), n)


@scenario(EXPOSED, S)
def a_loss_paid_and_then_found_in_part(s: S) -> None:
    """Only what was found is at risk."""
    loss, payment = s.paid_loss(s.product(), 5, age=AGE)
    s.exposed(payment, s.find(loss.product, 2, s.after(payment.day, 2, 20), [(loss, 2)]), 2)


@scenario(EXPOSED, S)
def a_loss_paid_and_then_found_in_two_parts(s: S) -> None:
    """The first find dates the risk."""
    loss, payment = s.paid_loss(s.product(), 5, age=(150, 60))
    first = s.find(loss.product, 2, s.after(payment.day, 2, 9), [(loss, 2)])
    s.find(loss.product, 1, s.after(first.day, 2, 9), [(loss, 1)])
    s.exposed(payment, first, 3)


@scenario(EXPOSED, S)
def a_find_after_two_payments(s: S) -> None:
    """The older payment comes first."""
    product = s.product()
    loss, older = s.paid_loss(product, 2, age=(120, 110))
    _, newer = s.paid_loss(product, 3, age=(90, 80))
    s.exposed(older, s.find(product, 2, s.after(newer.day, 2, 9), [(loss, 2)]), 2)
    s.not_owed_on(newer, "not_found", "nothing is left of the find", candidate=False)


@scenario(EXPOSED, S)
def a_find_that_was_already_taken_back(s: S) -> None:
    """The money is gone: nothing is at risk any more."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 5), age=AGE)
    found = s.find(loss.product, n, s.after(payment.day, 2, 12), [(loss, n)])
    s.take_back(payment, s.after(found.day, 1, 9))
    s.not_owed_on(payment, "reversed", "already taken back", candidate=False)


@scenario(EXPOSED, S)
def a_find_that_settles_another_loss(s: S) -> None:
    """It belongs to the loss that is still open."""
    product = s.product()
    _, payment = s.paid_loss(product, 2, age=(100, 90))
    other = s.lose(product, 2, payment.day + timedelta(days=5))
    s.find(product, 2, s.after(other.day, 1, 9), [(other, 2)])
    s.not_owed_on(payment, "not_found", "the find settles the other loss", candidate=False)


@scenario(EXPOSED, S)
def a_loss_paid_in_inventory_and_then_found(s: S) -> None:
    """No money was paid."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.ago(150, 70))
    payment = s.reimburse(loss.product, s.after(loss.day, 1, 5), [(loss, n)], inventory=n, reason="Lost_Warehouse")
    s.find(loss.product, n, s.after(payment.day, 20, 30), [(loss, n)])
    s.not_owed_on(payment, "paid_in_inventory", "no money was paid", candidate=False)


@scenario(EXPOSED, S)
def a_found_unit_that_becomes_amazons_own(s: S) -> None:
    """A correction of ownership after the find: Amazon has the unit, and the money stays."""
    loss, payment = s.paid_loss(s.product(), n := s.units(1, 4), age=(150, 60))
    found = s.find(loss.product, n, s.after(payment.day, 2, 9), [(loss, n)])
    s.adjust(loss.product, s.after(found.day, 1, 5), -n, "O")
    s.not_owed_on(payment, "handed_over", "the unit became Amazon's", candidate=False)
