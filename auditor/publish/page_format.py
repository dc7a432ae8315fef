"""How the page writes dates, money, counts and addresses: the same text on every machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from auditor.policy.money import format_plain

LANGUAGE = "en"

_ADDRESS = re.compile(r"https?://[^\s;,]+")


@lru_cache(maxsize=8192)
def day(value: date | str | None) -> str:
    """A date as "2 Mar 2026", which no reader can take for another day; "" when blank."""
    if not value:
        return ""
    try:
        read = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return format_date(read, "d MMM y", locale=LANGUAGE)


def days(first: date | str | None, last: date | str | None) -> str:
    """A period as "2 Mar 2026 – 9 Mar 2026", one day when both are the same, "" when blank."""
    ends = [day(first), day(last)]
    return ends[0] if ends[0] == ends[1] else " – ".join(end for end in ends if end)


def month(value: date) -> str:
    """A month's short name, "Mar"; with its year in January, where the year turns."""
    return format_date(value, "MMM y" if value.month == 1 else "MMM", locale=LANGUAGE)


def money(amount: Decimal | str | None, currency: str) -> str:
    """An amount with its currency's sign and digits ("€1,240.50", "¥1,240"); "" when unknown."""
    if amount is None or amount == "":
        return ""
    exact = Decimal(amount)
    if not currency:
        return str(format_decimal(exact, locale=LANGUAGE))
    return str(format_currency(exact, currency, locale=LANGUAGE))


def number(value: int | str | None) -> str:
    """A count with thousands separators; "" when unknown."""
    return "" if value is None or value == "" else str(format_decimal(Decimal(value), locale=LANGUAGE))


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


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "days": days,
    "month": month,
    "money": money,
    "number": number,
    "plain_words": plain_words,
    "sentence": sentence,
    "addresses": addresses,
    "plain": format_plain,
    "named_by_itself": named_by_itself,
    "embedded_json": embedded_json,
}
