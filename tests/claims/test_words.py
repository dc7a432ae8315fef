"""The built-in claim texts, as Amazon's staff read them: every rule in every language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from auditor.claims.drafts import draft
from auditor.claims.texts import ClaimTexts

from .examples import EVIDENCE_OF, MARKETPLACE_OF, PAYMENTS_TO, RULES, finding, only

Texts = Callable[[str], ClaimTexts]
everywhere = pytest.mark.parametrize(("language", "marketplace"), MARKETPLACE_OF.items())
every_rule = pytest.mark.parametrize("rule", RULES)


@every_rule
@everywhere
def test_a_claim_reads_like_this(
    rule: str, language: str, marketplace: str, texts_of: Texts, snapshot: SnapshotAssertion
) -> None:
    made = draft(
        finding(rule, marketplace), EVIDENCE_OF[rule], texts_of(rule), language=language, payments_to=PAYMENTS_TO
    )
    assert f"{made.subject}\n\n{made.body}" == snapshot


@every_rule
@everywhere
def test_a_claim_for_one_unit_that_nothing_explains_reads_like_this(
    rule: str, language: str, marketplace: str, texts_of: Texts, snapshot: SnapshotAssertion
) -> None:
    bare = replace(finding(rule, marketplace, units=1), unit_value=None, amount=None, currency="", value_basis="")
    made = draft(bare, only(rule, 1), texts_of(rule), language=language, payments_to=PAYMENTS_TO)
    assert f"{made.subject}\n\n{made.body}" == snapshot


def test_the_sheet_for_the_person_who_files_reads_like_this(texts_of: Texts, snapshot: SnapshotAssertion) -> None:
    made = draft(
        finding("inbound_missing", "DE"),
        EVIDENCE_OF["inbound_missing"],
        texts_of("inbound_missing"),
        language="de",
        payments_to=PAYMENTS_TO,
    )
    assert made.text == snapshot


@every_rule
@everywhere
@pytest.mark.parametrize("bare", [True, False])
def test_a_claim_is_long_enough_to_prove_and_short_enough_to_read(
    rule: str, language: str, marketplace: str, bare: bool, texts_of: Texts
) -> None:
    found = finding(rule, marketplace, units=1 if bare else 2)
    if bare:
        found = replace(found, unit_value=None, amount=None)
    rows = only(rule, 1) if bare else EVIDENCE_OF[rule] * 10
    made = draft(found, rows, texts_of(rule), language=language, payments_to=PAYMENTS_TO)
    assert (300 if language == "ja" else 600) <= len(made.body) <= 1200
    assert len(made.subject) <= 120


@every_rule
@everywhere
@pytest.mark.parametrize("blank", ["fnsku", "msku", "asin", "reference_id", "event_date", "everything"])
def test_an_unknown_fact_leaves_no_hole(
    rule: str, language: str, marketplace: str, blank: str, texts_of: Texts
) -> None:
    unknown = {"fnsku": "", "msku": "", "asin": "", "reference_id": "", "event_date": None}
    gone = unknown if blank == "everything" else {blank: unknown[blank]}
    found = replace(finding(rule, marketplace), unit_value=None, amount=None, currency="", **gone)  # type: ignore[arg-type]
    made = draft(found, only(rule, 2), texts_of(rule), language=language, payments_to=None)
    greeting, rest = made.body.split("\n", 1)
    assert greeting.rstrip(",:。")
    for text in (made.subject, rest):
        assert not re.search(r"\{|\}|None|\(\)|  |,,|, ?$|[:：]\s*[.;]", text, re.MULTILINE)
    assert "\n\n\n" not in made.body
    headings = [line for line in rest.splitlines() if line.endswith((":", "："))]
    assert len(headings) == 1  # that of the evidence


@every_rule
@everywhere
def test_every_language_states_the_arithmetic_and_the_keys(
    rule: str, language: str, marketplace: str, texts_of: Texts
) -> None:
    texts = texts_of(rule)
    found = finding(rule, marketplace)
    body = draft(found, EVIDENCE_OF[rule], texts, language=language, payments_to=PAYMENTS_TO).body
    for key in (found.fnsku, found.msku, found.asin, found.reference_id):
        assert key in body
    if not texts.plus:
        return  # a claim about money states amounts, not a sum of units
    units: dict[str, int] = {}
    for row in EVIDENCE_OF[rule]:
        units[row.role] = units.get(row.role, 0) + (row.units or 0)
    stated = [int(n) for n in re.findall(r"[:：] ?(-?\d{1,3})$", body, re.MULTILINE)]
    counted = [units[role] for role in (*texts.plus, *texts.minus) if units.get(role)]
    assert sorted(stated[: len(counted)]) == sorted(counted)
    assert stated[len(counted)] == found.units == 2 * counted[0] - sum(counted)


@every_rule
def test_a_request_is_made_exactly_once(rule: str, texts_of: Texts) -> None:
    english = texts_of(rule).languages["en"].body
    assert english.count("Please") == 1


@every_rule
@pytest.mark.parametrize("language", ["de", "fr", "it", "es", "ja"])
def test_no_english_is_left_in_another_language(rule: str, language: str, texts_of: Texts) -> None:
    words = texts_of(rule).languages[language]
    own = " ".join([words.subject, words.body, words.row, *words.optional.values(), *words.evidence.values()])
    own = re.sub(r"\{[a-z_]+\}", " ", own)
    english = {"the", "and", "of", "for", "is", "to", "report", "ledger", "warehouse", "unit", "units", "order",
               "quantity", "please", "hello", "row", "found", "paid", "case", "claim", "inbound"}  # fmt: skip
    borrowed = {"report"} if language == "it" else set()  # an Italian word by now
    assert not english - borrowed & set(re.findall(r"\w+", own.lower()))
    if language == "ja":
        assert set(re.findall(r"[A-Za-z]+", own)) <= {"FNSKU", "SKU", "ASIN", "ID", "FBA"}
