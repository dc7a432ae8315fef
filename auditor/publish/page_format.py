"""How the page writes dates, money, counts and addresses: the same text on every machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from auditor.policy.money import format_plain
from auditor.publish.language import REPORTS, Language, write_day

_ADDRESS = re.compile(r"https?://[^\s;,]+")
#: What stands for a hidden text or amount.
MASK = "•••"


@dataclass(frozen=True)
class Format:
    """Writes in one language; `masked` hides every amount of money."""

    language: Language
    masked: bool = False
    _days: dict[date, str] = field(default_factory=dict)

    def day(self, value: date | str | None) -> str:
        """A date as "2 Mar 2026", which no reader can take for another day; "" when blank."""
        if not value:
            return ""
        try:
            read = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        except ValueError:
            return str(value)
        if read not in self._days:
            self._days[read] = write_day(read, self.language)
        return self._days[read]

    def days(self, first: date | str | None, last: date | str | None) -> str:
        """A period as "2 Mar 2026 – 9 Mar 2026", one day when both are the same, "" when blank."""
        ends = [self.day(first), self.day(last)]
        return ends[0] if ends[0] == ends[1] else " – ".join(end for end in ends if end)

    def month(self, value: date, *, year: bool = False) -> str:
        """A month's short name, "Mar"; with its year in January, where the year turns, or when asked for."""
        shape = self.language.shape
        pattern = shape.month_and_year if year or value.month == 1 else shape.month
        return format_date(value, pattern, locale=self.language.code)

    def money(self, amount: Decimal | str | None, currency: str) -> str:
        """An amount with its currency's sign and digits ("€1,240.50", "¥1,240"); "" when unknown."""
        if amount is None or amount == "":
            return ""
        if self.masked:
            return f"{get_currency_symbol(currency, self.language.code)} {MASK}" if currency else MASK
        exact = Decimal(amount)
        if not currency:
            return str(format_decimal(exact, locale=self.language.code))
        return str(format_currency(exact, currency, locale=self.language.code))

    def number(self, value: int | str | None) -> str:
        """A count with thousands separators; "" when unknown."""
        unknown = value is None or value == ""
        return "" if unknown else str(format_decimal(Decimal(value or 0), locale=self.language.code))

    def plain(self, amount: Decimal | None, currency: str) -> str:
        """The bare digits of an amount, for sorting and adding; "" when unknown or hidden."""
        return "" if self.masked else format_plain(amount, currency)

    def told(self, text: str) -> str:
        """What a rule says, in the language of the page, codes in plain words."""
        return plain_words(self.language.told(text))

    def why(self, text: str) -> str:
        """Why a row or a file could not be read, in the language of the page."""
        return self.language.why(text)

    def report_name(self, title: str) -> str:
        """The name of a report in the language of the page."""
        return self.language.named(title, REPORTS)

    def report_names(self, titles: str) -> str:
        """The names of reports of which one will do."""
        either = self.language.messages.gettext("or")
        return f" {either} ".join(self.report_name(title) for title in titles.split(" or "))

    def limit(self, text: str) -> str:
        """A claim's limit, such as "60 days", in the language of the page."""
        return self.language.phrase(text)

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Everything that templates write with, by name."""
        own = (
            "day",
            "days",
            "month",
            "money",
            "number",
            "plain",
            "told",
            "why",
            "report_name",
            "report_names",
            "limit",
        )
        return {name: getattr(self, name) for name in own} | _FILTERS


def plain_words(code: str) -> str:
    """A code such as `found_later` as words a person reads."""
    return code.replace("_", " ").strip()


def sentence(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is, names included."""
    return text[:1].upper() + text[1:]


def addresses(source: str) -> list[dict[str, str]]:
    """The web addresses in a source text, each with the host a reader recognises; no other scheme becomes a link."""
    return [{"url": url, "host": urlsplit(url).hostname or url} for url in _ADDRESS.findall(source)]


def embedded_json(value: Any) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element or open markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def named_by_itself(values: list[str]) -> list[tuple[str, str]]:
    """Options of a choice whose text is the value."""
    return [(value, value) for value in values]


_FILTERS: dict[str, Callable[..., Any]] = {
    "plain_words": plain_words,
    "sentence": sentence,
    "addresses": addresses,
    "named_by_itself": named_by_itself,
    "embedded_json": embedded_json,
}
