"""Settlements: every sale, refund, payment and fee as money, in periods of two weeks and one currency each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import AS_OF, SETTLEMENT_DAYS, SETTLEMENT_START
from auditor.simulate.records import MoneyLine, Order, OrderLine, Payment


@dataclass(frozen=True, slots=True)
class Settlement:
    """One settlement; `first` is included, `last` is the day on which the next one begins."""

    settlement_id: str
    first: date
    last: date
    currency: str
    lines: tuple[MoneyLine, ...]

    @property
    def total(self) -> Decimal:
        """The sum of all amounts, as the summary row states it."""
        return sum((line.amount for line in self.lines), Decimal(0))


def settle(account: Account) -> list[Settlement]:
    """Sort all money of the account into settlements; the last one ends after the account's last day."""
    periods: dict[tuple[int, str], list[MoneyLine]] = defaultdict(list)
    for line in sorted(_all_money(account), key=lambda line: line.day):
        if SETTLEMENT_START <= line.day <= AS_OF:
            periods[(line.day - SETTLEMENT_START).days // SETTLEMENT_DAYS, line.currency].append(line)
    return [
        Settlement(
            settlement_id=account.unique("2##########"),
            first=SETTLEMENT_START + timedelta(days=number * SETTLEMENT_DAYS),
            last=SETTLEMENT_START + timedelta(days=(number + 1) * SETTLEMENT_DAYS),
            currency=currency,
            lines=tuple(lines),
        )
        for (number, currency), lines in sorted(periods.items(), key=lambda item: item[0])
    ]


def _all_money(account: Account) -> Iterator[MoneyLine]:
    yield from account.money
    for order in account.orders:
        if order.listed and order.status != "Cancelled":
            for line in order.lines:
                yield from _sale(account, order, line)
    for payment in account.payments:
        if payment.cash and payment.settled_after is not None:
            yield _paid(account, payment, payment.settled_after)


def _sale(account: Account, order: Order, line: OrderLine) -> Iterator[MoneyLine]:
    tax = account.rounded(line.principal * order.tax_rate)
    parts = [
        ("ItemPrice", "Principal", line.principal),
        ("ItemPrice", "Tax", tax),
        ("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", -tax),
        ("ItemFees", "Commission", -line.commission),
        ("ItemFees", "FBAPerUnitFulfillmentFee", -line.fulfilment),
    ]
    for kind, description, amount in parts:
        if amount:
            yield MoneyLine(
                day=order.posted,
                currency=order.currency,
                transaction_type="Order",
                amount_type=kind,
                description=description,
                amount=amount,
                order_id=order.order_id,
                marketplace=order.channel,
                fulfilment=order.fulfilment_mark,
                item_code=line.item_code,
                msku=line.product.msku,
                quantity=str(line.units),
            )


def _paid(account: Account, payment: Payment, days: int) -> MoneyLine:
    return MoneyLine(
        day=payment.day + timedelta(days=days),
        currency=account.market.currency,
        transaction_type="other-transaction",
        amount_type="FBA Inventory Reimbursement",
        description=_description(payment),
        amount=payment.amount,
        msku=payment.product.msku,
        quantity=str(payment.cash) if payment.cash > 0 else "",
    )


def _description(payment: Payment) -> str:
    folded = payment.reason.lower()
    if payment.cash < 0:
        return "COMPENSATED_CLAWBACK"
    if "inbound" in folded:
        return "MISSING_FROM_INBOUND"
    if "return" in folded:
        return "REVERSAL_REIMBURSEMENT"
    if "service" in folded:
        return "CS_ERROR_ITEMS"
    return "WAREHOUSE_LOST" if "lost" in folded else "WAREHOUSE_DAMAGE"
