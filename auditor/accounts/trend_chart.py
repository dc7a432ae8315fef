"""The geometry of the trend: a bar a day; across in per cent of the drawing, so that no text is ever scaled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from auditor.accounts.trend import Point, currencies_of

#: Days drawn at most, and at least, so that the first bars do not fill the drawing.
MOST_DAYS, FEWEST_DAYS = 91, 14
PLOT_TOP, PLOT_HEIGHT = 4, 72


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: `y` and `height` in pixels."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: `x` and `width` in per cent; `value` is all of it, `soon` the part that is pressing."""

    day: date
    x: str
    width: str
    value: Decimal
    soon: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing from `first` to `last`; `currency` is "" for accounts. `highest` is the first of the largest days."""

    currency: str
    first: date
    last: date
    bars: tuple[Bar, ...]
    highest: Bar


def charts_of(points: Sequence[Point]) -> list[Chart]:
    """Accounts to contact, then money at risk in a drawing of its own for each currency; none before two days."""
    if len(points) < 2:
        return []
    last = points[-1].day
    drawn = [point for point in points if (last - point.day).days < MOST_DAYS]
    first = min(drawn[0].day, last - timedelta(days=FEWEST_DAYS - 1))
    accounts = _chart("", first, drawn, lambda point: (Decimal(point.to_contact), Decimal(0)))
    return [accounts, *(_chart(currency, first, drawn, _money(currency)) for currency in currencies_of(drawn))]


def _money(currency: str) -> Callable[[Point], tuple[Decimal, Decimal]]:
    def amounts(point: Point) -> tuple[Decimal, Decimal]:
        return dict(point.at_risk).get(currency, Decimal(0)), dict(point.soon).get(currency, Decimal(0))

    return amounts


def _chart(
    currency: str, first: date, drawn: Sequence[Point], amounts: Callable[[Point], tuple[Decimal, Decimal]]
) -> Chart:
    last = drawn[-1].day
    tallest = max(amounts(point)[0] for point in drawn) or Decimal(1)
    step = 100 / ((last - first).days + 1)
    bars = tuple(_bar(point.day, (point.day - first).days, step, amounts(point), tallest) for point in drawn)
    return Chart(currency, first, last, bars, max(bars, key=lambda bar: bar.value))


def _bar(day: date, place: int, step: float, amounts: tuple[Decimal, Decimal], tallest: Decimal) -> Bar:
    value, soon = amounts
    floor = float(PLOT_TOP + PLOT_HEIGHT)
    parts = []
    for kind, part in (("soon", soon), ("rest", value - soon)):
        if part > 0:
            height = float(PLOT_HEIGHT * part / tallest)
            floor -= height
            parts.append(Part(kind, f"{floor:.1f}", f"{height:.1f}"))
    return Bar(day, f"{place * step + step * 0.1:.2f}%", f"{step * 0.8:.2f}%", value, soon, tuple(parts))
