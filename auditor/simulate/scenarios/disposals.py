"""Scenarios of sellable units that were disposed of, at the seller's request or without one."""

from __future__ import annotations

from datetime import date, timedelta

from auditor.simulate.calendar_of_account import ACCOUNT_START, AS_OF
from auditor.simulate.records import LedgerEvent, Product
from auditor.simulate.registry import scenario
from auditor.simulate.warehouse import FRESH, STALE, WarehouseStory

DISPOSED = "disposed_unrequested"


class DisposalStory(WarehouseStory):
    """Disposals in the ledger, and the removal orders that may explain them."""

    def disposal(self, units: int, day: date | None = None, reason: str = "D") -> LedgerEvent:
        """Dispose of sellable units on a day before and after which removal orders were requested."""
        day = day or self.ago(*self.rng.choice((FRESH, STALE, (200, 62))))
        for other in (day - timedelta(days=75), min(day + timedelta(days=5), AS_OF)):
            self.request(self.account.new_product(), other, 1, order_type="Return")
        return self.adjust(self.product(), day, -units, reason)

    def request(
        self,
        product: Product,
        day: date,
        units: int,
        disposed: int | None = None,
        order_type: str = "Disposal",
        status: str = "Completed",
    ) -> None:
        """Add a removal order; unless said, a disposal is done in full and a return is shipped in full."""
        gone = units if disposed is None else disposed
        offset = self.account.market.offset
        row = {
            "request-date": f"{day.isoformat()}T09:12:44{offset}",
            "order-id": self.account.unique("**********"),
            "order-source": "Seller-initiated Manual Removal",
            "order-type": order_type,
            "order-status": status,
            "last-updated-date": f"{min(day + timedelta(days=9), AS_OF).isoformat()}T10:00:00{offset}",
            "sku": product.msku,
            "fnsku": product.fnsku,
            "disposition": "Sellable",
            "requested-quantity": str(units),
            "removal-fee": "0.00",
            "currency": self.account.market.currency,
        }
        if order_type == "Return":
            row["shipped-quantity"] = str(units)
        else:
            row["disposed-quantity"] = str(gone)
            row["in-process-quantity" if status == "In Process" else "cancelled-quantity"] = str(units - gone)
        self.account.further.setdefault("removal_orders", []).append(row)


S = DisposalStory


@scenario(DISPOSED, S, alone=True)
def sellable_units_disposed_of_without_an_order(s: S) -> None:
    """Nobody asked for it."""
    gone = s.disposal(n := s.units(1, 5))
    s.owed(gone, n, "review")


@scenario(DISPOSED, S, alone=True)
def sellable_units_donated_without_an_order(s: S) -> None:
    """Donated units are gone as well."""
    gone = s.disposal(n := s.units(1, 3), reason="G")
    s.owed(gone, n, "review")


@scenario(DISPOSED, S, alone=True)
def units_disposed_of_at_the_seller_s_request(s: S) -> None:
    """The order came before and asked for as many."""
    gone = s.disposal(n := s.units(2, 6))
    order_type = s.rng.choice(("廃棄", "Disposal")) if s.account.market.code == "JP" else "Disposal"
    s.request(gone.product, gone.day - timedelta(days=s.units(2, 40)), n, order_type=order_type)
    s.not_owed(gone, "disposal_requested", "the seller asked for it")


@scenario(DISPOSED, S, alone=True)
def an_order_that_asked_for_less_than_was_disposed_of(s: S) -> None:
    """One order explains its units once, over two rows of the ledger."""
    first = s.disposal(3)
    second = s.adjust(first.product, s.after(first.day, 1, 5), -4, "D")
    s.request(first.product, first.day - timedelta(days=12), 5)
    s.not_owed(first, "disposal_requested", "the order explains the first row")
    s.owed(second, 2, "review")


@scenario(DISPOSED, S, alone=True)
def a_return_order_explains_no_disposal(s: S) -> None:
    """The seller wanted the units back."""
    gone = s.disposal(n := s.units(1, 4))
    s.request(gone.product, gone.day - timedelta(days=10), n, order_type="Return")
    s.owed(gone, n, "review")


@scenario(DISPOSED, S, alone=True)
def an_order_requested_after_the_disposal(s: S) -> None:
    """What is asked for later was not asked for."""
    gone = s.disposal(n := s.units(1, 4))
    s.request(gone.product, s.after(gone.day, 3, 9), n)
    s.owed(gone, n, "review")


@scenario(DISPOSED, S, alone=True)
def an_order_that_is_still_in_process(s: S) -> None:
    """The ledger is ahead of the order."""
    gone = s.disposal(4, s.ago(20, 8))
    s.request(gone.product, gone.day - timedelta(days=6), 4, disposed=1, status="In Process")
    s.not_owed(gone, "disposal_requested", "the order is in process")


@scenario(DISPOSED, S, alone=True)
def unsellable_units_disposed_of(s: S) -> None:
    """A removal setting may allow it."""
    gone = s.adjust(s.product(), s.some_day(), -s.units(1, 4), "D", s.rng.choice(("DEFECTIVE", "CUSTOMER_DAMAGED")))
    s.not_owed(gone, "unsellable_stock", "a removal setting may allow the disposal of unsellable units")


@scenario(DISPOSED, S, alone=True)
def a_disposal_that_was_paid_for(s: S) -> None:
    """A payment of the product that belongs to no other loss."""
    gone = s.disposal(n := s.units(1, 4))
    s.pay(gone.product, s.after(gone.day, 4, 20), "Damaged_Warehouse", cash=n)
    s.not_owed(gone, "paid", "paid for")


@scenario(DISPOSED, S, alone=True)
def a_disposal_from_before_the_removal_orders(s: S) -> None:
    """No removal order of that time was exported, so nothing follows from their silence."""
    gone = s.adjust(s.product(), ACCOUNT_START + timedelta(days=1), -2, "D")
    s.not_owed(gone, "no_coverage", "before the removal orders begin")


@scenario(DISPOSED, S, alone=True)
def a_disposal_on_its_last_claim_day(s: S) -> None:
    """The sixtieth day counts."""
    s.owed(s.disposal(2, AS_OF - timedelta(days=60)), 2, "review")


@scenario(DISPOSED, S, alone=True)
def a_disposal_one_day_past_its_window(s: S) -> None:
    """Lost money."""
    s.owed(s.disposal(2, AS_OF - timedelta(days=61)), 2, "review")
