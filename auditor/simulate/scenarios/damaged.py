"""Scenarios of units damaged in a fulfilment centre."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.calendar_of_account import AS_OF, ago
from auditor.simulate.paying import REVERSED, PayingStory
from auditor.simulate.records import LedgerEvent
from auditor.simulate.registry import scenario
from auditor.simulate.scenarios.lost_and_paid import OrderedStory
from auditor.simulate.story import DAMAGED
from auditor.simulate.warehouse import STALE, WarehouseStory

S = WarehouseStory


@scenario(DAMAGED, S)
def a_damage_that_nobody_paid(s: S) -> None:
    """The `P` row beside it is the same units arriving as damaged stock."""
    damage = s.damage(s.product(), n := s.units(1, 5), s.some_day())
    s.owed(damage, n)


@scenario(DAMAGED, S)
def a_damage_without_its_arrival_row(s: S) -> None:
    """The `P` row is documented, yet files without it exist."""
    damage = s.damage(s.product(), n := s.units(1, 5), s.some_day(), arrival=False)
    s.owed(damage, n)


@scenario(DAMAGED, S)
def a_damage_corrected_by_inspection(s: S) -> None:
    """The units went back to sellable stock."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.some_day())
    s.correct(damage, n, s.after(damage.day))
    s.not_owed(damage, "corrected", "inspected and returned to sellable stock")


@scenario(DAMAGED, S)
def a_damage_corrected_in_another_building(s: S) -> None:
    """Corrections count over all fulfilment centres, like finds."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day())
    day = s.after(damage.day)
    s.move(damage.product, n, day, "WAREHOUSE_DAMAGED", "SELLABLE", s.account.centre(other_than=damage.centre))
    s.reconcile([(damage, n)], day)
    s.not_owed(damage, "corrected", "returned to sellable stock in another fulfilment centre")


@scenario(DAMAGED, S)
def a_damage_corrected_on_the_thirtieth_day(s: S) -> None:
    """Thirty days are still within thirty days."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.ago(58, 33))
    s.correct(damage, n, damage.day + timedelta(days=30))
    s.not_owed(damage, "corrected", "returned to sellable stock on day 30")


@scenario(DAMAGED, S, alone=True)
def units_sellable_again_after_a_month_are_no_correction(s: S) -> None:
    """A `Q` and `P` pair on day 31 belongs to something else."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.ago(58, 33))
    s.move(damage.product, n, damage.day + timedelta(days=31), "WAREHOUSE_DAMAGED", "SELLABLE", damage.centre)
    s.owed(damage, n)


@scenario(DAMAGED, S, alone=True)
def a_correction_before_the_damage_does_not_settle_it(s: S) -> None:
    """It corrected an older damage."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.some_day())
    s.move(damage.product, n, damage.day - timedelta(days=3), "WAREHOUSE_DAMAGED", "SELLABLE", damage.centre)
    s.owed(damage, n)


@scenario(DAMAGED, S, alone=True)
def a_regraded_return_does_not_correct_a_damage(s: S) -> None:
    """Units that leave CUSTOMER_DAMAGED for sellable stock are not the damaged ones."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day())
    s.move(damage.product, n, s.after(damage.day), "CUSTOMER_DAMAGED", "SELLABLE", damage.centre)
    s.owed(damage, n)


@scenario(DAMAGED, S)
def a_damage_partly_corrected(s: S) -> None:
    """Only the units still damaged are owed."""
    damage = s.damage(s.product(), 5, s.some_day())
    s.correct(damage, 2, s.after(damage.day))
    s.owed(damage, 3)


@scenario(DAMAGED, S)
def a_damage_partly_corrected_and_partly_paid(s: S) -> None:
    """Each unit is explained once."""
    damage = s.damage(s.product(), 6, s.some_day())
    s.correct(damage, 2, s.after(damage.day, 1, 10))
    s.reimburse(damage.product, s.after(damage.day, 11, 24), [(damage, 3)], cash=3)
    s.owed(damage, 1)


@scenario(DAMAGED, S)
def a_damage_paid_in_full(s: S) -> None:
    """Nothing is left to claim."""
    damage = s.damage(s.product(), n := s.units(1, 5), s.some_day())
    s.reimburse(damage.product, s.after(damage.day), [(damage, n)], cash=n)
    s.not_owed(damage, "paid", "paid in cash")


@scenario(DAMAGED, S)
def a_damage_paid_in_part(s: S) -> None:
    """The rest is owed."""
    damage = s.damage(s.product(), 4, s.some_day())
    s.reimburse(damage.product, s.after(damage.day), [(damage, 3)], cash=3)
    s.owed(damage, 1)


@scenario(DAMAGED, S)
def a_damage_with_a_stale_figure_paid_later(s: S) -> None:
    """The payment came after the export that holds the figure."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.ago(*STALE))
    s.reimburse(damage.product, s.ago(28, 2), [(damage, n)], cash=n)
    s.not_owed(damage, "paid", "paid after the export that holds the figure")


@scenario(DAMAGED, S)
def a_damage_reconciled_without_a_trace(s: S) -> None:
    """Amazon's figure leaves nothing; the ledger does not show why."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.some_day())
    s.reconcile([(damage, n)], s.after(damage.day, 1, 12))
    s.owed_unless_figures(damage, n, 0)


@scenario(DAMAGED, S, alone=True)
def a_payment_for_a_loss_does_not_settle_a_damage(s: S) -> None:
    """Losses and damages are settled apart."""
    damage = s.damage(s.product(), n := s.units(1, 4), s.some_day())
    s.reimburse(damage.product, s.after(damage.day), [], cash=n, reason="Lost_Warehouse")
    s.owed(damage, n)


@scenario(DAMAGED, OrderedStory)
def a_payment_for_an_order_does_not_settle_a_damage(s: OrderedStory) -> None:
    """Same product, same days, but keyed to an order."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day())
    s.decoy(damage, n, "CustomerReturn")
    s.owed(damage, n)


@scenario(DAMAGED, S, alone=True)
def a_find_does_not_settle_a_damage(s: S) -> None:
    """A found unit is not a repaired one."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day())
    s.find(damage.product, n, s.after(damage.day), [])
    s.owed(damage, n)


@scenario(DAMAGED, S)
def damage_of_stock_that_was_unsellable_needs_review(s: S) -> None:
    """Paid at a reduced rate that nobody documents."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day(), s.rng.choice("67HKU"))
    s.owed(damage, n, confidence="review")


@scenario(DAMAGED, S)
def damage_of_unsellable_stock_that_was_paid(s: S) -> None:
    """Paid all the same."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day(), s.rng.choice("67HKU"))
    s.reimburse(damage.product, s.after(damage.day), [(damage, n)], cash=n)
    s.not_owed(damage, "paid", "paid in cash")


@scenario(DAMAGED, S, alone=True)
def a_damage_paid_in_inventory_is_no_find_for_a_loss(s: S) -> None:
    """The `N` row is the damage's payment; the loss beside it stays open."""
    damage = s.damage(s.product(), 3, s.some_day())
    loss = s.lose(damage.product, 3, s.after(damage.day, 1, 4))
    paid = s.reimburse(damage.product, s.after(loss.day, 1, 8), [(damage, 3)], inventory=3)
    s.adjust(damage.product, paid.day + timedelta(days=s.units(0, 8)), 3, "N")
    s.not_owed(damage, "paid_in_inventory", "paid in inventory")
    s.family = "warehouse_lost"
    s.owed(loss, 3)


@scenario(DAMAGED, S)
def a_damage_on_its_last_claim_day(s: S) -> None:
    """Sixty days after the event is still inside the window."""
    damage = s.damage(s.product(), n := s.units(1, 3), ago(60))
    s.owed(damage, n)


@scenario(DAMAGED, S)
def a_damage_one_day_past_its_window(s: S) -> None:
    """Sixty-one days after the event is lost money."""
    damage = s.damage(s.product(), n := s.units(1, 3), ago(61))
    s.owed(damage, n)


@scenario(DAMAGED, S)
def a_damage_on_the_last_day_of_the_exports(s: S) -> None:
    """First claimable day."""
    damage = s.damage(s.product(), n := s.units(1, 3), AS_OF)
    s.owed(damage, n)


@scenario(DAMAGED, S)
def two_damages_and_one_payment_first_in_first_out(s: S) -> None:
    """The older damage is settled first."""
    older = s.damage(s.product(), 2, s.some_day())
    newer = s.damage(older.product, 3, s.after(older.day, 1, 8))
    s.reimburse(older.product, s.after(newer.day, 1, 12), [(older, 2), (newer, 1)], cash=3)
    s.not_owed(older, "paid", "the older damage takes the first two units")
    s.owed(newer, 2)


@scenario(DAMAGED, S)
def twin_damages_of_which_one_is_paid(s: S) -> None:
    """Two identical rows are two events."""
    one = s.damage(s.product(), 1, s.some_day(), arrival=False)
    two = LedgerEvent(one.day, one.product, "Adjustments", -1, one.centre, one.country)
    two.reference, two.reason, two.explained = one.reference, one.reason, []
    s.account.ledger.append(two)
    s.reimburse(one.product, s.after(one.day), [(one, 1)], cash=1)
    s.owed(one, 1)


@scenario(DAMAGED, S)
def a_wave_of_damages_is_one_case_each(s: S) -> None:
    """Several rows of one day and building keep their own references."""
    product, day = s.product(), s.some_day()
    for units in (1, 2, 1):
        s.owed(s.damage(product, units, day), units)


@scenario(DAMAGED, S, alone=True)
def a_reversed_payment_does_not_reopen_the_damage(s: S) -> None:
    """A clawback is another matter than the damage."""
    damage = s.damage(s.product(), n := s.units(1, 3), s.some_day())
    paid = s.reimburse(damage.product, s.after(damage.day, 1, 12), [(damage, n)], cash=n)
    reversal = s.take_back(paid, s.after(paid.day, 1, 12))
    PayingStory(s.account, s.scenario, REVERSED, group=s.group).taken(reversal, n)
    s.not_owed(damage, "paid", "paid; the later reversal does not reopen it")
