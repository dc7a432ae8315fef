"""One brand or many: told only where the products show it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from auditor.brands import brands, by_titles
from auditor.exports.catalog import load_catalog
from auditor.exports.reading import Reading
from auditor.exports.sources import Source
from auditor.store.reading import ReadExport

THINGS = ("Kettle", "Mug", "Pan", "Tray", "Jar", "Bowl", "Spoon", "Lid", "Rack", "Cup")


def titles(*names: str, each: int = 10) -> list[str]:
    return [f"{name} {THINGS[n % 10]} No. {n}" for name in names for n in range(each)]


def told(found: Sequence[str]) -> tuple[str, int, str | None, str | None]:
    made = by_titles(found)
    return made["pattern"], made["products"], made["largest"], made["largest_share"]


def test_one_first_word_of_most_titles_is_one_brand_however_it_is_spelt() -> None:
    found = [*titles("Ostrelle", each=8), "OSTRELLE Set of two", "Universal lid"]
    assert told(found) == ("mostly_one_brand", 10, "Ostrelle", "0.900")


def test_many_first_words_that_stand_nowhere_else_are_many_brands() -> None:
    found = titles("Ostrelle", "Plimbo", "Quavento", "Rimbuo", "L'Etoile")
    assert told(found) == ("many_brands", 50, "L'Etoile", "0.200")


def test_adjectives_and_words_of_single_titles_are_no_brands() -> None:
    adjectives = titles("Steel", "Wooden", "Large", "Blue", "Small")
    mixed = [
        f"{title}, {word.lower()}" for title in adjectives for word in ("Steel", "Wooden", "Large", "Blue", "Small")
    ]
    assert told(mixed)[0] == "unknown"
    assert told([f"{thing}{n} plain" for n, thing in enumerate(THINGS * 2)])[0] == "unknown"


def test_a_few_brands_and_few_products_cannot_be_told() -> None:
    assert told(titles("Ostrelle", "Plimbo", "Quavento"))[0] == "unknown"
    assert told(titles("Ostrelle", each=9)) == ("unknown", 9, "Ostrelle", "1.000")
    assert told(["12 34", "", "…"]) == ("unknown", 0, None, None)


def test_the_brands_of_the_fee_preview_go_before_titles(tmp_path: Path) -> None:
    def export(report: str, rows: dict[str, list[str | None]]) -> ReadExport:
        path = tmp_path / f"{report}.parquet"
        pl.DataFrame(rows).write_parquet(path)
        reading = Reading(name=path.name, sha256="0" * 64, size=1, report_id=report, parquet=path)
        return ReadExport(Source(path.name, path, 1), reading)

    asins: list[str | None] = [f"B{n:09}" for n in range(12)]
    ledger = export("ledger_detail", {"asin": [*asins, None], "title": [*titles("Steel", each=12), "no asin"]})
    preview = export(
        "fee_preview", {"asin": [*asins, "b000000001"], "brand": ["Rimbuo"] * 11 + ["", "RIMBUO"], "title": [""] * 13}
    )
    made = brands([ledger, preview], load_catalog())
    assert made == {
        "pattern": "mostly_one_brand", "by": "brand", "products": 11, "brands": 1, "largest": "Rimbuo",
        "largest_share": "1.000",
    }  # fmt: skip
    assert brands([ledger], load_catalog())["by"] == "titles"
    assert brands([], load_catalog())["pattern"] == "unknown"
