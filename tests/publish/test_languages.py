"""The languages of the page: every message is translated, its places kept, and what rules say is told in them."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import page_results as made
import pytest
from babel.messages.catalog import Message

from auditor.cli.language import PAGE_LANGUAGES, TERMINAL_LANGUAGES
from auditor.model import Reject
from auditor.publish import language, page
from auditor.publish.language import LANGUAGES, RULES, Language, load_language, read_catalog
from auditor.publish.page_format import Format
from auditor.publish.page_pen import pen_of
from tests.samples import SAMPLES, manifest, table

ROOT = Path(__file__).parents[2]
OTHERS = [code for code in LANGUAGES if code != "en"]
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "docs" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pieces(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """English and translated forms of one message."""
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(ids), tuple(str(each) for each in strings)


def entries(code: str) -> Iterator[Message]:
    return (message for message in read_catalog(code) if message.id)


def test_the_command_offers_the_languages_that_there_are() -> None:
    assert tuple(LANGUAGES) == PAGE_LANGUAGES
    assert language.TERMINAL_LANGUAGES == TERMINAL_LANGUAGES


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_holds_what_is_said_and_nothing_else(code: str, messages: ModuleType) -> None:
    path = ROOT / "reports" / "languages" / f"{code}.po"
    assert path.read_bytes() == messages.written(messages.merged(code, messages.said()))


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_and_none_is_doubtful(code: str) -> None:
    assert [pieces(m)[0][0] for m in entries(code) if m.fuzzy or not all(pieces(m)[1])] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_the_places_of_its_message(code: str) -> None:
    def kept(message: Message) -> bool:
        english, local = pieces(message)
        wanted = sorted(PLACE.findall(english[-1]))
        # A singular may say "one" in words.
        return sorted(PLACE.findall(local[-1])) == wanted and all(set(PLACE.findall(s)) <= set(wanted) for s in local)

    assert [pieces(m) for m in entries(code) if not kept(m)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_markup_and_codes_lose_their_underscores(code: str) -> None:
    tags = re.compile(r"</?[a-z][^>]*>")
    for message in entries(code):
        english, local = pieces(message)
        assert sorted(tags.findall(english[-1])) == sorted(tags.findall(local[-1])), english
        if message.context == RULES and re.match(r"[a-z]+_[a-z_]+(:|$)", english[0]):
            assert not re.match(r"[a-z]+_[a-z_]+(:|$)", local[0]), local


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_rules_say_of_the_samples_is_told_in_the_language(code: str, audited: Callable[[str], Path]) -> None:
    language = load_language(code)
    said = {
        part
        for sample in SAMPLES
        for name, columns in (("not_claimed", ("explanation", "reason")), ("findings", ("reasons",)))
        for row in table(audited(sample) / f"{name}.csv")
        for column in columns
        for part in row[column].split("; ")
        if part
    }
    assert len(said) > 60
    assert [part for part in sorted(said) if language.told(part) == part and not _same_word(part)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_why_rows_and_files_of_the_samples_were_not_read_is_told(code: str, audited: Callable[[str], Path]) -> None:
    reasons = {row["reason"] for sample in SAMPLES for row in table(audited(sample) / "rejects.csv")}
    files = [entry["why"] for sample in SAMPLES for entry in manifest(audited(sample))["unknown_files"]]
    assert reasons
    assert files
    local = load_language(code)
    assert [text for text in sorted({*reasons, *files}) if local.why(text) == text] == []


def test_a_quoted_cell_stays_as_it_is_printed_and_what_follows_a_colon_is_told() -> None:
    german = load_language("de")
    assert german.why("'2026-02-30' is no date") == "„2026-02-30“ ist kein Datum"
    assert german.why("'1,234' may be thousands or decimals") == "„1,234“ kann Tausender oder Dezimalstellen meinen"
    assert german.why("'empty' is no amount") == "„empty“ ist kein Betrag"
    assert german.why("JSON that cannot be read: it is nested too deep") == (
        "nicht lesbares JSON: es ist zu tief verschachtelt"
    )
    assert german.why("a reader of one's own has a reason") == "a reader of one's own has a reason"


def test_the_page_tells_why_a_row_was_not_read_and_hides_its_cell_when_redacted() -> None:
    results = replace(made.some(), rejects=(Reject("a.txt", 7, "Quantity", "'12x' is no amount", "12x", "kept"),))
    assert "„12x“ ist kein Betrag" in page.render(results, "de")
    redacted = page.render(results, "de", redact=True)
    assert "12x" not in redacted
    assert "ist kein Betrag" in redacted


def _same_word(text: str) -> bool:
    """Numbers and names alone are the same in every language."""
    return not re.search(r"[a-z]{4}", text)


@pytest.mark.parametrize("code", OTHERS)
def test_the_page_says_nothing_in_english_that_the_catalogue_knows(code: str) -> None:
    english, local = page.render(made.plain()), page.render(made.plain(), code)
    assert f'<html lang="{code}">' in local
    for phrase in ("Do this next", "How far to trust it", "Deadlines by week", "Not claimed, and why", "The sum"):
        assert phrase in english
        assert phrase not in local


@pytest.mark.parametrize("code", OTHERS)
def test_figures_are_the_same_in_every_language(code: str) -> None:
    def figures(text: str) -> list[str]:
        return re.findall(r'data-amount="([^"]*)"|data-units="([^"]*)"|data-deadline="([^"]*)"', text)

    assert figures(page.render(made.some(), code)) == figures(page.render(made.some()))


def language_of(pairs: dict[str, str]) -> Language:
    """A language that knows these sentences, as its catalogue would give them."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(locale="de")
    for english, local in pairs.items():
        catalog.add(english, local, context=RULES)
    return Language("de", load_language("en").messages, *language._templates(catalog))


def test_places_may_change_their_order_and_values_are_written_as_the_language_writes_them() -> None:
    german = language_of({"{0} of {1} units were paid on {2}": "am {2} wurden von {1} Einheiten {0} bezahlt"})
    assert german.told("2 of 5 units were paid on 2026-03-02") == "am 2. März 2026 wurden von 5 Einheiten 2 bezahlt"
    assert german.told("1240.50 of 5 units were paid on 7") == "am 7 wurden von 5 Einheiten 1.240,50 bezahlt"


def test_the_sentence_with_most_words_of_its_own_fits() -> None:
    german = language_of({"{0} paid": "{0} bezahlt", "{0} of {1} units were paid": "{0} von {1} Einheiten bezahlt"})
    assert german.told("2 of 5 units were paid") == "2 von 5 Einheiten bezahlt"


def test_an_end_that_is_added_to_a_sentence_is_taken_by_itself() -> None:
    pairs = {
        "{0} due - {1} given back = {2} missing": "{0} fällig - {1} erstattet = {2} fehlen",
        "{0} missing, {1} credited since": "{0} fehlten, {1} gutgeschrieben",
        ", {0} credited since": ", {0} seither gutgeschrieben",
    }
    german = language_of(pairs)
    assert german.told("3.00 due - 1.00 given back = 2.00 missing, 0.40 credited since") == (
        "3,00 fällig - 1,00 erstattet = 2,00 fehlen, 0,40 seither gutgeschrieben"
    )
    assert german.told("3.00 due - 1.00 given back = 2.00 missing, 0.40 credited since, 1.60 credited since") == (
        "3,00 fällig - 1,00 erstattet = 2,00 fehlen, 0,40 seither gutgeschrieben, 1,60 seither gutgeschrieben"
    )
    assert german.told("2.00 missing, 0.40 credited since") == "2,00 fehlten, 0,40 gutgeschrieben"


def test_a_template_of_two_letters_fits_days_and_no_sentence() -> None:
    german = language_of({"{0} to {1}": "{0} bis {1}", "the exports lack the days {0}": "die Tage {0} fehlen"})
    assert german.told("a rule of your own has something to say") == "a rule of your own has something to say"
    assert german.told("the exports lack the days 2026-03-02 to 2026-03-05") == (
        "die Tage 2. März 2026 bis 5. März 2026 fehlen"
    )


def test_a_sentence_that_no_catalogue_knows_stays_as_it_is_beside_those_that_are_known() -> None:
    german = language_of({"{0} units lost": "{0} Einheiten verloren"})
    assert german.told("3 units lost; a rule of your own says more") == (
        "3 Einheiten verloren; a rule of your own says more"
    )


def test_a_limit_is_told_though_it_has_few_letters() -> None:
    assert Format(load_language("de")).limit("60 days") == "60 Tage"
    assert Format(load_language("fr")).limit("18 months") == "18 mois"


def test_english_is_what_the_rules_wrote() -> None:
    assert load_language("en").told("counts_differ: 2.50 of 5") == "counts_differ: 2.50 of 5"


@pytest.mark.parametrize(
    ("code", "day", "month", "money"),
    [
        ("en", "2 Mar 2026", "Jan 2026", "€1,240.50"),
        ("de", "2. März 2026", "Jan. 2026", "1.240,50\N{NO-BREAK SPACE}€"),
        ("fr", "2 mars 2026", "janv. 2026", "1\N{NARROW NO-BREAK SPACE}240,50\N{NO-BREAK SPACE}€"),
        ("it", "2 mar 2026", "gen 2026", "1.240,50\N{NO-BREAK SPACE}€"),
        ("es", "2 mar 2026", "ene 2026", "1.240,50\N{NO-BREAK SPACE}€"),
        ("ja", "2026年3月2日", "2026年1月", "€1,240.50"),
    ],
)
def test_dates_and_money_are_written_as_the_language_writes_them(code: str, day: str, month: str, money: str) -> None:
    form = Format(load_language(code))
    assert form.day(date(2026, 3, 2)) == day
    assert form.month(date(2026, 1, 1)) == month
    assert form.money(Decimal("1240.50"), "EUR") == money


def test_japanese_sentences_are_joined_with_their_own_punctuation() -> None:
    data = re.compile(r"<(script|style|template).*?</\1>|<pre.*?</pre>|<p class=.subject.*?</p>", re.DOTALL)
    shown = re.sub("<[^>]+>", "", data.sub("", page.render(made.some(), "ja")))
    letter = "[ぁ-んァ-ヶ一-龥]"
    assert re.findall(rf"{letter}[,:;.] |{letter}\.(?=\s|$)", shown) == []
    told = load_language("ja").told("the seller shipped this order; the order was cancelled")
    assert re.fullmatch("[^;；]+；[^;；]+", told)


def test_a_sum_is_told_by_its_roles() -> None:
    finding = made.finding(1, summary="Lost in a fulfilment centre: 5 lost - 2 found - 1 paid = 2 open")
    told = pen_of("de").summary_of(finding)
    assert re.fullmatch(r"[^:]+: 5 \S.* - 2 \S.* - 1 \S.* = 2 \S.*", told)
    assert "lost" not in told
    assert pen_of("en").summary_of(finding) == finding.summary
