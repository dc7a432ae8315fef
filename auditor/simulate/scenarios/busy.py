"""Scenarios of products to which much happens: the truth is walked unit by unit, oldest loss first."""

from __future__ import annotations

from collections import deque

from auditor.simulate.paying import EXPOSED, PayingStory
from auditor.simulate.records import LedgerEvent, Payment, Product
from auditor.simulate.registry import scenario
from auditor.simulate.story import DAMAGED, LOST
from auditor.simulate.warehouse import WarehouseStory

S = WarehouseStory
_FIRST_DAY, _LAST_DAY = 120, 1


@scenario(LOST, S, alone=True)
def a_product_lost_found_and_paid_many_times(s: S) -> None:
    """What comes before a loss never settles it; within a day losses come first, then finds, then payments."""
    _walk(s, s.account.new_product(), ("lose", "lose", "find", "pay"))


@scenario(LOST, S, alone=True)
def a_product_lost_often_and_rarely_found(s: S) -> None:
    """Several losses stay open, some of them expired."""
    _walk(s, s.account.new_product(), ("lose", "lose", "lose", "find", "pay"))


@scenario(LOST, S, alone=True)
def a_product_found_more_often_than_lost(s: S) -> None:
    """Surplus of finds and payments is dropped, not saved up."""
    _walk(s, s.account.new_product(), ("lose", "find", "find", "pay"))


@scenario(DAMAGED, S, alone=True)
def a_product_damaged_and_paid_many_times(s: S) -> None:
    """Damages keep their own count, oldest first."""
    _walk(s, s.account.new_product(), ("lose", "lose", "pay"))


def _walk(s: S, product: Product, kinds: tuple[str, ...]) -> None:
    order = {"lose": 0, "find": 1, "pay": 2}
    planned = [(s.ago(_FIRST_DAY, _LAST_DAY), s.rng.choice(kinds)) for _ in range(14)]
    lots: list[LedgerEvent] = []
    missing: deque[LedgerEvent] = deque()  # one entry a unit
    paid: deque[Payment] = deque()  # one entry a unit that was paid for while it was missing
    payments: list[Payment] = []
    exposed: dict[str, tuple[Payment, LedgerEvent, int]] = {}
    for day, kind in sorted(planned, key=lambda step: (step[0], order[step[1]])):
        units = s.units(1, 4)
        if kind == "lose" and any(lot.day == day for lot in lots):
            continue  # nobody says which of two losses of one day comes first
        if kind == "lose":
            lots.append(s.lose(product, units, day) if s.family == LOST else s.damage(product, units, day))
            missing.extend([lots[-1]] * units)
            continue
        settled = [(missing.popleft(), 1) for _ in range(min(units, len(missing)))]
        if kind == "pay":
            payments.append(s.reimburse(product, day, settled, cash=units))
            paid.extend([payments[-1]] * len(settled))
            _number([payment for payment in payments if payment.day == day])
        else:
            _expose(s.find(product, units, day, settled), units - len(settled), paid, exposed)
    for lot in lots:
        if left := sum(unit is lot for unit in missing):
            s.owed(lot, left)
        else:
            s.not_owed(lot, "settled", "later finds and payments explain every unit")
    for payment, first_find, units in exposed.values():
        PayingStory(s.account, s.scenario, EXPOSED, group=s.group).exposed(payment, first_find, units)


def _number(payments: list[Payment]) -> None:
    """Of the payments of one day the first has the lowest ID: nothing else says which came first."""
    ids = sorted(payment.reimbursement_id for payment in payments)
    for payment, reimbursement_id in zip(payments, ids, strict=True):
        payment.reimbursement_id = reimbursement_id


def _expose(
    find: LedgerEvent, surplus: int, paid: deque[Payment], exposed: dict[str, tuple[Payment, LedgerEvent, int]]
) -> None:
    """Units found when nothing is missing are those that were paid for, the oldest payment first."""
    for _ in range(min(surplus, len(paid))):
        payment = paid.popleft()
        _, first, units = exposed.get(payment.reimbursement_id, (payment, find, 0))
        exposed[payment.reimbursement_id] = (payment, first, units + 1)
