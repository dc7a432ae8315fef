"""Reading claim.toml: what is accepted, and how a fault is named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from auditor.claims.template import placeholders
from auditor.claims.texts import ClaimTexts, load_claim_texts
from auditor.model import WrongUsage

from .examples import RULES

Texts = Callable[[str], ClaimTexts]


@pytest.fixture
def rule_folder(tmp_path: Path) -> Path:
    with as_file(files("auditor.rules") / "warehouse_lost") as folder:
        shutil.copytree(folder, tmp_path / "my_rule")
    return tmp_path / "my_rule"


def spoil(folder: Path, old: str, new: str) -> str:
    """Put a fault into the claim text and return what the reader says about it."""
    file = folder / "claim.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongUsage) as refused:
        load_claim_texts(folder)
    assert all(problem.file == "my_rule/claim.toml" for problem in refused.value.problems)
    return str(refused.value)


@pytest.mark.parametrize("rule", RULES)
def test_every_built_in_rule_speaks_six_languages(rule: str, texts_of: Texts) -> None:
    assert set(texts_of(rule).languages) == {"en", "de", "fr", "it", "es", "ja"}


@pytest.mark.parametrize("rule", RULES)
def test_every_language_asks_for_the_same_facts(rule: str, texts_of: Texts) -> None:
    languages = texts_of(rule).languages
    english = languages["en"]
    for words in languages.values():
        assert placeholders(words.subject) == placeholders(english.subject)
        assert placeholders(words.body) == placeholders(english.body)
        assert words.evidence.keys() == english.evidence.keys()
        assert {name: placeholders(text) for name, text in words.optional.items()} == {
            name: placeholders(text) for name, text in english.optional.items()
        }


@pytest.mark.parametrize("rule", RULES)
def test_the_body_shows_every_role_that_the_rule_counts(rule: str, texts_of: Texts) -> None:
    texts = texts_of(rule)
    for words in texts.languages.values():
        assert {*texts.plus, *texts.minus, "open" if texts.plus else "amount"} <= placeholders(words.body) | {
            fact for text in words.optional.values() for fact in placeholders(text)
        }


@pytest.mark.parametrize("rule", RULES)
def test_every_source_is_a_public_address(rule: str, texts_of: Texts) -> None:
    assert all(re.fullmatch(r"https://\S+", source) for source in texts_of(rule).filing.sources)


def test_an_unknown_placeholder_is_named_with_file_and_key(rule_folder: Path) -> None:
    told = spoil(rule_folder, 'FNSKU: {fnsku}"\nmsku', 'FNSKU: {fnsku} {colour}"\nmsku')
    assert "my_rule/claim.toml:63: en.optional.fnsku: unknown placeholder {colour}." in told


def test_an_unknown_placeholder_in_the_keys_to_give_is_named(rule_folder: Path) -> None:
    assert "filing.keys, number 5: unknown placeholder {colour}." in spoil(
        rule_folder, '"Quantity: {open}"', '"Quantity: {colour}"'
    )


def test_a_fact_that_may_be_unknown_may_not_stand_bare_in_the_body(rule_folder: Path) -> None:
    told = spoil(rule_folder, "Quantity still open: {open}", "Quantity still open: {open}, {amount}")
    assert "en.body: {amount} may be unknown" in told


def test_a_fact_that_one_language_leaves_out_is_named(rule_folder: Path) -> None:
    told = spoil(rule_folder, "Verlorene Menge: {lost}", "Verlorene Menge")
    assert "de.body: {lost} stands in one language only" in told


def test_a_sentence_that_one_language_leaves_out_is_named(rule_folder: Path) -> None:
    told = spoil(rule_folder, 'found = "Quantité retrouvée depuis : {found}"\n', "")
    assert "fr.optional.found: stands in one language only" in told


def test_a_sentence_that_nothing_uses_is_named(rule_folder: Path) -> None:
    told = spoil(rule_folder, "[en.optional]\n", '[en.optional]\nspare = "{found}"\n')
    assert "en.optional.spare: neither the subject nor the body uses this sentence." in told


def test_a_sentence_cannot_name_another_sentence(rule_folder: Path) -> None:
    told = spoil(rule_folder, 'msku = "SKU: {msku}"', 'msku = "SKU: {msku}{subject_fnsku}"')
    assert "en.optional.msku: unknown placeholder {subject_fnsku}." in told


def test_a_role_without_words_is_named(rule_folder: Path) -> None:
    told = spoil(rule_folder, 'found = "在庫元帳、発見："\n', "")
    assert "ja.evidence.found: says nothing about rows of this role." in told


def test_a_brace_alone_is_named(rule_folder: Path) -> None:
    assert "en.body: a brace that belongs to no placeholder." in spoil(rule_folder, "Hello,", "Hello {,")


@pytest.mark.parametrize("trick", ["{fnsku.__class__}", "{fnsku!r}", "{0}", "{}", "{fnsku:>9}"])
def test_nothing_but_plain_names_is_a_placeholder(trick: str, rule_folder: Path) -> None:
    assert "en.body: a brace that belongs to no placeholder." in spoil(rule_folder, "Hello,", f"Hello {trick},")


def test_an_unknown_key_is_named(rule_folder: Path) -> None:
    assert "en.greeting: " in spoil(rule_folder, "[en]\n", '[en]\ngreeting = "Hi"\n')


def test_a_kind_of_seller_may_not_be_forgotten(rule_folder: Path) -> None:
    assert "filing.documents.arbitrage: " in spoil(rule_folder, "arbitrage = ", "shops = ")


def test_a_rule_without_english_is_refused(rule_folder: Path) -> None:
    file = rule_folder / "claim.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[en]")] + text[text.index("[de]") :], encoding="utf-8")
    with pytest.raises(WrongUsage, match="en: is missing"):
        load_claim_texts(rule_folder)


def test_english_alone_is_enough_for_a_rule_of_one_s_own(rule_folder: Path) -> None:
    file = rule_folder / "claim.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[de]")], encoding="utf-8")
    assert set(load_claim_texts(rule_folder).languages) == {"en"}


def test_broken_toml_is_named_with_its_line(rule_folder: Path) -> None:
    assert "my_rule/claim.toml:1: this is no TOML" in spoil(rule_folder, "# What", "What")


def test_a_missing_file_is_named(rule_folder: Path) -> None:
    (rule_folder / "claim.toml").unlink()
    with pytest.raises(WrongUsage, match="the rule has no claim text"):
        load_claim_texts(rule_folder)
