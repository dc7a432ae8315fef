"""The transaction report: the money of the settlements again, one row an event, in the words of a language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import AS_OF, SETTLEMENT_START, Span, ago
from auditor.simulate.records import MoneyLine
from auditor.simulate.settlements import Settlement
from auditor.simulate.transaction_words import LANGUAGES, Words

#: Two downloads that share a month.
TRANSACTIONS = (Span(SETTLEMENT_START, ago(80)), Span(ago(110), AS_OF))
_MONEY = {
    "Principal": "sales",
    "Tax": "sales tax",
    "MarketplaceFacilitatorTax-Principal": "withheld",
    "Commission": "selling",
    "RefundCommission": "selling",
    "FBAPerUnitFulfillmentFee": "fba",
}
_TEXTS = frozenset(
    {"date", "settlement", "type", "order", "sku", "description", "quantity", "marketplace", "fulfilment"}
    | {"city", "state", "postal", "tax model"}
)
_TYPES = {"Order": "Order", "Refund": "Refund", "other-transaction": "Adjustment"}


@dataclass(slots=True)
class Event:
    """One row of the report: the first of its settlement lines, and its money by kind."""

    line: MoneyLine
    settlement_id: str
    type: str
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def transaction_reports(account: Account, settlements: Iterable[Settlement], language: str) -> list[tuple[str, str]]:
    """Give the report's files, each with its encoding, in a language of LANGUAGES; none without a language.

    There are two for each currency, which overlap.
    """
    if not language:
        return []
    words = LANGUAGES[language]
    by_currency: dict[str, list[Event]] = defaultdict(list)
    for settlement in settlements:
        by_currency[settlement.currency].extend(_events(settlement))
    titles = {product.msku: product.title for product in account.products}
    files = []
    for currency, events in sorted(by_currency.items()):
        for span in TRANSACTIONS:
            rows = [_row(event, words, titles) for event in events if event.line.day in span]
            if rows:
                lines = [*_preamble(words, currency), words.header.split("|"), *rows]
                encoding = "utf-8-sig" if words.mark else "utf-8"
                files.append(("".join(f"{_joined(row)}\n" for row in lines), encoding))
    return files


def _preamble(words: Words, currency: str) -> list[list[str]]:
    lines = [
        "Amazon Marketplace, Fulfillment by Amazon (FBA)",
        words.amounts_in.format(currency=currency),
        "Definitions:",
        'Tax: collected from buyers for product sales, shipping and "gift wrap"',
        "Selling fees: variable closing fees and referral fees",
        "Other transaction fees: shipping chargebacks",
        'Other: amounts that belong to no order, see "Type" and "Description"',
    ]
    return [[line] for line in lines]


def _events(settlement: Settlement) -> Iterator[Event]:
    """The settlement's lines put together: a principal begins an event, as does another order, item or day."""
    event: Event | None = None
    for line in settlement.lines:
        kind = _MONEY.get(line.description, "other") if line.order_id else "other"
        if event is None or kind in {"sales", "other"} or _key(event.line) != _key(line):
            if event is not None:
                yield event
            event = Event(line, settlement.settlement_id, _TYPES[line.transaction_type])
        event.money[kind] += line.amount
    if event is not None:
        yield event
    yield _transfer(settlement)


def _transfer(settlement: Settlement) -> Event:
    day = min(settlement.last, AS_OF)
    line = MoneyLine(day, settlement.currency, "", "", "", -settlement.total)
    return Event(line, settlement.settlement_id, "Transfer", {"other": -settlement.total})


def _key(line: MoneyLine) -> tuple[date, str, str, str, str]:
    return line.day, line.transaction_type, line.order_id, line.item_code, line.msku


def _row(event: Event, words: Words, titles: dict[str, str]) -> list[str]:
    line = event.line
    texts = {
        "date": _moment(line.day, words),
        "settlement": event.settlement_id,
        "type": words.types[event.type],
        "order": line.order_id,
        "sku": line.msku,
        "description": titles.get(line.msku, "") if line.order_id else words.stock if line.msku else "",
        "quantity": line.quantity,
        "marketplace": line.marketplace.lower().replace(".co.jp", ".jp"),
        "fulfilment": {"AFN": "Amazon", "MFN": words.seller}.get(line.fulfilment, ""),
        "city": "Quillford" if line.order_id else "",
        "postal": "00000" if line.order_id else "",
    }
    total = sum(event.money.values(), Decimal(0))
    money = event.money | {"total": total}
    whole = line.currency == "JPY"
    return [
        texts.get(kind, "") if kind in _TEXTS else _amount(money.get(kind, Decimal(0)), words, whole=whole)
        for kind in words.layout
    ]


def _moment(day: date, words: Words) -> str:
    month = words.months[day.month - 1]
    return words.moment.format(d=day.day, dd=f"{day.day:02}", mm=f"{day.month:02}", month=month, yyyy=day.year)


def _amount(amount: Decimal, words: Words, *, whole: bool) -> str:
    """Print an amount with the language's signs; nothing is a bare 0."""
    if not amount:
        return "0"
    minus, thousands, point = words.signs
    text = f"{abs(amount):,.0f}" if whole else f"{abs(amount):,.2f}"
    return (minus if amount < 0 else "") + "".join({",": thousands, ".": point}.get(c, c) for c in text)


def _joined(row: list[str]) -> str:
    """Quote every cell but the empty ones."""
    return ",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in row)
