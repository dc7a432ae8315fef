"""What a policy file may say: each TOML table with its keys, checked before anything believes it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from auditor.policy.marketplaces import Marketplace
from auditor.policy.rows import Basis, Cap, Certainty, FeeChange, Limit, ValueBasis, Window

_LIMIT = re.compile(r"([1-9]\d{0,3}) (days|months)")
_SHORTEST_MONTH = 28


def _limit(value: Any) -> Any:
    match = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('a limit reads like "60 days" or "9 months"')
    return Limit(int(match[1]), "days" if match[2] == "days" else "months")


def _amount(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('an amount is a whole number or text like "19250.00", never a float')
    if not re.fullmatch(r"\d+(\.\d+)?", str(value)):
        raise ValueError('an amount reads like "19250.00"')
    return Decimal(value)


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RegionName = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|OTHER)$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class _Dated(_Table):
    regions: Annotated[list[RegionName], Field(min_length=1)]
    effective_from: date | None = None
    effective_to: date | None = None
    confidence: Certainty
    source: str
    note: str = ""
    checked: date | None = None

    @model_validator(mode="after")
    def _documented_and_in_order(self) -> _Dated:
        if self.confidence != "assumption" and not self.source.strip():
            raise ValueError('source is blank; only a row with confidence = "assumption" may have none')
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self

    def _shared(self, region: str, place: Place) -> dict[str, Any]:
        kept = ("effective_from", "effective_to", "confidence", "source", "note")
        values = {name: getattr(self, name) for name in kept}
        return {**values, "region": region, "checked": self.checked or place.checked, **place.as_fields()}


class Place(_Table):
    """Where a table stands, and the day on which its file was last checked."""

    file: str
    line: int
    checked: date

    def as_fields(self) -> dict[str, Any]:
        """File and line as the rows carry them."""
        return {"file": self.file, "line": self.line}


class WindowTable(_Dated):
    """[[window]]: when a claim of one type may be filed, for one or more regions."""

    claim_type: Name
    anchor: Name
    wait_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    limit: Annotated[Limit, BeforeValidator(_limit)]

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> WindowTable:
        shortest = self.limit.count * (_SHORTEST_MONTH if self.limit.unit == "months" else 1)
        if shortest < (self.wait_days or 0):
            raise ValueError("limit is shorter than wait_days, so nothing could ever be claimed")
        return self

    def rows(self, place: Place) -> list[Window]:
        """One row per region."""
        own = {name: getattr(self, name) for name in ("claim_type", "anchor", "wait_days", "limit")}
        return [Window(**own, **self._shared(region, place)) for region in self.regions]


class BasisTable(_Dated):
    """[[basis]]: what a unit is worth, for one or more claim types and regions."""

    claim_types: Annotated[list[Name], Field(min_length=1)]
    basis: Basis

    def rows(self, place: Place) -> list[ValueBasis]:
        """One row per claim type and region."""
        return [
            ValueBasis(claim_type=claim_type, basis=self.basis, **self._shared(region, place))
            for claim_type in self.claim_types
            for region in self.regions
        ]


class CapTable(_Dated):
    """[[cap]]: the most that is paid for one unit."""

    amount: Annotated[Decimal, BeforeValidator(_amount), Field(gt=0)]
    currency: CurrencyCode

    def rows(self, place: Place) -> list[Cap]:
        """One row per region."""
        return [
            Cap(amount=self.amount, currency=self.currency, **self._shared(region, place)) for region in self.regions
        ]


class FeeChangeTable(_Dated):
    """[[fee_change]]: a day from which other fulfilment fees are charged."""

    effective_from: date
    at_most: Annotated[Decimal, BeforeValidator(_amount), Field(gt=0)] | None = None

    def rows(self, place: Place) -> list[FeeChange]:
        """One row per region."""
        return [FeeChange(at_most=self.at_most, **self._shared(region, place)) for region in self.regions]


class MarketplaceTable(_Table):
    """[[marketplace]]: one of Amazon's marketplaces."""

    code: CountryCode
    country: CountryCode
    region: RegionName
    currency: CurrencyCode
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    domain: Annotated[str, StringConstraints(pattern=r"^Amazon(\.[a-z]+)+$")]
    group: Literal["NA", "EU", "FE"]

    def rows(self, place: Place) -> list[Marketplace]:
        """The marketplace itself."""
        return [Marketplace(**self.model_dump(), **place.as_fields())]


class PolicyFile(_Table):
    """One file: the day it was checked against its sources, and any of the five kinds of table."""

    checked: date
    window: list[WindowTable] = []
    basis: list[BasisTable] = []
    cap: list[CapTable] = []
    fee_change: list[FeeChangeTable] = []
    marketplace: list[MarketplaceTable] = []
