"""What is owed for one product, counted a second time: every single unit is an object, followed to its end.

The other truths of a synthetic account are stated by the stories that plant its rows. Where several stories meet on one
product nobody states the outcome beforehand; this ledger reads the rows that the exports will print and moves one
unit at a time. It is slow and plain on purpose, and it shares nothing with the rules that it checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import ADJUSTMENTS_ONLY, AS_OF, LEDGERS, QUIET_DAYS
from auditor.simulate.records import LedgerEvent, Order, OrderLine, Payment, Product, Shipment
from auditor.simulate.story import DAMAGED, INBOUND, LOST, RETURN
from auditor.simulate.units import Answer, Trouble, explain, hear_amazon
from auditor.simulate.windows import DISPUTES, RETURNS, region_of

SHORT = "reimbursed_short"
FRESH_DAYS = 7
GIVEN_DAYS = 10
SILENT_DAYS = 21
UNSELLABLE = "67HKU"


@dataclass(frozen=True, slots=True)
class Debt:
    """Open units of one reference: what the audit must find, no more and no less."""

    rule: str
    product: Product
    reference: str
    anchor: date
    country: str
    units: int
    certain: bool


def debts_of(account: Account, product: Product) -> list[Debt]:
    """Count what Amazon owes for a product by losses, damages, short shipments and refunds."""
    events = [event for event in account.ledger if event.product is product]
    payments = [payment for payment in account.payments if payment.product is product]
    troubles = [
        *_lost(account, events, payments),
        *_damaged(account, events, payments),
        *_not_received(account, product, events, payments),
        *_not_returned(account, product, payments),
    ]
    counted: dict[tuple[str, str, date], Debt] = {}
    for trouble in troubles:
        debt = Debt(
            trouble.rule,
            product,
            trouble.reference,
            trouble.day,
            trouble.country,
            len(trouble.open_units),
            trouble.certain,
        )
        key = (debt.rule, debt.reference, debt.anchor)
        # Twins, equal in every column, are one claim.
        counted[key] = replace(debt, units=debt.units + counted[key].units) if key in counted else debt
    return [debt for debt in counted.values() if debt.units]


def _lost(account: Account, events: list[LedgerEvent], payments: list[Payment]) -> list[Trouble]:
    troubles = [_trouble(account, LOST, event).add(-event.quantity) for event in events if _is_loss(event, "M5")]
    given = _given_as_payment(events, payments)
    finds = [
        Answer(event.day, "found", event.quantity, event.country)
        for event in events
        if event.reason in ("F", "N") and event.quantity > 0 and event not in given
    ]
    explain(troubles, [*finds, *_paid(payments, "lost", "warehouse")])
    hear_amazon(troubles)
    return troubles


def _damaged(account: Account, events: list[LedgerEvent], payments: list[Payment]) -> list[Trouble]:
    moves = list(_moves(events))
    arrivals = [event for event in events if event.reason == "P" and event.disposition != "SELLABLE"]
    for _, into in moves:
        if into in arrivals:
            arrivals.remove(into)
    troubles = []
    for event in events:
        if not _is_loss(event, "E" + UNSELLABLE):
            continue
        beside = [p for p in arrivals if (p.day, p.centre, p.quantity) == (event.day, event.centre, -event.quantity)]
        if beside:
            arrivals.remove(beside[0])
        trouble = _trouble(account, DAMAGED, event)
        trouble.certain = event.reason == "E"
        troubles.append(trouble.add(-event.quantity, beside[0].disposition if beside else ""))
    corrections = [
        Answer(into.day, "corrected", into.quantity, place=out.disposition)
        for out, into in moves
        if into.disposition == "SELLABLE" and out.disposition != "SELLABLE"
    ]
    explain(troubles, [*corrections, *_paid(payments, "damage", "warehouse"), *_paid(payments, "倉庫", "破損")])
    hear_amazon(troubles)
    return troubles


def _not_received(
    account: Account, product: Product, events: list[LedgerEvent], payments: list[Payment]
) -> list[Trouble]:
    troubles = []
    for shipment in account.shipments:
        shipped = sum(units for of, units in shipment.shipped if of is product)
        receipts = [e for e in events if e.event_type == "Receipts" and e.reference == shipment.shipment_id]
        if not shipped or not _is_over(shipment, receipts):
            continue
        delivered = min((e.day for e in receipts if e.quantity > 0), default=shipment.updated)
        country = receipts[0].country if receipts else account.market.country
        trouble = Trouble(INBOUND, product, shipment.shipment_id, delivered, country).add(shipped)
        for unit in trouble.units[: max(0, sum(receipt.quantity for receipt in receipts))]:
            unit.state = "received"
        troubles.append(trouble)
    explain(troubles, _paid(payments, "lost", "inbound"))
    return troubles


def _is_over(shipment: Shipment, receipts: list[LedgerEvent]) -> bool:
    if shipment.status not in ("RECEIVING", "DELIVERED", "CHECKED_IN"):
        return shipment.status == "CLOSED"
    last = max([shipment.updated, *(receipt.day for receipt in receipts)])
    return AS_OF - last >= timedelta(days=SILENT_DAYS)


def _not_returned(account: Account, product: Product, payments: list[Payment]) -> list[Trouble]:
    troubles = []
    for order in account.orders:
        line = next((line for line in order.lines if line.product is product), None)
        if line is None or order.fulfilled_by != "Amazon":
            continue
        refunded, day = _refunded(account, order, line)
        if day is None or day < account.returns_start - timedelta(days=QUIET_DAYS):
            continue  # before the returns export begins, a return that it lacks proves nothing
        trouble = Trouble(RETURN, product, order.order_id, day, account.market.country).add(refunded)
        back = sum(row.units for row in account.returns if row.order is order and row.product is product)
        paid = [payment for payment in payments if payment.order_id == order.order_id and not _takes_back(payment)]
        for state in ["returned"] * back + ["paid"] * sum(payment.cash + payment.inventory for payment in paid):
            if trouble.open_units:
                trouble.open_units[0].state = state
        if paid:
            _leave_to_a_dispute(trouble, max(paid, key=lambda payment: payment.day))
        troubles.append(trouble)
    return troubles


def _leave_to_a_dispute(trouble: Trouble, last: Payment) -> None:
    """Units that a payment left out are disputed under it once their own claim has lapsed; no unit is claimed twice."""
    region = region_of(trouble.country)
    own, dispute = RETURNS[region].status(trouble.day, AS_OF), DISPUTES[region].status(last.day, AS_OF)
    if own == "expired" and dispute != "expired":
        trouble.rule, trouble.reference, trouble.day = SHORT, last.reimbursement_id, last.day
        trouble.certain = False


def _refunded(account: Account, order: Order, line: OrderLine) -> tuple[int, date | None]:
    """Units whose price was refunded, and the day; less than half of a price is no unit."""
    rows = [
        row
        for row in account.money
        if (row.transaction_type, row.description) == ("Refund", "Principal")
        and (row.order_id, row.msku) == (order.order_id, line.product.msku)
    ]
    principal = -sum(row.amount for row in rows)
    return round(principal / line.unit_price), min((row.day for row in rows), default=None)


def _trouble(account: Account, rule: str, event: LedgerEvent) -> Trouble:
    trouble = Trouble(rule, event.product, event.reference, event.day, event.country)
    spans = (*LEDGERS, ADJUSTMENTS_ONLY) if account.seed % 4 == 0 else LEDGERS
    newest = max(span.last for span in spans if event.day in span)
    if account.figures:
        trouble.figure = -event.quantity - event.reconciled_on(newest)
        trouble.fresh = AS_OF - newest <= timedelta(days=FRESH_DAYS)
    return trouble


def _is_loss(event: LedgerEvent, codes: str) -> bool:
    return event.event_type == "Adjustments" and event.quantity < 0 and event.reason != "" and event.reason in codes


def _takes_back(payment: Payment) -> bool:
    return "revers" in payment.reason.lower()


def _paid(payments: list[Payment], *words: str) -> list[Answer]:
    """Payments for a kind of trouble. One keyed to an order pays for the order, and a reversal pays for nothing."""
    return [
        Answer(payment.day, "paid", payment.cash + payment.inventory)
        for payment in payments
        if all(word in payment.reason.lower() for word in words) and not payment.order_id and not _takes_back(payment)
    ]


def _given_as_payment(events: list[LedgerEvent], payments: list[Payment]) -> list[LedgerEvent]:
    """The `N` rows that are inventory given as a payment: one to one, equal units, nearest days, ten at most."""
    possible = sorted(
        (
            (abs(event.day - payment.day), number, place)
            for number, event in enumerate(events)
            for place, payment in enumerate(payments)
            if event.reason == "N" and event.quantity == payment.inventory > 0
        ),
    )
    given: dict[int, int] = {}
    for distance, number, place in possible:
        if distance <= timedelta(days=GIVEN_DAYS) and number not in given and place not in given.values():
            given[number] = place
    return [events[number] for number in given]


def _moves(events: list[LedgerEvent]) -> Iterator[tuple[LedgerEvent, LedgerEvent]]:
    """Give each `Q` row with the `P` row beside it: the same units, day and building."""
    into = [event for event in events if event.reason == "P"]
    for out in events:
        beside = [
            p
            for p in into
            if (p.day, p.centre, p.quantity) == (out.day, out.centre, -out.quantity)
            and (p.disposition == "SELLABLE") != (out.disposition == "SELLABLE")
        ]
        if out.reason == "Q" and beside:
            into.remove(beside[0])
            yield out, beside[0]
