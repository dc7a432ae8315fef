"""The dated rows of the policy: claim windows, value bases and caps per unit, one row per region."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from auditor.model import Status

Certainty = Literal["high", "medium", "low", "assumption"]
Basis = Literal["cost", "order", "proceeds", "charge"]

SAFETY_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRow:
    """A value with its region, its days in force (both included, None: open) and where it is documented.

    `confidence` says how well: high, medium, low, or assumption (no source, a working value).
    `checked` is the day on which somebody last compared the row with its source.
    """

    region: str
    effective_from: date | None
    effective_to: date | None
    confidence: Certainty
    source: str
    note: str
    checked: date
    file: str = field(compare=False)
    line: int = field(compare=False)

    def in_force(self, on: date) -> bool:
        """Whether a claim filed on this day is judged by this row."""
        return self.starts <= on <= (self.effective_to or date.max)

    @property
    def starts(self) -> date:
        """The first day in force, the beginning of time when it is not documented."""
        return self.effective_from or date.min

    @property
    def subject(self) -> str:
        """What the row is about: rows of one subject and region must not overlap."""
        return ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The length of a claim window in calendar days or calendar months, as in "60 days" or "9 months"."""

    count: int
    unit: Literal["days", "months"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    def after(self, anchor: date) -> date:
        """The last day of a window that opens on `anchor`; a month too short for the day ends on its last day."""
        if self.unit == "days":
            return anchor + timedelta(days=self.count)
        years, month = divmod(anchor.month - 1 + self.count, 12)
        year, month = anchor.year + years, month + 1
        return date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(DatedRow):
    """When a claim of one type may be filed, counted from `anchor`.

    `wait_days` is None where Seller Central shows the first day and no number is documented.
    """

    claim_type: str
    anchor: str
    wait_days: int | None
    limit: Limit

    @property
    def subject(self) -> str:
        """The claim type."""
        return self.claim_type

    def opens(self, anchor: date) -> date:
        """The first day on which a claim may be filed."""
        return anchor + timedelta(days=self.wait_days or 0)

    def closes(self, anchor: date) -> date:
        """The last day on which a claim may be filed, as far as this row decides."""
        return self.limit.after(anchor)

    def as_manifest(self, marketplace: str) -> dict[str, Any]:
        """The row as it stands in run.json: dates as ISO text, an open end as None."""
        return {
            "claim_type": self.claim_type,
            "marketplace": marketplace,
            "region": self.region,
            "anchor": self.anchor,
            "effective_from": _iso(self.effective_from),
            "effective_to": _iso(self.effective_to),
            "wait_days": self.wait_days,
            "limit": str(self.limit),
            "confidence": self.confidence,
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueBasis(DatedRow):
    """What one unit of a claim type is worth.

    `basis`: cost (the seller's sourcing cost), order (price of that order less fees), proceeds (estimated
    sale price less fees), charge (the very amount that was charged, paid or taken back).
    """

    claim_type: str
    basis: Basis

    @property
    def subject(self) -> str:
        """The claim type."""
        return self.claim_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(DatedRow):
    """The most that Amazon pays for one unit, in `currency`."""

    amount: Decimal
    currency: str

    def applied(self, unit_value: Decimal, currency: str) -> Decimal:
        """The unit value, at most the cap; a value in another currency (SEK under a cap in EUR) is left as it is."""
        return min(unit_value, self.amount) if currency == self.currency else unit_value


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeChange(DatedRow):
    """A day from which Amazon charges other fulfilment fees than before; it is `effective_from`.

    `at_most` is the highest rise in percent; None where it differs from size to size or is not known.
    """

    at_most: Decimal | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The days of one claim, all included: file from `claim_from`, better by `safe_by`, never after `claim_by`.

    `shortened_by` is the later row that pulled `claim_by` forward, if one did.
    """

    window: Window
    claim_from: date
    safe_by: date
    claim_by: date
    shortened_by: Window | None = None

    def status(self, on: date) -> Status:
        """Waiting before `claim_from`, expired after `claim_by`, otherwise open."""
        if on > self.claim_by:
            return "expired"
        return "waiting" if on < self.claim_from else "open"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
