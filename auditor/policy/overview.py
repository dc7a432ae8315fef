"""Everything that is in force on one day, for one marketplace or for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.model import Problem, WrongUsage
from auditor.policy.errors import NoValueBasis, NoWindow
from auditor.policy.policy import Policy
from auditor.policy.rows import Cap, DatedRow, ValueBasis, Window


@dataclass(frozen=True, slots=True)
class Overview:
    """The rows in force on a day; without a marketplace only the windows, one per region.

    `undocumented` are the claim types for which the marketplace has no window on that day.
    """

    on: date
    marketplace: str | None
    windows: tuple[Window, ...]
    bases: tuple[ValueBasis, ...]
    cap: Cap | None
    undocumented: tuple[str, ...]

    @property
    def rows(self) -> tuple[DatedRow, ...]:
        """All rows, in the order in which they are shown."""
        return (*self.windows, *self.bases, *((self.cap,) if self.cap else ()))

    def as_json(self) -> dict[str, Any]:
        """The overview in JSON's types; a window's `marketplace` is "" when all are shown."""
        return {
            "on": self.on.isoformat(),
            "marketplace": self.marketplace,
            "windows": [window.as_manifest(self.marketplace or "") for window in self.windows],
            "value_bases": [
                {"claim_type": row.claim_type, "basis": row.basis, **_documented(row)} for row in self.bases
            ],
            "cap": self.cap
            and {"amount": str(self.cap.amount), "currency": self.cap.currency, **_documented(self.cap)},
            "undocumented": list(self.undocumented),
        }


def overview(policy: Policy, on: date, marketplace: str | None = None) -> Overview:
    """What is in force on a day, in a marketplace given by any of its names; WrongUsage for a name nobody knows."""
    if marketplace is None:
        windows = tuple(row for row in policy.rows() if row.in_force(on))
        return Overview(on, None, windows, (), None, ())
    code = policy.marketplace_of(marketplace)
    if code is None:
        raise WrongUsage(Problem(f"{marketplace!r} is no marketplace.", f"Known are {', '.join(policy.marketplaces)}."))
    found = {claim_type: _window(policy, claim_type, code, on) for claim_type in policy.claim_types}
    bases = (_basis(policy, claim_type, code, on) for claim_type in found)
    return Overview(
        on,
        code,
        tuple(window for window in found.values() if window),
        tuple(basis for basis in bases if basis),
        policy.cap(code, on),
        tuple(claim_type for claim_type, window in found.items() if window is None),
    )


def _window(policy: Policy, claim_type: str, marketplace: str, on: date) -> Window | None:
    try:
        return policy.window(claim_type, marketplace, on)
    except NoWindow:
        return None


def _basis(policy: Policy, claim_type: str, marketplace: str, on: date) -> ValueBasis | None:
    try:
        return policy.value_basis(claim_type, marketplace, on)
    except NoValueBasis:
        return None


def _documented(row: DatedRow) -> dict[str, str]:
    return {"region": row.region, "confidence": row.confidence, "source": row.source, "note": row.note}
