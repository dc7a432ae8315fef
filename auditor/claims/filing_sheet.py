"""A draft as Markdown: what the person who files must know, in English, then the words to paste.

Everything that comes from the exports stands in code spans or fenced blocks that nothing in it can close.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor.claims.facts import day, locale_for, money
from auditor.claims.template import all_known, fill, one_line
from auditor.claims.texts import ClaimTexts
from auditor.claims.wording import ENGLISH
from auditor.model import Finding

LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "es": "Spanish",
    "ja": "Japanese",
}
TITLE_LENGTH = 120

_BASIS = {
    "cost": "your sourcing cost",
    "last_payment": "Amazon's last payment for this product",
    "order": "the order's price less its fees",
    "excess": "what was refunded beyond the charge",
    "commission": "the commission that is still missing",
    "shortfall": "what the payment lacks for a unit",
    "taken_back": "what was taken back for a unit",
    "payment": "the approved payment",
    "paid": "what Amazon paid for a unit",
    "charge": "the amount charged less what was given back",
    "overcharge": "what was charged too much for a unit",
}
_LOCALE = locale_for(ENGLISH)


def filing_sheet(
    finding: Finding,
    texts: ClaimTexts,
    name: str,
    facts: Mapping[str, str],
    claim: Mapping[str, tuple[str, str]],
) -> str:
    """The whole draft file. `claim` maps each language to subject and body, the language to file in first.

    `facts` are in English; `name` is the draft's file name without ending.
    """
    parts = [f"# {texts.title}", "\n".join(_head(finding, texts, name, facts))]
    return "\n\n".join([*parts, *words_to_paste(claim)]) + "\n"


def words_to_paste(words: Mapping[str, tuple[str, str]]) -> Iterable[str]:
    """Subject and body by language as parts of a sheet: the first to paste, the others to read."""
    for place, (language, (subject, body)) in enumerate(words.items()):
        told = LANGUAGE_NAMES.get(language, language)
        yield f"## To paste, in {told}" if place == 0 else f"## The same in {told}, for you to read"
        yield from ("Subject:", _fenced(subject), "Text:", _fenced(body))


def _head(finding: Finding, texts: ClaimTexts, name: str, facts: Mapping[str, str]) -> Iterable[str]:
    filing = texts.filing
    yield f"- Finding: {_inert(finding.finding_id)}"
    if finding.account:
        yield f"- Account: {_inert(finding.account)}"
    if finding.marketplace:
        yield f"- Marketplace: {_inert(finding.marketplace)}"
    if finding.title:
        yield f"- Product: {_inert(_cut(one_line(finding.title)))}"
    yield from _dates(finding)
    yield f"- Amount: {_amount(finding)}"
    yield f"- Where to file: {filing.page}"
    yield f"- What to enter there: {filing.field}"
    yield "- Keys to give:"
    inert = {key: _inert(value) for key, value in facts.items()}
    yield from (f"  - {fill(key, inert)}" for key in filing.keys if all_known(key, facts))
    yield "- Documents, by kind of seller:"
    for kind, documents in filing.documents:
        yield f"  - {kind}: {'; '.join(documents) or 'none'}"
    yield f"- Evidence rows: {_inert(name + '.csv')}, beside this file"
    if finding.reasons:
        yield f"- Note: {_inert(finding.reasons)}"
    yield "- Before you file: look once more into the Reimbursements report; file each claim only once."
    yield f"- Where these rules are from: {', '.join(f'<{source}>' for source in filing.sources)}"


def _dates(finding: Finding) -> Iterable[str]:
    if finding.claim_by is None:
        yield "- File by: no deadline is documented for this claim"
        return
    yield f"- File by: {day(finding.claim_by, _LOCALE)}, the last day"
    if finding.safe_by:
        yield (
            f"- Safe date: {day(finding.safe_by, _LOCALE)}, because Amazon does not say which time zone counts "
            "nor whether the last day does"
        )
    if finding.claim_from:
        yield f"- Not before: {day(finding.claim_from, _LOCALE)}"


def _amount(finding: Finding) -> str:
    total = money(finding.amount, finding.currency, _LOCALE)
    unit = money(finding.unit_value, finding.currency, _LOCALE)
    if not total or not unit:
        return "unknown, so the claim does not state one"
    basis = _BASIS.get(finding.value_basis, "")
    return f"{total} ({finding.units} × {unit}{f', {basis}' if basis else ''})"


def _cut(text: str) -> str:
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall(r"`+", text)), default=0)


def _inert(text: str) -> str:
    """A code span: Markdown, HTML and links in it are only letters. Blank stays blank."""
    plain = one_line(text)
    if not plain:
        return ""
    ticks = "`" * (_longest_run(plain) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{pad}{plain}{pad}{ticks}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"
