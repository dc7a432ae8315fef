"""Scenarios of units lost in a fulfilment centre: what finds and Amazon's own figures explain."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.calendar_of_account import AS_OF, ago
from auditor.simulate.records import LedgerEvent
from auditor.simulate.registry import scenario
from auditor.simulate.story import LOST
from auditor.simulate.warehouse import EXPIRED, FRESH, STALE, WarehouseStory

S = WarehouseStory


@scenario(LOST, S)
def a_loss_that_nothing_explains(s: S) -> None:
    """Every unit is owed."""
    loss = s.lose(s.product(), n := s.units(1, 6), s.some_day())
    s.owed(loss, n)


@scenario(LOST, S)
def a_loss_found_later_in_another_building(s: S) -> None:
    """Finds count over all fulfilment centres."""
    loss = s.lose(s.product(), n := s.units(1, 5), s.some_day())
    s.find(loss.product, n, s.after(loss.day), [(loss, n)])
    s.not_owed(loss, "found_later", "all units were found in another fulfilment centre")


@scenario(LOST, S)
def a_loss_partly_found(s: S) -> None:
    """Only the units not found are owed."""
    loss = s.lose(s.product(), 5, s.some_day())
    found = s.units(1, 4)
    s.find(loss.product, found, s.after(loss.day), [(loss, found)])
    s.owed(loss, 5 - found)


@scenario(LOST, S)
def a_find_before_the_loss_does_not_settle_it(s: S) -> None:
    """What comes before a loss never explains it."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.find(loss.product, n, loss.day - timedelta(days=s.units(1, 9)), [])
    s.owed(loss, n)


@scenario(LOST, S)
def a_find_on_the_day_of_the_loss_settles_it(s: S) -> None:
    """Within one day losses come first, then finds."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.some_day())
    s.find(loss.product, n, loss.day, [(loss, n)])
    s.not_owed(loss, "found_later", "found on the same day")


@scenario(LOST, S)
def a_loss_found_by_transfer_of_ownership(s: S) -> None:
    """An `N` row that pays for nothing is a find."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.find(loss.product, n, s.after(loss.day), [(loss, n)], code="N")
    s.not_owed(loss, "found_later", "the units came back by a transfer of ownership")


@scenario(LOST, S)
def surplus_of_a_find_is_not_saved_up(s: S) -> None:
    """Five found for two lost: the other three explain no later loss."""
    first = s.lose(s.product(), 2, s.some_day())
    found = s.find(first.product, 5, s.after(first.day, 1, 8), [(first, 2)])
    second = s.lose(first.product, 3, s.after(found.day, 2, 8))
    s.not_owed(first, "found_later", "both units were found")
    s.owed(second, 3)


@scenario(LOST, S)
def two_losses_and_one_find_first_in_first_out(s: S) -> None:
    """The older loss is settled first, the rest goes to the newer one."""
    older = s.lose(s.product(), 2, s.some_day())
    newer = s.lose(older.product, 3, s.after(older.day, 1, 8))
    s.find(older.product, 3, s.after(newer.day, 1, 10), [(older, 2), (newer, 1)])
    s.not_owed(older, "found_later", "the older loss takes the first two units found")
    s.owed(newer, 2)


@scenario(LOST, S)
def amazon_counts_a_find_towards_the_newer_loss(s: S) -> None:
    """The fresh figure of the newer loss is 0, so the stale older one keeps its units."""
    older = s.lose(s.product(), 2, s.ago(*STALE))
    newer = s.lose(older.product, 2, s.ago(FRESH[0], 40))
    s.find(older.product, 2, s.after(newer.day, 2, 20), [(newer, 2)])
    found, left = (newer, older) if s.account.figures else (older, newer)
    s.not_owed(found, "found_later", "Amazon counts the find here; without its figures the oldest loss comes first")
    s.owed(left, 2)


@scenario(LOST, S)
def twin_losses_of_which_one_is_found(s: S) -> None:
    """Two identical rows are two events; one unit stays open under their common reference."""
    one, _ = _twins(s)
    s.find(one.product, 1, s.after(one.day), [(one, 1)])
    s.owed(one, 1)


@scenario(LOST, S)
def twin_losses_both_open(s: S) -> None:
    """Identical rows within one export are different events: both units are owed."""
    one, _ = _twins(s)
    s.owed(one, 2)


@scenario(LOST, S)
def a_loss_reconciled_without_a_trace(s: S) -> None:
    """Amazon's figure says found (under another SKU); the ledger does not show how."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.some_day())
    s.reconcile([(loss, n)], s.after(loss.day, 1, 12))
    s.owed_unless_figures(loss, n, 0)


@scenario(LOST, S)
def a_loss_partly_reconciled_without_a_trace(s: S) -> None:
    """Only what Amazon's figure leaves is owed."""
    loss = s.lose(s.product(), n := s.units(3, 6), s.some_day())
    s.reconcile([(loss, 2)], s.after(loss.day, 1, 12))
    s.owed_unless_figures(loss, n, n - 2)


@scenario(LOST, S, alone=True)
def a_fresh_figure_stands_against_a_find_for_an_older_loss(s: S) -> None:
    """A find belongs to a loss from before the exports; the fresh figure knows that and stands."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.ago(*FRESH))
    s.find(loss.product, n, s.after(loss.day), [])
    if s.account.figures:
        s.owed(loss, n)
    else:
        s.not_owed(loss, "found_later", "without figures the find is all there is to know")


@scenario(LOST, S)
def a_stale_figure_and_a_later_find(s: S) -> None:
    """The old export still says unreconciled; a find after its last day settles the loss."""
    loss = s.lose(s.product(), n := s.units(1, 4), s.ago(*STALE))
    s.find(loss.product, n, s.ago(28, 2), [(loss, n)])
    s.not_owed(loss, "found_later", "found after the export that holds the figure")


@scenario(LOST, S)
def two_stale_losses_and_a_later_find(s: S) -> None:
    """The oldest stale loss gives way first."""
    older = s.lose(s.product(), 2, s.ago(60, 55))
    newer = s.lose(older.product, 3, s.ago(53, 47))
    s.find(older.product, 3, s.ago(28, 2), [(older, 2), (newer, 1)])
    s.not_owed(older, "found_later", "found after the export that holds the figure")
    s.owed(newer, 2)


@scenario(LOST, S)
def a_loss_on_the_last_day_of_the_exports(s: S) -> None:
    """First claimable day; Amazon may still pay by itself."""
    loss = s.lose(s.product(), n := s.units(1, 3), AS_OF)
    s.owed(loss, n)


@scenario(LOST, S)
def a_loss_younger_than_a_week(s: S) -> None:
    """Open, although Amazon is likely to pay it by itself."""
    loss = s.lose(s.product(), n := s.units(1, 3), s.ago(6, 1))
    s.owed(loss, n)


@scenario(LOST, S)
def a_loss_on_its_last_claim_day(s: S) -> None:
    """Sixty days after the event is still inside the window."""
    loss = s.lose(s.product(), n := s.units(1, 3), ago(60))
    s.owed(loss, n)


@scenario(LOST, S)
def a_loss_one_day_past_its_window(s: S) -> None:
    """Sixty-one days after the event is lost money."""
    loss = s.lose(s.product(), n := s.units(1, 3), ago(61))
    s.owed(loss, n)


@scenario(LOST, S, alone=True)
def three_losses_with_three_fates(s: S) -> None:
    """An old loss was paid, a later one found, the last one is open."""
    product = s.product()
    old = s.lose(product, 3, s.ago(EXPIRED[0], 150))
    s.reimburse(product, s.after(old.day), [(old, 3)], cash=3)
    middle = s.lose(product, 2, s.ago(120, 90))
    s.find(product, 2, s.after(middle.day), [(middle, 2)])
    last = s.lose(product, 4, s.ago(55, 20))
    s.not_owed(old, "paid", "paid in full months ago")
    s.not_owed(middle, "found_later", "found in full")
    s.owed(last, 4)


def _twins(s: S) -> tuple[LedgerEvent, LedgerEvent]:
    one = s.lose(s.product(), 1, s.some_day())
    two = LedgerEvent(
        one.day,
        one.product,
        one.event_type,
        one.quantity,
        one.centre,
        one.country,
        reference=one.reference,
        reason=one.reason,
        explained=[],
    )
    s.account.ledger.append(two)
    return one, two
