"""Ordinary life around the scenarios: sales, transfers, receipts, matched refunds. Nothing here is owed."""

from __future__ import annotations

from datetime import timedelta

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import ACCOUNT_START, AS_OF, STORAGE_CHARGES, ago
from auditor.simulate.records import LedgerEvent, MoneyLine, Product
from auditor.simulate.selling import SellingStory
from auditor.simulate.shipping import ShippingStory
from auditor.simulate.story import INBOUND, LOST, RETURN
from auditor.simulate.titles import AWKWARD
from auditor.simulate.warehouse import WarehouseStory

_NAME = "ordinary"
_TWIN_SHARE = 0.25


def live(account: Account, rows: int) -> None:
    """Fill the account with ordinary events until its ledger has so many rows."""
    products = [account.new_product() for _ in range(12)]
    _restock(account, products)
    _sell_and_take_back(account, products)
    _settle_customer_service(account, products)
    _lose_and_find(account, products)
    _pay_fees(account)
    _move_between_buildings(account, products)
    _sell_every_day(account, [*account.products, *products * 3], rows)


def _restock(account: Account, products: list[Product]) -> None:
    story = ShippingStory(account, _NAME, INBOUND)
    for number, product in enumerate(products[:6]):
        day = story.ago(310 - 50 * number, 300 - 50 * number)
        other = products[(number + 6) % 12]
        shipment = story.ship([(product, 40), (other, 24)], day)
        story.receive(shipment, product, 25, day)
        story.receive(shipment, product, 15, story.after(day, 1, 9), account.centre(other_than=shipment.centre))
        story.receive(shipment, other, 24, day)


def _sell_and_take_back(account: Account, products: list[Product]) -> None:
    # A return every few days keeps the returns export free of gaps, from its first day to the account's last.
    story = SellingStory(account, _NAME, RETURN)
    day = account.returns_start
    while day <= AS_OF:
        refunded = day - timedelta(days=account.rng.randint(3, 20))
        order = story.order([(account.rng.choice(products), 1)], refunded)
        story.refund(order, refunded, 1)
        story.give_back(order, refunded, day)
        day += (
            timedelta(days=account.rng.randint(4, 6))
            if AS_OF - day > timedelta(days=6)
            else max(AS_OF - day, timedelta(days=1))
        )
    for number in range(8):
        order = story.order([(account.rng.choice(products), account.rng.randint(1, 3))], story.ago(180, 5))
        if number % 4 == 0:
            order.status = "Cancelled"
            del account.ledger[-order.lines[0].units :]


def _settle_customer_service(account: Account, products: list[Product]) -> None:
    # Payments for orders that no export lists any more; they keep the reimbursements export free of gaps.
    story = SellingStory(account, _NAME, RETURN)
    day = ACCOUNT_START
    while day <= AS_OF:
        order = story.order([(account.rng.choice(products), 1)], day, listed=False)
        story.compensate(order, day, 1, reason="CustomerServiceIssue")
        day += timedelta(days=account.rng.randint(5, 7))


def _lose_and_find(account: Account, products: list[Product]) -> None:
    # The commonest story of all: misplaced, then found within days.
    story = WarehouseStory(account, _NAME, LOST)
    for _ in range(14):
        loss = story.lose(account.rng.choice(products), story.units(1, 2), story.ago(320, 12))
        units = -loss.quantity
        story.find(loss.product, units, story.after(loss.day, 1, 11), [(loss, units)])
    for _ in range(10):
        target = account.rng.choice(("DEFECTIVE", "CUSTOMER_DAMAGED"))
        story.move(account.rng.choice(products), 1, story.ago(320, 12), "SELLABLE", target)


def _pay_fees(account: Account) -> None:
    currency = account.market.currency
    for day in STORAGE_CHARGES:
        for description, most in (("Storage Fee", 60), ("Subscription Fee", 40)):
            amount = -account.money_of(20, most)
            account.money.append(
                MoneyLine(day, currency, "other-transaction", "other-transaction", description, amount)
            )


def _move_between_buildings(account: Account, products: list[Product]) -> None:
    country = account.market.country
    for _ in range(40):
        product, units = account.rng.choice(products), account.rng.randint(0, 8)
        day = ago(account.rng.randint(6, 330))
        source = account.centre()
        arrival = day + timedelta(days=account.rng.randint(0, 5))
        target = account.centre(other_than=source)
        account.ledger.append(LedgerEvent(day, product, "WhseTransfers", -units, source, country))
        account.ledger.append(LedgerEvent(arrival, product, "WhseTransfers", units, target, country))


def _sell_every_day(account: Account, products: list[Product], rows: int) -> None:
    days = (AS_OF - ACCOUNT_START).days
    # The ledger begins and ends with a sale, and no week passes without one; each awkward title is sold.
    due = [*range(0, days, 4), days]
    titled = list({product.asin: product for product in account.products}.values())[:AWKWARD]
    while due or len(account.ledger) < rows:
        day = ACCOUNT_START + timedelta(days=due.pop() if due else account.rng.randint(0, days))
        country = account.rng.choice(list(account.market.centres))
        product = titled.pop() if titled else account.rng.choice(products)
        event = LedgerEvent(day, product, "Shipments", -1, account.centre(country), country)
        account.ledger.append(event)
        if account.rng.random() < _TWIN_SHARE:
            account.ledger.append(_twin(event))


def _twin(event: LedgerEvent) -> LedgerEvent:
    return LedgerEvent(event.day, event.product, event.event_type, event.quantity, event.centre, event.country)
