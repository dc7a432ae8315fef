"""The policy as the rest of the program asks it: by claim type, marketplace and day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta

from auditor.model import Problem
from auditor.policy.errors import NoValueBasis, NoWindow
from auditor.policy.marketplaces import Marketplace, Marketplaces
from auditor.policy.rows import SAFETY_DAYS, Cap, DatedRow, Deadline, FeeChange, ValueBasis, Window
from auditor.policy.timeline import Timeline


class Policy:
    """Dated windows, value bases, caps, changes of fulfilment fees and marketplaces, already checked.

    `version` is 12 hex digits of the content (equal for the same rows however they are spread over files);
    `checked` the newest day on which any row was compared with its source.
    """

    def __init__(
        self,
        windows: Iterable[Window],
        bases: Iterable[ValueBasis],
        caps: Iterable[Cap],
        marketplaces: Iterable[Marketplace],
        checked: date,
        *,
        fee_changes: Iterable[FeeChange] = (),
    ) -> None:
        self._windows = Timeline(windows)
        self._bases = Timeline(bases)
        self._caps = Timeline(caps)
        self._marketplaces = Marketplaces(marketplaces)
        self._fee_changes = tuple(sorted(fee_changes, key=lambda row: (row.region, row.starts)))
        self.checked = checked
        self.version = self._content_hash()

    @property
    def marketplaces(self) -> Mapping[str, Marketplace]:
        """The known marketplaces by code, in the order of their codes."""
        return self._marketplaces

    @property
    def claim_types(self) -> tuple[str, ...]:
        """Every claim type that has a window somewhere."""
        return tuple(dict.fromkeys(row.claim_type for row in self.rows()))

    def rows(self) -> tuple[Window, ...]:
        """All windows, one per region, past and future ones included, ordered by claim type, region and day."""
        return self._windows.rows

    @property
    def caps(self) -> tuple[Cap, ...]:
        """The most that is paid for one unit, past and future ones included, ordered by region and day."""
        return self._caps.rows

    def fee_changes(self, marketplace: str) -> tuple[FeeChange, ...]:
        """The days on which the fulfilment fees of the marketplace changed, ordered; none where no row names it."""
        regions = self._marketplaces.regions(marketplace)
        return tuple(row for row in self._fee_changes if row.region in regions)

    def marketplace_of(self, name: str | None) -> str | None:
        """Marketplace code of a country code, sales channel or settlement marketplace name.

        "GB" is UK, "Amazon.de" is DE, "CZ" stays CZ; "Non-Amazon", blank and unknown names are None.
        """
        return self._marketplaces.named(name)

    def region(self, marketplace: str) -> str:
        """US, CA, UK, EU, JP, AE, IN, AU, or OTHER for every marketplace without rules of its own."""
        return self._marketplaces.region(marketplace)

    def currency(self, marketplace: str) -> str | None:
        """ISO code of the currency in which the marketplace pays; None for a country that is no marketplace."""
        known = self._marketplaces.get(marketplace)
        return known.currency if known else None

    def language(self, marketplace: str) -> str:
        """Language code of claims in the marketplace; "en" for a country that is no marketplace."""
        known = self._marketplaces.get(marketplace)
        return known.language if known else "en"

    def group(self, marketplace: str) -> str | None:
        """Account group (NA, EU, FE) whose marketplaces share a ledger; None for a country that is no marketplace."""
        known = self._marketplaces.get(marketplace)
        return known.group if known else None

    def groups_paid_in(self, currency: str) -> frozenset[str]:
        """Account groups with a marketplace that charges and pays in this currency; none for an unknown one."""
        return frozenset(m.group for m in self._marketplaces.values() if m.currency == currency.strip().upper())

    def window(self, claim_type: str, marketplace: str, on: date) -> Window:
        """The window in force on the day of filing; the day of the event does not matter.

        Rows that name the marketplace or its region decide; only when the claim type has none, those of
        region OTHER. Raises NoWindow when none is in force on that day.
        """
        found = self._windows.in_force(claim_type, self._marketplaces.regions(marketplace), on)
        if found is None:
            raise NoWindow(self._missing("claim window", self._windows, claim_type, marketplace, on))
        return found

    def deadline(self, claim_type: str, marketplace: str, anchor: date, on: date) -> Deadline:
        """First and last day for a claim that counts from `anchor`, as known on the day `on`.

        A later row that is already known and shortens the window pulls `claim_by` forward. It judges claims
        filed from its first day on; until the day before, the row in force still judges. So the last day
        that works is the earlier of: the end under the row in force, and the end under the later row or the
        day before it begins, whichever of these two is later. (Simply taking the earlier end would call
        claims dead that can still be filed before the change.) Raises NoWindow like `window`.
        """
        window = self.window(claim_type, marketplace, on)
        claim_by = window.closes(anchor)
        shortened_by = None
        for later in self._later_than(window, marketplace):
            last_day = max(later.closes(anchor), later.starts - timedelta(days=1))
            if last_day < claim_by:
                claim_by, shortened_by = last_day, later
        return Deadline(window, window.opens(anchor), claim_by - timedelta(days=SAFETY_DAYS), claim_by, shortened_by)

    def cap(self, marketplace: str, on: date) -> Cap | None:
        """The most that is paid for one unit on a day; None when no cap is documented.

        Its currency is the one Amazon states, which for SE and PL is not the marketplace's: see `Cap.applied`.
        """
        return self._caps.in_force("", self._marketplaces.regions(marketplace), on)

    def value_basis(self, claim_type: str, marketplace: str, on: date) -> ValueBasis:
        """What a unit of the claim type is worth on the day of filing; raises NoValueBasis when nothing says so."""
        found = self._bases.in_force(claim_type, self._marketplaces.regions(marketplace), on)
        if found is None:
            raise NoValueBasis(self._missing("value basis", self._bases, claim_type, marketplace, on))
        return found

    def value_bases(self, claim_type: str, marketplace: str) -> tuple[ValueBasis, ...]:
        """Every value basis of the claim type in the marketplace, past and future ones included, ordered by day."""
        return self._bases.named(claim_type, self._marketplaces.regions(marketplace))

    def _later_than(self, window: Window, marketplace: str) -> Iterator[Window]:
        rows = self._windows.named(window.claim_type, self._marketplaces.regions(marketplace))
        return (row for row in rows if row.starts > window.starts)

    def _missing(
        self, what: str, table: Timeline[Window] | Timeline[ValueBasis], claim_type: str, marketplace: str, on: date
    ) -> Problem:
        files = sorted({row.file for row in table.rows if row.subject == claim_type})
        place = f"{claim_type} in {marketplace} (region {self.region(marketplace)}) on {on.isoformat()}"
        if not files:
            return Problem(f"No policy file knows a {what} for {place}.", f"No row names {claim_type}.")
        return Problem(f"No {what} for {place}.", "No row is in force on that day.", ", ".join(files))

    def _content_hash(self) -> str:
        rows: list[DatedRow | Marketplace] = [*self._windows.rows, *self._bases.rows, *self._caps.rows]
        rows += self._fee_changes
        rows += self._marketplaces.values()
        content = "\n".join(sorted(_content(row) for row in rows))
        return hashlib.sha256(content.encode()).hexdigest()[:12]


def _content(row: DatedRow | Marketplace) -> str:
    cells = {name: value for name, value in asdict(row).items() if name not in {"file", "line"}}
    return json.dumps({"table": type(row).__name__, **cells}, sort_keys=True, default=str)
