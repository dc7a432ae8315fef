"""Amazon's marketplaces: what they are called in the exports, their region, currency and language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace; `country` is its ISO code, which differs from `code` for the UK (GB).

    `domain` is how sales channels and settlements name it (Amazon.co.uk); `group` the sellers' account
    group whose marketplaces share one inventory ledger (NA, EU, FE).
    """

    code: str
    country: str
    region: str
    currency: str
    language: str
    domain: str
    group: str
    file: str = field(compare=False)
    line: int = field(compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that exports use for it, without regard to case."""
        return tuple(dict.fromkeys(name.casefold() for name in (self.code, self.country, self.domain)))


class Marketplaces(Mapping[str, Marketplace]):
    """Marketplaces by code, in the order of their codes."""

    def __init__(self, marketplaces: Iterable[Marketplace]) -> None:
        self._by_code = {m.code: m for m in sorted(marketplaces, key=lambda m: m.code)}
        self._by_name = {name: m.code for m in self._by_code.values() for name in m.names}

    def __getitem__(self, code: str) -> Marketplace:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def named(self, name: str | None) -> str | None:
        """The marketplace code behind a country code, sales channel or settlement marketplace name.

        A country without a marketplace of its own (stock of a German seller may lie in CZ) stays as it is.
        Anything else ("Non-Amazon", blank, unknown) is None.
        """
        text = (name or "").strip()
        known = self._by_name.get(text.casefold())
        if known is None and len(text) == 2 and text.isascii() and text.isalpha():
            return text.upper()
        return known

    def regions(self, marketplace: str) -> tuple[str, ...]:
        """The names under which policy rows may speak of a marketplace, the narrowest first."""
        return tuple(dict.fromkeys((marketplace, self.region(marketplace), OTHER)))

    def region(self, marketplace: str) -> str:
        """The policy region of a marketplace; OTHER when it is not a known one."""
        known = self._by_code.get(marketplace)
        return known.region if known else OTHER
