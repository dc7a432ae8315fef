"""Scenarios of units that were moved to another SKU and arrived there, or did not.

A transfer in of the same quantity explains a transfer out on any product, so each story has quantities of its own.
"""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import LedgerEvent, Product
from auditor.simulate.registry import scenario
from auditor.simulate.warehouse import WarehouseStory

REDEFINED = "redefinition_unpaired"


class RedefinitionStory(WarehouseStory):
    """Both sides of a product redefinition."""

    def leave(self, units: int, day: date | None = None, product: Product | None = None) -> LedgerEvent:
        """Transfer units out of a product."""
        return self.adjust(product or self.product(), day or self.some_day(), -units, "4")

    def arrive(self, out: LedgerEvent, units: int, days: int, product: Product | None = None) -> None:
        """Transfer units into another FNSKU of the item, in the same building, so many days after."""
        target = product or self.account.sibling_of(out.product)
        self.adjust(target, out.day + timedelta(days=days), units, "3", centre=out.centre, country=out.country)


S = RedefinitionStory


@scenario(REDEFINED, S, alone=True)
def units_moved_to_another_sku_that_never_arrive(s: S) -> None:
    """Nothing came in."""
    out = s.leave(21)
    s.owed(out, 21, "review")


@scenario(REDEFINED, S, alone=True)
def units_moved_to_another_fnsku_of_the_item(s: S) -> None:
    """The other side is there, some days before or after."""
    out = s.leave(22)
    s.arrive(out, 22, s.rng.choice((-5, -1, 0, 2, 6)))
    s.not_owed(out, "redefined", "the other side is there")


@scenario(REDEFINED, S, alone=True)
def units_moved_to_another_product(s: S) -> None:
    """Two items judged the same: the other side is on another ASIN."""
    out = s.leave(23)
    s.arrive(out, 23, s.units(0, 4), s.account.new_product())
    s.not_owed(out, "redefined", "the other side is there")


@scenario(REDEFINED, S, alone=True)
def units_that_arrive_on_the_seventh_day(s: S) -> None:
    """The last day that counts."""
    out = s.leave(24)
    s.arrive(out, 24, s.rng.choice((-7, 7)))
    s.not_owed(out, "redefined", "the other side came on the seventh day")


@scenario(REDEFINED, S, alone=True)
def units_that_arrive_on_the_eighth_day(s: S) -> None:
    """Too late to be the same units."""
    out = s.leave(25)
    s.arrive(out, 25, s.rng.choice((-8, 8)))
    s.owed(out, 25, "review")


@scenario(REDEFINED, S, alone=True)
def another_quantity_arrives(s: S) -> None:
    """Not the same units: a person has to look."""
    out = s.leave(27)
    s.arrive(out, 26, s.units(0, 4))
    s.owed(out, 27, "review")


@scenario(REDEFINED, S, alone=True)
def two_transfers_out_and_one_in(s: S) -> None:
    """One transfer in explains one transfer out, the older one."""
    first = s.leave(28)
    second = s.adjust(first.product, s.after(first.day, 1, 2), -28, "4", centre=first.centre)
    s.arrive(first, 28, 4)
    s.not_owed(first, "redefined", "the other side is there")
    s.owed(second, 28, "review")


@scenario(REDEFINED, S, alone=True)
def units_that_arrive_in_two_parts(s: S) -> None:
    """The parts add up to what left."""
    out = s.leave(60)
    target = s.account.sibling_of(out.product)
    s.arrive(out, 29, 1, target)
    s.arrive(out, 31, 3, target)
    s.not_owed(out, "redefined", "the parts add up")


@scenario(REDEFINED, S, alone=True)
def units_moved_this_week(s: S) -> None:
    """The other side may still be booked."""
    out = s.leave(32, s.ago(6, 1))
    s.not_owed(out, "other_side_may_come", "seven days are not over")


@scenario(REDEFINED, S, alone=True)
def a_redefinition_that_was_paid_for(s: S) -> None:
    """A payment of the product that belongs to no other loss."""
    out = s.leave(33)
    s.pay(out.product, s.after(out.day, 4, 20), "Lost_Warehouse", cash=33)
    s.not_owed(out, "paid", "paid for")


@scenario(REDEFINED, S, alone=True)
def a_redefinition_on_its_last_claim_day(s: S) -> None:
    """The sixtieth day counts."""
    s.owed(s.leave(34, AS_OF - timedelta(days=60)), 34, "review")


@scenario(REDEFINED, S, alone=True)
def a_redefinition_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    s.owed(s.leave(35, AS_OF - timedelta(days=61)), 35, "review")
