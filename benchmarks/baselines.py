"""Short cuts that people take instead of an audit, on the same accounts and against the same truth as the audit itself.

Four of them look for lost and damaged units with one formula of a spreadsheet each; the fifth takes what the audit
found and gives each the sixtieth day after its event as last day. benchmarks/accuracy.py runs them beside the audit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from auditor.simulate import Account
from auditor.simulate.calendar_of_account import LEDGERS
from auditor.simulate.inventory_exports import figures
from auditor.simulate.records import LedgerEvent, Payment

LOSSES = {"M": "warehouse_lost", "5": "warehouse_lost", **dict.fromkeys("E67HKU", "warehouse_damaged")}
FLAT_DAYS = 60
PAID_WITHIN = 90
UNITS = "losses and damages"
EVERYTHING = "every rule with a last day"


@dataclass(frozen=True, slots=True)
class Claim:
    """So many units of a reference, claimed or owed; no last day: none is known."""

    rule: str
    reference: str
    fnsku: str
    msku: str
    units: int
    claim_by: date | None

    def is_about(self, other: Claim) -> bool:
        """Say whether two claims are about the same loss of the same product."""
        if (self.rule, self.reference) != (other.rule, other.reference):
            return False
        return self.fnsku == other.fnsku or self.msku == other.msku


@dataclass
class Result:
    """Units owed, claimed and rightly claimed; of the rightly claimed ones, those with a wrong last day."""

    owed: int = 0
    claimed: int = 0
    right: int = 0
    late_or_early: int = 0
    days_off: int = 0

    def add(self, owed: Iterable[Claim], claimed: Iterable[Claim]) -> None:
        """Compare claims with what is owed: a unit owed is found once."""
        left: dict[Claim, int] = Counter()
        of_reference: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for debt in owed:
            self.owed += debt.units
            left[debt] += debt.units
            of_reference[debt.rule, debt.reference].append(debt)
        for claim in claimed:
            self.claimed += claim.units
            units = claim.units
            debts = [debt for debt in of_reference[claim.rule, claim.reference] if claim.is_about(debt)]
            for debt in sorted(debts, key=lambda debt: debt.claim_by != claim.claim_by):
                found = min(units, left[debt])
                left[debt] -= found
                units -= found
                self.right += found
                if claim.claim_by and debt.claim_by and claim.claim_by != debt.claim_by:
                    self.late_or_early += found
                    self.days_off += found * abs((claim.claim_by - debt.claim_by).days)


@dataclass
class Baselines:
    """The results of the audit and of every short cut, over all accounts."""

    results: dict[tuple[str, str], Result] = field(default_factory=lambda: defaultdict(Result))

    def add(self, account: Account, truth: dict[str, Any], findings: Iterable[dict[str, Any]]) -> None:
        """Run every short cut on one account, beside what the audit found in it."""
        owed = [_claim(entry, entry["reference_id"]) for entry in truth["owed"]]
        found = [_claim(row, row["reference_id"].removeprefix("'")) for row in findings]
        losses = [claim for claim in owed if claim.rule in LOSSES.values()]
        dated = [claim for claim in owed if claim.claim_by]
        audit = [claim for claim in found if claim.claim_by]
        self.results["this tool", UNITS].add(losses, [claim for claim in found if claim.rule in LOSSES.values()])
        for name, look in LOOKS.items():
            self.results[name, UNITS].add(losses, look(account))
        self.results["this tool", EVERYTHING].add(dated, audit)
        days = {row["finding_id"]: date.fromisoformat(row["event_date"]) for row in findings if row["claim_by"]}
        flat = [_flat(claim, day) for claim, day in zip(audit, days.values(), strict=True)]
        self.results[f"a flat {FLAT_DAYS} days from detection as last day", EVERYTHING].add(dated, flat)

    def table(self) -> str:
        """Print one line each as a Markdown table."""
        head = "| method | judged on | units owed | units claimed | precision | recall | last day wrong | days off |"
        lines = [head, "|---|---|" + "---:|" * 6]
        for (name, on), result in self.results.items():
            off = result.days_off / result.right if result.right else 0
            cells = [name, on, result.owed, result.claimed, _share(result.right, result.claimed)]
            cells += [_share(result.right, result.owed), _share(result.late_or_early, result.right), f"{off:.1f}"]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
        return "\n".join(lines) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else ""


def _claim(row: dict[str, Any], reference: str) -> Claim:
    claim_by = date.fromisoformat(row["claim_by"]) if row["claim_by"] else None
    return Claim(row["rule"], reference, row["fnsku"], row["msku"], int(row["units"]), claim_by)


def _flat(claim: Claim, day: date) -> Claim:
    last = day + timedelta(days=FLAT_DAYS)
    return Claim(claim.rule, claim.reference, claim.fnsku, claim.msku, claim.units, last)


def unreconciled_as_it_is(account: Account) -> Iterator[Claim]:
    """Claim the Unreconciled Quantity of every loss, as the newest export that holds the row prints it."""
    for loss in _losses(account):
        newest = max((span for span in LEDGERS if loss.day in span), key=lambda span: span.last)
        printed = figures(loss, newest)[1] if account.figures else ""
        yield _of(loss, int(printed or 0))


def sums_per_product(account: Account) -> Iterator[Claim]:
    """Claim lost less found less paid of each FNSKU and kind, for its newest losses."""
    explained: Counter[tuple[str, str]] = Counter()
    for event in account.ledger:
        if event.reason in ("F", "N"):
            explained["warehouse_lost", event.product.fnsku] += event.quantity
    for payment in account.payments:
        explained[_paid_rule(payment), payment.product.fnsku] += payment.cash + payment.inventory
    for loss in _losses(account):  # the oldest first: what is explained leaves the newest
        key = (LOSSES[loss.reason], loss.product.fnsku)
        used = min(max(explained[key], 0), -loss.quantity)
        explained[key] -= used
        yield _of(loss, -loss.quantity - used)


def nearest_later_payment(account: Account) -> Iterator[Claim]:
    """Take each loss with the nearest payment for its product within 90 days, and claim what that leaves."""
    free = {id(payment): payment for payment in account.payments}
    for loss in _losses(account):
        later = [
            payment
            for payment in free.values()
            if payment.product.fnsku == loss.product.fnsku
            and timedelta(0) <= payment.day - loss.day <= timedelta(days=PAID_WITHIN)
        ]
        paid = min(later, key=lambda payment: payment.day, default=None)
        if paid:
            del free[id(paid)]
        yield _of(loss, -loss.quantity - (paid.cash + paid.inventory if paid else 0))


def same_product_same_day(account: Account) -> Iterator[Claim]:
    """Claim every loss less what was found or paid for its SKU on its own day."""
    explained: Counter[tuple[str, date]] = Counter()
    for event in account.ledger:
        if event.reason in ("F", "N"):
            explained[event.product.msku, event.day] += event.quantity
    for payment in account.payments:
        explained[payment.product.msku, payment.day] += payment.cash + payment.inventory
    for loss in _losses(account):
        key = (loss.product.msku, loss.day)
        used = min(max(explained[key], 0), -loss.quantity)
        explained[key] -= used
        yield _of(loss, -loss.quantity - used)


def _losses(account: Account) -> list[LedgerEvent]:
    rows = [row for row in account.ledger if row.reason in LOSSES and row.quantity < 0]
    return sorted(rows, key=lambda row: (row.day, row.reference))


def _paid_rule(payment: Payment) -> str:
    """The loss that a payment's reason names, by its first word as a filter of a spreadsheet would."""
    return "warehouse_damaged" if payment.reason.lower().startswith("damaged") else "warehouse_lost"


def _of(loss: LedgerEvent, units: int) -> Claim:
    product, last = loss.product, loss.day + timedelta(days=FLAT_DAYS)
    return Claim(LOSSES[loss.reason], loss.reference, product.fnsku, product.msku, max(units, 0), last)


LOOKS: dict[str, Callable[[Account], Iterable[Claim]]] = {
    "Amazon's Unreconciled Quantity as it is": unreconciled_as_it_is,
    "lost less found less paid, per FNSKU": sums_per_product,
    f"the nearest payment within {PAID_WITHIN} days": nearest_later_payment,
    "the same SKU on the same day": same_product_same_day,
}
