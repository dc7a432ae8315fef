"""Scenarios of ledger rows that look like losses and are none, and of stock in several countries."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.records import LedgerEvent
from auditor.simulate.registry import scenario
from auditor.simulate.story import LOST
from auditor.simulate.warehouse import FRESH, WarehouseStory

S = WarehouseStory


@scenario(LOST, S, alone=True)
def a_change_of_disposition_is_no_loss(s: S) -> None:
    """A `Q` and `P` pair moves units."""
    out = s.move(s.product(), s.units(1, 4), s.some_day(), "SELLABLE", s.rng.choice(("DEFECTIVE", "CUSTOMER_DAMAGED")))
    s.no_loss(out, "a Q row with its P row moves units between dispositions")


@scenario(LOST, S, alone=True)
def a_product_redefinition_is_no_loss(s: S) -> None:
    """A `4` with its `3` moves units between SKUs."""
    out = s.adjust(s.product(), s.some_day(), -3, "4")
    s.adjust(s.account.new_product(), out.day + timedelta(days=s.units(0, 3)), 3, "3", centre=out.centre)
    s.no_loss(out, "a product redefinition moves units between SKUs")


@scenario(LOST, S, alone=True)
def a_correction_of_ownership_is_no_loss(s: S) -> None:
    """The unit was paid for, was found, and then became Amazon's."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day())
    paid = s.reimburse(loss.product, s.after(loss.day, 1, 10), [(loss, n)], cash=n)
    found = s.find(loss.product, n, s.after(paid.day, 1, 10), [])
    out = s.adjust(loss.product, found.day, -n, "O")
    s.not_owed(loss, "paid", "paid; the units found later became Amazon's")
    s.no_loss(out, "a correction of ownership after a payment")


@scenario(LOST, S, alone=True)
def a_disposal_is_no_loss(s: S) -> None:
    """Unsellable units disposed of or donated."""
    out = s.adjust(s.product(), s.some_day(), -2, s.rng.choice("DG"), "CUSTOMER_DAMAGED")
    s.no_loss(out, "unsellable units were disposed of")


@scenario(LOST, S, alone=True)
def an_unknown_reason_code_is_no_loss(s: S) -> None:
    """A code that no page explains is kept and named, never claimed."""
    out = s.adjust(s.product(), s.some_day(), -2, "X")
    s.no_loss(out, "no page says what this code means")


@scenario(LOST, S, alone=True)
def an_old_software_correction_is_no_loss(s: S) -> None:
    """`2` with its `1` is a correction of the books."""
    out = s.adjust(s.product(), s.some_day(), -4, "2")
    s.adjust(out.product, out.day, 4, "1", centre=out.centre)
    s.no_loss(out, "a software correction")


@scenario(LOST, S, alone=True)
def a_removal_and_a_transfer_are_no_losses(s: S) -> None:
    """Units that leave for the seller or another building."""
    product, day = s.product(), s.some_day()
    country = s.account.market.country
    removal = LedgerEvent(day, product, "VendorReturns", -5, s.account.centre(), country, "DEFECTIVE")
    away = LedgerEvent(day, product, "WhseTransfers", -6, s.account.centre(), country)
    there = LedgerEvent(s.after(day, 1, 5), product, "WhseTransfers", 6, s.account.centre(), country)
    s.account.ledger.extend((removal, away, there))
    s.no_loss(removal, "a removal order")


@scenario(LOST, S, alone=True, markets=("DE",))
def a_find_in_another_country_settles_a_loss(s: S) -> None:
    """A find without a loss of its own country settles the others."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day(), country="DE")
    s.find(loss.product, n, s.after(loss.day), [(loss, n)], country="PL")
    s.not_owed(loss, "found_later", "found in another country")


@scenario(LOST, S, alone=True, markets=("DE",))
def a_find_settles_its_own_country_first(s: S) -> None:
    """The older Polish loss stays open, the German one is settled by the German find."""
    polish = s.lose(s.product(), 2, s.ago(FRESH[0], 38), country="PL")
    german = s.lose(polish.product, 3, s.after(polish.day, 1, 6), country="DE")
    s.find(polish.product, 3, s.after(german.day, 1, 20), [(german, 3)], country="DE")
    s.owed(polish, 2)
    s.not_owed(german, "found_later", "found in its own country")


@scenario(LOST, S, alone=True, markets=("DE",))
def a_loss_in_another_country_of_the_account(s: S) -> None:
    """The ledger of a European account holds all its countries."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day(), country=s.rng.choice(("PL", "FR", "IT")))
    s.owed(loss, n)


@scenario(LOST, S, alone=True, markets=("DE",))
def a_loss_where_no_window_is_documented_needs_review(s: S) -> None:
    """Stock in Czechia: no page names a window for it, so a person has to look."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day(), country="CZ", centre="PRG2")
    s.owed(loss, n)
