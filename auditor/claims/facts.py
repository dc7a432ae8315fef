"""What a finding and its evidence say, as words and figures of one language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from auditor.claims.template import fill, one_line
from auditor.claims.texts import VALUE_FACTS, ClaimTexts, Words, role_facts
from auditor.model import EvidenceRow, Finding

_LOCALE_OF_MARKETPLACE = {
    "US": "en_US",
    "UK": "en_GB",
    "DE": "de_DE",
    "FR": "fr_FR",
    "IT": "it_IT",
    "ES": "es_ES",
    "MX": "es_MX",
    "JP": "ja_JP",
}
_LOCALE_OF_LANGUAGE = {"de": "de_DE", "fr": "fr_FR", "it": "it_IT", "es": "es_ES", "ja": "ja_JP"}
_ELSEWHERE = "en_GB"


def locale_for(language: str, marketplace: str = "") -> str:
    """How dates, numbers and money are written: as in the marketplace when the text is in its language."""
    local = _LOCALE_OF_MARKETPLACE.get(marketplace, "")
    return local if local.startswith(f"{language}_") else _LOCALE_OF_LANGUAGE.get(language, _ELSEWHERE)


def day(when: date | None, locale: str) -> str:
    """The day in words, "9 March 2026"; blank when unknown."""
    return format_date(when, "long", locale=locale) if when else ""


def number(count: int, locale: str) -> str:
    """A count with the separators of the locale."""
    return format_decimal(count, locale=locale)


def money(amount: Decimal | None, currency: str, locale: str) -> str:
    """The amount in its currency's digits; blank when it or its currency is unknown."""
    return "" if amount is None or not currency else format_currency(amount, currency, locale=locale)


def facts_of(
    finding: Finding, evidence: Sequence[EvidenceRow], texts: ClaimTexts, *, locale: str, payments_to: date | None
) -> dict[str, str]:
    """Every fact that a claim text may name, by its placeholder, but for the written evidence.

    Unknown facts are blank, counts of nothing are 0.
    """
    facts = {
        "fnsku": one_line(finding.fnsku),
        "msku": one_line(finding.msku),
        "asin": one_line(finding.asin),
        "reference_id": one_line(finding.reference_id),
        "order_id": _only_order(evidence),
        "event_date": day(finding.event_date, locale),
        "open": number(finding.units, locale),
        "payments_to": day(payments_to, locale),
    }
    facts |= _value_facts(finding, locale)
    for role in texts.roles:
        facts |= _role_facts(role, [row for row in evidence if row.role == role], locale)
    return facts


def evidence_facts(rows: Sequence[str], shown: int, locale: str) -> dict[str, str]:
    """The first `shown` written rows of the evidence, and how many more there are."""
    return {"evidence_rows": "\n".join(rows[:shown]), "further_rows": number(len(rows[shown:]), locale)}


def written_rows(
    finding: Finding, evidence: Sequence[EvidenceRow], texts: ClaimTexts, words: Words, *, locale: str, most: int
) -> list[str]:
    """The rows that support the claim, one line each: first those that open units, then those that explain some.

    Rows after the first `most` are blank lines: they are counted, not written.
    """
    rows = _supporting_rows(evidence, texts)
    return [_evidence_line(row, finding, words, locale) for row in rows[:most]] + [""] * len(rows[most:])


def _only_order(evidence: Sequence[EvidenceRow]) -> str:
    """The order that the evidence is about; blank when it names none, or more than one."""
    orders = {row.order_id for row in evidence if row.order_id}
    return one_line(orders.pop()) if len(orders) == 1 else ""


def _value_facts(finding: Finding, locale: str) -> dict[str, str]:
    """The amount, and the value of a unit under the name of what it rests on; no other basis is stated."""
    facts = dict.fromkeys(VALUE_FACTS, "")
    if finding.unit_value is None or finding.amount is None:
        return facts
    # A capped value is no longer the seller's cost, so it may not be called that.
    name = "value_cap" if "capped:" in finding.reasons else f"value_{finding.value_basis}"
    if name in facts:
        facts[name] = money(finding.unit_value, finding.currency, locale)
    facts["amount"] = money(finding.amount, finding.currency, locale)
    return facts


def _role_facts(role: str, rows: Sequence[EvidenceRow], locale: str) -> dict[str, str]:
    units, first, at, amount, order, keys = role_facts(role)
    days = [row.date for row in rows if row.date and (row.units is None or row.units > 0)]
    return {
        units: number(sum(row.units or 0 for row in rows), locale),
        first: day(min(days, default=None), locale),
        at: ", ".join(sorted({one_line(building) for row in rows for building in row.buildings})),
        amount: _money_of(rows, locale),
        order: ", ".join(sorted({one_line(row.order_id) for row in rows if row.order_id})),
        keys: ", ".join(sorted({one_line(row.reference_id) for row in rows if row.reference_id})),
    }


def _money_of(rows: Sequence[EvidenceRow], locale: str) -> str:
    """The money of the rows together, without its sign; blank when one is unknown or currencies differ."""
    currencies = {row.currency for row in rows}
    if len(currencies) != 1 or any(row.amount is None for row in rows):
        return ""
    return money(abs(sum((row.amount or Decimal(0) for row in rows), Decimal(0))), currencies.pop(), locale)


def _supporting_rows(evidence: Sequence[EvidenceRow], texts: ClaimTexts) -> list[EvidenceRow]:
    """The rows that support the claim, first those that open units, then those that explain some, then the context."""
    counting = (*texts.plus, *texts.minus)
    rows = [row for row in evidence if row.role in texts.roles and (row.units or row.role not in counting)]
    rank = {role: place for place, role in enumerate(texts.roles)}
    return sorted(rows, key=lambda row: (rank[row.role], row.date or date.max, row.reference_id, row.line, row.file))


def _evidence_line(row: EvidenceRow, finding: Finding, words: Words, locale: str) -> str:
    key = one_line(row.reference_id or row.order_id)
    place = fill(words.row, {"line": number(row.line, locale)})
    where = ", ".join(
        part for part in (day(row.date, locale), place, key) if part and part != one_line(finding.reference_id)
    )
    what = words.evidence[row.role]
    return f"- {what} {where}" if row.units is None else f"- {what} {number(row.units, locale)} ({where})"
