"""The geometry of the page's charts: places and widths in per cent of the drawing, so that no text is ever scaled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditor.model import Finding
from auditor.publish.page_figures import Tally, UnitFlow, tally

MOST_WEEKS = 40
PLOT_TOP = 22
PLOT_HEIGHT = 108


@dataclass(frozen=True, slots=True)
class Stack:
    """One part of a week's bar: `y` and `height` in pixels of the plot."""

    kind: str
    findings: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Week:
    """The deadlines of one week, Monday to Sunday; `x`, `width` and `middle` in per cent."""

    first: date
    last: date
    findings: int
    units: int
    by_currency: tuple[tuple[str, Tally], ...]
    stacks: tuple[Stack, ...]
    x: str
    width: str
    middle: str
    top: str


@dataclass(frozen=True, slots=True)
class Month:
    """The place of a month's first day below the bars, in per cent."""

    first: date
    x: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Deadlines by week from the as-of date on; `later` counts the findings beyond the last week drawn."""

    weeks: tuple[Week, ...]
    months: tuple[Month, ...]
    later: int

    @property
    def dense(self) -> bool:
        """Whether the counts above the bars would run into each other on a phone."""
        return len(self.weeks) > 28 or any(week.findings > 99 for week in self.weeks)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a unit flow: its bar starts at `x` and is `width` long, both in per cent of all units."""

    kind: str
    units: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The days one report covers on the scale of all reports; `holes` are its gaps."""

    x: str
    width: str
    holes: tuple[tuple[str, str], ...]


def timeline(findings: Sequence[Finding], as_of: date | None) -> Timeline | None:
    """Open and waiting findings by the week of their last day; None when there is no deadline to show."""
    ahead = [f for f in findings if f.status in ("open", "waiting") and f.claim_by is not None]
    if not ahead or as_of is None:
        return None
    start = _monday(as_of)
    last = max(_monday(f.claim_by) for f in ahead if f.claim_by)
    count = max(min((last - start).days // 7 + 1, MOST_WEEKS), 8)
    weekly: dict[date, list[Finding]] = {start + timedelta(weeks=n): [] for n in range(count)}
    later = 0
    for finding in ahead:
        place = weekly.get(_monday(finding.claim_by or as_of))
        later += place is None
        if place is not None:
            place.append(finding)
    tallest = max(len(rows) for rows in weekly.values()) or 1
    weeks = tuple(_week(n, first, rows, count, tallest) for n, (first, rows) in enumerate(weekly.items()))
    return Timeline(weeks, _months(start, count), later)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(index: int, first: date, findings: list[Finding], count: int, tallest: int) -> Week:
    stacks: list[Stack] = []
    floor = float(PLOT_TOP + PLOT_HEIGHT)
    for kind in ("ready", "check", "waiting"):
        here = sum(1 for f in findings if _kind(f) == kind)
        if here:
            height = PLOT_HEIGHT * here / tallest
            floor -= height
            stacks.append(Stack(kind, here, f"{floor:.1f}", f"{height:.1f}"))
    step = 100 / count
    currencies = sorted({f.currency for f in findings}, key=lambda code: (code == "", code))
    return Week(
        first=first,
        last=first + timedelta(days=6),
        findings=len(findings),
        units=sum(f.units for f in findings),
        by_currency=tuple((code, tally(f for f in findings if f.currency == code)) for code in currencies),
        stacks=tuple(stacks),
        x=_percent(index * step + step * 0.14),
        width=_percent(step * 0.72),
        middle=_percent((index + 0.5) * step),
        top=f"{floor - 6:.1f}",
    )


def _kind(finding: Finding) -> str:
    if finding.status == "waiting":
        return "waiting"
    return "ready" if finding.confidence == "high" else "check"


def _months(start: date, weeks: int) -> tuple[Month, ...]:
    total = weeks * 7
    firsts = [start + timedelta(days=n) for n in range(total) if (start + timedelta(days=n)).day == 1]
    return tuple(Month(first, _percent((first - start).days / total * 100)) for first in firsts)


def flow_steps(flow: UnitFlow) -> tuple[Step, ...]:
    """All units, then what explains them, then what is owed: each bar begins where the one before it ended."""
    steps = [Step("all", flow.units, "0", "100%")]
    left = flow.units
    for kind in ("found", "corrected", "paid", "expired", "waiting", "open"):
        units = getattr(flow, kind)
        left -= units
        if units or kind in ("found", "paid", "open"):
            steps.append(Step(kind, units, _share(max(left, 0), flow.units), _share(units, flow.units)))
    return tuple(steps)


def coverage_strips(coverage: Sequence[Mapping[str, Any]]) -> tuple[Strip | None, ...]:
    """One strip for each report, None where its dates are unknown; all on one scale, first to last day of any."""
    spans = [(_date(row["first_date"]), _date(row["last_date"])) for row in coverage]
    known = [day for span in spans for day in span if day]
    if not known:
        return tuple(None for _ in spans)
    origin, total = min(known), (max(known) - min(known)).days + 1
    strips: list[Strip | None] = []
    for row, (first, last) in zip(coverage, spans, strict=True):
        if first is None or last is None:
            strips.append(None)
            continue
        gaps = ((_date(gap["from"]), _date(gap["to"])) for gap in row["gaps"] or ())
        holes = tuple(_span(a, b, origin, total) for a, b in gaps if a and b)
        strips.append(Strip(*_span(first, last, origin, total), holes))
    return tuple(strips)


def covered_period(rows: Iterable[Mapping[str, Any]]) -> tuple[date | None, date | None]:
    """The first and last day that any of these reports or files speaks of."""
    known = [day for row in rows for day in (_date(row["first_date"]), _date(row["last_date"])) if day]
    return (min(known), max(known)) if known else (None, None)


def _span(first: date, last: date, origin: date, total: int) -> tuple[str, str]:
    return _percent((first - origin).days / total * 100), _percent(((last - first).days + 1) / total * 100)


def _date(value: Any) -> date | None:
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _share(part: int, whole: int) -> str:
    return _percent(part / whole * 100 if whole else 0)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
