"""Scenarios of parcels: more than was ordered, and orders of other channels that nothing traces."""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.parcels import BEYOND, LETTER, MULTI_CHANNEL_LOST, ParcelStory
from auditor.simulate.records import Order
from auditor.simulate.registry import scenario
from auditor.simulate.returning import ReturningStory

S = ParcelStory


@scenario(BEYOND, S, alone=True)
def a_unit_shipped_twice(s: S) -> None:
    """The plain case: ordered once, sent twice."""
    day = s.ago(70, 20)
    order = s.sold(1, day)
    s.send(order, 1, day)
    s.send(order, 1, second := day + timedelta(days=3))
    _beyond(s, order, second, 1)


@scenario(BEYOND, S, alone=True)
def more_units_in_the_parcel_than_ordered(s: S) -> None:
    """One parcel with too many units."""
    day = s.ago(70, 20)
    order = s.sold(2, day)
    s.send(order, 2 + (more := s.units(1, 3)), day)
    _beyond(s, order, day, more)


@scenario(BEYOND, S, alone=True)
def two_too_many_and_one_of_them_a_replacement(s: S) -> None:
    """The replacement is free of charge, and explained; the unit that it replaced never came back."""
    day = s.ago(70, 20)
    order = s.sold(1, day)
    s.send(order, 1, day)
    s.send(order, 2, second := day + timedelta(days=6))
    replacement = s.replace(order, 1, second)
    ReturningStory(s.account, s.scenario, s.family, group=s.group).replacement_owed(order, second, 1, replacement)
    _beyond(s, order, second, 1)


@scenario(BEYOND, S, alone=True)
def a_surplus_of_which_a_part_was_paid(s: S) -> None:
    """Amazon paid for one of the units under that order."""
    day = s.ago(70, 20)
    order = s.sold(1, day)
    s.send(order, 3, day)
    s.compensate(order, s.after(day, 5, 15), 1, reason="CustomerServiceIssue")
    _beyond(s, order, day, 1)


@scenario(BEYOND, S, alone=True)
def a_parcel_whose_line_is_doubled(s: S) -> None:
    """The report repeats a line; it is one parcel."""
    day = s.ago(70, 20)
    order = s.sold(2, day)
    s.send(order, 2, day, lines=2)
    s.not_owed(order, 0, "as_ordered", "one line stands twice in the report", candidate=False)


@scenario(BEYOND, S, alone=True)
def an_order_in_two_parcels(s: S) -> None:
    """Together they hold what was ordered."""
    day = s.ago(70, 20)
    order = s.sold(3, day)
    s.send(order, 2, day)
    s.send(order, 1, day + timedelta(days=1))
    s.not_owed(order, 0, "as_ordered", "two parcels hold what was ordered", candidate=False)


@scenario(BEYOND, S, alone=True)
def a_replacement_under_the_customer_s_order(s: S) -> None:
    """A second parcel, because the first one arrived damaged."""
    day = s.ago(70, 20)
    order = s.sold(1, day)
    s.send(order, 1, day)
    s.send(order, 1, second := day + timedelta(days=5))
    s.replace(order, 1, second)
    # The damaged unit comes back, so nobody misses it.
    s.give_back(order, second, s.after(second, 3, 9))
    s.not_owed(order, 1, "replaced", "the second unit is a free replacement")


@scenario(BEYOND, S, alone=True)
def a_surplus_that_came_back(s: S) -> None:
    """The customer sent the second unit back, and nothing was refunded."""
    day = s.ago(70, 30)
    order = s.sold(1, day)
    s.send(order, 2, day)
    s.give_back(order, day, s.after(day, 5, 15))
    s.not_owed(order, 1, "returned", "the unit came back")


@scenario(BEYOND, S, alone=True)
def a_surplus_that_was_paid(s: S) -> None:
    """Amazon paid for that order."""
    day = s.ago(70, 30)
    order = s.sold(1, day)
    s.send(order, 2, day)
    s.compensate(order, s.after(day, 5, 15), 1, reason="CustomerServiceIssue")
    s.not_owed(order, 1, "paid", "paid for that order")


def _beyond(s: S, order: Order, day: date, units: int) -> None:
    product = order.lines[0].product
    s.claim(product, order.order_id, day, units, None, s.by_cost(product), s.account.market.country, "review")


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_without_a_tracking_number(s: S) -> None:
    """The plain case: its carrier gives tracking numbers, this parcel has none."""
    promised = s.ago(80, 10)
    product, order_id = s.send_elsewhere(promised, n := s.units(1, 3), tracked=False)
    s.owed_elsewhere(product, order_id, promised, n)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_six_days_late(s: S) -> None:
    """Not yet seven days: the claim waits."""
    product, order_id = s.send_elsewhere(promised := ago(6), tracked=False)
    s.owed_elsewhere(product, order_id, promised, 1)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_on_its_last_claim_day(s: S) -> None:
    """Ninety days after the promised day."""
    product, order_id = s.send_elsewhere(promised := ago(90), tracked=False)
    s.owed_elsewhere(product, order_id, promised, 1)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_past_its_window(s: S) -> None:
    """A day too late: lost money."""
    product, order_id = s.send_elsewhere(promised := ago(91), tracked=False)
    s.owed_elsewhere(product, order_id, promised, 1)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_order_paid_in_part(s: S) -> None:
    """Two of three units were paid for."""
    promised = s.ago(70, 25)
    product, order_id = s.send_elsewhere(promised, 3, tracked=False)
    s.pay(product, s.after(promised, 8, 20), "MultiChannel_Lost", 2).order_id = order_id
    s.owed_elsewhere(product, order_id, promised, 1)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_order_that_was_paid(s: S) -> None:
    """Amazon paid for it."""
    promised = s.ago(70, 25)
    product, order_id = s.send_elsewhere(promised, tracked=False)
    s.pay(product, s.after(promised, 8, 20), "MultiChannel_Lost", 1).order_id = order_id
    s.no_claim(product, order_id, 1, "paid", "paid for that order")


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_with_a_tracking_number(s: S) -> None:
    """No export shows deliveries: an ordinary parcel is no candidate."""
    product, order_id = s.send_elsewhere(s.ago(80, 10))
    s.no_claim(product, order_id, 0, "tracked", "the parcel can be traced", candidate=False)


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_letter(s: S) -> None:
    """A service that never gives tracking numbers proves nothing."""
    product, order_id = s.send_elsewhere(s.ago(80, 10), tracked=False, carrier=LETTER)
    s.no_claim(product, order_id, 1, "untracked_service", "letters have no tracking number")


@scenario(MULTI_CHANNEL_LOST, S, alone=True)
def a_multi_channel_parcel_that_is_not_due_yet(s: S) -> None:
    """Promised for the account's last day."""
    product, order_id = s.send_elsewhere(ago(0), tracked=False)
    s.no_claim(product, order_id, 0, "not_due", "the promised day is not over", candidate=False)
