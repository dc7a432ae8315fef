"""Scenarios of the ledger summary: balances that close, and balances that do not."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.records import Product
from auditor.simulate.registry import scenario
from auditor.simulate.warehouse import WarehouseStory
from auditor.simulate.windows import WAREHOUSE, region_of

IMBALANCE = "ledger_imbalance"
_OUTFLOWS = ("Customer Shipments", "Vendor Returns", "Lost", "Damaged", "Disposed")


@dataclass(frozen=True, slots=True)
class Period:
    """What one row of the summary speaks of: `printed` as the export writes it, `name` as a claim names it."""

    printed: str
    name: str
    first: date
    last: date


class BalanceStory(WarehouseStory):
    """Rows of the ledger summary: a month each in Europe, a day each elsewhere."""

    def period(self, day: date) -> Period:
        """The period that holds a day."""
        if self.account.market.code in ("US", "JP"):
            return Period(day.strftime("%m/%d/%Y"), day.isoformat(), day, day)
        last = day.replace(day=monthrange(day.year, day.month)[1])
        return Period(day.strftime("%m/%Y"), day.strftime("%Y-%m"), day.replace(day=1), last)

    def some_period(self) -> Period:
        """Draw a period that ended a month to two months ago, or longer."""
        return self.period(self.rng.choice((ago(40), ago(48), ago(90), ago(150))))

    def next_period(self, period: Period) -> Period:
        """The period that follows."""
        return self.period(period.last + timedelta(days=1))

    def balance(
        self,
        product: Product,
        period: Period,
        missing: int,
        disposition: str = "SELLABLE",
        location: str = "",
        **moves: int,
    ) -> None:
        """Add a row whose ending balance is so many units less than its movements say.

        Movements are signed; one half of the accounts prints outflows as positive numbers.
        """
        named = {name.replace("_", " ").title(): units for name, units in moves.items()}
        start = self.units(20, 60)
        ending = start + sum(named.values()) - missing
        row = {
            "Date": period.printed,
            "FNSKU": product.fnsku,
            "ASIN": product.asin,
            "MSKU": product.msku,
            "Title": product.title,
            "Disposition": disposition,
            "Starting Warehouse Balance": str(start),
            "In Transit Between Warehouses": str(self.units(0, 3)),
            "Ending Warehouse Balance": str(ending),
            "Location": location or self.account.market.country,
        }
        for name, units in named.items():
            turned = name in _OUTFLOWS and self.account.seed % 2 == 0
            row[name] = str(-units if turned else units)
        self.account.further.setdefault("ledger_summary", []).append(row)

    def lacking(self, product: Product, period: Period, units: int) -> None:
        """State that units of a balance are owed."""
        country = self.account.market.country
        reference = f"{product.fnsku} SELLABLE {period.name}"
        window = WAREHOUSE[region_of(country)]
        self.claim(product, reference, period.last, units, window, self.by_cost(product), country, "review")

    def explained(self, product: Product, period: Period, units: int, reason: str, why: str) -> None:
        """State that nothing of a balance is owed; a balance that closes is no candidate."""
        reference = f"{product.fnsku} SELLABLE {period.name}"
        self.no_claim(product, reference, units, reason, why, candidate=units > 0)


S = BalanceStory


@scenario(IMBALANCE, S, alone=True)
def a_balance_that_lacks_units(s: S) -> None:
    """No movement says where they went."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, n := s.units(1, 4), receipts=12, customer_shipments=-7, customer_returns=1)
    s.lacking(product, period, n)


@scenario(IMBALANCE, S, alone=True)
def a_balance_that_closes(s: S) -> None:
    """Every unit is accounted for."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 0, receipts=9, customer_shipments=-4, vendor_returns=-2, lost=-1, found=1, disposed=-1)
    s.explained(product, period, 0, "balance_closes", "the balance closes")


@scenario(IMBALANCE, S, alone=True)
def a_balance_with_units_too_many(s: S) -> None:
    """A surplus is no debt."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, -2, customer_shipments=-3)
    s.explained(product, period, 2, "surplus", "a surplus")


@scenario(IMBALANCE, S, alone=True)
def unknown_events_that_take_units(s: S) -> None:
    """Amazon itself does not know where the units went."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 0, customer_shipments=-3, unknown_events=-2)
    s.lacking(product, period, 2)


@scenario(IMBALANCE, S, alone=True)
def a_lack_that_the_next_period_offsets(s: S) -> None:
    """The books caught up."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 3, customer_shipments=-3)
    s.balance(product, s.next_period(period), -3, customer_shipments=-1)
    s.explained(product, period, 3, "opposite_imbalance", "the next period has as many too many")


@scenario(IMBALANCE, S, alone=True)
def a_lack_that_the_next_period_offsets_in_part(s: S) -> None:
    """The rest is missing."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 5, customer_shipments=-3)
    s.balance(product, s.next_period(period), -2, customer_shipments=-1)
    s.lacking(product, period, 3)


@scenario(IMBALANCE, S, alone=True)
def units_that_only_changed_their_condition(s: S) -> None:
    """Sellable stock lacks what damaged stock has too many of."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 2, customer_shipments=-3)
    s.balance(product, period, -2, "DEFECTIVE")
    s.explained(product, period, 2, "opposite_imbalance", "the units are in another condition")


@scenario(IMBALANCE, S, alone=True)
def a_lack_that_the_detailed_ledger_reports_as_lost(s: S) -> None:
    """The loss is judged where it is reported."""
    product, period = s.product(), s.some_period()
    loss = s.lose(product, 2, period.last)
    s.find(product, 2, s.after(loss.day, 1, 9), [(loss, 2)])
    s.balance(product, period, 2, customer_shipments=-3)
    s.explained(product, period, 2, "loss_in_ledger", "the ledger reports the loss")


@scenario(IMBALANCE, S, alone=True)
def units_that_a_late_row_explains(s: S) -> None:
    """Found within thirty days."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 3, customer_shipments=-3)
    s.find(product, 3, s.after(period.last, 3, 25), [])
    s.explained(product, period, 3, "late_event", "found within thirty days")


@scenario(IMBALANCE, S, alone=True)
def a_country_and_its_building_exported_both(s: S) -> None:
    """The same units twice."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 2, customer_shipments=-5)
    s.balance(product, period, 2, location=s.account.centre(), customer_shipments=-5)
    s.lacking(product, period, 2)


@scenario(IMBALANCE, S, alone=True)
def a_balance_that_was_paid_for(s: S) -> None:
    """A payment of the product that belongs to no other loss."""
    product, period = s.product(), s.some_period()
    s.balance(product, period, 2, customer_shipments=-5)
    s.pay(product, s.after(period.last, 3, 25), "Lost_Warehouse", cash=2)
    s.explained(product, period, 2, "paid", "paid for")


@scenario(IMBALANCE, S, alone=True)
def a_balance_beyond_its_window(s: S) -> None:
    """Lost money."""
    product, period = s.product(), s.period(s.ago(250, 100))
    s.balance(product, period, n := s.units(1, 4))
    s.lacking(product, period, n)
