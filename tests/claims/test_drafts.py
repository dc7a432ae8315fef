"""Which findings become drafts, what a draft states, and that nothing in the exports can change its shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditor.claims.drafts import draft, is_fit_to_file, make_drafts, unbalanced
from auditor.claims.texts import ClaimTexts
from auditor.model import Draft, Finding

from .examples import EVIDENCE_OF, PAYMENTS_TO, finding, only, row

Texts = Callable[[str], ClaimTexts]
LOST = EVIDENCE_OF["warehouse_lost"]
AUTO = "auto_payment_expected: Amazon usually pays this by itself within days"


def lost(texts_of: Texts, found: Finding, language: str = "en", payments_to: date | None = PAYMENTS_TO) -> Draft:
    return draft(found, LOST, texts_of("warehouse_lost"), language=language, payments_to=payments_to)


class TestWhichFindingsAreFitToFile:
    def test_an_open_and_proven_one_is(self) -> None:
        assert is_fit_to_file(finding())

    @pytest.mark.parametrize("status", ["waiting", "expired", "filed", "paid", "denied"])
    def test_one_in_any_other_state_is_not(self, status: str) -> None:
        assert not is_fit_to_file(replace(finding(), status=status))

    def test_one_that_a_person_must_look_at_is_not(self) -> None:
        assert not is_fit_to_file(replace(finding(), confidence="review"))

    @pytest.mark.parametrize(("days_left", "fit"), [(60, False), (10, False), (9, True), (2, True), (0, True)])
    def test_one_that_amazon_will_pay_by_itself_waits_until_its_safe_date_is_a_week_away(
        self, days_left: int, fit: bool
    ) -> None:
        assert is_fit_to_file(replace(finding(), reasons=f"counts_differ: x; {AUTO}", days_left=days_left)) is fit

    def test_one_without_a_window_waits_for_the_payment(self) -> None:
        assert not is_fit_to_file(replace(finding(), reasons=AUTO, days_left=None))


class TestMakingDrafts:
    def make(self, texts_of: Texts, *findings: Finding) -> tuple[Draft, ...]:
        rows = [replace(r, finding_id=f.finding_id) for f in findings for r in LOST]
        rules = {"warehouse_lost": texts_of("warehouse_lost")}
        return make_drafts(findings, rows, rules, {"US": "en", "DE": "de", "SE": "sv"}.__getitem__, PAYMENTS_TO)

    def test_the_nearest_deadline_comes_first_and_undated_ones_last(self, texts_of: Texts) -> None:
        later = replace(finding(), finding_id="later", claim_by=date(2026, 8, 1))
        undated = replace(finding(), finding_id="undated", claim_by=None, claim_from=None, safe_by=None, days_left=None)
        made = self.make(texts_of, undated, later, finding())
        assert [d.finding_id for d in made] == ["F-0001", "later", "undated"]
        assert [d.name for d in made][::2] == ["2026-07-14_warehouse_lost_F-0001", "undated_warehouse_lost_undated"]

    def test_on_one_day_the_highest_amount_comes_first(self, texts_of: Texts) -> None:
        small = replace(finding(), finding_id="a", amount=Decimal(5))
        unknown = replace(finding(), finding_id="b", amount=None, unit_value=None)
        made = self.make(texts_of, unknown, small, finding())
        assert [d.finding_id for d in made] == ["F-0001", "a", "b"]

    def test_findings_that_are_not_fit_or_have_no_text_get_none(self, texts_of: Texts) -> None:
        review = replace(finding(), finding_id="review", confidence="review")
        assert self.make(texts_of, review, replace(finding(), rule="my_rule")) == ()

    def test_each_draft_stands_on_its_own_evidence(self, texts_of: Texts) -> None:
        one, two = (replace(finding(units=units), finding_id=f"F-{units}") for units in (1, 7))
        rows = [replace(only("warehouse_lost", f.units)[0], finding_id=f.finding_id) for f in (one, two)]
        made = make_drafts((one, two), rows, {"warehouse_lost": texts_of("warehouse_lost")}, lambda _: "en", None)
        assert "Quantity lost: 1\n" in made[1].body
        assert "Quantity lost: 7\n" in made[0].body

    def test_evidence_that_does_not_add_up_gives_no_draft_and_a_named_problem(self, texts_of: Texts) -> None:
        wrong = finding(units=3)
        problem = unbalanced(wrong, LOST, texts_of("warehouse_lost"))
        assert problem is not None
        assert "F-0001 adds up to 2 open units, the finding says 3" in problem.what
        assert self.make(texts_of, wrong) == ()
        assert unbalanced(finding(), LOST, texts_of("warehouse_lost")) is None

    def test_the_language_is_that_of_the_marketplace_or_else_english(self, texts_of: Texts) -> None:
        german, swedish = replace(finding(), marketplace="DE"), replace(finding(), marketplace="SE", finding_id="G")
        assert [d.language for d in self.make(texts_of, german, swedish)] == ["de", "en"]


class TestWhatADraftStates:
    def test_dates_and_money_are_written_as_in_the_marketplace(self, texts_of: Texts) -> None:
        value = {"unit_value": Decimal("1234.50"), "amount": Decimal("2469.00")}
        assert "May 15, 2026" in lost(texts_of, finding()).body
        assert "15 May 2026" in lost(texts_of, finding(marketplace="UK")).body
        german = lost(texts_of, replace(finding(marketplace="DE"), **value), "de").body  # type: ignore[arg-type]
        assert "15. Mai 2026" in german
        assert "1.234,50\xa0€" in german
        assert "￥2,500" in lost(texts_of, finding(marketplace="JP"), "ja").body

    def test_spanish_of_mexico_keeps_spanish_dates(self, texts_of: Texts) -> None:
        assert "15 de mayo de 2026" in lost(texts_of, finding(marketplace="MX"), "es").body

    def test_the_english_copy_beside_a_german_claim_has_english_dates(self, texts_of: Texts) -> None:
        text = lost(texts_of, finding(marketplace="DE"), "de").text
        assert "Date of the loss: 15 May 2026" in text
        assert text.index("## To paste, in German") < text.index("## The same in English")

    def test_an_english_claim_needs_no_copy(self, texts_of: Texts) -> None:
        assert "The same in" not in lost(texts_of, finding()).text

    def test_an_unknown_amount_is_not_stated(self, texts_of: Texts) -> None:
        made = lost(texts_of, replace(finding(), unit_value=None, amount=None, currency=""))
        assert "cost" not in made.body
        assert "$" not in made.body
        assert "- Amount: unknown" in made.text

    def test_a_cost_is_called_the_seller_s_cost_without_freight(self, texts_of: Texts) -> None:
        body = lost(texts_of, finding()).body
        assert "My sourcing cost is $12.50 per unit, without freight or duty; in total $25.00." in body

    def test_amazon_s_own_last_payment_is_not_called_a_cost(self, texts_of: Texts) -> None:
        body = lost(texts_of, replace(finding(), value_basis="last_payment")).body
        assert "Your last payment for this product was $12.50 per unit; in total $25.00." in body
        assert "My sourcing cost" not in body

    def test_a_capped_cost_is_not_called_the_seller_s_cost(self, texts_of: Texts) -> None:
        body = lost(texts_of, replace(finding(), reasons="capped: Amazon pays at most 12.50 USD for one unit")).body
        assert "the highest amount that you pay per unit, $12.50; in total $25.00." in body
        assert "My sourcing cost" not in body

    def test_units_of_twin_rows_are_added_up(self, texts_of: Texts) -> None:
        made = draft(finding(units=7), [LOST[0], *LOST], texts_of("warehouse_lost"), language="en", payments_to=None)
        assert "Quantity lost: 10\n" in made.body

    def test_a_loss_in_two_buildings_names_both_but_not_where_units_were_found(self, texts_of: Texts) -> None:
        other = replace(LOST[0], row={"FULFILLMENT CENTER": "BER3"}, units=1)
        made = draft(finding(units=3), [*LOST, other], texts_of("warehouse_lost"), language="en", payments_to=None)
        assert "Warehouse: BER3, LEJ1\n" in made.body
        assert "WRO1" not in made.body

    def test_a_shipment_of_which_nothing_arrived_says_received_0(self, texts_of: Texts) -> None:
        texts = texts_of("inbound_missing")
        made = draft(finding("inbound_missing"), only("inbound_missing", 2), texts, language="en", payments_to=None)
        assert "Quantity received: 0\n" in made.body
        assert "First receipt" not in made.body

    def test_a_receipt_that_was_taken_back_is_not_the_first_receipt(self, texts_of: Texts) -> None:
        sent, arrived, taken_back = EVIDENCE_OF["inbound_missing"][:3]
        rows = [sent, arrived, replace(taken_back, date=date(2026, 5, 3))]
        found = finding("inbound_missing", units=4)
        made = draft(found, rows, texts_of("inbound_missing"), language="en", payments_to=None)
        assert "First receipt of this product: May 15, 2026\n" in made.body

    def test_without_reimbursements_exports_nothing_is_said_about_them(self, texts_of: Texts) -> None:
        assert "Reimbursements report up to" not in lost(texts_of, finding(), payments_to=None).body

    def test_long_evidence_is_cut_and_the_rest_counted(self, texts_of: Texts) -> None:
        many = [row("lost", 1, date(2026, 5, 15), line=n, key="40000000000001") for n in range(2, 42)]
        made = draft(finding(units=40), many, texts_of("warehouse_lost"), language="en", payments_to=PAYMENTS_TO)
        shown = [line for line in made.body.splitlines() if line.startswith("- ")]
        assert f"Further rows that I can send you: {40 - len(shown)}" in made.body

    def test_the_order_in_which_evidence_comes_changes_nothing(self, texts_of: Texts) -> None:
        made = draft(finding(), LOST[::-1], texts_of("warehouse_lost"), language="en", payments_to=PAYMENTS_TO)
        assert made == lost(texts_of, finding())

    def test_evidence_of_one_role_stands_in_the_order_of_its_days(self, texts_of: Texts) -> None:
        finds = [row("found", 1, date(2026, 5, 16 + n), line=9 - n, key=f"4{9 - n}") for n in (2, 0, 1)]
        rows = [LOST[0], *finds]
        made = draft(finding(), rows, texts_of("warehouse_lost"), language="en", payments_to=None)
        places = [made.body.index(f"May {day}, 2026") for day in (16, 17, 18)]
        assert places == sorted(places)

    def test_the_sheet_tells_the_person_deadline_and_safe_date(self, texts_of: Texts) -> None:
        text = lost(texts_of, finding()).text
        assert "- File by: 14 July 2026" in text
        assert "- Safe date: 12 July 2026" in text

    def test_keys_that_are_unknown_are_not_listed(self, texts_of: Texts) -> None:
        text = lost(texts_of, replace(finding(), fnsku="")).text
        assert "  - FNSKU" not in text
        assert "  - Quantity: `2`" in text


HOSTILE = [
    "```\n# Gone\n```",
    "`````",
    "</code><script>alert(1)</script>",
    "![x](https://example.com/x.png) [y](javascript:alert(1))",
    "{open} {fnsku} {{amount}} {0.__class__}",
    "a\r\n\r\n- File by: 1 January 2030\n",
    "| a | b |\n|---|---|",
    "~~~\n<!-- \n",
    "\u202egnp.exe\u2028# line\u2029# line\x00\x1b[31m",
    "`",
    "=1+1",
]


def block_shape(text: str) -> list[str]:
    """What Markdown makes of a text, without its words: blocks, and everything inside lines that is no plain text."""
    shape = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        shape.append(token.type)
        shape += [child.type for child in token.children or () if child.type not in ("text", "softbreak")]
    return shape


def poisoned(poison: str, marketplace: str = "DE") -> Finding:
    return replace(
        finding(marketplace=marketplace),
        title=poison,
        msku=poison,
        fnsku=poison,
        asin=poison,
        reference_id=poison,
        account=poison,
        reasons=poison,
    )


@pytest.mark.parametrize("poison", HOSTILE)
def test_hostile_product_data_cannot_break_out_of_its_block(poison: str, texts_of: Texts) -> None:
    harmless = lost(texts_of, poisoned("harmless"), "de")
    made = lost(texts_of, poisoned(poison), "de")
    assert block_shape(made.text) == block_shape(harmless.text)
    assert made.body.count("\n") == harmless.body.count("\n")
    assert "\n" not in made.subject


@settings(deadline=None)
@given(poison=st.text(alphabet=st.sampled_from("`~#-<>&![](){}|\\*_=\n\r\t a1"), min_size=1).filter(str.strip))
def test_no_mixture_of_markup_can_break_out_of_its_block(poison: str, texts_of: Texts) -> None:
    assert block_shape(lost(texts_of, poisoned(f"x{poison}")).text) == block_shape(
        lost(texts_of, poisoned("harmless")).text
    )


@pytest.mark.parametrize("poison", ["```", "`````", "~~~", "# x", "- x"])
def test_a_value_at_the_start_of_a_line_cannot_close_the_block_either(poison: str, texts_of: Texts) -> None:
    texts = texts_of("warehouse_lost")
    words = texts.languages["en"]
    bare = words.model_copy(update={"optional": {**words.optional, "msku": "{msku}"}})
    own = replace(texts, languages={"en": bare})
    made, harmless = (
        draft(replace(finding(), msku=msku), LOST, own, language="en", payments_to=None) for msku in (poison, "x")
    )
    assert f"\n{poison}\n" in made.body
    assert block_shape(made.text) == block_shape(harmless.text)


def test_braces_in_a_sku_stay_braces(texts_of: Texts) -> None:
    assert "SKU: {open}\n" in lost(texts_of, replace(finding(), msku="{open}")).body


def test_invisible_characters_do_not_reach_the_claim(texts_of: Texts) -> None:
    body = lost(texts_of, poisoned("a\u202e\u200b\x00b\u2028c")).body
    assert "SKU: a b c\n" in body


def test_a_very_long_title_is_cut(texts_of: Texts) -> None:
    text = lost(texts_of, replace(finding(), title="Cup " * 500)).text
    assert max(len(line) for line in text.splitlines() if line.startswith("- Product")) < 150
