"""Claims ready to file: one draft for each finding that may be filed as it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from auditor.claims.facts import evidence_facts, facts_of, locale_for, written_rows
from auditor.claims.filing_sheet import filing_sheet
from auditor.claims.template import render
from auditor.claims.texts import ClaimTexts
from auditor.claims.wording import ENGLISH
from auditor.model import Draft, EvidenceRow, Finding, Problem

AUTO_PAYMENT = "auto_payment_expected"
MOST_EVIDENCE_LINES = 6
MOST_CHARACTERS = 1200  # what support staff read at a glance; Amazon documents no limit
CLOSING_DAYS = 9  # seven days before the safe date, which is two days before the last one


def is_fit_to_file(finding: Finding) -> bool:
    """Whether the claim may be filed today as it stands: open, proven, and not about to be paid by Amazon itself.

    A claim that Amazon is expected to pay waits, unless its safe date is at most seven days away.
    """
    if finding.status != "open" or finding.confidence != "high":
        return False
    closing = finding.days_left is not None and finding.days_left <= CLOSING_DAYS
    return AUTO_PAYMENT not in finding.reasons or closing


def unbalanced(finding: Finding, evidence: Sequence[EvidenceRow], texts: ClaimTexts) -> Problem | None:
    """What is wrong when the evidence does not add up to the finding's units; such a claim would state a false sum."""
    if not texts.plus:
        return None  # a claim about money is no sum of units
    signs = dict.fromkeys(texts.plus, 1) | dict.fromkeys(texts.minus, -1)
    counted = sum(signs.get(row.role, 0) * (row.units or 0) for row in evidence)
    if counted == finding.units:
        return None
    return Problem(
        f"the evidence of {finding.finding_id} adds up to {counted} open units, the finding says {finding.units}.",
        f"No draft was written; check the roles of rule {finding.rule}.",
    )


def draft(
    finding: Finding,
    evidence: Sequence[EvidenceRow],
    texts: ClaimTexts,
    *,
    language: str,
    payments_to: date | None,
) -> Draft:
    """Write one claim in `language`, or in English when the rule has no words for it, with an English copy beside it.

    `evidence` are the rows of this finding; `payments_to` is the last day that the Reimbursements exports cover (None:
    unknown, and the claim says nothing about it).
    """
    used = language if language in texts.languages else ENGLISH
    claim: dict[str, tuple[str, str]] = {}
    facts: dict[str, str] = {}
    for spoken in dict.fromkeys((used, ENGLISH)):
        claim[spoken], facts = _written(finding, evidence, texts, spoken, payments_to)
    name = f"{finding.claim_by or 'undated'}_{finding.rule}_{finding.finding_id}"
    subject, body = claim[used]
    sheet = filing_sheet(finding, texts, name, facts, claim)
    filing = texts.filing
    return Draft(finding.finding_id, name, used, subject, body, sheet, where=filing.page, enter=filing.field)


def _written(
    finding: Finding, evidence: Sequence[EvidenceRow], texts: ClaimTexts, language: str, payments_to: date | None
) -> tuple[tuple[str, str], dict[str, str]]:
    """Subject and body in one language, and their facts; evidence rows give way when the body grows too long."""
    words = texts.languages[language]
    locale = locale_for(language, finding.marketplace)
    facts = facts_of(finding, evidence, texts, locale=locale, payments_to=payments_to)
    rows = written_rows(finding, evidence, texts, words, locale=locale, most=MOST_EVIDENCE_LINES)
    for shown in range(MOST_EVIDENCE_LINES, 0, -1):
        facts |= evidence_facts(rows, shown, locale)
        body = render(words.body, words.optional, facts)
        if len(body) <= MOST_CHARACTERS:
            break
    return (render(words.subject, words.optional, facts), body), facts


def make_drafts(
    findings: Sequence[Finding],
    evidence: Sequence[EvidenceRow],
    texts_by_rule: Mapping[str, ClaimTexts],
    language_of: Callable[[str], str],
    payments_to: date | None,
) -> tuple[Draft, ...]:
    """A draft for each finding that is fit to file and has texts and evidence that adds up; nearest deadline first.

    `language_of` gives the language of a marketplace. `unbalanced` names the findings left out for their evidence.
    """
    rows_of: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in evidence:
        rows_of[row.finding_id].append(row)
    return tuple(
        draft(
            finding,
            rows_of[finding.finding_id],
            texts_by_rule[finding.rule],
            language=language_of(finding.marketplace),
            payments_to=payments_to,
        )
        for finding in sorted(findings, key=_urgency)
        if is_fit_to_file(finding)
        and finding.rule in texts_by_rule
        and not unbalanced(finding, rows_of[finding.finding_id], texts_by_rule[finding.rule])
    )


def unbalanced_findings(
    findings: Sequence[Finding], evidence: Sequence[EvidenceRow], texts_by_rule: Mapping[str, ClaimTexts]
) -> list[Problem]:
    """The problems of the findings that are fit to file but whose evidence does not add up to their units."""
    rows_of: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in evidence:
        rows_of[row.finding_id].append(row)
    problems = (
        unbalanced(finding, rows_of[finding.finding_id], texts_by_rule[finding.rule])
        for finding in findings
        if is_fit_to_file(finding) and finding.rule in texts_by_rule
    )
    return [problem for problem in problems if problem]


def _urgency(finding: Finding) -> tuple[date, Decimal, str]:
    return finding.claim_by or date.max, -(finding.amount or Decimal(0)), finding.finding_id
