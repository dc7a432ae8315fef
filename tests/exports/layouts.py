"""Plausible exports of every known layout, in every encoding and dialect that it may have."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from auditor.exports.names import normal
from auditor.simulate.transaction_words import LANGUAGES

LAYOUTS = Path(__file__).with_name("layouts.toml")
ROWS = 3
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";"}

_DAYS = ("2026-05-13T08:15:00+00:00", "2026-05-14T23:59:13+00:00", "2026-05-28T00:00:00+00:00")
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]+(?:E-?[0-9]+)?")
_AMOUNTS = ("12.34", "0.00", "107.5")
#: What stands in a column that a layout says nothing of, by what its name is about; the first that fits counts.
_KINDS: tuple[tuple[str, Sequence[str]], ...] = (
    (r"\b(?:date|created|updated)\b", _DAYS),
    (r"^(?:original |.*amazon )?order id$", tuple(f"111-1234567-000000{n}" for n in "123")),
    (r"fnsku|channel sku", ("X000000001", "X000000002", "B000000003")),
    (r"sku$", ("SKU-1", "0012345", "{word}-3")),
    (r"\basin$", ("B000000001", "B000000002", "B000000003")),
    (r"title|product name", ('Pan 10" {word}, blue', "{word} | two parts", "{word}")),
    (r"\bcurrency( unit| code)?$", ("USD", "USD", "CAD")),
    (r"fulfillment center|center id", ("PHL7", "ACY1", "LBE1")),
    (r"country", ("US", "US", "CA")),
    (r"unit of|(?:volume|weight|measurement)s? units?|measurement$", ("inches", "inches", "grams")),
    (r"^qty", ("3", "0", "1")),
    (r"fee|price|tax|amount|discount|cost|rate|volume|side$|weight|girth|\best\b", _AMOUNTS),
    (r"quantity|qty|inv age|units|available|reserved|inbound|supply|balance|events|shipped", ("3", "0", "1")),
    (r"email|name|address|city|phone|comments", ("private", "", "")),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: delimiter, encoding, quotes, and whether a spreadsheet of Europe wrote its decimals.

    `word` is in the language of the file; a `stated` encoding cannot be told from the bytes.
    """

    name: str
    delimiter: str
    encoding: str
    word: str = "Pfännchen"
    quoted: bool = False
    decimal_comma: bool = False
    line_end: str = "\n"
    stated: bool = False

    @property
    def how(self) -> dict[str, str]:
        """What a person has to say for the file to be read."""
        return {"encoding": self.encoding} if self.stated else {}


#: The encodings in which each report may come, as tab text, as quoted CSV, and saved again in a spreadsheet.
DIALECTS = (
    Dialect("tab, UTF-8", "tab", "utf-8"),
    Dialect("tab, UTF-8 with mark, CRLF", "tab", "utf-8-sig", line_end="\r\n"),
    Dialect("tab, cp1252", "tab", "cp1252", word="Pfännchen “groß”"),
    Dialect("tab, cp932", "tab", "cp932", word="ガラスの鍋ぶた"),
    Dialect("tab, UTF-16", "tab", "utf-16"),
    Dialect("tab, UTF-16 without mark", "tab", "utf-16-be"),
    Dialect("tab, gb18030, stated", "tab", "gb18030", word="不粘平底锅", stated=True),
    Dialect("tab, UTF-8, CR", "tab", "utf-8", line_end="\r"),
    Dialect("comma quoted, UTF-8", "comma", "utf-8", quoted=True),
    Dialect("comma quoted, cp1252", "comma", "cp1252", word="Pfännchen “groß”", quoted=True),
    Dialect("comma quoted, cp932", "comma", "cp932", word="ガラスの鍋ぶた", quoted=True),
    Dialect("semicolon, UTF-8 with mark", "semicolon", "utf-8-sig", decimal_comma=True, line_end="\r\n"),
    Dialect("semicolon, cp1252", "semicolon", "cp1252", decimal_comma=True, line_end="\r\n"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of one report: `rows` are cells by normal header name, `expect` the first row as it must be read."""

    report: str
    name: str
    delimiter: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[str]]
    expect: Mapping[str, Any]
    above: Sequence[Sequence[str]]

    def cells(self, word: str = "Pfännchen") -> list[list[str]]:
        """Three rows; `word` is in the language of the file."""
        columns = [self.rows.get(normal(column)) or _plausible(column) for column in self.columns]
        return [[texts[row].replace("{word}", word) for texts in columns] for row in range(ROWS)]

    def can_be(self, dialect: Dialect) -> bool:
        """Whether the encoding has all letters of the layout."""
        try:
            self.written(dialect)
        except UnicodeEncodeError:
            return False
        return True

    def written(self, dialect: Dialect, cells: list[list[str]] | None = None) -> bytes:
        """The file in one dialect, with rows of its own where they are not given."""
        rows = self.cells(dialect.word) if cells is None else cells
        if dialect.decimal_comma:
            rows = [[cell.replace(".", ",") if _AMOUNT.fullmatch(cell) else cell for cell in row] for row in rows]
        table = [*self.above, self.columns, *rows]
        text = _tabs(table, dialect) if dialect.delimiter == "tab" else _csv(table, dialect)
        return text.encode(dialect.encoding)


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout in layouts.toml, and the transaction report in every language."""
    known = tomllib.loads(LAYOUTS.read_text(encoding="utf-8"))
    return (*_layouts(known), *(_in_language(language) for language in LANGUAGES))


def variants() -> list[tuple[Layout, Dialect]]:
    """Every layout in every dialect that has the letters for it."""
    return [(layout, dialect) for layout in layouts() for dialect in DIALECTS if layout.can_be(dialect)]


def _layouts(known: Mapping[str, Any]) -> Iterator[Layout]:
    for report, facts in known.items():
        for each in facts["layout"]:
            yield Layout(
                report, each["name"], each["delimiter"], tuple(each["columns"]),
                {normal(column): texts for column, texts in facts["rows"].items()},
                facts["expect"], each.get("above", facts.get("above", ())),
            )  # fmt: skip


def _in_language(language: str) -> Layout:
    """The transaction report in one language: a refund, a payment for lost stock, an order that the seller shipped."""
    words = LANGUAGES[language]
    days = [
        words.moment.format(d=day, dd=f"{day:02}", mm="05", month=words.months[4], yyyy="2026") for day in (13, 14, 28)
    ]
    money = {"sales": (-25, 0, 1052), "selling": (3, 0, -6), "other": (0, 14, 0), "total": (-22, 14, 1046)}
    cells = {
        "date": days,
        "settlement": ["25000000001"] * ROWS,
        "type": [words.types[kind] for kind in ("Refund", "Adjustment", "Order")],
        "order": ["111-1234567-0000001", "", "S01-1234567-0000003"],
        "sku": ["SKU-1", "0012345", "SKU-3"],
        "description": ['Pan 10", blue', f"{words.stock} - 1", "Pan"],
        "quantity": ["1", "", "2"],
        "marketplace": ["", "", ""],
        "fulfilment": ["Amazon", "", words.seller],
        **{kind: ["private", "", ""] for kind in ("city", "state", "postal")},
        "tax model": ["", "", ""],
    }
    columns = words.header.split("|")
    texts = [cells.get(kind) or [_amount(n, words.signs) for n in money.get(kind, (0, 0, 0))] for kind in words.layout]
    return Layout(
        "transactions", f"in the language of {language}", "comma", tuple(columns),
        {normal(column): text for column, text in zip(columns, texts, strict=True)},
        {"type": "Refund", "order_id": "111-1234567-0000001", "total": "-22.00"},
        [[words.amounts_in.format(currency="EUR")], *[["-"]] * 6],
    )  # fmt: skip


def _amount(number: int, signs: tuple[str, str, str]) -> str:
    """A whole amount as the language prints it; thousands are parted only where that is no decimal sign elsewhere."""
    if not number:
        return "0"
    minus, thousands, decimal = signs
    parted = thousands if decimal == "," else ""
    return f"{minus if number < 0 else ''}{abs(number):,}".replace(",", parted) + f"{decimal}00"


def _plausible(column: str) -> Sequence[str]:
    name = normal(column)
    return next((texts for pattern, texts in _KINDS if re.search(pattern, name)), ("", "", ""))


def _tabs(table: Sequence[Sequence[str]], dialect: Dialect) -> str:
    return "".join("\t".join(row) + dialect.line_end for row in table)


def _csv(table: Sequence[Sequence[str]], dialect: Dialect) -> str:
    out = io.StringIO()
    quoting: Any = csv.QUOTE_ALL if dialect.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=DELIMITERS[dialect.delimiter], quoting=quoting, lineterminator=dialect.line_end)
    writer.writerows(table)
    return out.getvalue()
