"""Single units in trouble, and how a row explains them: found, paid, corrected, or counted by Amazon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from auditor.simulate.records import Product

OPEN = "open"
CORRECTED_DAYS = 30


@dataclass(eq=False, slots=True)
class Unit:
    """One unit in trouble; `place` is the disposition in which a damaged one lies, blank where no row shows it."""

    trouble: Trouble
    place: str = ""
    state: str = OPEN


@dataclass(eq=False, slots=True)
class Trouble:
    """The units of one loss, damage, short shipment or refund.

    `figure` is Amazon's own count of its open units in the newest export that holds the row, None without one;
    `fresh` says whether that export reaches to the last days of the account.
    """

    rule: str
    product: Product
    reference: str
    day: date
    country: str
    figure: int | None = None
    fresh: bool = False
    certain: bool = True
    units: list[Unit] = field(default_factory=list)

    def add(self, units: int, place: str = "") -> Trouble:
        """Put so many units into trouble."""
        self.units += [Unit(self, place) for _ in range(units)]
        return self

    @property
    def open_units(self) -> list[Unit]:
        """The units that nothing explains so far."""
        return [unit for unit in self.units if unit.state == OPEN]

    def leave_open(self, units: int) -> None:
        """Believe that just so many units are open: open ones are explained elsewhere, or explained ones are not."""
        while len(self.open_units) > max(units, 0):
            self.open_units[0].state = "reconciled"
        while len(self.open_units) < min(units, len(self.units)):
            next(unit for unit in self.units if unit.state != OPEN).state = OPEN


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that explains units: a find of a country, a correction out of a disposition, or a payment."""

    day: date
    state: str
    units: int
    country: str = ""
    place: str = ""

    def reaches(self, unit: Unit) -> bool:
        """Say whether the row may be about this unit: what comes before a trouble never explains it."""
        age = self.day - unit.trouble.day
        if age < timedelta(0) or unit.state != OPEN:
            return False
        if self.state != "corrected":
            return True
        return age <= timedelta(days=CORRECTED_DAYS) and unit.place in ("", self.place)


def explain(troubles: list[Trouble], answers: Iterable[Answer]) -> None:
    """Let each row explain single units, the oldest trouble first, a find those of its own country before others.

    Within a day troubles come first, then finds and corrections, then payments. Units of a row for which nothing
    is open are dropped, not saved up.
    """
    for answer in sorted(answers, key=lambda each: (each.day, each.state == "paid")):
        for _ in range(answer.units):
            reached = [unit for trouble in troubles for unit in trouble.units if answer.reaches(unit)]
            if not reached:
                break
            nearest = min(
                reached,
                key=lambda unit: (answer.country not in ("", unit.trouble.country), unit.trouble.day),
            )
            nearest.state = answer.state


def hear_amazon(troubles: list[Trouble]) -> None:
    """Weigh Amazon's figures against the rows: fresh ones stand; stale ones only as far as the rows leave units open.

    Where the rows leave fewer open than the stale figures say, the oldest stale trouble gives way first. Units that a
    row explains give way before units of which no row tells anything: otherwise a unit would end in nothing.
    """
    spoken = [trouble for trouble in troubles if trouble.figure is not None]
    believed = {id(trouble): min(trouble.figure or 0, len(trouble.units)) for trouble in spoken}
    by_rows = {id(trouble): len(trouble.open_units) for trouble in spoken}
    stale = sorted((trouble for trouble in spoken if not trouble.fresh), key=lambda trouble: trouble.day)
    left_for_stale = max(0, sum(by_rows.values()) - sum(believed[id(t)] for t in spoken if t.fresh))
    while sum(believed[id(trouble)] for trouble in stale) > left_for_stale:
        explained = [trouble for trouble in stale if believed[id(trouble)] > by_rows[id(trouble)]]
        counted = [trouble for trouble in stale if believed[id(trouble)]]
        believed[id((explained or counted)[0])] -= 1
    for trouble in spoken:
        trouble.leave_open(believed[id(trouble)])
