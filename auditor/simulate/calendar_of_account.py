"""The days of the synthetic account: when its exports begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

AS_OF = date(2026, 6, 30)
ACCOUNT_START = date(2025, 8, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of one export, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether the export holds rows of that day."""
        return self.first <= day <= self.last


def ago(days: int) -> date:
    """Give the day so many days before the account's last day."""
    return AS_OF - timedelta(days=days)


# Only the last ledger is fresh on the last day; losses 46 to 60 days old are still claimable, but only
# an older export holds their figures.
LEDGERS = (
    Span(ACCOUNT_START, date(2026, 1, 31)),
    Span(date(2026, 1, 10), date(2026, 5, 31)),
    Span(date(2026, 5, 16), AS_OF),
)
# A fourth export that some sellers add: adjustments only, so it is silent about all other events.
ADJUSTMENTS_ONLY = Span(ago(90), AS_OF)
ORDERS = (Span(ago(203), ago(80)), Span(ago(110), AS_OF))
REIMBURSEMENTS = (Span(ACCOUNT_START, ago(75)), Span(ago(140), AS_OF))
WHOLE_ACCOUNT = (Span(ACCOUNT_START, AS_OF),)
SETTLEMENT_START = ago(203)
SETTLEMENT_DAYS = 14
# The days on which settlements charge storage.
STORAGE_CHARGES = tuple(ago(190 - 30 * months) for months in range(6))

QUIET_DAYS = 7
