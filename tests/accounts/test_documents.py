"""Documents at hand, and one brand or many: what the list says, what is asked for, what the page shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.accounts.alert import Seen
from auditor.accounts.letters import letter
from auditor.accounts.life_alerts import done
from auditor.accounts.listing import read_listing
from auditor.accounts.portfolio_page import portfolio_json, render
from auditor.accounts.settings import DOCUMENTS
from auditor.accounts.words import words_of

from .alert_world import DAY, account, seen
from .portfolio_world import LANGUAGES, portfolio, rich_view, view_of

BRANDS = {
    "pattern": "many_brands",
    "by": "titles",
    "products": 240,
    "brands": 31,
    "largest": "<b>Rimbuo</b>",
    "largest_share": "0.121",
}


def body(view: Seen) -> str:
    draft = letter(view_of(view), DAY)
    assert draft is not None
    return draft.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_documents_that_are_missing_are_asked_for(language: str) -> None:
    own = {"model": "private_label", "experience": "experienced"}
    words = words_of(language)
    cost, slip, delivery = words.documents(DOCUMENTS["private_label"])
    nobody_said = body(rich_view(language, **own))
    assert all(paper in nobody_said for paper in (words.text("letter", "documents"), cost, slip, delivery))
    some = body(rich_view(language, **own, documents=("production_cost", "proof_of_delivery")))
    assert words.text("letter", "documents_missing") in some
    assert words.text("letter", "step_documents") in some
    assert [paper in some for paper in (cost, slip, delivery)] == [False, True, False]
    every = body(rich_view(language, **own, documents=DOCUMENTS["private_label"]))
    assert not any(paper in every for paper in (cost, slip, delivery, words.text("letter", "documents_missing")))
    assert words.text("letter", "step_we_file_ready") in every


def test_a_new_account_is_asked_for_its_documents_before_anything_is_found() -> None:
    new = seen(account=account(stage="new", experience="experienced", documents=()))
    supplier, delivery = words_of("en").documents(DOCUMENTS["wholesale"])
    asked = body(replace(new, account=account(stage="new", model="wholesale", documents=())))
    assert supplier in asked
    assert delivery in asked
    assert "Documents that" not in body(replace(new, account=account(stage="new")))


def test_the_checklist_takes_the_word_of_the_list() -> None:
    assert not done(seen())["documents"]
    assert not done(seen(account=account(documents=("supplier_invoice", "proof_of_delivery"))))["documents"]
    assert done(seen(account=account(documents=DOCUMENTS["private_label"])))["documents"]


def test_a_document_that_nobody_knows_is_a_fault_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text("[[account]]\nid = 'a'\nexports = 'x'\ndocuments = ['invoice']\n", encoding="utf-8")
    (fault,) = read_listing(path).problems
    assert (fault.line, "production_cost" in fault.what) == (4, True)
    path.write_text("[[account]]\nid = 'a'\nexports = 'x'\ndocuments = 'shop_receipt'\n", encoding="utf-8")
    assert read_listing(path).accounts[0].documents == ("shop_receipt",)


def test_the_page_shows_brands_with_their_figures_and_where_the_list_says_otherwise() -> None:
    view = seen(account=account(documents=("packing_slip",)), brands=BRANDS)
    page = render(portfolio([view_of(view)]))
    figures = "largest &lt;b&gt;Rimbuo&lt;/b&gt;, 12 %, brands: 31, products: 240, by first words of titles"
    assert f"many brands ({figures}); the list says private label" in page
    assert "documents at hand: 1 of 3, missing: production cost, proof of delivery" in page
    told = portfolio_json(portfolio([view_of(view)]))["accounts"][0]
    assert (told["brands"], told["documents"]) == (BRANDS, ["packing_slip"])
    resells = render(portfolio([view_of(seen(account=account(model="wholesale"), brands=BRANDS))]))
    assert "the list says" not in resells
    unknown = render(portfolio([view_of(seen(brands={**BRANDS, "pattern": "unknown"}))]))
    assert "brands: cannot be told (largest" in unknown
    assert "the list says" not in unknown
