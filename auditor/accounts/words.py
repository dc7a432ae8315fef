"""The words of alerts, digests and messages in the reader's language; figures are the same in every language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from auditor.accounts.alert import Alert, Worth
from auditor.publish.cells import one_line

_LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "it": "it_IT", "es": "es_ES", "ja": "ja_JP"}
#: The step of these kinds is a number of days.
_DAYS = frozenset({"deadline", "unanswered", "renewal"})
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One alert in words: a headline, what happened, what to do, what it is worth ("" for nothing known)."""

    title: str
    what: str
    do: str
    worth: str
    until: str


@dataclass(frozen=True, slots=True)
class Words:
    """The catalog of one language."""

    language: str
    catalog: Mapping[str, Any]

    def text(self, section: str, key: str, **values: str) -> str:
        """A text with its placeholders filled; KeyError for one that is not there."""
        return str(self.catalog[section][key]).format_map(values)

    def documents(self, names: Iterable[str]) -> list[str]:
        """Documents by their names in accounts.toml."""
        return [str(self.catalog["documents"][name]) for name in names]

    def day(self, day: date | str | None) -> str:
        """A date as people of this language write it; "" when there is none."""
        read = date.fromisoformat(day) if isinstance(day, str) and day else day
        return _day(read, _LOCALES[self.language]) if read else ""

    def period(self, first: str, last: str) -> str:
        """One day, or the first and the last of several."""
        ends = dict.fromkeys((self.day(first), self.day(last)))
        return " – ".join(ends)

    def days(self, count: int | str) -> str:
        """So many days, "1 day", "7 days"."""
        # Babel's own words for days lack Italian and Japanese, and it says "7 duration-day" there.
        form = Locale.parse(_LOCALES[self.language]).plural_form(int(count))
        texts = self.catalog["days"]
        return str(texts.get(form, texts["other"])).format(count=self.number(count))

    def number(self, count: int | str) -> str:
        """A count with the separators of the language."""
        return _number(int(count), _LOCALES[self.language])

    def money(self, worth: Worth) -> str:
        """Amounts, one for each currency: they are never added up."""
        return " · ".join(self.amount(amount, currency) for currency, amount in worth)

    def amount(self, amount: Decimal | None, currency: str) -> str:
        """One amount in its currency's digits; "" when unknown."""
        # In English money is written as on the pages, whose readers are not all in one country.
        return "" if amount is None else _money(amount, currency, self.language)

    def said(self, alert: Alert) -> Said:
        """An alert in words."""
        values = self._values(alert)
        title, what, do = (self._filled(alert.kind, part, values) for part in ("title", "what", "do"))
        return Said(title, what, do, self.worth(alert), self.day(alert.until))

    def worth(self, alert: Alert) -> str:
        """What an alert is worth, and how much of it has no known value."""
        known, unknown = self.money(alert.worth), alert.facts.get("unknown", "0")
        none = self.text("digest", "no_value", unknown=self.number(unknown)) if unknown != "0" else ""
        return " · ".join(part for part in (known, none) if part)

    def _filled(self, kind: str, part: str, values: Mapping[str, str]) -> str:
        return one_line(str(self.catalog["alert"][kind][part]).format_map(values))

    def _values(self, alert: Alert) -> dict[str, str]:
        values = dict(alert.facts)
        for name in ("count", "units", "lost", "damaged", "left"):
            if name in values:
                values[name] = self.number(values[name])
        if "from" in values:
            values["period"] = self.period(values["from"], values["to"])
        for name in ("newest", "renewal", "since", "progress"):
            if name in values:
                values[name] = self.day(values[name])
        steps = alert.facts.get("days", alert.step if alert.kind in _DAYS else "")
        values["days"] = self.days(steps) if steps else ""
        if "stage" in values:
            values["stage"] = self.text("stage", values["stage"])
        if "lacks" in values:
            values["lacks"] = ", ".join(self.text("checklist", name) for name in values["lacks"].split(","))
        if "building" in values:
            values["building"] = values["building"] or "*"
        titles = alert.facts.get("titles", "").splitlines()
        names, between = (titles, "; ") if titles else (alert.items, ", ")
        values["list"] = between.join(names[:_MOST_NAMED]) + (f"{between}…" if len(names) > _MOST_NAMED else "")
        return values


# A page of many accounts writes the same days and amounts again and again.
@lru_cache(maxsize=8192)
def _day(day: date, locale: str) -> str:
    return format_date(day, "medium", locale=locale)


@lru_cache(maxsize=8192)
def _number(count: int, locale: str) -> str:
    return str(format_decimal(count, locale=locale))


@lru_cache(maxsize=8192)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    return str(format_currency(amount, currency, locale=locale))


@cache
def words_of(language: str) -> Words:
    """The catalog of a language that accounts.toml may name."""
    text = files("auditor.reports").joinpath("messages", f"{language}.toml").read_text("utf-8")
    return Words(language, tomllib.loads(text))
