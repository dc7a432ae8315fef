"""Scenarios of storage fees and aged inventory surcharges that are too high, or only seem to be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.charging import STORAGE, Size, StorageRow, StorageStory
from auditor.simulate.registry import scenario

S = StorageStory
LONG_AGO, APRIL, MAY = date(2026, 2, 1), date(2026, 4, 1), date(2026, 5, 1)


@scenario(STORAGE, S, alone=True)
def a_storage_fee_above_its_own_figures(s: S) -> None:
    """The report contradicts itself."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, MAY, extra=(extra := s.account.money_of(2, 6)))
    s.storage_owed(product, MAY, extra)


@scenario(STORAGE, S, alone=True)
def storage_fees_too_high_in_two_centres(s: S) -> None:
    """One product and month is one claim."""
    product = s.stocked()
    s.others_as_usual()
    centre = s.account.centre()
    s.store(product, APRIL, StorageRow(centre=centre), first := s.account.money_of(2, 4))
    other = StorageRow(units=9, centre=s.account.centre(other_than=centre))
    s.store(product, APRIL, other, second := s.account.money_of(2, 4))
    s.storage_owed(product, APRIL, first + second)


@scenario(STORAGE, S, alone=True)
def a_storage_fee_whose_claim_has_lapsed(s: S) -> None:
    """Charged more than ninety days ago."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, LONG_AGO, extra=(extra := s.account.money_of(2, 6)))
    s.storage_owed(product, LONG_AGO, extra)


@scenario(STORAGE, S, alone=True)
def a_storage_row_that_is_charged_twice(s: S) -> None:
    """Two rows alike in every figure."""
    product = s.stocked()
    s.others_as_usual()
    fee = s.store(product, MAY, StorageRow(units=31, copies=2))
    s.storage_owed(product, MAY, fee)


@scenario(STORAGE, S, alone=True)
def a_surcharge_above_its_rate(s: S) -> None:
    """Units, volume and rate give less."""
    product = s.stocked()
    day, units = ago(s.units(20, 60)), s.units(8, 14)
    extra = s.account.rounded(s.account.money_of(2, 5) / units) * units
    s.surcharge(product, day, units, extra)
    s.surcharge_owed(product, day, units, extra)


@scenario(STORAGE, S, alone=True)
def a_storage_fee_off_by_rounding(s: S) -> None:
    """The report rounds its volumes."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, MAY, extra=Decimal(1).scaleb(-s.account.market.digits) if s.account.market.digits else Decimal(0))
    s.storage_not_owed(product, MAY, "no more than the smallest coin")


@scenario(STORAGE, S, alone=True)
def a_storage_fee_with_a_surcharge_for_utilisation(s: S) -> None:
    """The surcharge stands in a column of its own."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, MAY, StorageRow(surcharge=s.account.money_of(2, 6)))
    s.storage_not_owed(product, MAY, "the surcharge is stated")


@scenario(STORAGE, S, alone=True)
def storage_of_units_that_wait_for_removal(s: S) -> None:
    """They lie in store until they leave."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, APRIL, StorageRow(waiting=7))
    s.storage_not_owed(product, APRIL, "the units that wait are charged too")


@scenario(STORAGE, S, alone=True)
def a_storage_row_without_its_rate(s: S) -> None:
    """What is blank proves nothing."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, MAY, StorageRow(blank="base_rate"), s.account.money_of(3, 6))
    s.storage_not_owed(product, MAY, "the rate is blank")


@scenario(STORAGE, S, alone=True)
def two_storage_rows_of_one_place(s: S) -> None:
    """The size changed within the month, so there are two rows."""
    product = s.stocked()
    s.others_as_usual()
    centre = s.account.centre()
    s.store(product, MAY, StorageRow(units=12, centre=centre))
    s.store(product, MAY, StorageRow(units=30, centre=centre))
    s.storage_not_owed(product, MAY, "two charges")


@scenario(STORAGE, S, alone=True)
def a_surcharge_just_as_its_figures_give_it(s: S) -> None:
    """Old stock is charged more."""
    product = s.stocked()
    day = ago(s.units(20, 60))
    s.surcharge(product, day, s.units(3, 30))
    s.storage_not_owed(product, day, "units, volume and rate give as much")


@scenario(STORAGE, S, alone=True)
def a_surcharge_on_stock_older_than_a_year(s: S) -> None:
    """Such stock pays a lowest fee for each unit, which no export states."""
    product = s.stocked()
    day = ago(s.units(20, 60))
    s.surcharge(product, day, 5, s.account.money_of(3, 6), tier="365+ days")
    s.storage_not_owed(product, day, "the lowest fee per unit")


@scenario(STORAGE, S, alone=True)
def a_product_measured_just_as_recorded(s: S) -> None:
    """The seller's measurements agree with Amazon's."""
    product = s.stocked()
    s.others_as_usual()
    s.store(product, MAY, StorageRow(volume=s.volume_of(Size()), size=Size()))
    s.measure(product, Size(longest="9.80"))
    s.storage_not_owed(product, MAY, "measured as recorded")


@scenario(STORAGE, S, alone=True)
def a_product_measured_much_smaller_than_recorded(s: S) -> None:
    """Amazon stores more air than product."""
    product = s.stocked()
    s.others_as_usual()
    recorded, own = Size(shortest="4.00"), Size()
    units = s.units(120, 200)
    fee = s.store(product, MAY, StorageRow(volume=s.volume_of(recorded), size=recorded, units=units))
    s.measure(product, own)
    s.storage_owed(product, MAY, fee - s.volume_of(own) * units * s.figures[2])
