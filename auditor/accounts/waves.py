"""Many units lost or damaged in a short time, against what is usual for the account.

Units come in lots, so their number spreads more than chance alone would spread it. The past gives both: how many a day,
and how much they spread (`phi`, variance by mean; 1 is pure chance). A window of `w` days holds x units; taken as x/phi
independent groups, their number has a negative binomial distribution when the rate is known only from n earlier days:
shape S/phi + 1/2 (S units in these days), success probability n / (n + w). A window is a wave when so many or more have
a probability below the limit, which all tests of an account's day share.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.accounts.alert import Loss

#: At most so many false alarms in one day of one account. A twentieth of what is promised: the past of an account is
#: short, and its losses do not follow the distribution as well as simulated ones do.
FALSE_ALARMS = 0.00005
#: Days of the past that count, and how many there must be at least.
PAST, LEAST_PAST = 180, 28
#: Lengths of the windows, in days.
WINDOWS = (1, 7)
#: A window may have ended so many days before the newest day: batches miss a night, rows come late.
LATE = 7
#: Before an account's own past says how much its losses spread, they are taken to spread by this much; it weighs like
#: so many units of the past.
USUAL_SPREAD, WEIGHT = 5.0, 20.0
#: The place of losses that are in no one building.
SEVERAL = ""

Daily = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Wave:
    """Units beyond the usual in one building (SEVERAL: in several) from `first` to `last`."""

    building: str
    first: date
    last: date


def waves(losses: Sequence[Loss], ledger: tuple[date, date], least_units: int = 5) -> list[Wave]:
    """The waves of the last days of a ledger that goes from its first to its last day.

    One event in one building is one wave, whatever was lost and damaged in it. What several buildings share is one
    wave when their sum is unusual beyond the buildings that are waves by themselves.
    """
    found = list(_in_buildings(losses, ledger, least_units))
    taken = {wave.building for wave in found}
    rest = [loss for loss in losses if loss.building not in taken]
    for kind in ("lost", "damaged"):
        daily = _daily(loss for loss in rest if loss.kind == kind)
        usual = _usual(daily, 1.0, ledger, _tests(losses))
        found += [Wave(SEVERAL, *window) for window in usual.windows(daily, least_units)]
    return _joined(found)


def _in_buildings(losses: Sequence[Loss], ledger: tuple[date, date], least_units: int) -> Iterator[Wave]:
    """Waves of single buildings.

    Results name the building of a loss only while something of it is open, so the past of a building is its share of
    all losses of that kind; the share comes from the losses whose building is known.
    """
    buildings = sorted({loss.building for loss in losses if loss.building})
    since = ledger[1] - timedelta(days=LATE + max(WINDOWS))
    for kind in ("lost", "damaged"):
        mine = [loss for loss in losses if loss.kind == kind]
        every = _daily(mine)
        known = [loss for loss in mine if loss.building and loss.day < since]
        units = sum(loss.units for loss in known)
        for building in buildings:
            here = _daily(loss for loss in mine if loss.building == building)
            of_building = sum(loss.units for loss in known if loss.building == building)
            share = (of_building + 1) / (units + len(buildings))
            usual = _usual(every, share, ledger, _tests(losses))
            yield from (Wave(building, *window) for window in usual.windows(here, least_units))


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual: all units by day, the share of them that belongs here, and how rare a wave has to be."""

    daily: Daily
    share: float
    ledger: tuple[date, date]
    limit: float

    def windows(self, here: Daily, least_units: int) -> Iterator[tuple[date, date]]:
        """The windows whose units are a wave, as first and last day with a loss."""
        first, newest = self.ledger
        for late in range(LATE):
            end = newest - timedelta(days=late)
            for length in WINDOWS:
                days = [end - timedelta(days=n) for n in range(length)]
                units = sum(here.get(day, 0) for day in days)
                past = min((days[-1] - first).days, PAST)
                if units >= least_units and past >= LEAST_PAST and self._chance(units, days, past) < self.limit:
                    struck = [day for day in days if here.get(day, 0)]
                    yield min(struck), max(struck)

    def _chance(self, units: int, days: Sequence[date], past: int) -> float:
        earlier = [self.daily.get(days[-1] - timedelta(days=n), 0) for n in range(1, past + 1)]
        return chance_of(units, len(days), earlier, self.share)


def chance_of(units: int, days: int, earlier: Sequence[int], share: float = 1.0) -> float:
    """How probable so many units or more are in so many days, after days with `earlier` units each."""
    count, mean = len(earlier), sum(earlier) / len(earlier)
    squares = sum((each - mean) ** 2 for each in earlier)
    spread = max(1.0, (squares + WEIGHT * USUAL_SPREAD) / (sum(earlier) + WEIGHT))
    return _tail(int(units / spread), sum(earlier) * share / spread + 0.5, count / (count + days))


def _tail(least: int, shape: float, success: float) -> float:
    """The probability of `least` or more in a negative binomial distribution."""
    if least <= 0:
        return 1.0
    log = math.lgamma(least + shape) - math.lgamma(shape) - math.lgamma(least + 1)
    term = math.exp(log + shape * math.log(success) + least * math.log1p(-success))
    chance, k = 0.0, least
    while term > 1e-18 and (term > chance * 1e-9 or k < least + 3):
        chance += term
        term *= (k + shape) / (k + 1) * (1 - success)
        k += 1
    return min(chance, 1.0)


def _usual(daily: Daily, share: float, ledger: tuple[date, date], tests: int) -> _Usual:
    return _Usual(daily, share, ledger, FALSE_ALARMS / tests)


def _tests(losses: Sequence[Loss]) -> int:
    """How many questions are asked about one day: each kind in each building and in all, by each window."""
    return 2 * len(WINDOWS) * (1 + len({loss.building for loss in losses if loss.building}))


def _daily(losses: Iterator[Loss] | Sequence[Loss]) -> Daily:
    units: dict[date, int] = defaultdict(int)
    for loss in losses:
        units[loss.day] += loss.units
    return units


def _joined(found: Sequence[Wave]) -> list[Wave]:
    """Windows of one building that overlap, or follow within the longest window, as one wave."""
    joined: list[Wave] = []
    for wave in sorted(found, key=lambda w: (w.building, w.first, w.last)):
        before = joined[-1] if joined else None
        if before and same_event(before, wave):
            joined[-1] = Wave(before.building, before.first, max(before.last, wave.last))
        else:
            joined.append(wave)
    return joined


def same_event(one: Wave, other: Wave) -> bool:
    """Whether both are of one building and not more than the longest window apart."""
    apart = timedelta(days=max(WINDOWS))
    return one.building == other.building and one.first <= other.last + apart and other.first <= one.last + apart
