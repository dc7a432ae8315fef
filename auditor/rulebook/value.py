"""What a unit is worth: the seller's cost, Amazon's last payment, or the order's price less its fees.

Unknown stays unknown: without a basis there is no amount.
Source of the bases: https://sellercentral.amazon.com/seller-forums/discussions/t/68864b6f-0ab8-41ef-be18-069c33df6336
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb

from auditor.model import Problem
from auditor.policy import Policy


@dataclass(frozen=True, slots=True)
class Value:
    """The exact value of one unit. `per_unit` is None when unknown; `reasons` say what a person should know."""

    per_unit: Fraction | None = None
    currency: str = ""
    basis: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Valuation:
    """Costs in force on the as-of date by MSKU and currency, and the last payments by FNSKU and family."""

    policy: Policy
    as_of: date
    costs: Mapping[str, Mapping[str, Decimal]]
    last_payments: Mapping[tuple[str, str], Mapping[str, Decimal]]

    def cost(self, msku: str, fnsku: str, family: str, marketplace: str) -> Value:
        """Value of what is lost before an order: the seller's cost, else Amazon's own last payment for it."""
        preferred = self.policy.currency(marketplace) or ""
        for basis, known in (("cost", self._costs_of(msku)), ("last_payment", self.last_payments.get((fnsku, family)))):
            if known:
                currency = preferred if preferred in known else next(iter(known)) if len(known) == 1 else ""
                if currency:
                    return self._capped(Value(Fraction(known[currency]), currency, basis), marketplace)
        return Value(reasons=("cost_unknown: no cost of this SKU is given and Amazon has not paid for it before",))

    def _costs_of(self, msku: str) -> Mapping[str, Decimal] | None:
        """The costs of a SKU; a spreadsheet may have cut its leading zeros in the costs file, if only one SKU fits."""
        if msku in self.costs or not msku.isdigit():
            return self.costs.get(msku)
        alike = [sku for sku in self.costs if sku.lstrip("0") == msku.lstrip("0")]
        return self.costs[alike[0]] if len(alike) == 1 else None

    def order(self, total: Decimal | None, units: int | None, currency: str) -> Value:
        """Value of what is lost after an order: its price without tax, less the fees charged for it."""
        if total is None or not units or not currency:
            return Value(
                reasons=("order_value_unknown: no settlement in the exports shows this order's price and fees",)
            )
        if total <= 0:
            return Value(reasons=("order_value_unknown: the fees charged for this order exceed its price",))
        return Value(Fraction(total) / units, currency, "order")

    def _capped(self, value: Value, marketplace: str) -> Value:
        cap = self.policy.cap(marketplace, self.as_of)
        if cap is None or cap.currency != value.currency or value.per_unit is None or value.per_unit <= cap.amount:
            return value
        reason = f"capped: Amazon pays at most {cap.amount:f} {cap.currency} for one unit"
        return Value(Fraction(cap.amount), value.currency, value.basis, (reason,))


def stated(total: Decimal | None, units: int | None, currency: str, basis: str) -> Value:
    """A value that the rows themselves state: what was charged, paid or taken back for so many units."""
    if total is None or not units or not currency:
        return Value(reasons=("amount_unknown: the exports do not show the amount",))
    return Value(Fraction(total) / units, currency, basis)


def load_valuation(con: duckdb.DuckDBPyConnection, policy: Policy, as_of: date) -> tuple[Valuation, list[Problem]]:
    """Read costs and last payments from the canonical tables; contradictory costs are left out and named."""
    costs, problems = costs_in_force(
        con.execute(
            "select msku, currency, effective_from, unit_cost from costs where msku is not null order by all"
        ).fetchall(),
        as_of,
    )
    payments: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    rows = con.execute(
        """select fnsku, family, currency, amount_per_unit
           from payments
           where fnsku is not null and order_id is null
             and family in ('lost', 'damaged', 'inbound', 'inbound_damaged', 'removal_lost')
             and cash_units > 0 and amount_per_unit > 0 and currency is not null
           order by date desc, reimbursement_id desc, amount_per_unit"""
    ).fetchall()
    for fnsku, family, currency, amount in rows:
        payments[fnsku, family].setdefault(currency, amount)
    return Valuation(policy, as_of, costs, payments), problems


def costs_in_force(
    rows: Iterable[tuple[str, str | None, date | None, Decimal | None]], as_of: date
) -> tuple[dict[str, dict[str, Decimal]], list[Problem]]:
    """The cost of each SKU and currency on a day, from rows of SKU, currency, first day and cost.

    Contradictory ones are left out and named; blank and not positive ones count nothing.
    """
    stated: dict[tuple[str, str, date], set[Decimal]] = defaultdict(set)
    for msku, currency, since, cost in rows:
        if currency and cost is not None and cost > 0 and (since or date.min) <= as_of:
            stated[msku, currency.strip().upper(), since or date.min].add(cost)
    costs: dict[str, dict[str, Decimal]] = defaultdict(dict)
    problems = []
    for (msku, currency, since), amounts in sorted(stated.items()):
        if len(amounts) == 1:
            costs[msku][currency] = next(iter(amounts))
        else:
            costs[msku].pop(currency, None)
            what = f"SKU {msku} has {len(amounts)} different costs in {currency} from {since}; none of them is used."
            problems.append(Problem(what, "Keep one row for each SKU, currency and date in the costs file."))
    return dict(costs), problems
