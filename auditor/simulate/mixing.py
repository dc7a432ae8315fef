"""What may happen to one product of a mixture, step by step, and how Amazon counts it.

The steps stay clear of what no source decides: two losses of one day, two finds of one day, inventory given twice in
equal numbers, a payment between a shipment's creation and its delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.mixture import GROUP, OLDEST, Mixing, Step
from auditor.simulate.records import LedgerEvent
from auditor.simulate.selling import SellingStory
from auditor.simulate.shipping import ShippingStory
from auditor.simulate.story import INBOUND, RETURN


def _lose(mixing: Mixing, step: Step, day: date) -> None:
    if mixing.first("lost", day):
        country = mixing.country()
        disposition = mixing.rng.choice(("SELLABLE",) * 5 + ("CUSTOMER_DAMAGED",))
        code = mixing.rng.choice("MMM5")
        event = mixing.warehouse.adjust(mixing.product, day, -step.units, code, disposition, country=country)
        mixing.troubles.append(event)


def _lose_twins(mixing: Mixing, step: Step, day: date) -> None:
    before = len(mixing.troubles)
    _lose(mixing, step, day)
    _repeat(mixing, before)


def _repeat(mixing: Mixing, before: int) -> None:
    """Print the newest trouble twice, every column equal."""
    for event in mixing.troubles[before:]:
        twin = replace(event, explained=[(event.day, 0)])
        mixing.account.ledger.append(twin)
        mixing.troubles.append(twin)


def _find(mixing: Mixing, step: Step, day: date) -> None:
    """Find units; now and then the same row stands twice and is two finds."""
    if mixing.first("found", day):
        found = mixing.warehouse.adjust(mixing.product, day, step.units, "F", country=mixing.country())
        times = mixing.rng.choice((1, 1, 1, 2))
        mixing.account.ledger += [replace(found) for _ in range(times - 1)]
        mixing.answers.append((day, "found", step.units * times))


def _find_by_another_code(mixing: Mixing, step: Step, day: date) -> None:
    units = mixing.unused(step.units)
    if units and mixing.first("found", day):
        mixing.warehouse.adjust(mixing.product, day, units, "N", country=mixing.country())
        mixing.answers.append((day, "found", units))


def _pay_lost(mixing: Mixing, step: Step, day: date) -> None:
    mixing.pay(day, "Lost_Warehouse", cash=step.units)


def _pay_damaged(mixing: Mixing, step: Step, day: date) -> None:
    mixing.pay(day, "Damaged_Warehouse", cash=step.units)


def _pay_in_parts(mixing: Mixing, step: Step, day: date) -> None:
    reason = mixing.rng.choice(("Lost_Warehouse", "Damaged_Warehouse"))
    for _ in range(2):
        mixing.pay(day, reason, cash=max(1, step.units // 2))


def _pay_in_inventory(mixing: Mixing, step: Step, day: date) -> None:
    """The units given show within ten days, later than that as a find of their own, or never."""
    reason = mixing.rng.choice(("Lost_Warehouse", "Lost_Warehouse", "Damaged_Warehouse"))
    if not (units := mixing.unused(step.units)):
        return
    mixing.pay(day, reason, mixing.rng.choice((0, 0, 1, 2)), units)
    shown = day + timedelta(days=mixing.rng.choice((-10, -4, 0, 3, 10, 11, 14, 999)))
    if mixing.first("found", shown):
        mixing.warehouse.adjust(mixing.product, shown, units, "N", country=mixing.country())
        mixing.answers.append((shown, "given", units))


def _pay_for_an_order(mixing: Mixing, step: Step, day: date) -> None:
    reason = mixing.rng.choice(("Lost_Warehouse", "Damaged_Warehouse", "CustomerServiceIssue"))
    mixing.pay(day, reason, cash=step.units, ordered=True)


def _take_back(mixing: Mixing, _: Step, day: date) -> None:
    """Take a payment back, or swap its cash for inventory; its units stay settled."""
    earlier = [p for p in mixing.payments if p.day <= day and p.cash and not p.inventory and not p.order_id]
    if not earlier:
        return
    payment = mixing.rng.choice(earlier)
    mixing.payments.remove(payment)
    swapped = mixing.rng.random() < 0.4 and mixing.unused(payment.cash) == payment.cash
    mixing.warehouse.take_back(payment, day, payment.cash if swapped else 0)
    shown = min(day + timedelta(days=mixing.rng.randint(0, 9)), AS_OF)
    if swapped and mixing.first("found", shown):
        mixing.warehouse.adjust(mixing.product, shown, payment.cash, "N")


def _damage(mixing: Mixing, step: Step, day: date) -> None:
    if mixing.first("damaged", day):
        code = mixing.rng.choice("EEEEEEEEE67HKU")
        arrival = mixing.rng.random() < 0.75
        mixing.troubles.append(mixing.warehouse.damage(mixing.product, step.units, day, code, arrival=arrival))


def _damage_twins(mixing: Mixing, step: Step, day: date) -> None:
    if mixing.first("damaged", day):
        mixing.troubles.append(mixing.warehouse.damage(mixing.product, step.units, day, arrival=False))
        _repeat(mixing, len(mixing.troubles) - 1)


def _correct(mixing: Mixing, step: Step, day: date) -> None:
    """Return damaged units to sellable stock, mostly out of where they lie."""
    if mixing.first("corrected", day):
        source = mixing.rng.choice(("WAREHOUSE_DAMAGED",) * 4 + ("CUSTOMER_DAMAGED",))
        mixing.warehouse.move(mixing.product, step.units, day, source, "SELLABLE")
        mixing.answers.append((day, "corrected", step.units))


def _move(mixing: Mixing, step: Step, day: date) -> None:
    """Move units to another disposition, building, SKU or owner: nothing is lost."""
    story, product = mixing.warehouse, mixing.product
    how = mixing.rng.choice(("disposition", "building", "sku", "owner"))
    if how == "disposition" and mixing.first("damaged", day):
        story.move(product, step.units, day, "SELLABLE", mixing.rng.choice(("CUSTOMER_DAMAGED", "DEFECTIVE")))
    elif how == "building":
        country = mixing.account.market.country
        for units in (-step.units, step.units):
            centre = mixing.account.centre()
            mixing.account.ledger.append(LedgerEvent(day, product, "WhseTransfers", units, centre, country))
    elif how == "sku":
        story.adjust(product, day, -step.units, "4")
        story.adjust(product, day, step.units, "3")
    elif how == "owner":
        story.adjust(product, day, -step.units, "O")


def _ship(mixing: Mixing, step: Step, day: date) -> None:
    """Send a shipment that arrives short, in full, in two buildings, with a deduction, or not at all."""
    day -= timedelta(days=min((AS_OF - day).days, OLDEST - (AS_OF - day).days))
    if not mixing.first("delivered", day):
        return
    story = ShippingStory(mixing.account, GROUP, INBOUND, mixing.product, GROUP)
    short = mixing.rng.choice((0, step.units, step.units))
    how = mixing.rng.choice(("closed", "closed", "closed", "receiving", "never"))
    closed = how == "closed"
    updated = None if closed else max(day, AS_OF - timedelta(days=mixing.rng.choice((5, 20, 21, 22, 40))))
    status = {"closed": "CLOSED", "receiving": "RECEIVING", "never": "DELIVERED"}[how]
    shipment = story.ship([(mixing.product, 12)], day, status, day if how == "never" else updated)
    mixing.transit.append((shipment.created, day))
    if how == "never":
        return
    story.receive(shipment, mixing.product, 6, day)
    later = min(day + timedelta(days=mixing.rng.randint(0, 20)), AS_OF)
    story.receive(shipment, mixing.product, 6 - min(short, 5), later, mixing.account.centre())
    if mixing.rng.random() < 0.3:
        story.receive(shipment, mixing.product, -2, later)


def _pay_inbound(mixing: Mixing, step: Step, day: date) -> None:
    if not any(created <= day < delivered for created, delivered in mixing.transit):
        mixing.pay(day, "Lost_Inbound", cash=step.units)


def _refund(mixing: Mixing, step: Step, day: date) -> None:
    """Sell and refund units; some come back, before or after the refund, and some are paid for."""
    story = SellingStory(mixing.account, GROUP, RETURN, mixing.product, GROUP)
    day = AS_OF - (AS_OF - day) * 3 // 5 - timedelta(days=2)  # orders are exported for less than the whole year
    units = min(step.units, 4)
    order = story.order([(mixing.product, units + mixing.rng.randint(0, 1))], day)
    refunded = mixing.rng.randint(1, units)
    story.refund(order, day, refunded)
    back = mixing.rng.randint(0, refunded) if mixing.rng.random() < 0.5 else 0
    if back:
        story.give_back(order, day, day + timedelta(days=mixing.rng.randint(-4, 40)), back)
    if mixing.rng.random() < 0.4:
        reason = mixing.rng.choice(("CustomerReturn", "CustomerServiceIssue", "Lost_Warehouse"))
        paid = day + timedelta(days=mixing.rng.randint(1, 60))
        story.compensate(order, paid, mixing.rng.randint(1, 2), reason=reason)


Planting = Callable[[Mixing, Step, date], None]

#: Steps by name, with the turn in which they are planted.
STEPS: dict[str, tuple[int, Planting]] = {
    "lose": (0, _lose),
    "lose twins": (0, _lose_twins),
    "damage": (0, _damage),
    "damage twins": (0, _damage_twins),
    "ship": (0, _ship),
    "refund": (0, _refund),
    "find": (1, _find),
    "find by another code": (1, _find_by_another_code),
    "correct": (1, _correct),
    "move": (1, _move),
    "pay lost": (1, _pay_lost),
    "pay damaged": (1, _pay_damaged),
    "pay in parts": (1, _pay_in_parts),
    "pay in inventory": (1, _pay_in_inventory),
    "pay for an order": (1, _pay_for_an_order),
    "pay inbound": (1, _pay_inbound),
    "take back": (2, _take_back),
}


def _count(mixing: Mixing, rng: Random, order: str, forgets: float, knows: float) -> None:
    """Print figures: Amazon matches answers in its own order, forgets some, and knows of units under other SKUs."""
    left = {id(event): -event.quantity for event in mixing.troubles}
    for day, what, answered in sorted(mixing.answers):
        if rng.random() < forgets or what in ("Lost_Inbound", "CustomerServiceIssue", "given"):
            continue
        damaged = what in ("Damaged_Warehouse", "corrected")
        mine = [each for each in mixing.troubles if (each.reason not in "M5") == damaged and each.day <= day]
        mine.sort(key=lambda event: event.day, reverse=order == "newest")
        if order == "any":
            rng.shuffle(mine)
        units = answered
        for event in mine:
            used = min(units, left[id(event)])
            left[id(event)] -= used
            units -= used
            mixing.warehouse.reconcile([(event, used)], day)
    for event in mixing.troubles:
        if rng.random() < knows and left[id(event)]:
            day = min(event.day + timedelta(days=rng.randint(0, 40)), AS_OF)
            mixing.warehouse.reconcile([(event, rng.randint(1, left[id(event)]))], day)


#: How Amazon counts: like the rows, in another order, behind them, or knowing more than they show.
AMAZON: dict[str, Callable[[Mixing, Random], None]] = {
    "oldest": lambda mixing, rng: _count(mixing, rng, "oldest", 0, 0),
    "newest": lambda mixing, rng: _count(mixing, rng, "newest", 0, 0),
    "behind": lambda mixing, rng: _count(mixing, rng, "oldest", 0.4, 0),
    "knows more": lambda mixing, rng: _count(mixing, rng, "any", 0, 0.4),
    "knows nothing": lambda mixing, rng: _count(mixing, rng, "oldest", 1, 0),
}


def plant(mixing: Mixing) -> None:
    """Plant shipments before payments for them, and payments before what takes them back."""
    for step in sorted(mixing.mixture.steps, key=lambda step: (STEPS[step.kind][0], -step.ago)):
        mixing.account.rng = Random(step.chance)
        turn, planting = STEPS[step.kind]
        day = AS_OF - timedelta(days=step.ago)
        planting(mixing, step, mixing.near_a_limit(day) if turn else day)
    AMAZON[mixing.mixture.amazon](mixing, Random(mixing.mixture.chance))
