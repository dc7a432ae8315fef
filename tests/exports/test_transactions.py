# ruff: noqa: E501 - rows of exports are long
"""The transaction report in every language: the same columns, words, days and amounts come out."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from auditor.exports import Catalog, load_catalog, read, rows_at
from auditor.exports.amounts import read_amounts
from auditor.exports.months import month_number
from auditor.exports.names import Header
from auditor.model import WrongUsage
from auditor.simulate.transaction_words import LANGUAGES, WIDE

from .conftest import Desk, rows

COLUMNS = {
    "date": "date", "settlement": "settlement_id", "type": "type_printed", "order": "order_id", "sku": "msku",
    "description": "description", "quantity": "quantity", "marketplace": "marketplace", "fulfilment": "fulfillment",
    "sales": "product_sales", "sales tax": "product_sales_tax", "shipping": "shipping_credits", "shipping tax": "shipping_credits_tax",
    "wrap": "gift_wrap_credits", "wrap tax": "gift_wrap_credits_tax", "points": "points_cost", "promotion": "promotional_rebates",
    "promotion tax": "promotional_rebates_tax", "withheld": "marketplace_withheld_tax", "selling": "selling_fees", "fba": "fba_fees",
    "other fees": "other_fees", "other": "other", "total": "total",
}  # fmt: skip
PERSONAL = ("city", "state", "postal")


def row(language: str = "us", **cells: str) -> str:
    """One row in the columns of a language; a refund of 25 less 3 of fees where nothing is said."""
    plain = {
        "date": "Mar 1, 2026 8:49:04 AM PST", "settlement": "25000000001", "type": LANGUAGES[language].types["Refund"],
        "order": "111-0000001-0000001", "sku": "SKU-1", "description": 'Pan, 10" wide', "quantity": "1", "marketplace": "amazon.com",
        "fulfilment": "Amazon", "city": "Quillford", "state": "QF", "postal": "00123", "sales": "-25.00", "selling": "3.00",
        "total": "-22.00",
    }  # fmt: skip
    values = (
        {kind: "" if kind in COLUMNS and kind in plain else "0" for kind in LANGUAGES[language].layout} | plain | cells
    )
    values["tax model"] = ""
    return ",".join('"' + values[kind].replace('"', '""') + '"' for kind in LANGUAGES[language].layout)


def report(*rows: str, language: str = "us", amounts_in: str = "", lines: int = 7) -> str:
    """A file: lines above the header, the header, rows."""
    said = amounts_in or LANGUAGES[language].amounts_in.format(currency="USD")
    above = [f'"{said}"', '"Definitions:"', *['"See ""Type"" and ""Description"""'] * (lines - 2)]
    header = ",".join(f'"{name}"' for name in LANGUAGES[language].header.split("|"))
    return "\n".join([*above, header, *rows]) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_header_of_every_language_is_known_and_in_its_place(catalog: Catalog, language: str) -> None:
    words, entry = LANGUAGES[language], catalog.reports["transactions"]
    header = Header(words.header.split("|"))
    assert catalog.recognise(header.cells) is entry
    known = {words.layout[place]: name for name, place in entry.places(header).items()}
    expected = {kind: COLUMNS[kind] for kind in words.layout if kind in COLUMNS}
    if words.layout[11:13] == ("postal", "sales"):
        expected["sales tax"] = "sales_tax_collected"
    assert known == expected
    assert header.places(entry.personal) == {words.layout.index(kind) for kind in PERSONAL}


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Dec 1, 2017 12:38:23 AM PST", date(2017, 12, 1)),
        ("Jul 4, 2026 11:59:59 PM PDT", date(2026, 7, 4)),
        ("Sept. 9, 2026 12:38:23 a.m. PDT", date(2026, 9, 9)),
        ("Dec. 1, 2025 12:38:23 a,m, PST", date(2025, 12, 1)),
        ("15 Mar 2026 3:22:08 PM UTC", date(2026, 3, 15)),
        ("31 dic 2025 23:21:47 UTC", date(2025, 12, 31)),
        ("7 avr. 2026 23:21:47 UTC", date(2026, 4, 7)),
        ("1 août 2026 23:21:47 UTC", date(2026, 8, 1)),
        ("8 gen 2026 23.21.47 UTC", date(2026, 1, 8)),
        ("2\u00a0févr.\u00a02026 08:49:04\u202fUTC", date(2026, 2, 2)),
        ("3 mrt. 2026 08:49:04 UTC", date(2026, 3, 3)),
        ("12 maj 2026 08:49:04 UTC", date(2026, 5, 12)),
        ("12 paź 2026 08:49:04 UTC", date(2026, 10, 12)),
        ("2026/08/09 10:20:30 JST", date(2026, 8, 9)),
        ("02.03.2026 00:00:00 UTC", date(2026, 3, 2)),
    ],
)
def test_a_day_is_read_as_printed_and_never_moved_to_another_time_zone(desk: Desk, printed: str, day: date) -> None:
    (loaded,) = desk.rows(report(row(date=printed)))
    assert loaded["date"] == day


@pytest.mark.parametrize("language", ["en", "es", "fr", "it", "de", "nl", "sv", "pl"])
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
@pytest.mark.parametrize("context", ["format", "stand-alone"])
def test_every_month_of_every_language_is_known(language: str, width: str, context: str) -> None:
    names = get_month_names(width, context, language)  # type: ignore[arg-type]
    assert {month: month_number(str(name).rstrip(".")) for month, name in names.items()} == {m: m for m in range(1, 13)}


def test_a_word_that_may_be_two_months_or_none_is_no_month() -> None:
    assert [month_number(word) for word in ("jui", "ma", "xyz", "")] == [0, 0, 0, 0]


def test_a_row_whose_day_cannot_be_read_is_left_out_and_named(desk: Desk) -> None:
    reading = desk.read(report(row(date="7 xyz. 2026 23:21:47 UTC"), row()))
    assert (reading.rows_read, reading.rows_rejected) == (2, 1)
    (reject,) = reading.rejects
    assert (reject.line, reject.column, reject.severity) == (9, "date/time", "left_out")
    assert "Quillford" not in reject.raw
    assert "00123" not in reject.raw


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("us", "-1,052.64"),
        ("de", "-1.052,64"),
        ("fr", "-1\u202f052,64"),
        ("es", "-1\u00a0052,64"),
        ("se", "\u22121\u00a0052,64"),
        ("se", "\u22121 052,64"),
    ],
)
def test_thousands_decimals_and_minus_of_a_language_make_the_same_amount(
    desk: Desk, language: str, printed: str
) -> None:
    (loaded,) = desk.rows(report(row(language, sales=printed, selling="0", total=printed), language=language))
    assert (loaded["product_sales"], loaded["total"]) == (Decimal("-1052.64"), Decimal("-1052.64"))


@pytest.mark.parametrize(
    ("language", "printed", "amount"),
    [
        ("jp", "-1,052", "-1052"),
        ("us", "-1,052", "-1052"),
        ("mx", "-1,052", "-1052"),
        ("de", "-1.052", "-1052"),
        ("es", "-1.052", "-1052"),
    ],
)
def test_where_no_amount_proves_a_decimal_sign_the_language_does(
    desk: Desk, language: str, printed: str, amount: str
) -> None:
    text = report(row(language, sales=printed, selling="0", total=printed), language=language)
    reading = desk.read(text)
    (loaded,) = desk.rows(text)
    assert (loaded["product_sales"], reading.rejects, reading.problems) == (Decimal(amount), (), ())


@given(st.sampled_from([".", ","]), st.lists(st.integers(-999, 999), min_size=1, max_size=5))
def test_an_expected_sign_never_outvotes_a_proven_one(expected: str, cents: list[int]) -> None:
    texts = {f"{cent // 100}.{abs(cent) % 100:02}" for cent in cents} | {"1,234.50"}
    assert read_amounts(texts, expected) == read_amounts(texts)  # type: ignore[arg-type]


def test_without_an_expectation_an_amount_that_may_be_either_stays_unknown() -> None:
    assert read_amounts({"1,052"}).undecided == {"1,052"}
    assert read_amounts({"1,052"}, ".").known == {"1,052": Decimal(1052)}


@pytest.mark.parametrize(
    ("language", "printed", "word"),
    [
        ("us", "Refund", "Refund"),
        ("us", "refund ", "Refund"),
        ("es", "Reembolso", "Refund"),
        ("es", "Ajuste de tarifa", "Fee Adjustment"),
        ("it", "Modifica", "Adjustment"),
        ("fr", "Frais de stock Expédié par Amazon", "FBA Inventory Fee"),
        ("fr", "frais de stock expedie par amazon", "FBA Inventory Fee"),
        ("de", "Übertrag", "Transfer"),
        ("jp", "注文外料金", "Service Fee"),
        ("jp", "返金", "Refund"),
    ],
)
def test_types_have_one_word_in_all_languages_and_keep_their_own(
    desk: Desk, language: str, printed: str, word: str
) -> None:
    (loaded,) = desk.rows(report(row(language, type=printed), language=language))
    assert (loaded["type"], loaded["type_printed"]) == (word, printed.strip())


def test_a_type_that_nobody_knows_stays_as_printed_and_is_counted(desk: Desk) -> None:
    text = report(row(type="Iade"), row(type="Iade"), row())
    assert [loaded["type"] for loaded in desk.rows(text)] == ["Iade", "Iade", "Refund"]
    assert desk.read(text).unknown_values == {"type": {"Iade": 2}}


@pytest.mark.parametrize(("language", "seller"), [(name, words.seller) for name, words in LANGUAGES.items()])
def test_who_shipped_an_order_has_one_word_in_all_languages(desk: Desk, language: str, seller: str) -> None:
    text = report(*(row(language, fulfilment=word) for word in ("Amazon", seller, "")), language=language)
    assert [loaded["fulfillment"] for loaded in desk.rows(text)] == ["AFN", "MFN", None]


@pytest.mark.parametrize(
    ("said", "currency"),
    [
        ("All amounts in CAD, unless specified", "CAD"),
        ("Alle Beträge in Euro sofern nicht anders gekennzeichnet", "EUR"),
        ("指定のない場合、単位は円", "JPY"),
        ("Todos los importes en dólares, a menos que se especifique", "USD"),
        ("All amounts in USD or CAD, as specified", "USD"),
        ("Europe, AUDIO and the USDA", "USD"),
    ],
)
def test_the_currency_stands_above_the_header_else_the_marketplace_tells_it(
    desk: Desk, said: str, currency: str
) -> None:
    (loaded,) = desk.rows(report(row(), amounts_in=said))
    assert loaded["currency"] == currency


def test_rows_without_marketplace_follow_the_others_only_when_those_agree(desk: Desk) -> None:
    one = report(row(marketplace="www.amazon.de"), row(marketplace="Amazon.fr"), row(marketplace=""), amounts_in="-")
    assert [loaded["currency"] for loaded in desk.rows(one)] == [None, "EUR", None]
    same = report(row(marketplace="amazon.de"), row(marketplace="Amazon.fr"), row(marketplace=""), amounts_in="-")
    assert [loaded["currency"] for loaded in desk.rows(same)] == ["EUR", "EUR", "EUR"]
    several = report(row(marketplace="amazon.de"), row(marketplace="amazon.pl"), row(marketplace=""), amounts_in="-")
    assert [loaded["currency"] for loaded in desk.rows(several)] == ["EUR", "PLN", None]


@pytest.mark.parametrize("lines", [2, 7, 8, 9, 30])
def test_the_header_is_found_below_any_number_of_lines(desk: Desk, lines: int) -> None:
    reading = desk.read(report(row(), row(), lines=lines))
    assert (reading.report_id, reading.header_line, reading.rows_read) == ("transactions", lines + 1, 2)


def test_a_row_whose_amounts_do_not_make_its_total_is_kept_and_noted(desk: Desk) -> None:
    text = report(row(), row(total="-22.01"), row(sales="", selling="", total="0"))
    reading = desk.read(text)
    (reject,) = reading.rejects
    assert (reject.line, reject.column, reject.severity) == (10, "total", "kept")
    assert "-22.01" in reject.reason
    assert [loaded["total"] for loaded in desk.rows(text)] == [Decimal(-22), Decimal("-22.01"), Decimal(0)]


@pytest.mark.parametrize("broken", ["sales", "total"])
def test_a_row_with_an_unreadable_amount_is_noted_once_and_not_added_up(desk: Desk, broken: str) -> None:
    reading = desk.read(report(row(), row(**{broken: "n/a"})))
    assert [(r.line, r.severity) for r in reading.rejects] == [(10, "kept")]
    assert "is no amount" in reading.rejects[0].reason


@pytest.mark.parametrize("cells", [{"total": "Released"}, {"sales": "Quillford"}, {"total": ""}])
def test_a_row_whose_cells_stand_in_the_place_of_others_is_left_out_and_not_quoted(
    desk: Desk, cells: dict[str, str]
) -> None:
    reading = desk.read(report(row(), row(**cells)))
    (reject,) = reading.rejects
    assert (reject.line, reject.severity, reading.rows_loaded) == (10, "left_out", 1)
    assert "Quillford" not in reject.raw + reject.reason


def test_amounts_of_a_column_that_nobody_knows_are_one_doubt_about_the_file(desk: Desk) -> None:
    lines = report(row(), row(total="-23.00"), row(total="-23.00")).splitlines()
    more = [
        line if number < 7 else f'{line},"{"levy" if number == 7 else "-1.00"}"' for number, line in enumerate(lines)
    ]
    reading = desk.read("\n".join(more) + "\n")
    assert reading.rejects == ()
    (problem,) = reading.problems
    assert "2 rows" in problem.what
    assert "'levy'" in problem.what


def test_where_an_order_went_reaches_neither_the_rows_nor_what_is_quoted_of_them(desk: Desk) -> None:
    source = desk.source(report(row(), row(total="1.00")))
    reading = read(source, desk.catalog, desk.cache)
    shown = json.dumps([rows(reading), rows_at(source, reading, [9, 10])], default=str)
    shown += "".join(reject.raw for reject in reading.rejects)
    assert "SKU-1" in shown
    assert [word for word in ("Quillford", "00123", '"QF"') if word in shown] == []


@pytest.mark.parametrize("missing", ["date", "type", "order", "sku", "sales", "total"])
def test_a_file_without_a_needed_column_says_which(desk: Desk, missing: str) -> None:
    place = WIDE.index(missing)
    table = list(csv.reader(report(row()).splitlines()))
    cut = [line if len(line) == 1 else line[:place] + line[place + 1 :] for line in table]
    reading = desk.read("\n".join(",".join(f'"{cell}"' for cell in line).replace('10" ', "10 ") for line in cut) + "\n")
    name = LANGUAGES["us"].header.split("|")[place]
    assert reading.parquet is None
    # Without its fingerprint a file is not known at all.
    assert bool(reading.problems) == (missing != "date")
    assert all(f"'{name}'" in problem.what for problem in reading.problems)


ENTRY = """
id = "mine"
title = "Mine"
table = "mine"
download = "-"
source = "-"
evidence = "-"
fingerprint = ["kind of mine"]
fold = { kind = "multiset", identity = ["kind"] }
[columns.kind]
names = ["kind of mine"]
type = "text"
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[columns.word]\ncell_of = "nothing"\ntype = "text"', "nothing"),
        ('[columns.word]\ntype = "text"\nstated = { column = "nothing", cells = {} }', "nothing"),
        ('[adds_up]\ntotal = "kind"\nparts = []', "kind"),
        ('[columns.word]\ntype = "text"', "names"),
    ],
)
def test_an_entry_that_reads_a_column_it_does_not_have_is_refused(tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f"{ENTRY}\n{more}\n", encoding="utf-8")
    with pytest.raises(WrongUsage, match=said):
        load_catalog(tmp_path)
