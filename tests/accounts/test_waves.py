"""Waves are found on their day, one event is one alert, and ordinary noise is no wave."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditor.accounts.alert import Loss
from auditor.accounts.waves import LATE, Wave, chance_of, waves

from .alert_world import DAY, day_after_day, finding, loss, seen, standing, told

START = DAY - timedelta(days=200)
LEDGER = (START, DAY)


def usual(rate: float = 0.3, buildings: int = 3, seed: int = 1) -> list[Loss]:
    """Losses of one unit now and then, for 200 days."""
    draw = random.Random(seed)
    return [
        loss(START + timedelta(days=n), 1, f"LEX{draw.randrange(buildings)}")
        for n in range(190)
        if draw.random() < rate
    ]


def test_twelve_units_on_one_day_in_one_building_are_a_wave() -> None:
    assert waves([*usual(), loss(DAY, 12)], LEDGER) == [Wave("LEX1", DAY, DAY)]


def test_a_wave_of_single_units_over_a_week_is_one_wave() -> None:
    week = [loss(DAY - timedelta(days=n), 3) for n in range(6)]
    assert waves([*usual(), *week], LEDGER) == [Wave("LEX1", DAY - timedelta(days=5), DAY)]


def test_lost_and_damaged_units_of_one_event_in_one_building_are_one_wave() -> None:
    event = [loss(DAY, 15), loss(DAY - timedelta(days=1), 15, kind="damaged")]
    assert waves([*usual(), *event], LEDGER) == [Wave("LEX1", DAY - timedelta(days=1), DAY)]


def test_events_in_two_buildings_are_two_waves() -> None:
    found = waves([*usual(), loss(DAY, 20, "LEX1"), loss(DAY, 20, "PHX7")], LEDGER)
    assert [wave.building for wave in found] == ["LEX1", "PHX7"]


def test_few_units_in_each_of_many_buildings_are_one_wave_of_several() -> None:
    spread = [loss(DAY, 2, f"BLD{n}") for n in range(10)]
    assert waves([*usual(), *spread], LEDGER) == [Wave("", DAY, DAY)]


def test_four_units_are_no_wave_however_rare_losses_are() -> None:
    assert waves([loss(DAY, 4)], LEDGER) == []


def test_an_account_without_four_weeks_of_past_has_no_wave() -> None:
    assert waves([loss(DAY, 50)], (DAY - timedelta(days=20), DAY)) == []


def test_a_large_account_does_not_call_its_ordinary_week_a_wave() -> None:
    every_day = [loss(START + timedelta(days=n), 40) for n in range(201)]
    assert waves(every_day, LEDGER) == []


def test_a_building_whose_paid_losses_name_no_building_any_more_keeps_its_past() -> None:
    """Results name the building only of what is open, so a busy building looks empty in the past."""
    past = [loss(START + timedelta(days=n), 3, "") for n in range(190)]
    shown = [loss(DAY - timedelta(days=30 - n), 3) for n in range(31)]
    assert waves([*past, *shown], LEDGER) == []


def test_the_chance_of_nothing_unusual_is_one_and_falls_with_every_unit() -> None:
    chances = [chance_of(units, 1, [1, 0, 0, 1] * 20) for units in (0, 10, 20, 40)]
    assert chances[0] == 1
    assert chances == sorted(chances, reverse=True)


def view(day: date, extra: int, left: int) -> object:
    hit = (
        [
            Loss(DAY, "LEX1", "lost", 4, left, f"F{n:011}", "USD", Decimal("20.00") if left else None)
            for n in range(1, 6)
        ]
        if extra
        else []
    )
    open_ones = [finding(n) for n in range(1, 6)] if left else []
    return seen(losses=[*usual(), *hit], ledger=(START, day), findings=open_ones, newest=day, as_of=day)


def test_a_wave_is_one_alert_that_says_what_is_left_and_goes_when_nothing_is() -> None:
    offsets = (0, 1, 2, 3)
    views = [(DAY + timedelta(days=n), view(DAY + timedelta(days=n), 1, 4 if n < 3 else 0)) for n in offsets]
    kept = day_after_day(views)  # type: ignore[arg-type]
    assert told(kept[0], DAY) == [f"wave:LEX1:{DAY}"]
    assert [standing(each) for each in kept] == [[f"wave:LEX1:{DAY}"]] * 3 + [[]]
    [alert] = [k.alert for k in kept[0]]
    assert alert.worth == (("USD", Decimal("100.00")),)
    assert (alert.facts["units"], alert.facts["left"]) == ("20", "20")


NOISES = ("rare", "steady", "busy", "clumped", "weekdays", "drifting", "one building", "grows")


def noise(kind: str, days: int, draw: random.Random) -> list[Loss]:
    """Losses of an account in which nothing special happens."""
    rate = {"rare": 0.03, "steady": 0.5, "busy": 6.0, "clumped": 0.3}.get(kind, 1.5)
    buildings = 1 if kind == "one building" else draw.randrange(2, 9)
    found = []
    for n in range(days):
        today = rate
        if kind == "weekdays":
            today = 0 if n % 7 > 4 else rate * 1.4
        if kind == "drifting":
            today = rate * (1 + 0.4 * ((n % 360) / 180 - 1))
        if kind == "grows":
            today = rate * (1 + n / days)
        for _ in range(_poisson(today, draw)):
            lot = 1 + min(_geometric(0.4 if kind == "clumped" else 0.65, draw), 40)
            where = f"LEX{draw.randrange(buildings)}"
            # what was paid names no building any more; so is half of the past
            paid = n < days and draw.random() < 0.5
            what = "lost" if draw.random() < 0.7 else "damaged"
            found.append(Loss(START + timedelta(days=n), "" if paid else where, what, lot))
    return found


def _poisson(rate: float, draw: random.Random) -> int:
    total, count = draw.expovariate(1.0), 0
    while total < rate:
        total += draw.expovariate(1.0)
        count += 1
    return count


def _geometric(success: float, draw: random.Random) -> int:
    count = 0
    while draw.random() > success:
        count += 1
    return count


def false_alarms(kind: str) -> tuple[int, int]:
    """Waves in four accounts of a kind, and the days looked at: every seventh day, a look sees the whole week."""
    draw = random.Random(f"noise {kind}")
    alarms = looked = 0
    for _ in range(4):
        losses = noise(kind, 385, draw)
        told_before: list[Wave] = []
        for n in range(70, 385, LATE):
            newest = START + timedelta(days=n)
            known = [each for each in losses if newest - timedelta(days=200) < each.day <= newest]
            found = [w for w in waves(known, (START, newest)) if w not in told_before]
            alarms += len(found)
            told_before += found
            looked += LATE
    return alarms, looked


def test_ordinary_noise_raises_at_most_one_false_alarm_in_a_thousand_account_days() -> None:
    """10,080 account-days of eight kinds; of one kind, one more than its share may be chance."""
    found = {kind: false_alarms(kind) for kind in NOISES}
    assert sum(alarms for alarms, _ in found.values()) <= sum(looked for _, looked in found.values()) / 1000
    assert all(alarms <= looked / 1000 + 1 for alarms, looked in found.values())


@pytest.mark.parametrize("kind", NOISES)
def test_a_wave_of_four_times_the_usual_month_is_found_on_its_day_in_any_noise(kind: str) -> None:
    draw = random.Random(f"found {kind}")
    losses = noise(kind, 200, draw)
    units = max(25, sum(each.units for each in losses) * 30 // 200)
    newest = START + timedelta(days=199)
    found = waves([*losses, loss(newest, units, "LEX0")], (START, newest))
    assert "LEX0" in {wave.building for wave in found}
