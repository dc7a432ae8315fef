"""Leading zeros that a spreadsheet took: put back where one reading is left, said, and never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.exports.catalog import Catalog
from auditor.exports.reading import Reading
from auditor.exports.sources import Source
from auditor.store.lost_zeros import isbn_10, put_back_zeros
from auditor.store.reading import ReadExport
from auditor.store.tables import Tables, build_tables

from .conftest import ORDER_ROW, ORDERS, Shelf, contents, event, ledger, table

RETURNS = (
    "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id",
    "detailed-disposition", "reason", "status", "license-plate-number", "customer-comments",
)  # fmt: skip


def returned(*skus: str, fnsku: str = "X000000001", asin: str = "B000000001") -> str:
    """A returns export with a row for each SKU."""
    same = {"return-date": "2026-04-20T08:00:00+00:00", "asin": asin, "fnsku": fnsku, "quantity": "1"}
    rows = [same | {"order-id": f"111-000000{n}-0000001", "sku": sku} for n, sku in enumerate(skus)]
    return table(RETURNS, rows)


def restored(shelf: Shelf) -> tuple[Tables, list[str]]:
    """The tables of the shelf with zeros put back, and what is said about it."""
    exports, problems = put_back_zeros(shelf.read(), shelf.catalog)
    return build_tables(exports, shelf.catalog, date(2026, 12, 31)), [str(problem) for problem in problems]


def skus(tables: Tables, name: str = "returns") -> list[str]:
    return [sku for (sku,) in tables.con.execute(f"select msku from {name} order by row_id").fetchall()]


def test_a_sku_gets_the_zeros_back_that_another_export_still_has(shelf: Shelf) -> None:
    shelf.put(back=returned("12345", "SKU-7"), all=ledger(event("04-10", sku="0012345")))
    tables, said = restored(shelf)
    assert skus(tables) == ["0012345", "SKU-7"]
    (text,) = said
    assert text.startswith("back.txt: 1 SKU has lost its leading zeros: 12345 is 0012345")
    assert "original" in text


def test_the_rows_whose_sku_was_put_back_are_marked_for_a_person(shelf: Shelf) -> None:
    shelf.put(back=returned("SKU-7", "12345"), all=ledger(event("04-10", sku="0012345")))
    tables, _ = restored(shelf)
    (row,) = tables.con.execute("select row_id from returns where msku = '0012345'").fetchall()
    assert tables.damaged_rows() == {row[0]: "msku: printed as 12345, its leading zeros were put back"}
    assert tables.original_rows([row[0]])[row[0]]["sku"] == "12345"


def test_a_short_sku_that_an_untouched_export_shows_too_is_a_sku_of_its_own(shelf: Shelf) -> None:
    untouched = ledger(event("04-10", sku="0012345"), event("04-11", sku="12345"))
    shelf.put(back=returned("12345"), all=untouched)
    tables, said = restored(shelf)
    assert (skus(tables), said) == (["12345"], [])


def test_an_export_that_kept_other_zeros_was_not_touched(shelf: Shelf) -> None:
    shelf.put(back=returned("12345", "0999"), all=ledger(event("04-10", sku="0012345")))
    tables, said = restored(shelf)
    assert (skus(tables), said) == (["12345", "0999"], [])


def test_a_short_sku_that_may_be_two_others_is_left_as_it_is_and_told(shelf: Shelf) -> None:
    shelf.put(back=returned("12345"), all=ledger(event("04-10", sku="0012345"), event("04-11", sku="012345")))
    tables, said = restored(shelf)
    assert skus(tables) == ["12345"]
    assert "may be 0012345 or 012345" in said[0]


def test_a_sellers_own_file_tells_nothing_of_skus_but_gets_its_zeros_back(shelf: Shelf) -> None:
    costs = "sku,unit-cost,currency\n{},1.00,USD\n"
    shelf.put(costs=costs.format("0012345"), back=returned("12345"))
    assert skus(restored(shelf)[0]) == ["12345"]
    shelf.put(costs=costs.format("777"), all=ledger(event("04-10", sku="00777")))
    assert skus(restored(shelf)[0], "costs") == ["00777"]


def test_one_export_saved_by_a_spreadsheet_and_once_more_as_it_came_counts_once(shelf: Shelf) -> None:
    order = ORDER_ROW | {"sku": "0012345"}
    shelf.put(one=table(ORDERS, [order]), two=table(ORDERS, [order | {"sku": "12345", "item-price": "10"}]))
    assert skus(restored(shelf)[0], "orders") == ["0012345"]


def test_labels_of_products_have_their_zeros_too(shelf: Shelf) -> None:
    shelf.put(all=ledger(event("04-10", sku="12345")), box=contents("FBA15LN6M80T", ("0012345", 3)))
    tables, _ = restored(shelf)
    assert tables.con.execute("select msku from products").fetchall() == [("0012345",)]


@pytest.mark.parametrize(("printed", "isbn"), [("306406157", None), ("140449116", "0140449116"), ("1", None)])
def test_an_isbn_gets_its_zeros_back_when_its_check_digit_then_fits(printed: str, isbn: str | None) -> None:
    assert isbn_10(printed) == isbn


@pytest.mark.parametrize("text", ["", "0140449116", "X000000001", "9780140449136", "14044911x"])
def test_what_is_no_shortened_isbn_stays(text: str) -> None:
    assert isbn_10(text) is None


def test_books_match_across_exports_and_need_no_person(shelf: Shelf) -> None:
    lost = ledger(event("04-10", Fnsku="0140449116", Asin="0140449116", sku="book") | {"FNSKU": "0140449116"})
    shelf.put(all=lost, back=returned("book", fnsku="140449116", asin="140449116"))
    tables, said = restored(shelf)
    assert tables.con.execute("select fnsku, asin from returns").fetchall() == [("0140449116", "0140449116")]
    assert tables.damaged_rows() == {}
    (text,) = said
    assert "140449116 is 0140449116" in text


def test_a_row_that_fell_out_is_known_by_its_whole_isbn(catalog: Catalog) -> None:
    reading = Reading("back.txt", rejected_keys=(("fnsku", "140449116"), ("order_id", "140449116")))
    export = ReadExport(Source("back.txt", Path("back.txt"), 0), reading)
    (found,), _ = put_back_zeros([export], catalog)
    assert found.reading.rejected_keys == (("fnsku", "0140449116"), ("order_id", "140449116"))


def test_exports_without_lost_zeros_stay_the_very_same(shelf: Shelf) -> None:
    shelf.put(back=returned("SKU-1", "12345"), all=ledger(event("04-10"), event("04-11", sku="777")))
    exports = shelf.read()
    assert put_back_zeros(exports, shelf.catalog) == (exports, [])


def test_the_exports_themselves_and_what_was_read_of_them_stay_untouched(shelf: Shelf) -> None:
    shelf.put(back=returned("12345"), all=ledger(event("04-10", sku="0012345")))
    before = {path: path.read_bytes() for path in shelf.workspace.cache.glob("*.parquet")}
    restored(shelf)
    restored(shelf)
    after = {path: path.read_bytes() for path in shelf.workspace.cache.glob("*.parquet")}
    assert before.items() <= after.items()
    assert skus(build_tables(shelf.read(), shelf.catalog, date(2026, 12, 31))) == ["12345"]
