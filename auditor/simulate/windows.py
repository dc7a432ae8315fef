"""The claim windows that the truth needs, read from Amazon's pages by a person.

Valid for filings on the account's last day (2026-06-30); no history is kept here.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """`wait` and `days` count calendar days from the anchor, `months` calendar months."""

    wait: int
    days: int = 0
    months: int = 0
    documented: bool = True
    source: str = ""

    def claim_from(self, anchor: date) -> date:
        """Give the first day on which the claim may be filed."""
        return anchor + timedelta(days=self.wait)

    def claim_by(self, anchor: date) -> date:
        """Give the last day, itself included."""
        return add_months(anchor, self.months) if self.months else anchor + timedelta(days=self.days)

    def status(self, anchor: date, as_of: date) -> str:
        """Say `waiting`, `open` or `expired` on a day."""
        if as_of < self.claim_from(anchor):
            return "waiting"
        return "open" if as_of <= self.claim_by(anchor) else "expired"


def add_months(day: date, months: int) -> date:
    """Move a day by calendar months; a day the month lacks becomes its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_EU_NEWS = "https://seller-forum.com/t/update-on-eligibility-window-to-file-reimbursement-claims/7594"
_US_NEWS = "https://sellercentral.amazon.com/seller-forums/discussions/t/6605eede-df8e-4498-803f-cb612d95d7ce"
_JP_NUMBERS = "https://tas-buppan-officialsite.co.jp/blog/hoten-2025"
_US_RETURNS = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
_US_INBOUND = "https://sellercentral.amazon.com/gp/help/external/GEYPWTSQRTXXXMVB?language=ja_JP"
_EU_INBOUND = "https://sellercentral-europe.amazon.com/gp/help/external/help.html?itemID=EYPWTSQRTXXXMVB&language=en_GB"
_JP_INBOUND = "https://sellercentral.amazon.co.jp/gp/help/external/help.html?itemID=EYPWTSQRTXXXMVB&language=ja-JP"
_US_POLICY = "https://m.media-amazon.com/images/G/01/rainier/help./Redlined_FBA_Reimbursement_policy_US.pdf"

WAREHOUSE: dict[str, Window] = {
    "US": Window(0, days=60, source=_US_NEWS),
    "UK": Window(0, days=60, source=_EU_NEWS),
    "EU": Window(0, days=60, source=_EU_NEWS),
    "JP": Window(0, days=60, source=_JP_NUMBERS),
    # No page names a window for stock in a country without a marketplace: a working value, never certain.
    "OTHER": Window(0, days=60, documented=False),
}
RETURNS: dict[str, Window] = {
    "US": Window(60, days=120, source=_US_RETURNS),
    "UK": Window(45, days=105, source=_EU_NEWS),
    "EU": Window(45, days=105, source=_EU_NEWS),
    "JP": Window(45, days=105, source=_JP_NUMBERS),
}
INBOUND: dict[str, Window] = {
    "US": Window(0, months=9, source=_US_INBOUND),
    "UK": Window(0, months=6, source=_EU_INBOUND),
    "EU": Window(0, months=6, source=_EU_INBOUND),
    "JP": Window(0, months=9, source=_JP_INBOUND),
}
_US_MULTI_CHANNEL = "https://sellercentral.amazon.com/gp/help/external/help.html?itemID=YZ634FAWUVMLW9G"
MULTI_CHANNEL: dict[str, Window] = {
    "US": Window(7, days=90, source=_US_MULTI_CHANNEL),
    "OTHER": Window(7, days=90, documented=False),
}
# Disputes about the amount of a payment; only the American page names a limit.
DISPUTES: dict[str, Window] = {
    "US": Window(0, days=60, source=_US_POLICY),
    "UK": Window(0, days=60, documented=False),
    "EU": Window(0, days=60, documented=False),
    "JP": Window(0, days=60, documented=False),
}
# No page says by when a reversed payment must be disputed.
REVERSAL = Window(0, days=60, documented=False)
# For Japan no source names a window of removals: working values, never certain.
REMOVAL_LOST: dict[str, Window] = {
    "US": Window(15, days=75, source=_US_NEWS),
    "UK": Window(15, days=75, source=_EU_NEWS),
    "EU": Window(15, days=75, source=_EU_NEWS),
    "JP": Window(15, days=75, documented=False),
}
REMOVAL_OTHER: dict[str, Window] = {
    "US": Window(0, days=60, source=_US_NEWS),
    "UK": Window(0, days=60, source=_EU_NEWS),
    "EU": Window(0, days=60, source=_EU_NEWS),
    "JP": Window(0, days=30, documented=False),
}
# Fees on a wrong size or weight; for the UK and Japan no source names a window.
FEES: dict[str, Window] = {
    "US": Window(0, days=90, source="https://sellerjournal.com/changes-to-the-fba-fee-reimbursement-policy/"),
    "UK": Window(0, days=90, documented=False),
    "EU": Window(
        0,
        days=90,
        source="https://sellercentral.amazon.fr/gp/help/external/help.html?itemID=GL7U4JFSDXUTQAJ&language=en_FR",
    ),
    "JP": Window(0, days=90, documented=False),
}
LABELS: dict[str, Window] = {
    "US": Window(
        0,
        months=9,
        source="https://sellercentral.amazon.com/gp/help/external/help.html?itemID=L862UFSVUR6TM2P",
    ),
}

EU_COUNTRIES = frozenset({"DE", "FR", "IT", "ES", "NL", "SE", "PL", "BE", "IE"})


def region_of(country: str) -> str:
    """Name the policy region of a stock country (`GB` is the UK's)."""
    if country == "GB":
        return "UK"
    if country in EU_COUNTRIES:
        return "EU"
    return country if country in {"US", "JP"} else "OTHER"
