"""One brand or many: what the products of the exports show, for an account's profile among other accounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.exports.catalog import Catalog
from auditor.store.database import glance
from auditor.store.reading import ReadExport

#: With fewer products nothing can be told.
FEWEST = 10
#: One brand has at least this part of the products; of many brands the largest has at most that part.
MOSTLY, AT_MOST = 0.8, 0.4
#: Many are at least so many.
MANY = 5
#: A first word is a brand when it begins so many titles, and so large a part of all titles in which it stands: an
#: adjective stands elsewhere too. Such words begin at least MOSTLY of all titles, or nothing can be told.
LEAST_TITLES, LEADS = 3, 0.9

_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")


def brands(exports: Sequence[ReadExport], catalog: Catalog) -> dict[str, Any]:
    """The pattern of the account's products: "mostly_one_brand", "many_brands", or "unknown" where it cannot be told.

    `by` says what it was measured by: the "brand" of the fee preview, else the first words of "titles"; "" by nothing.
    `products` are the ASINs that have one, `brands` how many different ones, `largest` the most frequent of them, and
    `largest_share` its part of the products as text with a decimal point; None without products.
    """
    named, titles = _products(exports, catalog)
    if len(named) >= FEWEST:
        return _told("brand", Counter(named.values()), len(named))
    return by_titles(titles.values())


def by_titles(titles: Iterable[str]) -> dict[str, Any]:
    """The same by one title of each product."""
    words = [found for title in titles if (found := _WORD.findall(title)) and _LETTER.search(found[0])]
    anywhere = Counter(word for each in words for word in {word.casefold() for word in each})
    first = Counter(each[0].casefold() for each in words)
    brands = {word for word, n in first.items() if n >= LEAST_TITLES and n >= LEADS * anywhere[word]}
    told = _told("titles", Counter(each[0] for each in words if each[0].casefold() in brands), len(words))
    if sum(first[word] for word in brands) < MOSTLY * len(words):
        told["pattern"] = "unknown"
    return told


def _told(by: str, spelt: Counter[str], products: int) -> dict[str, Any]:
    """What counts of brands show; a brand is the same however it is spelt in capitals."""
    counts: Counter[str] = Counter()
    for name, count in spelt.items():
        counts[name.casefold()] += count
    largest, most = min(counts.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
    share = most / products if products else 0.0
    pattern = "unknown"
    if products >= FEWEST and share >= MOSTLY:
        pattern = "mostly_one_brand"
    elif products >= FEWEST and len(counts) >= MANY and share <= AT_MOST:
        pattern = "many_brands"
    spellings = [(-count, name) for name, count in spelt.items() if name.casefold() == largest]
    return {
        "pattern": pattern,
        "by": by if products else "",
        "products": products,
        "brands": len(counts),
        "largest": min(spellings)[1] if spellings else None,
        "largest_share": f"{share:.3f}" if products else None,
    }


def _products(exports: Sequence[ReadExport], catalog: Catalog) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The brand and the title of each ASIN, as far as an export has them; of several the first of the alphabet."""
    brand: dict[str, str] = {}
    title: dict[str, str] = {}
    with glance() as con:
        for export in exports:
            reading = export.reading
            if not reading.parquet or not reading.report_id or export.same_as:
                continue
            columns = catalog.reports[reading.report_id].columns
            for column, known in (("brand", brand), ("title", title)):
                if {column, "asin"} <= set(columns):
                    query = (
                        f"select upper(asin), min({column}) from read_parquet($file) where {column} <> '' group by 1"
                    )
                    for asin, value in con.execute(query, {"file": str(reading.parquet)}).fetchall():
                        if asin and value.strip():
                            known[asin] = min(known.get(asin, value.strip()), value.strip())
    return brand, title
