"""The exports about sales: orders, returns, reimbursements and settlements."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import Span
from auditor.simulate.markets import Market
from auditor.simulate.printing import Row, moment, point_amount, settlement_amount, settlement_moment
from auditor.simulate.records import MoneyLine, Order, OrderLine, Payment
from auditor.simulate.settlements import Settlement

ORDER_COLUMNS = [
    *("amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status"),
    *("fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin"),
    *("item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax"),
    *("gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city"),
    *("ship-state", "ship-postal-code", "ship-country", "promotion-ids", "cpf", "is-business-order"),
    *("purchase-order-number", "price-designation", "signature-confirmation-recommended"),
]
RETURN_COLUMNS = [
    *("return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id"),
    *("detailed-disposition", "reason", "status", "license-plate-number", "customer-comments"),
]
REIMBURSEMENT_COLUMNS = [
    *("approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku", "fnsku", "asin"),
    *("product-name", "condition", "currency-unit", "amount-per-unit", "amount-total", "quantity-reimbursed-cash"),
    *("quantity-reimbursed-inventory", "quantity-reimbursed-total", "original-reimbursement-id"),
    "original-reimbursement-type",
]
SETTLEMENT_COLUMNS = [
    *("settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency"),
    *("transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name"),
    *("amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time"),
    *("order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased"),
    "promotion-id",
]


def orders(account: Account, span: Span) -> list[Row]:
    """Give one orders export, by purchase date; an order not shipped by its last day is still pending there."""
    market = account.market
    listed = [order for order in account.orders if order.listed and order.bought in span]
    rows = [
        _order_row(account, order, line, span)
        for order in sorted(listed, key=lambda each: (each.bought, each.order_id))
        for line in order.lines
    ]
    return [_order_layout(market, row) for row in [[*ORDER_COLUMNS, "order-item-id"], *rows]]


def _order_layout(market: Market, row: Row) -> Row:
    if market.code == "UK":
        return row
    if market.code == "DE":
        # An older layout: the item ID is the sixth column, there is no signature column, and each line ends with a tab.
        return [*row[:5], row[-1], *row[5:-2], ""]
    return row[:-1]


def _order_row(account: Account, order: Order, line: OrderLine, span: Span) -> Row:
    market, product = account.market, line.product
    pending = order.posted > span.last
    priced = not pending and order.status == "Shipped"
    tax = account.rounded(line.principal * order.tax_rate)
    # Prices of European orders include the tax, American ones do not.
    price = line.principal + tax if market.decimal_comma else line.principal
    status = "Pending" if pending else order.status
    updated = order.bought if pending else order.posted
    return [
        *(order.order_id, order.order_id, moment(order.bought, market, order.order_id)),
        *(moment(updated, market, order.order_id[::-1]), status, order.fulfilled_by, order.channel, "", "Standard"),
        *(product.title, product.msku, product.asin, "Unshipped" if pending else status, str(line.units)),
        *((order.currency, point_amount(price), point_amount(tax)) if priced else ("", "", "")),
        *("", "", "", "", "", "", "Quillford", "", "00000", market.country, "", "", "false", "", "", "false"),
        line.item_code,
    ]


def returns(account: Account) -> list[Row]:
    """Give the returns export; it begins on the account's first covered day."""
    rows = [RETURN_COLUMNS]
    for each in sorted(account.returns, key=lambda row: (row.day, row.plate)):
        if each.day >= account.returns_start:
            product = each.product
            rows.append(
                [
                    *(moment(each.day, account.market, each.plate), each.order.order_id, product.msku, product.asin),
                    *(product.fnsku, product.title, str(each.units), each.centre, each.disposition, each.reason),
                    *(each.status, each.plate, ""),
                ]
            )
    return rows


def reimbursements(account: Account, span: Span) -> list[Row]:
    """Give one reimbursements export."""
    paid = sorted(account.payments, key=lambda each: (each.day, each.reimbursement_id))
    return [REIMBURSEMENT_COLUMNS, *(_payment_row(account, each) for each in paid if each.day in span)]


def _payment_row(account: Account, payment: Payment) -> Row:
    product = payment.product
    per_unit = payment.printed or point_amount(payment.per_unit if payment.cash else Decimal(0))
    return [
        *(moment(payment.day, account.market, payment.reimbursement_id), payment.reimbursement_id, payment.case_id),
        *(payment.order_id, payment.reason, product.msku, product.fnsku, product.asin, product.title, "NewItem"),
        *(account.market.currency, per_unit, payment.printed or point_amount(payment.amount)),
        *(str(payment.cash), str(payment.inventory), str(payment.cash + payment.inventory)),
        *(payment.original_id, payment.original_reason),
    ]


def settlement(market: Market, each: Settlement) -> list[Row]:
    """Give one settlement: its summary row alone knows total and currency."""
    deposit = each.last + timedelta(days=2)
    summary = [
        each.settlement_id,
        settlement_moment(each.first, market),
        settlement_moment(each.last, market),
        settlement_moment(deposit, market),
        settlement_amount(each.total, market),
        each.currency,
        *[""] * 18,
    ]
    return [SETTLEMENT_COLUMNS, summary, *(_money_row(market, each.settlement_id, line) for line in each.lines)]


def _money_row(market: Market, settlement_id: str, line: MoneyLine) -> Row:
    day = line.day.strftime(market.settlement_dates)
    return [
        *(settlement_id, "", "", "", "", "", line.transaction_type, line.order_id, line.order_id, "", ""),
        *(line.marketplace, line.amount_type, line.description, settlement_amount(line.amount, market)),
        *(line.fulfilment, day, f"{day} 08:49:04 UTC", line.item_code, "", "", line.msku, line.quantity, ""),
    ]
