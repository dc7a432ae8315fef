"""Scenarios of labels that were paid for and not used, or only seemed unused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from auditor.simulate.records import Shipment
from auditor.simulate.registry import scenario
from auditor.simulate.removing import LabelStory

S = LabelStory
LABEL = "unused_label"


def _labelled(s: S, status: str, arrived: date | None = None) -> tuple[Shipment, Decimal]:
    shipment = s.ship([], arrived or s.ago(150, 60), status)
    s.charge(shipment.shipment_id, shipment.created, -(amount := s.account.money_of(20, 90)))
    return shipment, amount


@scenario(LABEL, S)
def a_label_of_a_cancelled_shipment(s: S) -> None:
    """Nothing was sent."""
    shipment, amount = _labelled(s, s.rng.choice(("CANCELLED", "DELETED")))
    s.label_owed(shipment.shipment_id, shipment.created, amount)


@scenario(LABEL, S)
def a_label_of_a_shipment_closed_with_nothing_received(s: S) -> None:
    """Closed, and no contents were ever listed."""
    shipment, amount = _labelled(s, "CLOSED")
    s.label_owed(shipment.shipment_id, shipment.created, amount)


@scenario(LABEL, S)
def a_label_given_back_in_part(s: S) -> None:
    """The rest is owed."""
    shipment, amount = _labelled(s, "CANCELLED")
    back = s.account.rounded(amount / 4)
    s.charge(shipment.shipment_id, s.after(shipment.created, 5, 20), back)
    s.label_owed(shipment.shipment_id, shipment.created, amount - back)


@scenario(LABEL, S)
def a_label_given_back_in_full(s: S) -> None:
    """Nothing is left to claim."""
    shipment, amount = _labelled(s, "CANCELLED")
    s.charge(shipment.shipment_id, s.after(shipment.created, 5, 20), amount)
    s.label_not_owed(shipment.shipment_id, "given_back", "the charge was given back")


@scenario(LABEL, S)
def a_label_given_back_without_its_shipment(s: S) -> None:
    """The credit names no shipment; its amount does."""
    shipment, amount = _labelled(s, "DELETED")
    s.charge("", s.after(shipment.created, 5, 20), amount)
    s.label_not_owed(shipment.shipment_id, "given_back", "the charge was given back")


@scenario(LABEL, S)
def a_label_that_was_used(s: S) -> None:
    """Units arrived with it."""
    product, day = s.product(), s.ago(150, 60)
    shipment, _ = _labelled(s, "CLOSED", day)
    s.receive(shipment, product, 6, day)
    s.label_not_owed(shipment.shipment_id, "received", "units arrived with it")


@scenario(LABEL, S)
def a_label_of_a_shipment_on_its_way(s: S) -> None:
    """It may still be used."""
    shipment, _ = _labelled(s, s.rng.choice(("IN_TRANSIT", "WORKING")))
    s.label_not_owed(shipment.shipment_id, "shipment_not_closed", "still on its way")
