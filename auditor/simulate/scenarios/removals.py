"""Scenarios of removals that never arrived, arrived short or damaged, or only seemed so."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.registry import scenario
from auditor.simulate.removing import RemovalStory

S = RemovalStory
LOST = "removal_lost"
SHORT = "removal_short"


@scenario(LOST, S)
def a_removal_that_never_arrived(s: S) -> None:
    """The record is kept, and does not show it."""
    parcel = s.send(s.product(), n := s.units(1, 6), day := s.ago(74, 16))
    s.owed_for(parcel, n, day, s.lost_window)


@scenario(LOST, S)
def a_removal_on_its_first_claim_day(s: S) -> None:
    """Fifteen days after the shipment."""
    parcel = s.send(s.product(), 3, ago(15))
    s.owed_for(parcel, 3, ago(15), s.lost_window)


@scenario(LOST, S)
def a_removal_that_may_still_arrive(s: S) -> None:
    """The wait is not over, and nobody knows yet."""
    parcel = s.send(s.product(), 3, day := s.ago(14, 3))
    s.owed_for(parcel, 3, day, s.lost_window, "review")


@scenario(LOST, S)
def a_removal_on_its_last_claim_day(s: S) -> None:
    """The last day is included."""
    parcel = s.send(s.product(), 2, ago(75))
    s.owed_for(parcel, 2, ago(75), s.lost_window)


@scenario(LOST, S)
def a_removal_beyond_its_window(s: S) -> None:
    """Lost money."""
    parcel = s.send(s.product(), 2, day := s.ago(140, 76))
    s.owed_for(parcel, 2, day, s.lost_window)


@scenario(LOST, S)
def a_lost_removal_paid_in_part(s: S) -> None:
    """The rest is owed."""
    parcel = s.send(product := s.product(), 7, day := s.ago(70, 40))
    s.pay(product, s.after(day, 16, 30), "Removal_Order_Lost", cash=3)
    s.owed_for(parcel, 4, day, s.lost_window)


@scenario(LOST, S)
def a_lost_removal_paid_in_full(s: S) -> None:
    """Nothing is left to claim."""
    parcel = s.send(product := s.product(), 5, day := s.ago(70, 40))
    s.pay(product, s.after(day, 16, 30), "Removal_Order_Lost", cash=5)
    s.not_owed_for(parcel, 5, "paid", "paid as a lost removal")


@scenario(LOST, S)
def a_removal_recorded_without_its_tracking_number(s: S) -> None:
    """Order and product are enough."""
    parcel = s.send(s.product(), 5, day := s.ago(70, 40))
    s.arrive(parcel, 5, s.after(day, 4, 12), tracked=False)
    s.not_owed_for(parcel, 5, "received", "it arrived")


@scenario(LOST, S)
def units_that_were_liquidated(s: S) -> None:
    """They were never on their way to the seller."""
    parcel = s.send(s.product(), 5, s.ago(70, 20), kind="Liquidations")
    s.not_owed_for(parcel, 5, "not_a_return", "liquidated")


@scenario(SHORT, S)
def a_removal_that_arrived_short(s: S) -> None:
    """Fewer units in the box than shipped."""
    parcel = s.send(s.product(), 12, day := s.ago(75, 40))
    s.arrive(parcel, 9, came := s.after(day, 4, 12))
    s.owed_for(parcel, 3, came, s.other_window)


@scenario(SHORT, S)
def a_removal_that_arrived_damaged(s: S) -> None:
    """Sellable when it left."""
    parcel = s.send(s.product(), 8, day := s.ago(75, 20))
    s.arrive(parcel, 6, came := s.after(day, 4, 12))
    s.arrive(parcel, 2, came, s.rng.choice(("damaged", "Damaged in transit", "BROKEN")))
    s.owed_for(parcel, 2, came, s.other_window)


@scenario(SHORT, S)
def a_removal_that_was_unsellable_when_it_left(s: S) -> None:
    """Damage proves nothing."""
    parcel = s.send(s.product(), 8, day := s.ago(75, 20), disposition="Unsellable")
    s.arrive(parcel, 8, s.after(day, 4, 12), "damaged")
    s.not_owed_for(parcel, 8, "unsellable_when_shipped", "unsellable when it left")


@scenario(SHORT, S)
def a_removal_whose_damage_was_paid(s: S) -> None:
    """Nothing is left to claim."""
    parcel = s.send(product := s.product(), 4, day := s.ago(75, 40))
    s.arrive(parcel, 4, came := s.after(day, 4, 12), "damaged")
    s.pay(product, s.after(came, 5, 20), "Removal_Order_Damaged", cash=4)
    s.not_owed_for(parcel, 4, "paid", "paid as damaged")


@scenario(SHORT, S)
def a_completed_order_that_shipped_too_few(s: S) -> None:
    """Only the order shows it, so a person looks."""
    product, day = s.product(), s.ago(70, 40)
    order_id = s.request(product, 10, day - timedelta(days=9), day, sent=6, cancelled=1)
    parcel = s.send(product, 6, day, order_id=order_id)
    s.arrive(parcel, 6, came := s.after(day, 4, 12))
    s.owed_for(parcel, 3, came, s.other_window, "review")


@scenario(SHORT, S)
def an_order_with_units_still_in_process(s: S) -> None:
    """They are on their way out."""
    product, day = s.product(), s.ago(70, 40)
    order_id = s.request(product, 10, day - timedelta(days=9), day, sent=6, in_process=4, status="In Process")
    parcel = s.send(product, 6, day, order_id=order_id)
    s.arrive(parcel, 6, s.after(day, 4, 12))
    s.not_owed_for(parcel, 4, "in_process", "still in process", candidate=False)


@scenario(SHORT, S)
def a_removal_that_arrived_in_full_over_two_days(s: S) -> None:
    """Two rows of the record, one parcel."""
    parcel = s.send(s.product(), 9, day := s.ago(75, 30))
    s.arrive(parcel, 5, came := s.after(day, 4, 12))
    s.arrive(parcel, 4, s.after(came, 1, 3))
    s.not_owed_for(parcel, 0, "received", "all arrived", candidate=False)
