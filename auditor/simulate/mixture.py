"""What one random mixture is: the steps that happen to a product, and the hands that plant them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.paying import PayingStory
from auditor.simulate.records import LedgerEvent, Payment, Product
from auditor.simulate.story import LOST

GROUP = "mixtures"
OLDEST = 300
MOST_UNITS = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens so many days before the last day; `chance` decides its details."""

    kind: str
    ago: int
    units: int
    chance: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """What happens to one product. `amazon` says how Amazon counts it: see `AMAZON`."""

    steps: tuple[Step, ...]
    amazon: str = "oldest"
    chance: int = 0


@dataclass
class Mixing:
    """One mixture being planted: what has happened so far, so that no step becomes ambiguous."""

    account: Account
    product: Product
    mixture: Mixture
    troubles: list[LedgerEvent] = field(default_factory=list)
    answers: list[tuple[date, str, int]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    transit: list[tuple[date, date]] = field(default_factory=list)
    _days: set[tuple[str, date]] = field(default_factory=set)
    _given: set[int] = field(default_factory=set)

    @property
    def rng(self) -> Random:
        """The chance of the present step."""
        return self.account.rng

    @property
    def warehouse(self) -> PayingStory:
        """The verbs of losses, finds and payments."""
        return PayingStory(self.account, GROUP, LOST, self.product, GROUP)

    def near_a_limit(self, day: date) -> date:
        """Draw the day before, of or after a trouble, or where corrections end; often it stays the day given."""
        if not self.troubles or self.rng.random() < 0.5:
            return day
        trouble = self.rng.choice(self.troubles)
        return min(trouble.day + timedelta(days=self.rng.choice((-1, 0, 0, 1, 29, 30, 31))), AS_OF)

    def country(self) -> str:
        """Draw a country with stock of the account, mostly the home country."""
        others = list(self.account.market.centres)
        return self.rng.choice(others) if self.rng.random() < 0.5 else self.account.market.country

    def first(self, what: str, day: date) -> bool:
        """Say whether this is the first of its kind on a day, and remember it."""
        new = (what, day) not in self._days and day <= AS_OF
        self._days.add((what, day))
        return new

    def unused(self, units: int) -> int:
        """Give a number of units in which no inventory of the product was given so far; 0 when there is none."""
        free = [n for n in [*range(units, MOST_UNITS + 3), *range(1, units)] if n not in self._given]
        self._given.update(free[:1])
        return free[0] if free else 0

    def pay(self, day: date, reason: str, cash: int = 0, inventory: int = 0, *, ordered: bool = False) -> Payment:
        """Add a payment that may answer a trouble."""
        payment = self.warehouse.pay(self.product, day, reason, cash, inventory)
        if ordered:
            payment.order_id = self.account.order_id()
        self.payments.append(payment)
        self.answers.append((day, reason, cash + inventory))
        return payment
