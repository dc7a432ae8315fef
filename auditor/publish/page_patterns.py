"""Where the losses come from: by month and kind, by building, by product, by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.model import EvidenceRow, Finding
from auditor.publish.manifest import entries, exposures
from auditor.publish.page_figures import Tally, tally

KINDS = ("lost", "damaged", "returns", "inbound", "removals", "fees", "payments", "orders")
MOST_MONTHS = 18
MOST_NAMES = 5
PLOT_HEIGHT = 26

_KIND_OF_CLAIM = {
    "fc_lost_damaged": "lost",
    "customer_return": "returns",
    "inbound": "inbound",
    "unused_label": "inbound",
    "removal_lost": "removals",
    "removal_other": "removals",
    "fee_weight_dims": "fees",
    "valuation_dispute": "payments",
    "reversal_dispute": "payments",
    "mcf_lost": "orders",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of one kind: `x` and `width` in per cent, `y` and `height` in pixels."""

    month: date
    units: int
    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """The findings of one kind: units by month, and what they come to by currency."""

    kind: str
    units: int
    findings: int
    bars: tuple[Bar, ...]
    by_currency: tuple[tuple[str, Tally], ...]


@dataclass(frozen=True, slots=True)
class Months:
    """Losses by month and kind from `first` to `last`; `earlier` findings lie before the months drawn."""

    first: date
    last: date
    lines: tuple[KindLine, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class Place:
    """One building, product or rule: `share` is the length of its bar in per cent of the longest."""

    name: str
    detail: str
    findings: int
    units: int
    by_currency: tuple[tuple[str, Tally], ...]
    share: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """What the page says of where losses come from; a list with one name only says nothing and is left out."""

    months: Months | None
    buildings: tuple[Place, ...]
    products: tuple[Place, ...]
    rules: tuple[Place, ...]


def patterns(findings: Sequence[Finding], evidence: Iterable[EvidenceRow], manifest: Mapping[str, Any]) -> Patterns:
    """The patterns of everything that is owed or was, whatever its state; money that may be taken back is left out."""
    owed = [f for f in findings if f.rule not in exposures(manifest)]
    at = _buildings_of(evidence)
    return Patterns(
        months=months(owed, manifest),
        buildings=_largest(owed, lambda f: [(name, "") for name in at.get(f.finding_id, ())]),
        products=_largest(owed, lambda f: [(f.msku or f.fnsku, f.title)]),
        rules=_largest(owed, lambda f: [(f.rule, "")]),
    )


def _buildings_of(evidence: Iterable[EvidenceRow]) -> dict[str, set[str]]:
    """The buildings where each finding's units were lost: those of its first role, which is the loss."""
    first: dict[str, str] = {}
    places: dict[str, set[str]] = {}
    for row in evidence:
        if first.setdefault(row.finding_id, row.role) == row.role:
            places.setdefault(row.finding_id, set()).update(row.buildings)
    return places


def kind_of(finding: Finding, manifest: Mapping[str, Any]) -> str:
    """Lost, damaged, returns, ...: by the claim that the finding's rule makes, or by what it counts."""
    rule = next((r for r in entries(manifest, "rules") if r.get("rule") == finding.rule), {})
    kind = _KIND_OF_CLAIM.get(str(rule.get("window")), "orders")
    return "damaged" if kind == "lost" and "damaged" in (rule.get("plus") or ()) else kind


def months(findings: Sequence[Finding], manifest: Mapping[str, Any]) -> Months | None:
    """Units by the month of their event, one line a kind; None when no finding has a day."""
    dated = [(f.event_date.replace(day=1), f) for f in findings if f.event_date]
    if not dated:
        return None
    last = max(month for month, _ in dated)
    first = max(min(month for month, _ in dated), _months_before(last, MOST_MONTHS - 1))
    shown = [(month, f) for month, f in dated if month >= first]
    kinds = {rule: kind_of(f, manifest) for rule, f in {f.rule: f for _, f in shown}.items()}
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    grid: dict[str, dict[date, int]] = {}
    for month, finding in shown:
        row = grid.setdefault(kinds[finding.rule], {})
        row[month] = row.get(month, 0) + finding.units
    lines = tuple(
        _line(kind, [f for _, f in shown if kinds[f.rule] == kind], grid[kind], first, count)
        for kind in KINDS
        if kind in grid
    )
    return Months(first, last, lines, len(dated) - len(shown))


def _line(kind: str, findings: list[Finding], by_month: Mapping[date, int], first: date, count: int) -> KindLine:
    step, tallest = 100 / count, max(by_month.values())
    bars = tuple(
        Bar(
            month,
            units,
            f"{(_months_between(first, month) + 0.1) * step:.2f}%",
            f"{0.8 * step:.2f}%",
            f"{PLOT_HEIGHT - _height(units, tallest):.1f}",
            f"{_height(units, tallest):.1f}",
        )
        for month, units in sorted(by_month.items())
        if units
    )
    return KindLine(kind, sum(f.units for f in findings), len(findings), bars, _by_currency(findings))


def _height(units: int, tallest: int) -> float:
    """A bar's height; the smallest can still be seen."""
    return max(PLOT_HEIGHT * units / tallest, 2.0) if tallest else 0.0


def _months_between(first: date, month: date) -> int:
    return (month.year - first.year) * 12 + month.month - first.month


def _months_before(month: date, count: int) -> date:
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def _largest(findings: Sequence[Finding], names: Callable[[Finding], Iterable[tuple[str, str]]]) -> tuple[Place, ...]:
    """The names with most units, at most five; a finding with two names counts under both."""
    grouped: dict[str, list[Finding]] = {}
    details: dict[str, str] = {}
    for finding in findings:
        for name, detail in names(finding):
            grouped.setdefault(name, []).append(finding)
            details.setdefault(name, detail)
    if len(grouped) < 2:
        return ()
    ranked = sorted(grouped.items(), key=lambda item: (-sum(f.units for f in item[1]), item[0]))[:MOST_NAMES]
    most = sum(f.units for f in ranked[0][1]) or 1
    return tuple(_place(name, details[name], rows, most) for name, rows in ranked)


def _place(name: str, detail: str, findings: list[Finding], most: int) -> Place:
    units = sum(f.units for f in findings)
    return Place(name, detail, len(findings), units, _by_currency(findings), f"{units / most * 100:.2f}%")


def _by_currency(findings: Sequence[Finding]) -> tuple[tuple[str, Tally], ...]:
    currencies = sorted({f.currency for f in findings}, key=lambda code: (code == "", code))
    return tuple((code, tally(f for f in findings if f.currency == code)) for code in currencies)
